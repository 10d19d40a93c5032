"""The page of a pledge: from the chart to the promise to kept, in every state, for staff and for everybody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.office.promises import actions as promises
from tantam.office.quality import charts, judging, story, warning
from tantam.office.quality.charts import Point
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Pledge, Standing
from tests.office.quality.figures import BROKEN_AT, a_year, pledged
from tests.office.quality.measured import load

pytestmark = pytest.mark.usefixtures("on_the_day")
KEPT = {"proof_kind": "document", "proof": "Biên bản 12/BB, gọi 0912345678"}


@pytest.fixture
def pledge(world: Any) -> Pledge:
    return a_year(world)


def read(page: Any, who: Any, address: str) -> str:
    answer = page(who).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_the_broken_month_leads_to_its_promise(world: Any, page: Any, pledge: Pledge) -> None:
    for who, address in ((world.policy, "/quality/pledges/{}/"), (None, "/public/quality/{}/")):
        shown = read(page, who, address.format(pledge.pk))
        for words in (
            "Cà Mau: đạt 11 trong 12 tháng, không đạt 1.", "Cà Mau, 08/2026", "Đo tháng 08/2026", "94,00 %",
            "đã hứa từ 97 %", "Hứa làm lại cho đúng", "hẹn 01/12/2026", 'class="broken"', "không đạt 1", "18/CB-SM",
            "Quy chuẩn từng đòi", "chưa kiểm chứng", "làm lại thế nào",
        ):  # fmt: skip
            assert words in shown, words
    assert "/promises/" in read(page, world.policy, f"/quality/pledges/{pledge.pk}/")


def test_how_the_promise_ended(world: Any, page: Any, pledge: Pledge) -> None:
    promise = Standing.objects.get(promise__isnull=False).promise
    assert promise is not None
    address = f"/public/quality/{pledge.pk}/"
    assert "hạn 01/12" in read(page, None, address)
    promises.keep(promise, actor=world.policy, at=world.at, **KEPT)
    shown = read(page, None, address)
    assert "đã giữ" in shown and "Biên bản 12/BB, gọi [số điện thoại]" in shown and "0912345678" not in shown


@pytest.mark.parametrize(
    ("end", "words"), [("late", "trễ"), ("broken", "Hết tiền trong năm"), ("kept_late", "Đã giữ, muộn")]
)
def test_a_promise_that_went_wrong_is_told(
    world: Any, page: Any, pledge: Pledge, monkeypatch: pytest.MonkeyPatch, end: str, words: str
) -> None:
    promise = Standing.objects.get(promise__isnull=False).promise
    assert promise is not None
    later = world.at + timedelta(days=20)
    monkeypatch.setattr("tantam.clock.now", lambda: later)
    if end == "broken":
        promises.break_(promise, actor=world.policy, at=later, reason="Hết tiền trong năm")
    elif end == "kept_late":
        promises.keep(promise, actor=world.policy, at=later, **KEPT)
    assert words in read(page, None, f"/public/quality/{pledge.pk}/")


def test_a_correction_leaves_the_promise(world: Any, page: Any, pledge: Pledge) -> None:
    Standing.objects.filter(state="broken").update(state="kept")
    shown = read(page, None, f"/public/quality/{pledge.pk}/")
    assert "lời hứa làm lại vẫn giữ" in shown and "Cà Mau: đạt 12 trong 12 tháng." in shown


def test_another_place_and_the_country(world: Any, page: Any, pledge: Pledge) -> None:
    address = f"/quality/pledges/{pledge.pk}/"
    assert "Khánh Hòa: đạt 12 trong 12 tháng." in read(page, world.lam, f"{address}?place=56")
    whole = read(page, world.lam, f"{address}?place=all")
    assert "Cả nước: đạt 11 trong 12 tháng, không đạt 1." in whole and "ở Cà Mau; chưa rõ Cao Bằng" in whole
    unmeasured = read(page, world.lam, f"{address}?place=04")
    assert "Cao Bằng: đạt 0 trong 12 tháng." in unmeasured and unmeasured.count('class="gap"') == 24
    assert "Cần 12 tháng đã đo" in unmeasured
    assert "Cà Mau: đạt" in read(page, world.lam, f"{address}?place=zz")  # strange: where it was broken last


def test_a_pledge_nobody_judged_yet(world: Any, page: Any) -> None:
    made = pledged(world, "9", "download_speed", "20", from_on=date(2026, 12, 1), invented=False)
    shown = read(page, None, f"/public/quality/{made.pk}/")
    assert "Chưa tháng nào được xét." in shown and "Chưa tháng nào không đạt" in shown
    assert "chưa tìm được mức" in shown and "chưa công bố mức nào" in shown and "minh họa" not in shown


def test_an_early_warning_says_how_often_it_is_wrong(world: Any) -> None:
    of = INDICATORS["call_drop"]
    made = Pledge(level=2, indicator="call_drop")
    months = [warning.Month(date(2026, n, 1), 0.8 + 0.1 * n, 9_000) for n in range(1, 11)]
    rising = story.early(made, of, months, {})
    assert "Nếu cứ đà 10 tháng qua" in rising and "một lần trong 100" in rising
    band = warning.Band(months[-1].on, 0.5, 0.3, 0.7, worse=True, better=False)
    flat = [warning.Month(one.on, 0.5, 9_000) for one in months]
    assert "lẽ ra từ 0,30 đến 0,70" in story.early(made, of, flat, {months[-1].on: band})
    calm = warning.Band(months[-1].on, 0.5, 0.3, 0.7, worse=False, better=False)
    assert "Chưa có dấu hiệu" in story.early(made, of, flat, {months[-1].on: calm})


def test_the_ministrys_figure_is_the_one_drawn(world: Any) -> None:
    made = pledged(world, "2", "call_drop", "0.6", from_on=date(2026, 10, 1))
    load(world, ["call_drop,2026-10,Cà Mau,,10000,40,,,"])
    load(world, ["call_drop,2026-10,Cà Mau,,10000,200,,,"], measured_by="ministry")
    judging.judge(date(2026, 10, 1), actor=None, at=world.at)
    told = story.tell(made, BROKEN_AT, world.at.date())
    assert told.months[0]["state"]["code"] == "broken" and told.months[0]["self"]["value"] == "0,40"
    assert 'class="broken"' in told.chart["wide"] and "2,00" in told.breaches[0]["steps"][0]["facts"]


def test_every_state_has_a_shape_and_a_gap_is_no_line() -> None:
    months = [date(2026, n, 1) for n in range(1, 8)]
    states = ["kept", "at_risk", "broken", "too_few"]
    points = [
        Point(on, 98.0 - n, 97.5 - n, 98.5 - n, state)
        for n, (on, state) in enumerate(zip(months, states, strict=False))
    ]
    points += [
        Point(months[4]),
        Point(months[5], 99.0, None, None, "kept"),
        Point(months[6], 98.0, 97, 99, "kept"),
    ]
    drawn = charts.year(points, level=96, level_word="đã hứa <97>", finding='a "b"', size=(328, 240))
    for shape in (
        'class="dot"',
        'class="risk"',
        'class="broken"',
        'class="few"',
        'class="gap"',
        'class="level"',
    ):
        assert shape in drawn, shape
    assert drawn.count('class="line"') == 2 and drawn.count('class="band"') == 2
    assert "&lt;97&gt;" in drawn and "a &quot;b&quot;" in drawn and "style=" not in drawn
    assert "NaN" not in charts.year([], level=None, finding="", size=(328, 240))
    assert charts.small([Point(months[0])], level=None, finding="x").count("<circle") == 0
