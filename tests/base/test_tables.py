"""Small files as rows of cells: any usual separator, UTF-8 and UTF-16, and what is refused."""

from __future__ import annotations

import pytest

from tantam.base.tables import table
from tantam.errors import BadInput


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_usual_separator(mark: str, coding: str) -> None:
    text = f'mã{mark}lời\r\n\r\n1{mark}"hai\ndòng"\r\n2{mark}ba\r\n'
    assert list(table(text.encode(coding))) == [(1, ["mã", "lời"]), (3, ["1", "hai\ndòng"]), (5, ["2", "ba"])]


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("encoding_broken", b"m\xe3;x"),
        ("unreadable_file", b"PK\x03\x04 cut off"),
        ("unreadable_file", b"a" * 200_000),
    ],
)
def test_what_cannot_be_read_is_refused(code: str, content: bytes) -> None:
    with pytest.raises(BadInput, match=code) as refused:
        list(table(content))
    assert refused.value.vi
