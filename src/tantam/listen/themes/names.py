"""``names.toml``: what people call the themes, and what they did with them; a small file to edit by hand."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tantam.errors import BadInput

FILE = "names.toml"
LONGEST = 80
MOST_PARTS = 8

_TEACHING = """# What the themes are called. Edit by hand, or with: tantam listen themes rename T03 "Mất sóng ở nhà"
#
# Under the id of a theme:
#   name = "Mất sóng ở nhà"   shown in place of the phrases that were found
#   into = "T07"              its opinions count as those of T07
#   split = 2                 the next listening makes two themes of it (2 to 8)
#   pin = true                never given up, also when nobody says it any more
#   hide = true               kept and counted, but not shown
#   note = "..."              for yourselves
#
# Take a line away to undo it. This file is written anew after each listening: what stands under an id stays, comments
# of your own do not; keep them as note.
"""
_HEADING = re.compile(r"^\s*\[\s*[\"']?([^\"'\]]+?)[\"']?\s*\]")
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_KINDS: dict[str, tuple[type, str]] = {
    "name": (str, f'1 to {LONGEST} letters in quotes, on one line: name = "Mất sóng ở nhà"'),
    "into": (str, 'the id of another theme in quotes: into = "T07"'),
    "split": (int, f"a whole number from 2 to {MOST_PARTS}: split = 2"),
    "pin": (bool, "true or false: pin = true"),
    "hide": (bool, "true or false: hide = true"),
    "note": (str, 'words in quotes: note = "..."'),
}


@dataclass(frozen=True)
class Edit:
    """What people did with one theme."""

    name: str | None = None
    into: str | None = None
    split: int | None = None
    pin: bool = False
    hide: bool = False
    note: str | None = None


def read(file: Path, ids: Collection[str], gone: Mapping[str, str]) -> dict[str, Edit]:
    """The edits of a file, none if there is no file. Sections of themes that are ``gone`` are passed over.

    Refuses ``bad_theme_names``, with the line: what is no TOML, a theme there is not, a word or a value that means
    nothing, a theme that would count as itself, or one name for two themes.
    """
    if not file.exists():
        return {}
    try:
        return parse(file.read_text(encoding="utf-8"), ids, gone)
    except (UnicodeDecodeError, OSError) as error:
        raise _wrong("It cannot be read as UTF-8 text.") from error


def parse(text: str, ids: Collection[str], gone: Mapping[str, str] | None = None) -> dict[str, Edit]:
    """The edits in a text; refuses what :func:`read` does."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"It is no TOML: {_UNSEEN.sub(' ', str(error))[:200]}.") from error
    edits = {}
    for theme, section in data.items():
        if theme in (gone or {}):
            continue
        if not isinstance(section, dict):
            raise _wrong(f"{_at(text, theme)}“{theme}” stands under no theme; write [T03] above it.")
        if theme not in ids:
            raise _wrong(f"{_at(text, theme)}There is no theme {theme}.")
        edits[theme] = _edit(theme, section, text)
    _agree(edits, ids, gone or {}, text)
    return {theme: edit for theme, edit in sorted(edits.items()) if edit != Edit()}


def _edit(theme: str, section: dict[str, Any], text: str) -> Edit:
    for key, value in section.items():
        if key not in _KINDS:
            raise _wrong(f"{_at(text, theme, key)}“{key}” means nothing; there are {', '.join(_KINDS)}.")
        kind, should = _KINDS[key]
        fits = type(value) is kind
        if key in ("name", "note") and fits:
            fits = (
                bool(value.strip())
                and not _UNSEEN.search(value)
                and len(value) <= LONGEST * (1 + 9 * (key == "note"))
            )
        if key == "split" and fits:
            fits = 2 <= value <= MOST_PARTS
        if not fits:
            raise _wrong(f"{_at(text, theme, key)}{key} of {theme} must be {should}.")
    said: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in section.items()}
    return Edit(**said)


def _agree(edits: Mapping[str, Edit], ids: Collection[str], gone: Mapping[str, str], text: str) -> None:
    """What holds between themes: merging ends somewhere, and no two of them have one name."""
    named: dict[str, str] = {}
    for theme, edit in edits.items():
        if edit.into is not None and edit.into not in ids:
            why = f"; it has become {gone[edit.into]}" if gone.get(edit.into) else ""
            raise _wrong(
                f"{_at(text, theme, 'into')}There is no theme {edit.into} for {theme} to go into{why}."
            )
        goes, steps = theme, 0
        while (into := edits.get(goes, Edit()).into) is not None:
            goes, steps = into, steps + 1
            if steps > len(edits):
                raise _wrong(f"{_at(text, theme, 'into')}{theme} would go into itself.")
        if edit.into is not None and edit.split is not None:
            raise _wrong(f"{_at(text, theme, 'split')}{theme} goes into {edit.into}; split that one.")
        name = (edit.name or "").casefold()
        if name and edit.into is None and named.setdefault(name, theme) != theme:
            raise _wrong(
                f"{_at(text, theme, 'name')}{theme} and {named[name]} have one name; merge them with into."
            )


def text_of(edits: Mapping[str, Edit], labels: Mapping[str, str], proposed: Collection[str]) -> str:
    """The file that says these edits: every theme has its section, with the phrases found as a comment."""
    lines = [_TEACHING]
    for theme, found in labels.items():
        new = " (new: proposed, nobody has named it yet)" if theme in proposed else ""
        lines.append(f"[{theme}]  # {found}{new}")
        said = {k: v for k, v in asdict(edits.get(theme, Edit())).items() if v is not None and v is not False}
        lines += [f"{key} = {_value(value)}" for key, value in said.items()]
        lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:
    """A value in TOML: for letters, whole numbers and true its notation is that of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _at(text: str, theme: str, key: str = "") -> str:
    """``Line 12: `` where a theme's section, or a word in it, stands; empty if it is written in another way."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line)
        if heading:
            inside = heading[1] == theme
        begins = re.match(r"\s*([\w-]+)\s*=", line)
        word = begins[1] if begins else ""
        if (inside and (word == key if key else bool(heading))) or (not key and word == theme):
            return f"Line {number}: "
    return ""


def _wrong(what: str) -> BadInput:
    return BadInput(
        "bad_theme_names",
        f"{FILE} of the themes is wrong. {what}",
        "Mend that line, or take it away, and run again.",
    )
