"""Whoever was heard in the files of a listening is scored like anybody: for what came after his first word there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.base.forget import forget
from tantam.base.home import Home
from tantam.clock import to_days
from tantam.office.opinions import contributors, themes
from tantam.office.opinions.models import Answer, Heap, Theme
from tantam.office.people.models import Staff
from tests.base.a_file import TODAY
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_answering import answered, done
from tests.office.opinions.test_take_in import a_row, a_run, agreed, home, taken
from tests.office.opinions.test_thanks import best, thanked

__all__ = ["agreed", "home"]
DAY = to_days(date(2026, 11, 20))  # two days before the world's


@pytest.fixture
def heard(world: Any, home: Home, agreed: list[int]) -> list[int]:
    """Three people said so in a file, of whom the first said so to us as well; it was answered, promised and done."""
    keys = sorted(agreed[:3])
    a_run(home, {"T01": [*keys, *keys]}, a_row("T01", 6, 3), when=DAY)
    taken(world, home)
    theme = Theme.objects.get()
    said(world, theme, "live", key=keys[0])
    answered(world, theme)
    done(world, theme)
    return keys


def test_each_as_if_he_had_said_it_to_us_and_nobody_twice(world: Any, heard: list[int]) -> None:
    assert best() == [(key, 9) for key in heard]
    other = a_theme(world, "T02", "trừ tiền lạ")
    said(world, other, "other", key=heard[2])
    answered(world, other, "no")
    assert best() == [(heard[2], 10), (heard[0], 9), (heard[1], 9)]
    assert contributors.best(2026, 1) == [(heard[2], 10)] and contributors.best(2025) == []
    Theme.objects.filter(code="T01").update(people_count=4_100)
    assert best()[0] == (heard[2], 14)


def test_only_what_came_after_his_first_word(world: Any, home: Home, agreed: list[int]) -> None:
    early, late, both = sorted(agreed[:3])
    a_run(home, {"T01": [early, both]}, a_row("T01", 2, 2), when=DAY)
    a_run(home, {"T01": [late, both]}, a_row("T01", 2, 2), name="later", when=DAY + 40)
    a_run(home, {"T01": [agreed[4]]}, a_row("T01", 1, 1), name="no-day")
    for name in ("sms", "later"):
        taken(world, home, name)
    taken(world, home, "no-day", at=world.at + timedelta(days=9))
    answered(world, Theme.objects.get())
    assert best() == [(early, 4), (both, 4)]
    Answer.objects.update(at=world.at + timedelta(days=10))
    assert dict(best()) == {early: 4, both: 4, agreed[4]: 4}


def test_joined_themes_are_one_matter_there_too(world: Any, home: Home, agreed: list[int]) -> None:
    key = agreed[0]
    a_run(home, {"T01": [key], "T02": [key]}, a_row("T01", 1, 1), a_row("T02", 1, 1), when=DAY)
    taken(world, home)
    one, other = Theme.objects.order_by("code")
    themes.join(one, other, actor=world.policy, at=world.at)
    answered(world, other)
    assert best() == [(key, 4)]
    assert [line.theme for line in contributors.explained([key], 2026)[key]] == [other.pk]


def test_the_thanked_our_own_and_the_forgotten_are_left_out(
    world: Any, home: Home, heard: list[int], agreed: list[int]
) -> None:
    thanked(world, heard[1])
    assert [key for key, _ in best()] == [heard[0], heard[2]]
    Staff.objects.filter(pk=world.khoi.pk).update(subscriber=heard[0])
    assert [key for key, _ in best()] == [heard[2]]
    forget(home, [heard[2]], today=TODAY)
    assert best() == [] and contributors.explained([heard[2]], 2026) == {heard[2]: []}


def test_a_file_that_is_gone_or_from_before_days_were_kept(world: Any, home: Home, heard: list[int]) -> None:
    import pyarrow.parquet as pq

    file = home.root / Heap.objects.get().speakers
    pq.write_table(pq.read_table(file).select(["key"]), file)
    assert best() == [(key, 9) for key in heard]  # all had spoken when it was taken in
    file.unlink()
    assert best() == [(heard[0], 9)]


def test_somebody_heard_only_in_files_is_thanked_on_the_page(world: Any, page: Any, heard: list[int]) -> None:
    browser = page(world.policy)
    shown = browser.get("/opinions/thanks/?year=2026")
    addresses = [one["href"] for one in shown.context["best"]]
    assert len(addresses) == 3 and not any(str(key) in shown.content.decode() for key in heard)
    form = {
        "what": "một chiếc ô", "amount": "", "tax_class": "unsure", "budget_line": "", "owner": world.dung.pk,
        "due": "2026-12-20",
    }  # fmt: skip
    sent = browser.post(addresses[1], form)
    assert sent.status_code == 303 and sent.headers["Location"].startswith("/promises/")
    assert len(browser.get("/opinions/thanks/?year=2026").context["best"]) == 2
    assert "đã được cảm ơn" in browser.post(addresses[1], form).content.decode()
    assert browser.get("/opinions/thanks/qwx/?year=2026").status_code == 404
