"""Calls to the call centre: single calls and half hours say the same, nothing is lost, hours that fall short show."""

from __future__ import annotations

import gzip
import io
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.base.tables import table
from tantam.errors import BadInput, TantamError
from tantam.office.journal.models import Entry
from tantam.office.quality import call_rows, calls
from tantam.office.quality.models import CallSlot, Cell, Load, Measurement, Pledge, Reject
from tantam.office.quality.rows import Wrong

TODAY = date(2026, 11, 22)
HEAD = "ngày,giờ,trả lời,chờ (giây)\n"
CALLS = (
    HEAD + "2026-10-01,08:05,Y,12\n01/10/2026,8h29,có,61\n2026-10-01,08:31,N,40\n2026-10-02,08:00:59,1,60\n"
)


def read(text: str, **renames: str) -> tuple[list[call_rows.Slot], list[tuple[int, Wrong]], int]:
    return call_rows.slots(table(text.encode()), TODAY, renames)


def test_single_calls_are_added_up_by_half_hour() -> None:
    found, rejected, count = read(CALLS)
    assert (rejected, count) == ([], 4)
    assert found == [
        call_rows.Slot(date(2026, 10, 1), 480, 2, 2, 1, 0),
        call_rows.Slot(date(2026, 10, 1), 510, 1, 0, 0, 1),
        call_rows.Slot(date(2026, 10, 2), 480, 1, 1, 1, 0),
    ]


def test_half_hours_say_the_same_as_their_calls() -> None:
    spans = "date,start,offered,answered,answered_60s,hung_up\n2026-10-01,08:00,2,2,1,0\n2026-10-01,08:30,1,0,0,1\n"
    assert read(spans)[0] == read(CALLS)[0][:2]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("32/10/2026,08:00,Y,1", "on", "bad_day"), ("2026-11-22,08:00,Y,1", "on", "not_over_yet"),
        ("2026-10-01,25:00,Y,1", "at", "bad_time"), ("2026-10-01,,Y,1", "at", "bad_time"),
        ("2026-10-01,08:00,PHANTOM,1", "answered", "no_call"), ("2026-10-01,08:00,Y,", "wait_s", "bad_wait"),
        ("2026-10-01,08:00,Y,-1", "wait_s", "bad_wait"), ("2026-10-01,08:00,Y,99999999", "wait_s", "bad_wait"),
        ("2026-10-01", "at", "bad_time"),
    ],
)  # fmt: skip
def test_rows_that_are_no_calls(row: str, column: str, code: str) -> None:
    found, [(line, wrong)], count = read(HEAD + "2026-10-01,08:05,Y,12\n" + row + "\n")
    assert (line, wrong.column, wrong.code, count) == (3, column, code, 2)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [("5,6,1,0", "more_than_offered"), ("5,3,4,0", "more_than_offered"), ("5,3,1,3", "more_than_offered"),
     ("-1,0,0,0", "bad_count"), ("5,3.5,1,0", "bad_count"), ("x,3,1,0", "bad_count"), ("5,,1,0", "bad_count")],
)  # fmt: skip
def test_half_hours_that_cannot_be(row: str, code: str) -> None:
    _, [(_, wrong)], _ = read(f"date,start,offered,answered,answered_60s,hung_up\n2026-10-01,08:00,{row}\n")
    assert wrong.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "no_rows"), ("a,b\n1,2\n", "missing_column"), ("date,date,time,answered,wait_s\n", "column_twice"),
     ("date,time,answered\n", "missing_column")],
)  # fmt: skip
def test_files_of_something_else(text: str, code: str) -> None:
    with pytest.raises(BadInput) as no:
        read(text)
    assert no.value.code == code


def test_a_map_says_which_column_is_which() -> None:
    text = CALLS.replace("chờ (giây)", "Xếp hàng")
    assert read(text, **{"Xếp hàng": "wait_s"})[0] == read(CALLS)[0]
    with pytest.raises(BadInput) as no:
        read(CALLS, **{"Không có": "wait_s"})
    assert no.value.code == "map_unused"


@given(st.lists(st.tuples(st.integers(0, 1439), st.booleans(), st.integers(0, 200)), max_size=60))
def test_every_call_is_in_one_half_hour(many: list[tuple[int, bool, int]]) -> None:
    rows = [f"2026-10-01,{m // 60:02}:{m % 60:02},{'Y' if yes else 'N'},{wait}" for m, yes, wait in many]
    found, rejected, count = read(HEAD + "\n".join(rows) + "\n")
    assert not rejected and count == len(many) == sum(slot.offered for slot in found)
    assert sum(slot.in_60s for slot in found) == sum(yes and wait <= 60 for _, yes, wait in many)
    assert all(slot.in_60s <= slot.answered <= slot.offered == slot.answered + slot.hung_up for slot in found)


