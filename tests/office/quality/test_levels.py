"""Regulation ≤ declared ≤ pledged, in strictness, on every day."""

from datetime import date, timedelta

import pytest

from tantam import law
from tantam.office.journal.models import Entry
from tantam.office.quality import actions
from tantam.office.quality.models import Declared, Pledge
from tests.office.quality.measured import declare, last, pledge, refused

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture
def rule(monkeypatch):
    """A regulation that somebody read: at most 3 % of calls drop, from 1 May 2026 on."""

    def made(verify=False):
        row = law.Row(
            "quality_call_drop",
            3.0,
            "exact_percent",
            20_574,
            None,
            "Quy chuẩn mẫu",
            "Điều 1",
            verify,
            "…",
            "…",
        )
        monkeypatch.setattr("tantam.office.quality.chain.law.of", lambda code: (row,))

    return made


def test_declared_and_told(world):
    made = declare(world)
    assert made.warnings == [] and made.row.document == "Công văn 12/2026"
    assert (last().act, last().on_id, last().facts) == (
        "quality.declared", str(made.row.pk), {"indicator": "call_drop", "from_on": "2026-01-01"},
    )  # fmt: skip


def test_declared_twice_is_one_and_another_level_is_refused(world):
    first, before = declare(world).row, Entry.objects.count()
    assert declare(world).row == first and Entry.objects.count() == before
    with refused("declared_exists"):
        declare(world, "4")


def test_a_new_declaration_ends_the_one_before_and_ends_at_the_next(world):
    old, new = declare(world).row, declare(world, "3", from_on=MAY).row
    between = declare(world, "4", from_on=MARCH).row
    old.refresh_from_db()
    assert (old.to_on, between.to_on, new.to_on) == (MARCH, MAY, None)


def test_pledged_and_told(world):
    declare(world)
    made = pledge(world)
    assert made.warnings == [] and made.row.text_vi.startswith("Một trăm")
    assert last().act == "quality.pledged" and last().office == world.hq.pk


def test_nothing_declared_is_said(world):
    made = pledge(world)
    assert [one.code for one in made.warnings] == ["nothing_declared"]
    assert [one.code for one in pledge(world, "3", "voice_mos", code="2").warnings] == ["nothing_declared"]


@pytest.mark.parametrize(
    ("indicator", "declared", "loose"), [("call_drop", "2", "2.5"), ("call_setup", "97", "96.5")]
)
def test_a_pledge_is_as_strict_as_what_was_declared(world, indicator, declared, loose):
    declare(world, declared, indicator)
    with refused("looser_than_declared"):
        pledge(world, loose, indicator)
    assert pledge(world, declared, indicator).row.pk
    assert pledge(world, loose, indicator, code="2", from_on=date(2025, 1, 1), to_on=date(2026, 1, 1)).row.pk


def test_both_figures_are_named(world):
    declare(world, "2.25")
    with pytest.raises(Exception) as no:
        pledge(world, "2.5")
    assert "2,5 %" in no.value.vi and "2,25 %" in no.value.vi and "01/01/2026" in no.value.vi
    assert "2.5%" in no.value.what and "2.25%" in no.value.what


def test_a_later_declaration_may_not_overtake_a_pledge(world):
    declare(world, "5")
    pledge(world, "3")
    with refused("looser_than_declared"):
        declare(world, "2", from_on=MAY)
    assert Declared.objects.get().to_on is None
    pledge(world, "3", code="2", from_on=MARCH, to_on=MAY)
    actions.end_pledge(
        Pledge.objects.get(code="1"),
        actor=world.policy,
        at=world.at,
        on=date(2026, 12, 1),
        why="Thay bằng mức chặt hơn",
    )
    assert declare(world, "2", from_on=date(2026, 12, 1)).row.pk


def test_a_regulation_refuses_only_what_it_overlaps(world, rule):
    rule()
    with refused("looser_than_regulation"):
        declare(world, "4")
    with refused("looser_than_regulation"):
        pledge(world, "4")
    assert declare(world, "4", to_on=MAY).row.pk
    assert declare(world, "3", from_on=MAY).row.pk


def test_what_nobody_verified_warns_and_lets_pass(world, rule):
    rule(verify=True)
    (warned,) = declare(world, "4").warnings
    assert warned.code == "looser_than_unverified" and "3 %" in warned.vi and "Quy chuẩn mẫu" in warned.vi


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"indicator": "luck"}, "no_indicator"), ({"level": "-1"}, "bad_level"), ({"level": "101"}, "bad_level"),
        ({"level": "NaN"}, "bad_level"), ({"level": "1.00001"}, "bad_level"), ({"document": " "}, "empty_declaration"),
        ({"document": "x" * 121}, "too_long"), ({"to_on": date(2026, 1, 1)}, "bad_period"),
    ],
)  # fmt: skip
def test_a_declaration_that_is_not_right(world, wrong, code):
    with refused(code):
        declare(world, **wrong)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"text_vi": ""}, "empty_pledge"), ({"remedy_vi": " "}, "empty_pledge"), ({"code": ""}, "empty_pledge"),
        ({"text_en": "x" * 301}, "too_long"), ({"remedy_days": 0}, "bad_remedy_days"), ({"level": "200"}, "bad_level"),
        ({"to_on": date(2025, 1, 1)}, "bad_period"), ({"indicator": ""}, "no_indicator"),
    ],
)  # fmt: skip
def test_a_pledge_that_is_not_right(world, wrong, code):
    with refused(code):
        pledge(world, **wrong)


def test_an_owner_who_left(world):
    world.dung.is_active = False
    with refused("owner_left"):
        pledge(world, owner=world.dung)


def test_one_code_one_pledge_at_a_time(world):
    made, before = pledge(world).row, Entry.objects.count()
    assert pledge(world).row == made and Entry.objects.count() == before
    with refused("pledge_exists"):
        pledge(world, "1.5")
    with refused("pledge_exists"):
        pledge(world, from_on=MAY)
    assert pledge(world, from_on=date(2025, 1, 1), to_on=date(2026, 1, 1)).row.pk


def end(world, made, who="policy", on=None, why="Đổi sang cam kết mới"):
    on = on or date(2026, 12, 1)
    return actions.end_pledge(made, actor=getattr(world, who), at=world.at, on=on, why=why)


def test_a_pledge_ends_and_says_why(world):
    made = pledge(world).row
    ended, before = end(world, made), Entry.objects.count()
    assert (ended.to_on, ended.why_ended) == (date(2026, 12, 1), "Đổi sang cam kết mới")
    assert last().act == "quality.pledge_ended"
    assert end(world, made) == ended and Entry.objects.count() == before
    with refused("pledge_ended"):
        end(world, made, why="Khác")


def test_a_pledge_is_not_taken_back_for_days_that_are_over(world):
    made = pledge(world).row
    with refused("ended_in_the_past"):
        end(world, made, on=date(2026, 11, 21))
    with refused("no_reason"):
        end(world, made, why=" ")
    later = pledge(world, code="2", from_on=date(2027, 1, 1)).row
    with refused("bad_period"):
        end(world, later, on=date(2027, 1, 1) - timedelta(days=5))


@pytest.mark.parametrize("who", ["stranger", "lam", "auditor"])
def test_who_may_not(world, who):
    made = pledge(world).row
    with refused("not_your_duty"):
        declare(world, who=who)
    with refused("not_your_duty"):
        pledge(world, who=who, code="2")
    with refused("not_your_duty"):
        end(world, made, who=who)
