"""Numbers, shares and verdicts as the house says them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.care.report import figures, limits, proofs, tables
from tantam.care.report.words import greedy, holdout, parted, poor
from tantam.look.words import Words, kept_together
from tests.report import a_round

VI, EN = Words("vi"), Words("en")
HARD = "\u00a0"


@pytest.mark.parametrize(
    ("said", "vi", "en"),
    [
        (lambda w: w.pct(0.942), "94,2 %", "94.2%"),
        (lambda w: w.limit_pct(0.3), "30 %", "30%"),
        (lambda w: w.limit_pct(0.003), "0,3 %", "0.3%"),
        (lambda w: w.limit_pct(0.57), "57 %", "57%"),
        (lambda w: w.n(2_000_000_000), "2.000.000.000", "2,000,000,000"),
        (lambda w: w.n(0.25), "0,25", "0.25"),
        (lambda w: w.dong(1_999_990_000), "2,00 tỷ đồng", "VND 2.00 bn"),
        (lambda w: w.dong_all(23_019), "23.019 đồng", "VND 23,019"),
        (lambda w: w.of(7, 11), "7 trong 11", "7 in 11"),
        (lambda w: w.of(15, 30), "50,0 %", "50.0%"),
        (lambda w: w.people(4), "dưới 5", "under 5"),
        (lambda w: w.people(0), "0", "0"),
        (lambda w: w.change(0.0063, "active"), "+0,6", "+0.6"),
        (lambda w: w.change(-1200.4, "spend"), "−1.200", "−1,200"),
        (lambda w: w.between(-0.013, -0.001, "active"), "−1,3 – −0,1", "−1.3 – −0.1"),
        (lambda w: w.between(0.0003, 0.017, "active"), "0,03 – 1,7", "0.03 – 1.7"),
        (lambda w: w.day("2026-11-21"), "21/11/2026", "21 Nov 2026"),
        (lambda w: w.listed(["a", "b", "c"]), "a, b và c", "a, b and c"),
    ],
)
def test_how_a_number_is_said(said: Any, vi: str, en: str) -> None:
    assert said(VI).replace(HARD, " ") == vi
    assert said(EN).replace(HARD, " ") == en


def row(**more: Any) -> dict[str, Any]:
    return {"enough": True, "effect": 0.01, "low": 0.001, "high": 0.02, "outcome": "active", **more}


def test_verdicts_use_the_widened_interval_and_zero_is_no_difference() -> None:
    assert proofs.state_of(row()) == "gain"
    assert proofs.state_of(row(adjusted_low=-0.001, adjusted_high=0.03)) == "none"
    assert proofs.state_of(row(adjusted_low=0.0, adjusted_high=0.03)) == "none"
    assert proofs.state_of(row(low=-0.03, high=-0.001)) == "loss"
    assert proofs.state_of(row(enough=False, effect=None, low=None, high=None)) == "wait"
    assert proofs.verdict("loss", "active", VI) == "Làm khách rời đi"
    assert proofs.verdict("loss", "spend", EN) == "Made customers spend less"


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(0.001, 0.4))
def test_an_interval_never_shows_zero_where_it_is_not(a: float, b: float, half: float) -> None:
    low, high = sorted((a, b + half))
    for bound, text in zip((low, high), VI.between(low, high, "active").split(f"{HARD}–{HARD}"), strict=True):
        if abs(bound) >= 5e-6:
            assert text.strip("−0,") != ""


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(-9, 9), st.floats(1e-6, 9))
def test_whiskers_stay_on_their_line(a: float, b: float, c: float, scale: float) -> None:
    low, mid, high = sorted((a, b, c))
    svg = figures.whisker(mid, low, high, scale, "none", "x")
    for attribute in ('x="', 'cx="'):
        assert 0 <= float(svg.split(f" {attribute}")[1].split("%")[0]) <= 100


def proof_of(rows: list[dict[str, Any]]) -> proofs.Proof:
    return proofs.proof(rows, None, a_round.summary(), VI)


def pair(offer: str, estimand: str = "against nothing", **more: Any) -> dict[str, Any]:
    return row(offer=offer, estimand=estimand, horizon_days=30, treated_n=900, control_n=120, **more)


def test_the_headline_is_honest() -> None:
    loss = {"low": -0.03, "high": -0.001}
    assert "1 trong 2 món đủ dữ liệu, so với không nhận gì. 1 món làm khách rời đi." in proof_of(
        [pair("points"), pair("worker", **loss)]
    ).sentence.replace(HARD, " ")
    assert proof_of([pair("points", low=-0.01)]).sentence.startswith("Chưa thấy món nào giữ được khách")
    assert (
        proof_of([pair("points", enough=False, effect=None)]).sentence == "Chưa biết. Đọc được từ 21/12/2026."
    )


def test_a_pooled_row_stands_in_the_mark_and_not_among_the_offers() -> None:
    made = proof_of([pair("points"), pair("*", effect=0.006, low=0.003, high=0.009)])
    assert made.marks[0].pooled is not None and made.marks[0].pooled.value == "+0,6"
    assert [line.offer for line in made.blocks[0].lines] == ["Điểm Care Plus"]


def test_the_question_that_can_be_answered_for_most_offers_comes_first() -> None:
    next_best = "against the next best offer"
    rows = [
        pair("points"),
        pair("points", next_best),
        pair("worker", next_best),
        pair("worker", enough=False),
    ]
    assert proof_of(rows).blocks[0].against.startswith("so với món tốt kế tiếp")
    assert proof_of(rows).blocks[1].waiting == "Gói công nhân"


def test_at_most_a_dozen_limits_floors_first_and_one_line_a_kind() -> None:
    told = limits.told(a_round.summary()["limits"], VI)
    assert len(told) == 8
    assert [t.title.startswith("Sàn") for t in told] == [True, True, *[False] * 6]
    assert "Chạm ở 17 trong 34 tỉnh" in told[0].more
    many = [
        {**m, "name": f"{m['name']}{i}"}
        for i in range(9)
        for m in a_round.summary()["limits"]
        if "@" not in m["name"]
    ]
    assert len(limits.told(many, EN)) == limits.MOST


def test_every_limit_stands_in_the_full_table() -> None:
    s = a_round.summary()
    rows = tables.constraints(s, VI).rows
    assert sum(len(r) > 1 for r in rows) == len(s["limits"]) == len(s["certificate"]["constraints"])
    assert ("Số suất “Phiếu mua sắm”, từng tỉnh",) in rows


def test_numbers_stay_with_their_units() -> None:
    assert kept_together("thêm 10,0 triệu đồng, 20 %") == f"thêm 10,0{HARD}triệu{HARD}đồng, 20{HARD}%"
    assert kept_together("VND 10 m") == f"VND{HARD}10 m"


def test_few_reasons_are_added_into_one() -> None:
    told = tables.reasons([{"vi": f"r{i}", "persons": n} for i, n in enumerate((40, 3, 2, 9, 0))], VI)
    assert told == [("r0", 40), ("r3", 9), ("lý do khác, mỗi lý do dưới 5 người", 5)]


def test_a_floor_met_by_a_few_large_gifts_is_seen() -> None:
    s = a_round.summary()
    assert "không dồn" in poor(s, VI)
    s["low_income"].update(reached=900, median_dong=150_000)
    assert "nên xem lại sàn" in poor(s, VI)
    s["low_income"].update(reached=s["reached"])
    assert "suất lớn hơn" in poor(s, VI)


def test_greedy_and_holdout_speak_plainly() -> None:
    s = a_round.summary()
    assert "mất 8,0 % giá trị" in greedy(s, VI).replace(HARD, " ")
    assert "ra ngang vậy" in greedy({"greedy_loss": 0.0}, VI)
    assert holdout(s, EN).startswith("9,647 gifts") and "(10.0%)" in holdout(s, EN)
    assert figures.diamonds(0.1).count("hollow") == 1
    assert [figures.diamonds(x).count("hollow") for x in (0.0, 0.2, 1.0)] == [1, 2, 9]


def test_a_name_may_hold_a_colon() -> None:
    assert parted("Số suất “Mời: cà phê”: thêm một suất.") == ("Số suất “Mời: cà phê”", "thêm một suất.")
    assert parted("Không có tên.") == ("", "Không có tên.")


def test_one_to_four_people_are_not_counted_out_by_province() -> None:
    s = a_round.summary()
    s["provinces"][0]["seats"] = {"points": 3, "worker": 5}
    cells = tables.seats(s, VI).rows[0]
    assert cells[0] == s["provinces"][0]["name"] and "1–4" in cells and "5" in cells and "3" not in cells
