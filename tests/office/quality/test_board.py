"""The board of quality: what is broken first, what is not known is said, few queries, nothing for strangers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tantam.office.quality import boards, shown
from tantam.office.quality.models import Pledge
from tests.office.quality.figures import LAST, a_year, declared, pledged
from tests.office.quality.measured import load
from tests.office.quality.test_felt import said

pytestmark = pytest.mark.usefixtures("on_the_day")
PAGES = ("/quality/", "/quality/loads/", "/quality/pledges/new/", "/quality/declare/")
PUBLIC = ("/public/quality/", "/public/quality/{}/")


@pytest.fixture
def pledge(world: Any) -> Pledge:
    """A year of figures with one breach, and an indicator that only was declared."""
    declared(world, "wrong_bills", "0.1")
    return a_year(world)


def text(browser: Any, address: str, **other: Any) -> str:
    answer = browser.get(address, **other)
    assert answer.status_code == 200, address
    return str(answer.content.decode()).replace("\u00a0", " ")


def queries(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    return len(asked)


def test_promised_measured_and_felt_side_by_side(world: Any, page: Any, pledge: Pledge) -> None:
    said(world.ca_mau, "calls", *[True] * 20, *[False] * 20)
    said(world.nha_trang, "calls", *[True] * 2, *[False] * 38)
    board = text(page(world.policy), "/quality/")
    for words in (
        "10/2026: đạt 1 trong 1 điều đã hứa.", "Gọi được ngay", "từ 97 %", "từ 95 %", "98,50", "98,07 – 98,83",
        "ở 33 tỉnh; chưa rõ Cao Bằng", "chưa đo", "27,5 %", "80 ý kiến", "hứa minh họa", "mức cũ, đến 2015",
        "Cà Mau: số đo đạt, nhưng 50,0 % trong 40 ý kiến là phàn nàn; nơi khác 5,0 %.", "Hóa đơn sai",
        'class="p missing"', "Đây là lời hứa minh họa",
    ):  # fmt: skip
        assert words in board, words
    assert board.count('class="p kept"') == 33


def test_another_month_and_what_is_broken_first(world: Any, page: Any, pledge: Pledge) -> None:
    other = pledged(world, "0", "data_access", "97")
    board = page(world.policy).get("/quality/?month=2026-08&indicator=call_setup")
    rows = [row["pledge"] for row in board.context["rows"] if row["pledge"]]
    assert rows == [pledge, other]  # “0” comes before “1”, yet nothing is broken there
    shown_ = board.content.decode().replace("\u00a0", " ")
    assert "đạt 0 trong 2 điều đã hứa, 1 không đạt, 1 chưa đủ số đo" in shown_
    assert "ở Cà Mau; chưa rõ Cao Bằng" in shown_ and 'class="p broken"' in shown_
    assert board.context["country"].rows[0]["name"] == "Cà Mau"
    assert "9 trong" not in shown_


@pytest.mark.parametrize(
    "asked", ["?month=2026-13", "?month=x&indicator=none", "?month=0000-01", "?month=1899-01"]
)
def test_a_strange_address_is_the_board(world: Any, page: Any, pledge: Pledge, asked: str) -> None:
    assert "10/2026: đạt 1 trong 1" in text(page(world.policy), f"/quality/{asked}")
    assert "10/2026: đạt 1 trong 1" in text(page(None), f"/public/quality/{asked}")


def test_an_empty_office_says_so(world: Any, page: Any) -> None:
    assert "Chưa đo tháng nào" in text(page(world.policy), "/quality/")
    assert "Chưa hứa mức chất lượng nào" in text(page(None), "/public/quality/")
    assert "Chưa nạp tệp nào" in text(page(world.policy), "/quality/loads/")


def test_the_public_board_names_nobody(world: Any, page: Any, pledge: Pledge) -> None:
    for address in PUBLIC:
        shown_ = text(page(None), address.format(pledge.pk))
        for private in (
            world.dung.name,
            world.policy.name,
            "/promises/",
            "/opinions/themes",
            "/quality/loads",
        ):
            assert private not in shown_, (address, private)
        assert "minh họa" in shown_
    assert "Hóa đơn sai" not in text(page(None), "/public/quality/")  # declared, not pledged
    assert page(None).get("/public/quality/99999/").status_code == 404
    assert page(None).get(f"/public/quality/{2**64}/").status_code == 404


def test_strangers_stay_outside(world: Any, page: Any, pledge: Pledge) -> None:
    for address in (*PAGES, f"/quality/pledges/{pledge.pk}/"):
        assert page(None).get(address).status_code == 302
    for address in ("/quality/pledges/new/", "/quality/declare/"):
        assert page(world.lam).get(address).status_code == 403
    board = text(page(world.lam), "/quality/")
    assert "Hứa một mức" not in board and "Nạp số đo" not in board and "Gói cho thanh tra" not in board
    assert "Thôi hứa" not in text(page(world.lam), f"/quality/pledges/{pledge.pk}/")


@pytest.mark.parametrize("address", ["/quality/", "/public/quality/"])
def test_as_many_queries_however_long_it_goes_on(world: Any, page: Any, address: str) -> None:
    browser = page(world.policy)
    a_year(world, months=2)
    few = queries(browser, address)
    pledged(world, "2", "data_access", "97")
    load(
        world,
        [
            f"data_access,2026-{m:02},{p},,4000,3950,,,"
            for m in range(1, 11)
            for p in ("Huế", "Hà Nội", "Cà Mau")
        ],
    )
    said(world.ca_mau, "calls", *[True] * 40)
    assert queries(browser, address) == few <= 14


def test_a_pledges_page_asks_as_often_for_two_months_as_for_twelve(
    world: Any, page: Any, pledge: Pledge
) -> None:
    address = f"/quality/pledges/{pledge.pk}/"
    assert queries(page(world.policy), address) <= 16


def test_english(world: Any, page: Any, pledge: Pledge) -> None:
    browser = page(world.policy)
    browser.cookies["django_language"] = "en"
    board = text(browser, "/quality/?month=2026-08&indicator=call_setup")
    for words in (
        "08/2026: 0 of 1 pledges met, 1 not met.",
        "at least 97%",
        "in Ca Mau; unknown in Cao",
    ):
        assert words in board, words
    assert "not met in 1." in text(browser, f"/public/quality/{pledge.pk}/")


def test_what_falling_below_costs(world: Any, page: Any, pledge: Pledge) -> None:
    calm = text(page(world.auditor), "/quality/costs/")
    assert "Đã công bố mà tháng này không có số tự đo: 10 đến 20 triệu đồng" in calm and "Hóa đơn sai" in calm
    load(world, ["wrong_bills,2026-10,,,20000,60,,,", "call_setup,2026-10,Huế,50,1000,500,,,"])
    shown_ = text(page(world.auditor), "/quality/costs/?month=2026-10")
    for words in (
        "Một chỉ tiêu kém mức đã công bố", "30 đến 50 triệu đồng", "174/2026", "chưa kiểm chứng", "(Huế)",
        "Bảng luật không có giá cho việc này",
    ):  # fmt: skip
        assert words in shown_, words
    assert page(None).get("/quality/costs/").status_code == 302


def test_how_a_pledge_stands_over_its_places() -> None:
    assert shown.overall(["kept"] * 30 + ["broken", "missing"]) == "broken"
    assert shown.overall(["kept", "at_risk", "missing"]) == "at_risk"
    assert shown.overall(["kept", "kept", "missing", "too_few"]) == "kept"
    assert shown.overall(["kept", "missing", "too_few", "missing"]) == "missing"
    assert shown.overall(["too_few"]) == "too_few" and shown.overall([]) == ""


def test_the_regulation_that_held_then(world: Any) -> None:
    from tantam.office.quality.indicators import INDICATORS

    drop = INDICATORS["call_drop"]
    now, then, never = (boards.rule(drop, on) for on in (LAST, date(2021, 3, 1), date(1999, 1, 1)))
    assert now is not None and then is not None and never is None
    assert (now["past"], then["past"]) == (date(2023, 7, 1), None) and now["level"] == "tối\u00a0đa 2\u00a0%"
    assert boards.rule(INDICATORS["download_speed"], LAST) is None
