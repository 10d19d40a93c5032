"""Texts with marks, ``{kind:what}``, and how well masking answers to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tantam.listen.mask.careful import spans

DATA = Path(__file__).parent / "data"
_MARK = re.compile(r"\{(phone|email|private|health|plate|link|name):(.*?)\}(?!\w)")


@dataclass
class Marked:
    """One text and the places that are somebody's own."""

    text: str
    places: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass
class Score:
    """Marks that are wholly covered, marks in all; spans that touch a mark, spans in all; what went wrong."""

    covered: int = 0
    marks: int = 0
    right: int = 0
    spans: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.covered / self.marks

    @property
    def precision(self) -> float:
        return self.right / self.spans


def read(*files: str) -> list[Marked]:
    """The texts of some files, marks taken out and noted."""
    lines = [line for f in files for line in (DATA / f).read_text("utf-8").split("\n") if line]
    return [_read(line) for line in lines]


def _read(line: str) -> Marked:
    made, at = Marked(""), 0
    for mark in _MARK.finditer(line):
        made.text += line[at : mark.start()]
        made.places.append((len(made.text), len(made.text) + len(mark[2]), mark[1]))
        made.text += mark[2]
        at = mark.end()
    made.text += line[at:]
    return made


def score(texts: list[Marked], *, names: bool) -> Score:
    """Of names, or of all the other kinds: a mark is answered only if every letter and digit of it is covered; a span
    is right if it touches a mark and covers at most two characters more (a plus, a bracket)."""
    made = Score()
    for marked in texts:
        found = [s for s in spans(marked.text) if (s[2] == "name") == names]
        places = [p for p in marked.places if (p[2] == "name") == names]
        hidden = {i for a, b, _ in spans(marked.text) for i in range(a, b)}
        for a, b, _ in places:
            made.marks += 1
            if all(i in hidden or not marked.text[i].isalnum() for i in range(a, b)):
                made.covered += 1
            else:
                made.missed.append(f"{marked.text[a:b]} in: {marked.text}")
        for a, b, kind in found:
            made.spans += 1
            near = [(c, d) for c, d, _ in marked.places if c < b and a < d]
            if near and a >= near[0][0] - 2 and b <= near[-1][1] + 2:
                made.right += 1
            else:
                made.wrong.append(f"{kind} {marked.text[a:b]} in: {marked.text}")
    return made
