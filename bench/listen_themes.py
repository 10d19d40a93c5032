"""Themes: what is found in real complaints, how well it reads, and what it costs; docs/reference/themes.md holds the
labels.

Two sets that no theme was tuned to sell: remarks of students marked negative (UIT-VSFC, train) and bank reviews of one
or two stars. NPMI is over the ten heaviest single words of a theme, in the texts of the set. A label is cut wrongly if
a word segmenter (underthesea) sees its ends inside words in most places where it stands. New subject: themes of 3,500
remarks, then 1,825 others with 400 complaints about batteries of phones (UIT-ViSFD) among them. Rising: 1,000 made-up
runs a kind with 30 themes where nothing changed; and a theme of 60 people a week that doubles. Speeds are CPU time of
one core.

TANTAM_DATA=… python -m bench listen_themes
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tests.listen.themes.some_weeks import KINDS, week_by_week

from tantam.listen.clean import Tokens, clean, tokenize
from tantam.listen.themes import Themes, assign, learn
from tantam.listen.themes.labels import BETWEEN
from tantam.listen.themes.rising import rises
from tantam.listen.themes.vectors import features

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "themes.md"
JUDGED = Path(__file__).with_suffix(".csv")
"""What a reader said of each label beside its texts: set, label, 1 if it says what the theme is about, else 0."""

FIRST = 3_500
BATTERY = 400
SAMPLE = 60_000
ASSIGNED = 400_000
RUNS = 1_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Texts cleaned, each once, their words, and how many said each."""

    texts: list[str]
    tokens: Tokens
    people: Floats

    @staticmethod
    def of(raw: Sequence[str]) -> Sample:
        cleaned = clean(pa.array(list(raw), pa.large_string())).text.to_pylist()
        texts = sorted(set(cleaned))
        people = np.array([cleaned.count(t) if len(cleaned) < 10_000 else 1 for t in texts], np.float64)
        return Sample(texts, tokenize(pa.array(texts, pa.large_string())), people)

    def learn(self, before: Themes | None = None, parts: int = 32) -> Themes:
        return learn(self.texts, self.tokens, self.people, before=before, parts=parts)


def run() -> dict[str, object]:
    """All figures; writes the page of labels."""
    data = Path(os.environ["TANTAM_DATA"])
    sets = {"students": students(data), "bank": bank(data)}
    found = {name: themes_of(name, raw) for name, raw in sets.items()}
    PAGE.write_text(page({name: rows for name, (_, rows) in found.items()}), encoding="utf-8")
    return {
        **{name: figures for name, (figures, _) in found.items()},
        "a_new_subject": new_subject(sets["students"], batteries(data)),
        "speed": speed([*sets["students"], *sets["bank"], *phones(data)]),
        "rising": rising(),
    }


def students(data: Path) -> list[str]:
    """Remarks of students marked negative."""
    texts, marks = (
        (data / "uit-vsfc" / "train" / name).read_text(encoding="utf-8").splitlines()
        for name in ("sents.txt", "sentiments.txt")
    )
    return [text for text, mark in zip(texts, marks, strict=True) if mark.strip() == "0"]


def bank(data: Path) -> list[str]:
    """Reviews of banking apps with one or two stars."""
    with (data / "vn-bank-app-reviews" / "reviews.csv").open(encoding="utf-8", newline="") as file:
        return [row["content"] for row in csv.DictReader(file) if int(row["score"]) <= 2]


def phones(data: Path) -> list[str]:
    """Reviews of phones with at most three stars."""
    return [row["comment"] for row in _phones(data) if int(row["n_star"]) <= 3]


def batteries(data: Path) -> list[str]:
    """Complaints about batteries of phones."""
    said = [row["comment"] for row in _phones(data) if "BATTERY#Negative" in row["label"]]
    return random.Random(0).sample(said, BATTERY)