def taken(world: Any, text: str = CALLS, **changed: Any) -> Any:
    return calls.take_in(
        text.encode(), **{"name": "tong-dai.csv", "actor": world.policy, "at": world.at, **changed}
    )


def test_a_month_becomes_a_measurement_with_its_rows_behind_it(world: Any) -> None:
    found = taken(world, CALLS + "2026-10-03,08:00,PHANTOM,\n")
    assert (found.rows, found.kept, found.rejected, found.codes, found.months) == (5, 4, 1, {"no_call": 1}, 1)
    one = Measurement.objects.get()
    assert (one.indicator, one.n, one.good_count, one.value) == ("calls_answered", 4, 2, 50)
    assert (one.from_on, one.to_on) == (date(2026, 10, 1), date(2026, 10, 2))
    cell = Cell.objects.get(place="")
    assert (cell.month, cell.n, cell.value) == (date(2026, 10, 1), 4, 50)
    assert sum(slot.in_60s for slot in calls.by_half_hour(cell.month)) == one.good_count
    assert (calls.months(), calls.days(cell.month)) == ([cell.month], 2)
    assert Entry.objects.get(act="quality.calls_taken_in").facts["rejected"] == 1


def test_the_same_file_twice_is_nothing_new_and_a_later_one_counts(world: Any) -> None:
    assert taken(world).new and not taken(world).new
    assert Load.objects.count() == 1 == Entry.objects.filter(act="quality.calls_taken_in").count()
    taken(world, CALLS.replace("08:31,N,40", "08:31,Y,40"))
    assert CallSlot.objects.count() == 3
    assert Cell.objects.get(place="").value == 75


def test_what_was_cut_off_is_finished(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(calls, "write", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            taken(world)
    assert Load.objects.get().done_at is None and not Measurement.objects.exists()
    assert taken(world).months == 1
    assert (CallSlot.objects.count(), Measurement.objects.count(), Reject.objects.count()) == (3, 1, 0)


def test_who_may_not(world: Any) -> None:
    with pytest.raises(TantamError) as no:
        taken(world, actor=world.stranger)
    assert no.value.code == "not_your_duty" and not Load.objects.exists()


def test_the_page_shows_the_hours_and_takes_a_file(world: Any, page: Any, on_the_day: None) -> None:
    assert page(None).get("/quality/calls/").status_code == 302
    policy = page(world.policy)
    assert "Chưa nạp cuộc gọi nào" in policy.get("/quality/calls/").content.decode()
    busy = HEAD + "2026-10-01,09:00,Y,12\n" * 400 + "2026-10-01,10:00,Y,99\n" * 400
    sent = policy.post("/quality/calls/", {"file": io.BytesIO(busy.encode())})
    assert sent.status_code == 303 and "800" in policy.get(sent["Location"]).content.decode()
    Pledge.objects.create(
        code="8", indicator="calls_answered", level=80, text_vi="x", remedy_vi="y", remedy_days=5, owner=world.policy,
        office=world.hq, from_on=date(2026, 1, 1), at=world.at, each_province=False,
    )  # fmt: skip
    shown = policy.get("/quality/calls/?month=2026-10").content.decode()
    assert "10\u2060–\u206011" in shown and "không đạt" in shown and "50" in shown
    for wrong in ({}, {"file": io.BytesIO(b"a,b\n")}, {"file": io.BytesIO(busy.encode()), "renames": "x=y"}):
        assert policy.post("/quality/calls/", wrong).status_code == 422
    assert page(world.stranger).post("/quality/calls/", {"file": io.BytesIO(b"x")}).status_code == 403


def test_a_real_call_centre(world: Any) -> None:
    """66,224 rows of calls and their half hours: the same figures, and the reference of the file's source."""
    root = os.environ.get("TANTAM_DATA")
    if not root:
        pytest.skip("TANTAM_DATA is not set: the calls of a real call centre are not counted")
    folder = Path(root) / "call-centre-intervals"
    single = gzip.decompress((folder / "calls_1999_01_10.csv.gz").read_bytes())
    found = calls.take_in(single, name="calls", actor=world.policy, at=world.at)
    assert (found.kept, found.codes) == (66_224 - 387, {"no_call": 387})
    by_calls = [
        (slot.on, slot.minute, slot.offered, slot.in_60s, slot.hung_up) for slot in CallSlot.objects.all()
    ]
    shares = {cell.month.month: round(cell.value / 100, 3) for cell in Cell.objects.filter(place="")}
    assert shares == {1: 0.684, 10: 0.784}
    calls.take_in(
        (folder / "intervals_30min.csv").read_bytes(), name="spans", actor=world.policy, at=world.at
    )
    spans = [
        (slot.on, slot.minute, slot.offered, slot.in_60s, slot.hung_up) for slot in CallSlot.objects.all()
    ]
    assert sorted(by_calls) == sorted(spans) and len(spans) == 2_105
