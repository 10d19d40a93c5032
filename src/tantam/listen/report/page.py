"""From a listened folder to its ``report.html``: counts the readings, fills the templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from tantam import places
from tantam.base.writing import whole
from tantam.errors import BadInput
from tantam.listen.columns import FEELINGS
from tantam.listen.report import country, quality, themes, topics, words
from tantam.listen.report.counts import Counts, counts
from tantam.listen.themes import Readings
from tantam.look import page
from tantam.look.words import ALONE, Words

_HERE = Path(__file__).parent


def render(folder: Path, figures: Mapping[str, Any] | None = None, readings: Readings | None = None) -> Path:
    """Write ``report.html`` of what was listened to and give its path.

    Reads ``readings/*.parquet`` and ``themes.json``, and the plan from ``run.json`` (while a run is going on, from
    ``work/plan.json``): its ``files``, ``columns`` and ``model``, and ``operator`` and ``made_up`` where they are
    there. ``figures`` is what the run counted (``rows_in``, ``kept``, ``left_out``, ``told``, ``copies``); without it,
    what ``run.json`` holds. ``readings`` are those of the folder where they are open already, so that what the themes
    counted is not counted again. The page needs nothing from outside and is the same for the same files; counting takes
    a second or two a million readings. Refuses ``no_readings`` (a file is missing) and ``bad_run`` (a file is no JSON).
    """
    run = _read(folder, "run.json", optional=True)
    plan = (run["plan"] if run else _read(folder, "work/plan.json", optional=True)) or {}
    if figures is None:
        figures = (run or _read(folder, "run.json"))["figures"]
    rows = _read(folder, "themes.json")
    merged = {str(r["id"]): str(r["merged_into"]) for r in rows if r["merged_into"]}
    if readings is None:
        with Readings.of(folder) as opened:
            c = counts(opened, merged)
    else:
        c = counts(readings, merged)
    html = (
        _environment()
        .get_template("page.html")
        .render(
            css=page.stylesheet(places.MAP_CSS + (_HERE / "listen.css").read_text(encoding="utf-8")),
            operator=words.said(plan.get("operator") or "", 80),
            made_up=bool(plan.get("made_up")),
            languages=[_language(Words(lang), c, rows, figures, plan) for lang in ("vi", "en")],
        )
    )
    file = folder / "report.html"
    with whole(file) as half:
        half.write_text(html, encoding="utf-8")
    return file


def _language(
    w: Words, c: Counts, rows: list[dict[str, Any]], figures: Mapping[str, Any], plan: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything one language's half of the page shows."""
    told = themes.themes(rows, c, w)
    return {
        "w": w,
        "c": c,
        "figures": figures,
        "period": words.period(c, w),
        "answer": words.answer(c, told.heaviest, told.names, told.judged, w),
        "note": words.note(c, told.names, w),
        "themes": told,
        "feelings": topics.feelings(c, w),
        "legend": [(f, words.word(f, w)) for f in FEELINGS],
        "urgent": topics.urgent(c, w),
        "unsure": topics.unsure(c, w),
        "country": country.country(c, w),
        "groups": [
            (words.said(g.text), words.people(g.people, w), words.sent(g, w))
            for g in c.groups
            if g.people >= ALONE
        ],
        "left_out": words.left_out(figures["told"], w),
        "command": words.command(plan),
        "read_with": quality.facts(plan, w),
    }


@cache
def _environment() -> Environment:
    return page.environment(_HERE / "html")


def _read(folder: Path, name: str, *, optional: bool = False) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if optional:
            return None
        raise BadInput(
            "no_readings",
            f"{folder} holds nothing that was listened to: it has no {name}.",
            "Listen first: tantam listen run FILE --out DIR.",
        ) from None
    except ValueError:
        raise BadInput("bad_run", f"{folder / name} is no JSON.", "Listen again, with --again.") from None