def _phones(data: Path) -> list[dict[str, str]]:
    with (data / "uit-visfd" / "Train.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def themes_of(name: str, raw: Sequence[str]) -> tuple[dict[str, object], list[tuple[str, int, str]]]:
    """Figures of one set, and its labels: label, people, what a reader said of it."""
    sample = Sample.of(raw)
    started = process_time()
    themes = sample.learn()
    seconds = process_time() - started
    at = assign(themes, sample.tokens)[0]
    people = np.bincount(at[at >= 0], sample.people[at >= 0], minlength=len(themes.ids)).astype(int)
    with JUDGED.open(encoding="utf-8", newline="") as file:
        judged = {(row["set"], row["label"]): row["well"] for row in csv.DictReader(file)}
    words = {"1": "yes", "0": "no", "": "–"}
    said = [words[judged.get((name, label), "")] for label in themes.labels]
    order = np.argsort(-people, kind="stable").tolist()
    figures: dict[str, object] = {
        "texts": len(raw),
        "themes": len(themes.ids),
        "assigned": round(float(people.sum() / sample.people.sum()), 3),
        "largest": int(people.max()),
        "npmi": round(npmi(themes, sample), 3),
        "labels_that_read_well": said.count("yes"),
        "labels_that_do_not": said.count("no"),
        "label_phrases": sum(len(label.split(BETWEEN)) for label in themes.labels),
        "label_phrases_cut_inside_a_word": cut_wrongly(themes, sample),
        "cpu_seconds": round(seconds, 2),
    }
    return figures, [(themes.labels[k], int(people[k]), said[k]) for k in order]


def npmi(themes: Themes, sample: Sample, top: int = 10) -> float:
    """How much more often than by chance the heaviest words of a theme stand together, the mean over themes."""
    keys, text = features(sample.tokens)
    single = np.isin(themes.vectors.keys, sample.tokens.plain >> np.uint64(33))
    scores = []
    for unit in themes.vectors.unit:
        heaviest = [k for k in np.argsort(-unit, kind="stable") if single[k] and unit[k] > 0][:top]
        stands = [set(text[keys == themes.vectors.keys[k]].tolist()) for k in heaviest]
        for a, b in combinations(stands, 2):
            both = max(len(a & b), 0.5) / len(sample.texts)
            alone = len(a) * len(b) / len(sample.texts) ** 2
            scores.append(np.log(both / alone) / -np.log(both))
    return float(np.mean(scores))


def cut_wrongly(themes: Themes, sample: Sample, looked_at: int = 20) -> int:
    """Label phrases whose ends lie inside words in most places, as a segmenter sees it."""
    from underthesea import word_tokenize

    wrong = 0
    for phrase in (phrase for label in themes.labels for phrase in label.split(BETWEEN)):
        held = [f" {text} " for text in sample.texts if f" {phrase} " in f" {text} "][:looked_at]
        whole = 0
        for text in held:
            segmented = " " + " ".join(w.replace(" ", "_") for w in word_tokenize(text)) + " "
            whole += f" {phrase} " in segmented.replace("_", " ") and any(
                f" {form} " in segmented for form in _forms(phrase)
            )
        wrong += bool(held) and 2 * whole < len(held)
    return wrong


def _forms(phrase: str) -> list[str]:
    """Every way to join a phrase's syllables into words."""
    said = phrase.split()
    forms = [said[0]]
    for word in said[1:]:
        forms = [form + gap + word for form in forms for gap in (" ", "_")]
    return forms


def new_subject(remarks: Sequence[str], battery: Sequence[str]) -> dict[str, object]:
    """What becomes of complaints about something that no theme knows."""
    mixed = random.Random(0).sample(list(remarks), len(remarks))
    known = Sample.of(mixed[:FIRST]).learn(parts=24)
    same, other = Sample.of(mixed[FIRST:]), Sample.of(battery)
    both = Sample.of([*mixed[FIRST:], *battery])
    followed = both.learn(before=known)
    about = np.isin(both.texts, other.texts)
    at = assign(followed, both.tokens)[0]
    new = np.array([*followed.proposed, False])[at]
    main = max(
        (k for k, proposed in enumerate(followed.proposed) if proposed),
        key=lambda k: int((about & (at == k)).sum()),
    )
    stayed = assign(known, same.tokens)[0], assign(followed, same.tokens)[0]
    return {
        "unassigned_of_the_known_kind": round(float((stayed[0] < 0).mean()), 3),
        "unassigned_of_the_new": round(float((assign(known, other.tokens)[0] < 0).mean()), 3),
        "proposed": sum(followed.proposed),
        "label_of_the_main_proposal": followed.labels[main],
        "purity_of_the_main_proposal": round(float(about[at == main].mean()), 3),
        "of_the_new_in_proposals": round(float(new[about].mean()), 3),
        "of_the_known_kind_still_in_their_theme": round(
            float((stayed[0] == stayed[1])[stayed[0] >= 0].mean()), 3
        ),
    }


def speed(raw: Sequence[str]) -> dict[str, object]:
    """CPU seconds of learning and following on 60,000 texts (halves of real ones), and texts assigned a second."""
    lot = random.Random(0)
    halves = [text.split() for text in raw]
    joined = [
        " ".join([*a[: lot.randrange(len(a) + 1)], *b[lot.randrange(len(b) + 1) :]][:60])
        for a, b in zip(lot.choices(halves, k=SAMPLE), lot.choices(halves, k=SAMPLE), strict=True)
    ]
    sample = Sample.of(joined)
    Sample.of(joined[:200]).learn(parts=4)  # compiles the kernels
    times, before = [], None
    for _ in range(2):
        started = process_time()
        before = sample.learn(before)
        times.append(round(process_time() - started, 1))
    assert before is not None
    tokens = tokenize(pa.array(lot.choices(raw, k=ASSIGNED), pa.large_string()))
    seconds = []
    for _ in range(5):
        started = process_time()
        assign(before, tokens)
        seconds.append(process_time() - started)
    return {
        "texts_learnt_from": len(sample.texts),
        "learn_cpu_seconds": times[0],
        "follow_cpu_seconds": times[1],
        "words_a_text": round(float(np.diff(tokens.offsets).mean()), 1),
        "texts_assigned_a_second": round(ASSIGNED / float(np.median(seconds)), -4),
    }


def rising() -> dict[str, object]:
    """False alarms a run by kind of weeks, and how often a theme that doubles is told of."""
    lot = np.random.default_rng(0)
    false = {
        f"{kind}, {weeks} weeks": sum(
            any(r is not None and r.rising for r in rises(*week_by_week(lot, kind, weeks)))
            for _ in range(RUNS)
        )
        / RUNS
        for kind in KINDS
        for weeks in (4, 8)
    }
    seen = {}
    for weeks in (4, 8):
        told = 0
        for _ in range(RUNS):
            people, spoke = week_by_week(lot, "chance", weeks)
            rate = 60 * spoke / spoke.mean()
            rate[0] *= 2
            people[0] = lot.poisson(rate)
            found = rises(people, spoke)[0]
            told += found is not None and found.rising
        seen[f"{weeks} weeks"] = told / RUNS
    return {"runs_with_a_false_alarm": false, "a_theme_that_doubles_is_told": seen}


def page(found: dict[str, list[tuple[str, int, str]]]) -> str:
    """The page of labels."""
    lines = [INTRODUCTION]
    for name, rows in found.items():
        lines += [
            f"## {_TITLES[name]}",
            "",
            "| people | label as found | reads well |",
            "| ---: | --- | --- |",
        ]
        lines += [f"| {people} | {label} | {said} |" for label, people, said in rows]
        lines.append("")
    return "\n".join(lines)


_TITLES = {"students": "Remarks of students, negative", "bank": "Reviews of banking apps, one or two stars"}
INTRODUCTION = """# Themes on real complaints

Written by `python -m bench listen_themes`; the other figures are on [the page of measured figures](benchmarks.md).

Every theme that was found in two sets of real complaints, under the label it gets before a person names it. The sets
may be measured with but not passed on, so no quote stands here. *Reads well* is one reader's judgement with the texts
beside it: yes if somebody who sees the label alone would guess what its texts are about; no if it is too wide
("time", "students") or cut badly. Such a theme is renamed, merged, split or hidden: `tantam listen themes --help`.
"""
