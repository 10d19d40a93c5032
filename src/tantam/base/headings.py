"""Which of a file's headings is which of our columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from tantam.base.columns import INPUT
from tantam.base.tables import cell_text
from tantam.errors import BadInput
from tantam.letters import fold

_KNOWN = {
    heading: column.name
    for column in INPUT
    for heading in (fold(column.name), fold(column.vi), fold(column.en), *column.also)
}
"""Folded heading → our column."""
_SHOWN = 14
"""So many names are enough in a sentence."""


def is_known(heading: str) -> bool:
    """Is this a heading of one of our columns."""
    return fold(heading) in _KNOWN


def matched(
    file: Path, names: Sequence[str], renames: Mapping[str, str]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Our column → place in the file, by ``--map`` first, then by any of its headings; and what is not ours.

    Refuses ``column_twice`` and ``missing_column``, which says what is there and what is nearest.
    """
    mapped = {fold(theirs): ours for theirs, ours in renames.items()}
    ours: dict[str, int] = {}
    unused: list[str] = []
    for at, name in enumerate(names):
        our = mapped.get(fold(name)) or (None if _taken(name, mapped) else _KNOWN.get(fold(name)))
        if our is None:
            unused.append(name)
        elif our in ours:
            raise BadInput(
                "column_twice",
                f"Two columns of {file} both mean {our}: {shown(names[ours[our]])} and {shown(name)}.",
                f"Rename one, or say which with --map {shown(name)}={our} under another heading.",
            )
        else:
            ours[our] = at
    missing = [column.name for column in INPUT if column.required and column.name not in ours]
    if missing:
        raise _missing_column(file, names, unused, missing)
    return ours, tuple(unused)


def _taken(name: str, mapped: Mapping[str, str]) -> bool:
    """Does ``--map`` give this heading's meaning to another heading."""
    return _KNOWN.get(fold(name)) in mapped.values()


def _missing_column(file: Path, names: Sequence[str], unused: Sequence[str], missing: list[str]) -> BadInput:
    headings = {heading: name for name in unused for heading in (fold(name),)}
    wanted = [heading for heading, our in _KNOWN.items() if our == missing[0]]
    near = next((headings[c] for w in wanted for c in get_close_matches(w, headings, n=1, cutoff=0.5)), None)
    example = shown(near or (unused[0] if unused else "their_heading"))
    return BadInput(
        "missing_column",
        f"{file} has no column {' and no column '.join(missing)}; its columns are {listed(map(shown, names))}.",
        ("Perhaps" if near else "If one of them means it:") + f" --map '{example}={missing[0]}'.",
    )


def check_renames(texts: Sequence[str]) -> dict[str, str]:
    """``theirs=ours`` pairs as a mapping; refuses (``map_unknown``) a column we do not have."""
    names = [column.name for column in INPUT]
    renames = {}
    for text in texts:
        theirs, equals, ours = text.rpartition("=")
        if not equals or not theirs.strip() or ours.strip() not in names:
            close = get_close_matches(ours.strip(), names, n=1, cutoff=0.4)
            raise BadInput(
                "map_unknown",
                f"“{shown(text)}” does not name one of our columns.",
                f"Write --map theirs=ours{f'; did you mean {close[0]}?' if close else ''} Ours: {', '.join(names)}.",
            )
        renames[theirs.strip()] = ours.strip()
    return renames


def refuse_unused(renames: Mapping[str, str], used: Iterable[str], headings: Iterable[str]) -> None:
    """Refuse (``map_unused``) a ``--map`` that speaks of a heading no file has; ``used`` are our columns found."""
    found = set(used)
    for theirs, ours in renames.items():
        if ours not in found:
            raise BadInput(
                "map_unused",
                f"No file has a column {shown(theirs)}, which --map speaks of.",
                f"Their columns: {listed(map(shown, headings))}.",
            )


def shown(name: str, longest: int = 40) -> str:
    """A heading or a name as people may see it: short, and without what could be a phone number."""
    return re.sub(r"\d{6,}", lambda run: "#" * len(run[0]), " ".join(name.split()))[:longest]


def listed(names: Iterable[str]) -> str:
    """Some of many names, in a sentence."""
    every = list(names)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return (", ".join(every[:_SHOWN]) + more) or "nothing"


def placed(
    header: Sequence[object], columns: Mapping[str, Collection[str]], renames: Mapping[str, str]
) -> dict[str, int]:
    """Where each of our columns stands in a file, by ``renames`` (theirs → ours) first, then by any of its headings.
    Refuses ``column_twice``, ``map_unused``."""
    known = {fold(name): ours for ours, more in columns.items() for name in (ours, *more)}
    mapped = {fold(theirs): ours for theirs, ours in renames.items()}
    theirs, found = set(mapped), dict[str, int]()
    for at, heading in enumerate(header):
        name = fold(cell_text(heading))
        ours = mapped.pop(name, None) or known.get(name)
        if ours is None or (ours in renames.values() and name not in theirs):
            continue
        if ours in found:
            raise bad_header("column_twice", f"two columns that mean {ours}", f"hai cột cùng là {ours}")
        found[ours] = at
    if mapped:
        name = shown(next(iter(mapped)))
        raise bad_header("map_unused", f"no column {name}, which the map speaks of", f"không có cột {name}")
    return found


def bad_header(code: str, what: str, vi: str) -> BadInput:
    """What is wrong with the columns of a file."""
    return BadInput(
        code,
        f"The file has {what}.",
        "Rename a column, or say which is which: --map theirs=ours.",
        vi=f"Tệp có chỗ chưa đúng: {vi}. Đổi tên cột, hoặc chỉ cột nào là cột nào.",
    )
