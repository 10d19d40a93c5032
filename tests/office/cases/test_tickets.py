"""A file of another system's tickets: taken in once, its dates looked at first, what cannot be taken kept with why."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tantam import keys
from tantam.clock import HANOI
from tantam.errors import BadInput, Refused
from tantam.office.cases import tickets
from tantam.office.cases.models import CLOSED, OPEN, Case, Import, Reject, Term
from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise
from tests.office.cases.a_sheet import a_sheet

FCC = Path(os.environ.get("TANTAM_DATA", "/nowhere")) / "comcast-fcc-complaints"
HEADER = "Số phiếu;Ngày nhận;Giờ;Nội dung;Loại;Về việc;Kênh;Số điện thoại;Tình trạng;Ngày xong"


@pytest.fixture(autouse=True)
def _secret(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s" * 32)
    settings.HOME = tmp_path


def _file(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


GOOD = (
    "P-1;13/10/2026;08:30;Trừ tiền lạ, gọi 0912345678;Khiếu nại;cước, hóa đơn;Tổng đài;0912 345 678;Đang xử lý;",
    "P-2;14/10/2026;;Hỏi cách đổi gói;Câu hỏi;việc khác;Quầy;;Đã xong;16/10/2026",
    "P-3;15/10/2026;;Sóng yếu;;network;web;;closed;",
)


def _take(world: Any, content: bytes, **more: Any) -> tickets.TakenIn:
    row = {
        "name": "phieu.csv",
        "system": "cu",
        "office": world.nha_trang,
        "actor": None,
        "at": world.at,
        **more,
    }
    return tickets.take_in(content, **row)


def test_open_ones_get_their_clocks_and_closed_ones_are_history(world: Any) -> None:
    done = _take(world, _file(*GOOD))
    assert (done.rows, done.kept, done.rejected, done.open, done.new) == (3, 3, 0, 1, True)
    one, two, three = Case.objects.order_by("ref")
    assert (one.kind, one.about, one.said_by, one.state) == ("complaint", "fee", "phone", OPEN)
    assert one.key == keys.of_phone(b"s" * 32, "+84912345678")
    assert "0912345678" not in one.text
    assert one.received_at.astimezone(HANOI).isoformat() == "2026-10-13T08:30:00+07:00"
    assert one.owner == world.dung
    due = {t.promise.first_due for t in Term.objects.filter(case=one).select_related("promise")}
    assert max(due) == date(2026, 11, 10)
    assert (two.kind, two.state, two.about, two.said_by) == ("question", CLOSED, "other", "counter")
    assert two.closed_at.astimezone(HANOI).date() == date(2026, 10, 16)
    assert (three.kind, three.state, three.closed_at, three.outcome) == ("complaint", CLOSED, None, "")
    assert Promise.objects.count() == 3
    entry = Entry.objects.get(act="case.taken_in")
    assert entry.facts == {"rows": 3, "rejected": 0, "known": 0, "order": "dmy"}
    assert entry.count == 3


def test_the_same_file_is_nothing_new_and_neither_is_the_same_ticket(world: Any) -> None:
    _take(world, _file(*GOOD))
    again = _take(world, _file(*GOOD))
    assert (again.new, again.kept) == (False, 3)
    assert tickets.sentences(again) == ["Đã nhận từ trước · taken in before."]
    more = _take(world, _file(*GOOD, "P-4;22/10/2026;;Mới;;;;;;"))
    assert (more.kept, more.known) == (1, 3)
    other = _take(world, _file(*GOOD, ""), system="khac")
    assert (other.kept, other.known) == (3, 0)
    assert Entry.objects.filter(act="case.taken_in").count() == 3


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (";13/10/2026;;Sóng yếu;;;;;;", "ref", "no_ref"),
        ("P-1;13/10/2026;;Sóng yếu;;;;;;", "ref", "twice"),
        ("P-9;13/10/2026;;;;;;;;", "text", "no_text"),
        (f"P-9;13/10/2026;;{'x' * 4001};;;;;;", "text", "too_long"),
        ("P-9;;;Sóng yếu;;;;;;", "received", "no_date"),
        ("P-9;31/02/2026;;Sóng yếu;;;;;;", "received", "bad_date"),
        ("P-9;hôm qua 0912345678;;Sóng yếu;;;;;;", "received", "bad_date"),
        ("P-9;30/12/2026;;Sóng yếu;;;;;;", "received", "future_date"),
        ("P-9;13/10/2026;;Sóng yếu;giỡn;;;;;", "kind", "unknown_kind"),
        ("P-9;13/10/2026;;Sóng yếu;;;;;lơ lửng;", "status", "unknown_status"),
        ("P-9;13/10/2026;;Sóng yếu;;;;chị Lan;;", "who", "unknown_who"),
        ("P-9;15/10/2026;;Sóng yếu;;;;;;14/10/2026", "closed", "closed_before"),
        ("P-9;13/10/1999;;Sóng yếu;;;;;;", "", ""),
    ],
)
def test_what_cannot_be_taken_is_kept_with_why(world: Any, row: str, column: str, code: str) -> None:
    done = _take(world, _file(*GOOD, row))
    if not code:  # from before there was any rule: it is kept, and no clock runs
        assert (done.kept, Case.objects.get(ref="P-9").next_due) == (4, None)
        return
    assert (done.kept, done.rejected, done.codes) == (3, 1, {code: 1})
    reject = Reject.objects.get()
    assert (reject.line, reject.column, reject.code) == (5, column, code)
    assert "0912345678" not in reject.value
    assert code in str(done.codes)
    assert len(tickets.sentences(done)) == 5 + 1


def test_a_spreadsheet_with_headings_of_its_own(world: Any) -> None:
    content = a_sheet(["Mã", "Tạo lúc", "Khách"], [250635.0, date(2026, 11, 5), "Sóng yếu"])
    done = _take(world, content, renames={"Mã": "ref", "Tạo lúc": "received", "Khách": "text"})
    case = Case.objects.get()
    assert (done.kept, case.ref, done.dates[0]["why"]) == (1, "250635", "written")
    assert case.received_at.astimezone(HANOI).date() == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("code", "content", "more"),
    [
        ("no_rows", _file(), {}),
        ("missing_column", _file("x", header="Số phiếu"), {}),
        ("column_twice", _file("x;y", header="Số phiếu;Mã phiếu"), {}),
        ("map_unused", _file(*GOOD), {"renames": {"Zalo": "text"}}),
        ("encoding_broken", "Số phiếu".encode("utf-16-le"), {}),
        ("dates_unsure", _file("P-1;03/04/2026;;x;;;;;;", "P-2;05/06/2026;;x;;;;;;"), {}),
        ("bad_order", _file(*GOOD), {"order": "ymd"}),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    world: Any, code: str, content: bytes, more: dict[str, Any]
) -> None:
    with pytest.raises(BadInput, match=code) as refused:
        _take(world, content, **more)
    assert refused.value.vi
    assert not Case.objects.exists()
    assert not Import.objects.exists()


def test_when_nobody_can_tell_somebody_says(world: Any) -> None:
    content = _file("P-1;03/04/2026;;x;;;;;;", "P-2;05/06/2026;;x;;;;;;")
    done = _take(world, content, order="mdy")
    assert [c.received_at.astimezone(HANOI).date() for c in Case.objects.order_by("ref")] == [
        date(2026, 3, 4), date(2026, 5, 6),
    ]  # fmt: skip
    assert done.dates[0]["why"] == "told"


def test_nobody_owes_at_headquarters_and_strangers_take_nothing_in(world: Any) -> None:
    with pytest.raises(Refused, match="nobody_owes"):
        _take(world, _file(*GOOD), office=world.hq)
    for actor in (world.stranger, world.dung, world.admin):
        with pytest.raises(Refused, match="not_your_duty"):
            _take(world, _file(*GOOD), actor=actor)


def test_what_was_stopped_goes_on(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("tantam.office.paging.BATCH", 2)
    rows = [f"P-{n};{13 + n}/10/2026;;Sóng yếu {n};;;;;{'open' if n % 2 else 'closed'};" for n in range(9)]
    done_batches = 0
    batch = tickets._batch

    def killed(*given: Any) -> Import:
        nonlocal done_batches
        if done_batches == 2:
            raise KeyboardInterrupt
        done_batches += 1
        return batch(*given)

    monkeypatch.setattr(tickets, "_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        _take(world, _file(*rows))
    assert Case.objects.count() == 4
    monkeypatch.setattr(tickets, "_batch", batch)
    done = _take(world, _file(*rows))
    assert (done.rows, done.kept, done.known, Case.objects.count()) == (9, 9, 0, 9)
    assert Entry.objects.filter(act="case.taken_in").count() == 1


def test_two_at_once_do_not_take_it_in_twice(world: Any) -> None:
    _take(world, _file(*GOOD))
    file = Import.objects.get()
    Import.objects.update(line=99)
    with pytest.raises(Refused, match="import_busy"):
        tickets._batch(file, [], "cu", world.nha_trang, world.dung, world.at)


@pytest.mark.skipif(not FCC.is_dir(), reason="the tickets of TANTAM_DATA are not here")
def test_the_real_tickets_come_in_by_their_true_days(world: Any) -> None:
    began = time.process_time()
    content = next(FCC.glob("*.csv")).read_bytes()
    done = _take(
        world, content, renames={"Ticket #": "ref", "Customer Complaint": "text", "Date": "received"}
    )
    assert time.process_time() - began < 60
    assert (done.rows, done.kept, done.rejected, done.open) == (2224, 2224, 0, 517)
    first, last = (Case.objects.order_by(f"{way}received_at")[0].received_at for way in ("", "-"))
    assert (first.astimezone(HANOI).date(), last.astimezone(HANOI).date()) == (
        date(2015, 4, 1),
        date(2015, 6, 30),
    )
    assert [f["order"] for f in done.dates] == ["swapped", "swapped"]
    assert "Cột “Date_month_year”" in "".join(tickets.sentences(done))
    assert Case.objects.filter(said_by="phone").count() == 1119
    assert not _take(world, content).new
