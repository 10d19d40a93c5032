"""Felt: complaints among opinions on an indicator's topics, their interval, and where measured says otherwise."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tantam.office.opinions import themes
from tantam.office.opinions.models import Opinion, Theme
from tantam.office.quality import felt, rules
from tantam.office.quality.felt import Felt
from tantam.places import PROVINCES
from tests.office.opinions.a_theme import a_theme

OCTOBER = date(2026, 10, 1)
TOPICS = ("calls", "network")


def said(office: Any, topic: str, *complaints: bool | None, at: datetime | None = None, **other: Any) -> None:
    """Opinions that were read, one for each of ``complaints``."""
    Opinion.objects.bulk_create(
        Opinion(
            id=uuid4(), text="Gọi hay rơi.", tone="neutral", channel="phone", said_at=at or _at(15), office=office,
            topic=topic, complaint=one, **other,
        )
        for one in complaints
    )  # fmt: skip


def _at(day: int, month: int = 10, hour: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_complaints_are_counted_by_place_and_month(world: Any) -> None:
    said(world.nha_trang, "calls", True, False, False)
    said(world.khanh_hoa, "network", True)
    said(world.ca_mau, "calls", True, None)  # not read yet: not counted
    said(world.hq, "calls", False)  # of no province: of the country only
    said(world.ca_mau, "charging", True)
    said(world.ca_mau, "calls", True, current=False)
    said(world.ca_mau, "calls", True, at=_at(30, 9, 16))  # 23:00 of 30 September in Vietnam
    said(world.ca_mau, "calls", True, at=_at(30, 9, 18))  # 01:00 of 1 October
    places = felt.of_topics(felt.by_topic(OCTOBER), TOPICS)
    assert places == {"": Felt(7, 4), "56": Felt(4, 2), "96": Felt(2, 2)}
    months = felt.by_month(TOPICS, [date(2026, 9, 1), OCTOBER])
    assert months[OCTOBER] == places
    assert months[date(2026, 9, 1)] == {"": Felt(1, 1), "96": Felt(1, 1)}
    assert felt.by_month((), [OCTOBER]) == {} == felt.by_month(TOPICS, [])


def test_an_interval_is_wilsons(world: Any) -> None:
    one = Felt(40, 10)
    assert one.share == 0.25 and one.enough and not Felt(29, 10).enough
    assert one.interval == rules.wilson(10, 40)


def test_one_query_each(world: Any) -> None:
    said(world.ca_mau, "calls", True, False)
    for ask in (lambda: felt.by_topic(OCTOBER), lambda: felt.by_month(TOPICS, [date(2026, 9, 1), OCTOBER])):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        assert len(asked) == 1


def test_where_measured_and_felt_disagree() -> None:
    felt_by = {code: Felt(200, 20) for code in ("01", "20", "48", "56", "79")}
    felt_by |= {"96": Felt(200, 90), "92": Felt(29, 29), "91": Felt(200, 1)}
    states = dict.fromkeys(felt_by, "kept") | {"91": "broken"}
    found = felt.clashes(states, felt_by | {"": Felt(1, 1)})
    assert [(one.place, one.worse) for one in found] == [("96", True), ("91", False)]
    assert found[0].elsewhere == Felt(1229, 130)
    assert felt.clashes(states | {"96": "broken", "91": "kept"}, felt_by) == []  # both say the same
    assert (
        felt.clashes(states, {}) == [] == felt.clashes(states, {"96": Felt(50, 50)})
    )  # nobody to compare with


def test_chance_alone_seldom_names_a_province() -> None:
    draw, months, wrong = random.Random(7), 2_000, 0
    sizes = {one.code: 30 + 11 * nth for nth, one in enumerate(PROVINCES)}
    states = {code: "kept" if nth % 2 else "broken" for nth, code in enumerate(sizes)}
    for month in range(months):
        share = (0.1, 0.25, 0.5)[month % 3]
        by = {code: Felt(n, draw.binomialvariate(n, share) if hasattr(draw, "binomialvariate") else
                         sum(draw.random() < share for _ in range(n))) for code, n in sizes.items()}  # fmt: skip
        wrong += bool(felt.clashes(states, by))
    assert wrong / months <= felt.FALSE_ALARM
    assert wrong  # it is not deaf either


def test_themes_that_complaints_name(world: Any) -> None:
    loud, joined, hidden = (
        a_theme(world, code, name) for code, name in (("T1", "rơi"), ("T2", "ồn"), ("T3", "lạ"))
    )
    said(world.ca_mau, "calls", True, True, theme=loud)
    said(world.ca_mau, "calls", True, theme=joined)
    said(world.ca_mau, "calls", True, True, True, theme=hidden)
    said(world.ca_mau, "calls", False, theme=loud)
    themes.hide(hidden, True, actor=world.policy, at=world.at)
    themes.join(joined, loud, actor=world.policy, at=world.at)
    assert felt.themes(TOPICS, [OCTOBER]) == [(Theme.objects.get(pk=loud.pk), 3)]
    assert felt.themes((), [OCTOBER]) == [] == felt.themes(TOPICS, [date(2026, 9, 1)])
