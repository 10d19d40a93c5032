"""Paper forms, copied in when the kit is up again: the same rows by the same way, with the number of their form."""

from __future__ import annotations

import re

from tantam.errors import BadInput
from tantam.office.camps.facts import Fact

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")


def check(fact: Fact) -> None:
    """BadInput ``bad_paper`` where a form's number is none."""
    if fact.paper and not _NUMBER.fullmatch(fact.paper):
        raise BadInput(
            "bad_paper",
            "That is no number of a paper form.",
            "Copy it from the form's corner, as P-0123.",
            vi="Số phiếu giấy chưa đúng. Chép số ở góc phiếu, ví dụ P-0123.",
        )


def of_form(facts: list[Fact], paper: str) -> list[Fact]:
    """What was copied from a form already, so that nobody copies it twice."""
    return [fact for fact in facts if fact.paper == paper]
