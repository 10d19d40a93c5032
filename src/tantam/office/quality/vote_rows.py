"""A file of votes that were cast elsewhere, counted by month and place. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantam.base.headings import listed, shown
from tantam.base.tables import day
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.quality.numbers import whole
from tantam.office.quality.voting import Votes


@dataclass(frozen=True)
class Counted:
    """The votes by month and place as it is written there, and how many rows were not taken, by reason
    (``bad_day``, ``bad_vote``)."""

    votes: Votes
    rejected: Counter[str]


def count(
    lines: Iterable[tuple[int, Sequence[object]]], answers: range, *, score: str, when: str, where: str = ""
) -> Counted:
    """Count the rows of a file, its header first, by the headings of three of its columns (``where`` may be none).

    Refuses ``no_rows``, ``missing_column``.
    """
    rows = iter(lines)
    header = next(rows, None)
    if header is None:
        raise BadInput("no_rows", "The file has no rows.", "Choose another one.", vi="Tệp không có dòng nào.")
    names = [fold(str(heading)) for heading in header[1]]
    at = {}
    for name in filter(None, (score, when, where)):
        if fold(name) not in names:
            there = listed(shown(str(heading)) for heading in header[1])
            raise BadInput(
                "missing_column", f"The file has no column {shown(name)}. It has {there}.", "Name one of these.",
                vi=f"Tệp không có cột {shown(name)}. Tệp có: {there}.",
            )  # fmt: skip
        at[name] = names.index(fold(name))
    votes: Votes = {}
    rejected: Counter[str] = Counter()
    for _, cells in rows:
        get = {name: cells[place] if place < len(cells) else "" for name, place in at.items()}
        answer, on = whole(get[score]), day(get[when])
        if answer is None or answer not in answers:
            rejected["bad_vote"] += 1
        elif on is None:
            rejected["bad_day"] += 1
        else:
            place = str(get[where]).strip() if where else ""
            votes.setdefault((on.replace(day=1), place), Counter())[answer] += 1
    return Counted(votes, rejected)
