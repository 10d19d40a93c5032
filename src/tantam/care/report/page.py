"""From a round's folder to its ``report.html``: reads the JSON files, fills the templates."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tantam import places
from tantam.base.writing import whole
from tantam.care.report import beside, country, figures, limits, proofs, tables, words
from tantam.care.report.words import Words
from tantam.errors import BadInput

_HERE = Path(__file__).parent
_LATIN = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
)
_VIETNAMESE = (
    "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,"
    "U+0323,U+0329,U+1EA0-1EF9,U+20AB"
)
_DIGITS = "U+0020,U+0025,U+002B-002C,U+002E,U+0030-003A,U+00A0,U+2212"
"""Digits with the marks and spaces of numbers: all that is used of the family with equally wide digits."""

FONTS = (
    ("Be Vietnam Pro", "be-vietnam-pro-latin", _LATIN),
    ("Be Vietnam Pro", "be-vietnam-pro-vietnamese", _VIETNAMESE),
    ("So", "inter-latin", _DIGITS),
)


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
            css=_css(),
            operator=summary.get("operator") or "Tận Tâm",
            on=summary["on"],
            languages=[
                _language(Words("vi"), summary, settled, later),
                _language(Words("en"), summary, settled, later),
            ],
        )
    )
    page = round_dir / "report.html"
    with whole(page) as half:
        half.write_text(html, encoding="utf-8")
    return page


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
    made = Environment(
        loader=FileSystemLoader(_HERE / "html"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.update(tables=tables, figures=figures)
    made.filters["kept"] = words.kept_together
    return made


@cache
def _css() -> Markup:
    """The style sheet with its fonts inside."""
    faces = [
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;unicode-range:{letters};'
        f'src:url(data:font/woff2;base64,{_font(f"{file}-{weight}-normal.woff2")}) format("woff2")}}'
        for family, file, letters in FONTS
        for weight in (400, 600)
    ]
    sheets = [
        (_HERE / "css" / name).read_text(encoding="utf-8")
        for name in ("tokens.css", "page.css", "parts.css", "print.css")
    ]
    return Markup("\n".join([*faces, places.MAP_CSS, *sheets]))  # noqa: S704 (our own files, no input in them)


def _font(file: str) -> str:
    return b64encode((_HERE / "fonts" / file).read_bytes()).decode()


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
