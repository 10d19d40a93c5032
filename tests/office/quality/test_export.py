"""The package for inspectors: every published number is counted again from its raw rows; no opinion is in it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tantam.errors import BadInput
from tantam.office.quality import export, judging, rules, shown
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Cell
from tests.office.quality.measured import declare, load, pledge
from tests.office.quality.test_felt import said

pytestmark = pytest.mark.usefixtures("on_the_day")
FILES = {
    "DOC-TRUOC.txt", "so-lieu.csv", "dong-goc.csv", "tep.csv", "dong-khong-nhan.csv", "muc-cong-bo.csv", "loi-hua.csv",
    "ket-qua.csv", "cam-nhan.csv", "chi-tieu.csv", "quy-chuan.csv",
}  # fmt: skip


@pytest.fixture
def measured(world: Any) -> Any:
    """Shares, means and a rate of two months, a row that was corrected, one that was not taken, one broken pledge."""
    declare(world)
    pledge(world)
    load(world, [
        "call_drop,2026-09,Khánh Hòa,0.4,10000,40,,=SUM(A1),", "call_drop,2026-09,Ninh Thuận,,2000,12,,,",
        "call_drop,2026-10,Khánh Hòa,4,100000,4000,,,", "call_drop,2026-10,Cà Mau,0.4,100000,400,,,",
        "voice_mos,2026-10,Cà Mau,3.8,400,,0.5,,", "voice_mos,2026-10,Khánh Hòa,3.6,300,,0.6,,",
        "voice_mos,2026-10,Huế,3.1,,,,,", "call_drop,2026-10,Xứ Lạ,0.4,1000,4,,,",
    ])  # fmt: skip
    load(world, ["call_drop,2026-10,Cà Mau,0.5,100000,500,,,", "wrong_bills,2026-10,,,20000,2,,,"])
    load(world, ["call_drop,2026-10,,0.7,4000,28,,,"], measured_by="ministry")
    said(world.ca_mau, "calls", *[True] * 10, *[False] * 30)
    judging.judge(date(2026, 10, 1), actor=world.policy, at=world.at)
    return world


def opened(content: bytes) -> dict[str, list[dict[str, str]]]:
    """Each table of a package as rows by heading."""
    pack = zipfile.ZipFile(io.BytesIO(content))
    assert pack.testzip() is None and set(pack.namelist()) == FILES
    return {
        name: list(csv.DictReader(io.StringIO(pack.read(name).decode("utf-8-sig"))))
        for name in FILES
        if name.endswith(".csv")
    }


def sums(rows: list[dict[str, str]], kind: str) -> rules.Sums:
    """What DOC-TRUOC.txt says to add up."""
    n = [int(row["n"] or 0) for row in rows]
    values = [float(row["value"]) for row in rows]
    pairs = [(a, b) for a, b in zip(n, values, strict=True) if a]
    return rules.Sums(
        rows=len(rows), with_n=len(pairs), n=sum(n), counted=sum(int(row["good_count"] or 0) for row in rows),
        weighted=sum(a * b for a, b in pairs), squares=sum(a * b * b for a, b in pairs),
        within=sum((int(r["n"]) - 1) * float(r["spread"]) ** 2 for r in rows if r["n"] and r["spread"]),
        with_spread=sum(bool(r["n"] and r["spread"]) for r in rows),
        plain=sum(float(r["value"]) for r in rows if not r["n"]),
    )  # fmt: skip


def test_every_number_is_counted_again(measured: Any, page: Any) -> None:
    answer = page(measured.auditor).get("/quality/export/?from=2026-09&to=2026-10")
    assert answer.status_code == 200 and answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="chat-luong-2026-09-2026-10.zip"'
    tables = opened(b"".join(answer.streaming_content))
    behind: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in tables["dong-goc.csv"]:
        if not row["replaced_by_sha256"]:
            behind[row["indicator"], row["measured_by"], row["to_on"][:7], row["place"]].append(row)
    figures = tables["so-lieu.csv"]
    assert len(figures) == Cell.objects.count() > 6
    for shown_row in figures:
        code, by, month = shown_row["indicator"], shown_row["measured_by"], shown_row["month"][:7]
        rows = behind[code, by, month, shown_row["place"]]
        if not shown_row["place"] and not rows:
            rows = [
                r
                for (c, b, m, p), some in behind.items()
                if (c, b, m) == (code, by, month) and p
                for r in some
            ]
            assert int(shown_row["provinces_count"]) == len({row["place"] for row in rows if row["n"]})
        again = rules.figure(INDICATORS[code], sums(rows, INDICATORS[code].kind))
        assert again is not None and int(shown_row["rows_count"]) == len(rows)
        assert float(shown_row["value"]) == pytest.approx(again.value)
        for name in ("low", "high"):
            bound = getattr(again, name)
            assert (shown_row[name] == "") == (bound is None)
            assert bound is None or float(shown_row[name]) == pytest.approx(bound)
    for row in tables["cam-nhan.csv"]:
        low, high = rules.wilson(int(row["complaints"]), int(row["opinions"]))
        assert (float(row["low"]), float(row["high"])) == (low, high)
    assert {(r["indicator"], r["place"]): r["opinions"] for r in tables["cam-nhan.csv"]}[
        "call_drop", "96"
    ] == "40"


def test_it_says_where_each_row_came_from(measured: Any) -> None:
    content = b"".join(export.package([date(2026, 10, 1)]))
    tables = opened(content)
    files = {row["sha256"]: row for row in tables["tep.csv"]}
    assert len(files) == 3 and all(row["load_sha256"] in files for row in tables["dong-goc.csv"])
    assert {row["place_written"] for row in tables["dong-goc.csv"]} >= {"Khánh Hòa", "Cà Mau", ""}
    assert [row["code"] for row in tables["dong-khong-nhan.csv"]] == ["unknown_place"]
    assert [(row["level"], row["document"]) for row in tables["muc-cong-bo.csv"]] == [
        ("5.0000", "Công văn 12/2026")
    ]
    broken = [row for row in tables["ket-qua.csv"] if row["state"] == "broken"]
    assert len(broken) == 1 and broken[0]["place"] == "56" and broken[0]["promise_state"] == "open"
    assert "Gọi hay rơi" not in content.decode("latin-1") and measured.policy.name.encode() not in content
    read_me = zipfile.ZipFile(io.BytesIO(content)).read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert "Tính lại một con số" in read_me and all(name in read_me for name in FILES - {"DOC-TRUOC.txt"})


def test_a_formula_in_a_file_stays_text(measured: Any) -> None:
    rows = opened(b"".join(export.package([date(2026, 9, 1)])))["dong-goc.csv"]
    assert "'=SUM(A1)" in {row["method"] for row in rows}


def test_months_are_checked(measured: Any, page: Any) -> None:
    browser = page(measured.policy)
    for asked in ("from=2026-10&to=2026-09", "from=1950-01&to=2026-09"):
        answer = browser.get(f"/quality/export/?{asked}")
        assert answer.status_code == 422 and "từ 1 đến 240 tháng" in answer.content.decode()
    named = browser.get("/quality/export/?from=?&to=x")["Content-Disposition"]
    assert named == 'attachment; filename="chat-luong-2025-11-2026-10.zip"'


def test_who_may_take_it(measured: Any, page: Any) -> None:
    assert page(None).get("/quality/export/").status_code == 302
    for staff in (measured.auditor, measured.hoa, measured.policy):
        assert page(staff).get("/quality/export/").status_code == 200
    for staff in (measured.lam, measured.stranger):
        assert page(staff).get("/quality/export/").status_code == 403


def test_it_comes_in_pieces(measured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_ROWS", 2)
    pieces = list(export.package(shown.months_to(date(2026, 10, 1), 2)))
    assert len(pieces) > 11 and opened(b"".join(pieces))


def test_an_empty_office_gives_an_honest_package(world: Any) -> None:
    tables = opened(b"".join(export.package([date(2026, 10, 1)])))
    assert tables["so-lieu.csv"] == [] and len(tables["chi-tieu.csv"]) == len(INDICATORS)
    assert {row["verify"] for row in tables["quy-chuan.csv"]} <= {"True", "False"}
    assert Decimal(tables["quy-chuan.csv"][0]["value"])
    with pytest.raises(BadInput):
        export._asked(type("R", (), {"GET": {"from": "2026-02", "to": "2026-01"}})())
