"""Votes cast elsewhere, counted at the terminal: every row is counted or turned away with its reason."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tantam.base.tables import table
from tantam.cli.quality import quality
from tantam.errors import BadInput
from tantam.office.quality import voting
from tantam.office.quality.vote_rows import Counted, count

TEN = range(11)


def counted(text: str, where: str = "tỉnh") -> Counted:
    return count(table(text.encode()), TEN, score="điểm", when="ngày", where=where)


def test_rows_are_counted_by_month_and_place() -> None:
    found = counted("Ngày,Điểm,Tỉnh\n2026-01-05,9,Huế\n31/01/2026,9,Huế\n2026-02-01,0,\n")
    assert found.votes == {
        (date(2026, 1, 1), "Huế"): Counter({9: 2}),
        (date(2026, 2, 1), ""): Counter({0: 1}),
    }
    assert not found.rejected


@given(
    st.lists(
        st.tuples(st.sampled_from(["2026-01-05", "mai", ""]), st.sampled_from(["9", "11", "-1", "x", ""]))
    )
)
def test_every_row_is_counted_or_turned_away(rows: list[tuple[str, str]]) -> None:
    found = counted("ngày,điểm,tỉnh\n" + "".join(f"{on},{answer},a\n" for on, answer in rows))
    assert sum(sum(one.values()) for one in found.votes.values()) == rows.count(("2026-01-05", "9"))
    assert sum(found.rejected.values()) == len(rows) - rows.count(("2026-01-05", "9"))


@pytest.mark.parametrize(("text", "code"), [("", "no_rows"), ("ngày,điểm\n", "missing_column")])
def test_files_of_something_else(text: str, code: str) -> None:
    with pytest.raises(BadInput) as no:
        counted(text)
    assert no.value.code == code
    if text:
        assert not counted(text, where="").votes


def test_at_the_terminal(tmp_path: Path) -> None:
    rows = [
        f"2026-{month:02}-09,{9 if n < 60 or month < 8 else 3},A\n"
        for month in range(1, 9)
        for n in range(100)
    ]
    file = tmp_path / "votes.csv.gz"
    file.write_bytes(gzip.compress(("day,score,place\n" + "".join(rows) + "x,9,A\n").encode()))
    asked = ["votes", str(file), "--score", "score", "--when", "day", "--where", "place"]
    told = json.loads(CliRunner().invoke(quality, [*asked, "--json"]).stdout)
    assert [one["month"] for one in told["moves"]] == ["2026-08"]
    assert told["rejected"] == {"bad_day": 1}
    assert told["months"][7]["value"] == pytest.approx(20)
    assert voting.score("nps", {9: 60, 3: 40}).low == pytest.approx(told["months"][7]["low"])
    plain = CliRunner().invoke(quality, asked).stdout
    assert "08/2026" in plain and "khác hẳn" in plain and "bad_day" in plain
