"""The files of a camp: a real list of findings read and searched, two real lists of medicines made into drafts, and a
day of 600 people as a FHIR bundle.

The list of findings is `icd10-vi` (14,416 codes). Of 1,000 names drawn by lot the share that is found first, and among
the first 20, where the whole name is typed without accents, its first three words, and its first three words in the
other order with only the first three letters of each. Names that several codes share count as one. A search is
milliseconds by the clock of the doctor's page in Chromium; reading and exporting are CPU milliseconds; medians.

python -m bench camp_files
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tantam.office
from tantam.letters import fold
from tantam.office.camps import drug_lists, findings, made_up
from tantam.office.camps.fhir.bundle import export

SAMPLE, ROUNDS, SEED = 1_000, 5, 11
TARGETS = {"search_ms": 20}
STATIC = Path(tantam.office.__file__).parent / "static"
SCRIPT = """([rows, texts]) => import("/camp-findings.js").then(({ prepare, search }) => {
  const ready = prepare(rows);
  search(ready, "viem");
  return texts.map((text) => {
    const begun = performance.now();
    const found = search(ready, text);
    return { ms: performance.now() - begun, found: found.map(({ code }) => code) };
  });
})"""


def run() -> dict[str, Any]:
    """Shares found, times, what lists gave, and the size of a bundle."""
    data = Path(os.environ["TANTAM_DATA"])
    content = (data / "icd10-vi/icd10_vi.csv").read_bytes()
    codes = {code: name for part in findings.read_codes(content, "bench") for code, name in part.rows}
    drawn = random.Random(SEED).sample(sorted(codes.items()), SAMPLE)
    return {
        "codes": len(codes),
        "read_ms": _ms(lambda: findings.read_codes(content, "bench")),
        **_found(codes, drawn),
        "plain_findings": sum(len(part.rows) for part in findings.plain_list()),
        "circular": _draft(data / "vn-medicines-tt05/tt05_2024_originator_medicines.csv"),
        "essential": _draft(data / "who-eml/who_eml_gnuhealth.csv"),
        "fhir": _bundle(),
        "targets": TARGETS,
    }


def _found(codes: Mapping[str, str], drawn: list[tuple[str, str]]) -> dict[str, Any]:
    ways: dict[str, Callable[[str], str]] = {
        "whole_name": fold,
        "three_words": lambda name: " ".join(fold(name).split()[:3]),
        "three_beginnings_turned_round": lambda name: " ".join(
            word[:3] for word in reversed(fold(name).split()[:3])
        ),
    }
    told: dict[str, Any] = {}
    took: list[float] = []
    for way, of in ways.items():
        answers = _searched(codes, [of(name) for _, name in drawn])
        names = [[codes[code] for code in answer["found"]] for answer in answers]
        first = sum(found[:1] == [name] for found, (_, name) in zip(names, drawn, strict=True))
        among = sum(name in found for found, (_, name) in zip(names, drawn, strict=True))
        took += [answer["ms"] for answer in answers]
        told[way] = {"first": round(first / len(drawn), 3), "among_20": round(among / len(drawn), 3)}
    slowest = statistics.quantiles(took, n=100)[98]
    return {**told, "search_ms": round(statistics.median(took), 1), "search_p99_ms": round(slowest, 1)}


def _searched(codes: Mapping[str, str], texts: list[str]) -> list[dict[str, Any]]:
    """What the doctor's page finds for each text, in Chromium."""
    from playwright.sync_api import Route, sync_playwright

    def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        script = (STATIC / name).read_text(encoding="utf-8") if name.endswith(".js") else ""
        route.fulfill(body=script, content_type="text/javascript" if script else "text/html")

    with sync_playwright() as player:
        path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto("http://camp.localhost/")
        found: list[dict[str, Any]] = page.evaluate(SCRIPT, [list(codes.items()), texts])
        browser.close()
    return found


def _draft(file: Path) -> dict[str, int]:
    made = drug_lists.draft(file.read_bytes())
    return {"taken": len(made.taken), "handed_back": len(made.left)}


def _bundle() -> dict[str, Any]:
    facts = made_up.play(1, 1).facts
    done = export(facts, operator="bench")
    took = _ms(lambda: export(facts, operator="bench"))
    return {
        "people": done.patients,
        "resources": done.resources,
        "mb": round(len(done.content) / 1e6, 1),
        "export_ms": took,
    }


def _ms(what: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        what()
        took.append((time.process_time() - begun) * 1000)
    return round(statistics.median(took), 1)
