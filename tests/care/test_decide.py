"""A whole round on a random base: what was promised holds in what was written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tantam import keys
from tantam.base.home import Home
from tantam.care import decide, explain, holdout, offers
from tantam.care import round as rounds
from tantam.errors import BadInput, Refused
from tests.a_base import home_with, stored
from tests.care import test_learned
from tests.care.offers_for_tests import TEXT

OFFERS = offers.parse(TEXT)
BUDGET = 30_000_000
FLOORS = ("low_income spend >= 35%", "seats cafe per province >= 1")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("care") / "home", stored(8_000, 3))


def _round(home: Home, name: str, **asked: object) -> Path:
    terms = decide.terms(home, OFFERS, **{"budget": BUDGET, "floors": FLOORS, **asked})  # type: ignore[arg-type]
    return rounds.write(decide.decide(home, terms), home.round(name))


@pytest.fixture(scope="module")
def made(home: Home) -> Path:
    return _round(home, "first")


def _read(directory: Path, name: str = "decisions") -> pa.Table:
    return pq.read_table(directory / f"{name}.parquet")


def _given(directory: Path) -> pa.Table:
    table = _read(directory)
    return table.filter(table["given"])


def test_money_purses_seats_and_floors_hold_in_the_file(home: Home, made: Path) -> None:
    given = _given(made).to_pylist()
    spent = sum(r["cost_dong"] for r in given)
    assert 0 < spent <= BUDGET
    assert sum(r["cost_dong"] for r in given if r["offer"] == "concert") <= BUDGET * 4 // 10
    low = sum(r["cost_dong"] for r in given if r["low_income"])
    assert low * 100 >= 35 * spent
    cafes = [r["province"] for r in given if r["offer"] == "cafe"]
    people = pq.read_table(home.base)["province"].to_pylist()
    for code in set(people):
        assert 1 <= cafes.count(code) <= people.count(code) * 10_000 // 1_000_000
    assert sum(r["offer"] == "concert" for r in given) <= len(people) * 2 // 100


def test_nobody_gets_more_than_allowed(made: Path) -> None:
    given = _given(made)
    by_key = given.group_by("key").aggregate([("offer", "count"), ("offer", "list")])
    assert max(by_key["offer_count"].to_pylist()) <= 2
    for got in by_key["offer_list"].to_pylist():
        assert len({"concert", "points"} & set(got)) <= 1
        assert len(got) == len(set(got))


def test_only_those_who_may_be_written_to_are_given(home: Home, made: Path) -> None:
    base = {r["key"]: r for r in pq.read_table(home.base).to_pylist()}
    on = json.loads((made / "round.json").read_text())["on"]
    for row in _read(made).to_pylist():
        person = base[row["key"]]
        assert not person["refuses_ads"] and not person["refuses_profiling"]
        consent = person["consent_ads_on" if row["offer"] == "bonus" else "consent_care_on"]
        assert consent is not None and consent <= on
        assert person["last_contact_on"] is None or person["last_contact_on"] <= on - 7
        if row["offer"] == "bonus":
            assert row["cost_dong"] * 100 <= 50 * person["spend_1"]


def test_the_held_out_are_those_of_the_lot_and_get_nothing(made: Path) -> None:
    table, salt = _read(made), json.loads((made / "round.json").read_text())["salt"]
    key = table["key"].to_numpy()
    whole = holdout.round_layer(key, OFFERS, salt)
    given = table["given"].to_numpy(zero_copy_only=False)
    assert not (whole & given).any()
    for j, offer in enumerate(OFFERS.commercial):
        mine = pc.equal(table["offer"], offer.name).to_numpy(zero_copy_only=False)
        lot = holdout.offer_layer(key, OFFERS, salt)[j]
        assert not (mine & given & lot).any()
        reason = np.array(table["reason"].to_pylist())
        assert (lot[mine & ~given & (reason == "held_out_offer")]).all()
        assert not (lot[mine & (reason == "held_out_round")]).any()


def test_control_shares_are_near_the_lot(made: Path) -> None:
    table = _read(made)
    points = table.filter(pc.equal(table["offer"], "points"))
    reason = points["reason"].to_pylist()
    given, lot, whole = reason.count("price"), reason.count("held_out_offer"), reason.count("held_out_round")
    assert given > 300
    assert 0.06 < lot / (given + lot) < 0.14
    assert 0.02 < whole / (given + whole) < 0.09


def test_relief_goes_by_document_and_day_never_from_the_budget(home: Home, made: Path) -> None:
    relief = _read(made, "relief")
    base = {r["key"]: r for r in pq.read_table(home.base).to_pylist()}
    gifts = [r for r in relief.to_pylist() if r["offer"] == "hardship"]
    assert len(gifts) == 6_000_000 // 300_000
    assert {r["basis"] for r in gifts} <= {"document", "authority_list"}
    days = [base[r["key"]]["hardship_on"] for r in gifts]
    assert days == sorted(days)
    waiting = [
        r["hardship_on"] for k, r in base.items()
        if r["low_income"] and r["hardship_basis"] in ("document", "authority_list") and r["hardship_on"] is not None
        and k not in {g["key"] for g in gifts}
    ]  # fmt: skip
    assert max(days) <= min(waiting)
    in_place = {k for k, r in base.items() if r["province"] in ("11", "12")}
    assert {r["key"] for r in relief.to_pylist() if r["offer"] == "camp"} == in_place


def test_a_notice_that_cannot_reach_everyone_is_refused(home: Home) -> None:
    text = TEXT.replace("budget_per_subscriber = 300", "budget = 300")
    terms = decide.terms(home, offers.parse(text), budget=BUDGET)
    with pytest.raises(Refused, match="notice_budget_short"):
        decide.decide(home, terms)


def test_the_same_input_gives_the_same_round_in_any_order(home: Home, made: Path, tmp_path: Path) -> None:
    again = _round(home, "again")
    shuffled = stored(8_000, 3).take(pa.array(np.random.default_rng(0).permutation(8_000)))
    other = _round(home_with(tmp_path / "other", shuffled), "first")
    prints = [json.loads((d / "certificate.json").read_text())["fingerprint"] for d in (made, again, other)]
    assert len(set(prints)) == 1
    assert _read(made).equals(_read(other))
    fewer = json.loads((_round(home, "fewer", budget=BUDGET // 2) / "certificate.json").read_text())
    assert fewer["fingerprint"] != prints[0]


def test_the_certificate_says_what_the_file_says(made: Path) -> None:
    certificate = json.loads((made / "certificate.json").read_text())
    given = _given(made)
    assert certificate["violated"] == []
    assert (
        certificate["spend_dong"]
        == pc.sum(given["cost_dong"]).as_py()
        == certificate["constraints"]["budget"]["use"]
    )
    assert certificate["objective"] == pc.sum(given["value"]).as_py()
    assert certificate["greedy_objective"] <= certificate["bound"] >= certificate["objective"]
    assert certificate["gap"] < 0.01
    assert certificate["tight"] == sum(c["tight"] for c in certificate["constraints"].values()) > 2


def test_a_floor_out_of_reach_is_refused_with_the_row(home: Home) -> None:
    terms = decide.terms(home, OFFERS, budget=BUDGET, floors=("seats cafe per province >= 500",))
    with pytest.raises(Refused, match="floor_unreachable") as refused:
        decide.decide(home, terms)
    assert "cafe" in refused.value.what


def test_explain_agrees_with_the_file_for_everybody_given_and_some_not(home: Home, made: Path) -> None:
    opened = rounds.open_round(made)
    table = _read(made)
    some = sorted(set(table["key"].to_pylist()))[::97] + pq.read_table(home.base)["key"].to_pylist()[::701]
    for key in some:
        mine = {r["offer"]: r for r in table.filter(pc.equal(table["key"], key)).to_pylist()}
        lines = {line.offer: line for line in explain.explain(home, opened, key)}
        assert len(lines) == len(OFFERS.offers)
        for name, line in lines.items():
            if name in mine:
                assert line.given == mine[name]["given"]
                assert line.worth_dong == mine[name]["value"]
            elif line.kind == "commercial":
                assert not line.given
            assert line.said("vi") and line.said("en")


def test_an_unknown_key_is_told(home: Home, made: Path) -> None:
    with pytest.raises(BadInput, match="unknown_key"):
        explain.explain(home, rounds.open_round(made), keys.MOST_KEY)


def test_a_folder_of_something_else_is_left_alone(home: Home, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    decided = decide.decide(home, decide.terms(home, OFFERS, budget=BUDGET))
    with pytest.raises(BadInput, match="not_a_round"):
        rounds.write(decided, tmp_path / "photos")
    assert (tmp_path / "photos" / "one.jpg").exists()


def test_no_money_gives_nothing_and_says_so(home: Home) -> None:
    assert not _given(_round(home, "poor", budget=0, floors=())).num_rows


def test_a_learned_worth_is_that_of_the_scores(tmp_path: Path) -> None:
    table = stored(3_000, 4)
    home = home_with(tmp_path / "home", table)
    test_learned._put(home, table)
    score = dict(zip(table["key"].to_pylist(), range(table.num_rows), strict=True))
    text = TEXT.replace("[offers.cafe]", "[offers.gift]").replace('"90_000"', '"learned"')
    read = offers.parse(text.replace("cost = 60_000", "cost = 10").replace('"1%"', '"50%"'))
    directory = home.round("learned")
    terms = decide.terms(home, read, budget=BUDGET)
    rounds.write(decide.decide(home, terms, block_rows=700), directory)
    mine = [row for row in _read(directory).to_pylist() if row["offer"] == "gift"]
    assert mine and all(row["value"] == score[row["key"]] > 0 for row in mine)
    opened = rounds.open_round(directory)
    for row in mine[:5]:
        line = next(x for x in explain.explain(home, opened, row["key"]) if x.offer == "gift")
        assert (line.worth_dong, line.given) == (row["value"], row["given"])
    first = int(table["key"][0].as_py())
    line = next(x for x in explain.explain(home, opened, first) if x.offer == "gift")
    assert line.code in ("no_value", "not_in_group", "no_consent", "refuses_ads", "refuses_profiling")
