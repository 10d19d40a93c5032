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
LONGEST_NOTE = 800
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
    "note": (str, f'1 to {LONGEST_NOTE} letters in quotes, on one line: note = "..."'),
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
        raise _wrong(f"{file} cannot be read as UTF-8 text.") from error


def parse(text: str, ids: Collection[str], gone: Mapping[str, str] | None = None) -> dict[str, Edit]:
    """The edits in a text; refuses what :func:`read` does."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"{FILE} is no TOML: {_UNSEEN.sub(' ', str(error))[:200]}.") from error
    gone = gone or {}
    edits = {}
    for theme, section in data.items():
        if theme in gone:
            continue
        if not isinstance(section, dict):
            raise _wrong(f"{_at(text, theme)}“{theme}” stands under no theme; write [T03] above it.")
        for key, value in section.items():
            _fits(theme, key, value, text)
        said: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in section.items()}
        edits[theme] = Edit(**said)
    _agree(edits, ids, gone, text)
    return {theme: edit for theme, edit in sorted(edits.items()) if edit != Edit()}


def check(edits: Mapping[str, Edit], ids: Collection[str], gone: Mapping[str, str]) -> None:
    """Refuses (``bad_theme_names``) edits that could not be read again."""
    for theme, edit in edits.items():
        for key, value in _said(edit).items():
            _fits(theme, key, value, "")
    _agree(edits, ids, gone, "")


def _said(edit: Edit) -> dict[str, Any]:
    return {key: value for key, value in asdict(edit).items() if value is not None and value is not False}


def _fits(theme: str, key: str, value: Any, text: str) -> None:
    """What holds for one value under a theme."""
    if key not in _KINDS:
        raise _wrong(f"{_at(text, theme, key)}“{key}” means nothing; there are {', '.join(_KINDS)}.")
    kind, should = _KINDS[key]
    fits = type(value) is kind
    if fits and key == "split":
        fits = 2 <= value <= MOST_PARTS
    elif fits and kind is str:
        most = LONGEST_NOTE if key == "note" else LONGEST
        fits = bool(value.strip()) and len(value) <= most and not _UNSEEN.search(value)
    if not fits:
        raise _wrong(f"{_at(text, theme, key)}{key} of {theme} must be {should}.")


def _agree(edits: Mapping[str, Edit], ids: Collection[str], gone: Mapping[str, str], text: str) -> None:
    """What holds between themes: each is there, merging ends somewhere, and no two of them have one name."""
    named: dict[str, str] = {}
    for theme, edit in edits.items():
        for sought, key, why in ((theme, "", ""), (edit.into, "into", f" for {theme} to go into")):
            if sought is not None and sought not in ids:
                became = f"; it has become {gone[sought]}" if gone.get(sought) else ""
                raise _wrong(f"{_at(text, theme, key)}There is no theme {sought}{why}{became}.")
    for theme, edit in edits.items():
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
        lines += [f"{key} = {_value(value)}" for key, value in _said(edits.get(theme, Edit())).items()]
        lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:
    """A value in TOML: for letters, whole numbers and true its notation is that of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _at(text: str, theme: str, key: str = "") -> str:
    """``names.toml, line 12: `` where a theme's section, or a word in it, stands; less if it is not found."""
    if not text:
        return ""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line)
        if heading:
            inside = heading[1] == theme
        begins = re.match(r"\s*([\w-]+)\s*=", line)
        word = begins[1] if begins else ""
        if (inside and (word == key if key else bool(heading))) or (not key and word == theme):
            return f"{FILE}, line {number}: "
    return f"{FILE}: "


def _wrong(what: str) -> BadInput:
    return BadInput(
        "bad_theme_names",
        what,
        "See the themes there are with: tantam listen themes; then mend it and run again.",
    )
