"""From a round's folder to its ``report.html``: reads the JSON files, fills the templates."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from tantam import places
from tantam.base.writing import whole
from tantam.care.report import beside, country, figures, limits, proofs, tables, words
from tantam.errors import BadInput
from tantam.look import page
from tantam.look.words import Words

_HERE = Path(__file__).parent


def render(round_dir: Path) -> Path:
    """Write ``report.html`` of a round and give its path.

    Reads ``summary.json``, ``certificate.json`` and ``round.json``, and ``proof.json``, ``afterlife.json``
    and ``power.json`` where they are. The page needs nothing from outside and is the same for the same files.
    Refuses ``no_round`` (a file is missing) and ``bad_round`` (a file is no JSON).
    """
    summary = _read(round_dir, "summary.json")
    summary["certificate"] = _read(round_dir, "certificate.json")
    settled = _read(round_dir, "round.json")
    later = {
        name: _read(round_dir, f"{name}.json", optional=True) for name in ("proof", "afterlife", "power")
    }
    html = (
        _environment()
        .get_template("page.html")
        .render(
            css=page.stylesheet(places.MAP_CSS + (_HERE / "round.css").read_text(encoding="utf-8")),
            operator=summary.get("operator") or "Tận Tâm",
            on=summary["on"],
            languages=[
                _language(Words("vi"), summary, settled, later),
                _language(Words("en"), summary, settled, later),
            ],
        )
    )
    file = round_dir / "report.html"
    with whole(file) as half:
        half.write_text(html, encoding="utf-8")
    return file


def _language(w: Words, s: dict[str, Any], settled: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Everything one language's half of the page shows."""
    power = later["power"]
    tight = sum(1 for m in s["limits"] if m["tight"])
    return {
        "w": w,
        "s": s,
        "fingerprint": settled.get("fingerprint") or s["certificate"]["fingerprint"],
        "answer": words.answer(s, w),
        "note": words.note(s, w),
        "poor": words.poor(s, w),
        "greedy": words.greedy(s, w),
        "holdout": words.holdout(s, w),
        "held_share": s["holdout"]["control"] / max(1, s["holdout"]["control"] + s["decisions"]),
        "country": country.country(s, w),
        "reasons": tables.reasons(s["nothing"]["reasons"], w),
        "told": limits.told(s["limits"], w),
        "tight": tight,
        "slack": len(s["limits"]) - tight,
        "proof": proofs.proof(later["proof"], power, s, w),
        "power": beside.power(power, s, w),
        "after_life": beside.after_life(later["afterlife"], w),
        "marks": [(d, w.day(date.fromisoformat(s["on"]) + timedelta(days=d))) for d in proofs.MARKS],
        "law": sorted(s["law"], key=lambda r: {"no": 0, "verify": 1}.get(r["status"], 2)),
    }


@cache
def _environment() -> Environment:
    made = page.environment(_HERE / "html")
    made.globals.update(tables=tables, figures=figures)
    return made


def _read(folder: Path, name: str, *, optional: bool = False) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if optional:
            return None
        raise BadInput(
            "no_round",
            f"{folder} is no round: it has no {name}.",
            "Make one: tantam decide OFFERS.toml --budget N --out ROUND.",
        ) from None
    except ValueError:
        raise BadInput(
            "bad_round", f"{folder / name} is no JSON.", "Decide or prove this round again."
        ) from None
