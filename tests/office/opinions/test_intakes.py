"""A listening taken in from the browser: asked for on a page, done by the worker, counted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tantam.base.home import Home
from tantam.errors import TantamError
from tantam.office.journal.models import Entry
from tantam.office.opinions import intakes, taking_in, themes
from tantam.office.opinions.models import Heap, Intake, Theme
from tantam.office.worker.actions import run_due
from tantam.office.worker.chores import CHORES
from tantam.office.worker.models import Chore
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_take_in import a_row, a_run, agreed, home, silent, taken

__all__ = ["agreed", "home", "silent"]
PATH = "/opinions/themes/take-in/"
CHORE = {"opinions.take_in": CHORES["opinions.take_in"]}


def names(home: Home) -> list[str]:
    return [run.name for run in intakes.waiting(home)]


def test_asked_for_on_the_page_and_taken_in_by_the_worker(
    world: Any, page: Any, home: Home, agreed: list[int]
) -> None:
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3), a_row("T02", 4, 4))
    a_run(home, {}, a_row("T01", 9, 9), name="web")
    policy = page(world.policy)
    assert PATH in policy.get("/opinions/themes/").content.decode()
    shown = policy.get(PATH).content.decode()
    assert "2 chủ đề, 7 lời" in shown and 'value="web"' in shown
    assert policy.post(PATH, {"run": ["sms"]}).headers["Location"] == PATH
    (entry,) = Entry.objects.filter(act="theme.take_in_asked")
    assert (entry.actor, entry.count) == (world.policy.pk, 2)
    assert names(home) == ["web"] and "chờ máy rảnh" in policy.get(PATH).content.decode()
    assert run_due(CHORE, holder="w") == {"opinions.take_in": True}
    one = Intake.objects.get()
    assert (one.themes_count, one.opinions_count, one.speakers_count, one.percent) == (2, 7, 3, 100)
    assert Entry.objects.get(act="theme.taken_in").actor == world.policy.pk
    assert "2 chủ đề, 7 lời, báo lại được 3 lượt người" in policy.get(PATH).content.decode()


def test_the_terminal_and_the_worker_do_the_same(world: Any, home: Home, agreed: list[int]) -> None:
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    one = intakes.ask(home, "sms", actor=world.policy, at=world.at)
    taken(world, home)  # the terminal was quicker
    assert names(home) == []
    intakes.go_on(home, one, at=world.at)
    assert Heap.objects.count() == 1
    one.refresh_from_db()
    assert (one.themes_count, one.vi, one.done_at) == (0, "", world.at)


def test_asked_twice_is_once_and_what_changed_meanwhile_is_refused_with_a_sentence(
    world: Any, page: Any, home: Home
) -> None:
    folder = a_run(home, {}, a_row("T01", 3, 3))
    one = intakes.ask(home, "sms", actor=world.policy, at=world.at)
    assert intakes.ask(home, "sms", actor=world.policy, at=world.at + timedelta(hours=1)) == one
    assert Entry.objects.filter(act="theme.take_in_asked").count() == 1
    (folder / "run.json").unlink()
    assert run_due(CHORE, holder="w") == {"opinions.take_in": True}
    one.refresh_from_db()
    assert "chưa" in one.vi or "không có lần nghe" in one.vi
    assert "không nhận" in page(world.policy).get(PATH).content.decode()
    a_run(home, {}, a_row("T01", 3, 3))
    again = intakes.ask(home, "sms", actor=world.policy, at=world.at)
    assert (again.pk, again.done_at, again.vi, again.percent) == (one.pk, None, "", 0)


def test_a_worker_that_died_half_way_leaves_it_to_the_next(
    world: Any, home: Home, agreed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3), a_row("T02", 4, 4))
    one = intakes.ask(home, "sms", actor=world.policy, at=world.at)
    real, calls = themes.recount, []

    def killed(theme: Theme) -> None:
        calls.append(theme)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(theme)

    monkeypatch.setattr(themes, "recount", killed)
    with pytest.raises(KeyboardInterrupt):
        intakes.go_on(home, one, at=world.at)
    assert Intake.objects.get().done_at is None and Heap.objects.count() == 1
    intakes.go_on(home, intakes.going()[0], at=world.at)
    assert Heap.objects.count() == 2 and intakes.going() == []
    assert Theme.objects.get(code="T01").people_count == 3


def test_how_far_it_came_stands_with_the_chore(
    world: Any, home: Home, agreed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tantam.office.worker.chores.OFTEN", timedelta(0))
    seen: list[Any] = []
    real = taking_in.themes.take_in
    monkeypatch.setattr(
        taking_in.themes,
        "take_in",
        lambda *a, **k: (seen.append(Chore.objects.get().checkpoint), real(*a, **k))[1],
    )
    a_run(home, {"T01": agreed[:3]}, a_row("T01", 3, 3))
    intakes.ask(home, "sms", actor=world.policy, at=world.at)
    run_due(CHORE, holder="w")
    assert seen == [{"done": 95, "total": 100}]


@pytest.mark.parametrize("who", ["lam", "auditor", "hoa", "stranger"])
def test_nobody_else(world: Any, page: Any, home: Home, who: str) -> None:
    a_run(home, {}, a_row("T01", 3, 3))
    browser = page(getattr(world, who))
    assert {browser.get(PATH).status_code, browser.post(PATH, {"run": "sms"}).status_code} == {403}
    assert PATH not in browser.get("/opinions/themes/").content.decode()
    with pytest.raises(TantamError) as no:
        intakes.ask(home, "sms", actor=getattr(world, who), at=world.at)
    assert no.value.code == "not_your_duty" and not Intake.objects.exists()


@pytest.mark.parametrize("name", ["none", "../..", "/etc", "", "a\0b"])
def test_what_is_no_listening_here(world: Any, page: Any, home: Home, name: str) -> None:
    a_run(home, {}, a_row("T01", 3, 3))
    answer = page(world.policy).post(PATH, {"run": name})
    assert answer.status_code in (409, 422) and not Intake.objects.exists()


def test_a_page_with_nothing_to_take_in(world: Any, page: Any, home: Home) -> None:
    (home.listened / "half").mkdir(parents=True)
    (home.listened / "half" / "run.json").write_text("{}")
    assert "tantam listen run" in page(world.policy).get(PATH).content.decode()
    assert page(world.policy).post(PATH, {}).status_code == 303


def weeks(*counts: tuple[int, int]) -> dict[str, Any]:
    return {"by_week": [list(one) for one in counts]}


MONDAY = datetime(2026, 8, 2, 17, tzinfo=UTC)  # 3 August in Vietnam
WEEK = 20_668


def test_a_theme_waits_since_the_week_in_which_it_was_first_said(world: Any, home: Home) -> None:
    a_run(home, {}, a_row("T01", 9, 9, **weeks((WEEK, 2), (WEEK + 7, 7))), a_row("T02", 3, 3))
    taken(world, home)
    since = dict(Theme.objects.values_list("code", "since"))
    assert since == {"T01": MONDAY, "T02": world.at}  # of what has no day we know the day it came


def test_and_the_earliest_counts_of_files_and_of_what_came_alone(world: Any, home: Home) -> None:
    early, late, joined, root = (a_theme(world, f"T0{n}") for n in range(1, 5))
    said(world, early, 1, said_at=MONDAY - timedelta(days=9))
    said(world, late, 2, said_at=MONDAY + timedelta(days=9))
    themes.join(joined, root, actor=world.policy, at=world.at)
    week = weeks((WEEK, 3))
    a_run(home, {}, *(a_row(f"T0{n}", 3, 3, **week) for n in (1, 2, 3)))
    a_run(home, {}, a_row("T02", 4, 4, **weeks((WEEK - 7, 4))), name="older")
    taken(world, home)
    taken(world, home, "older")
    since = dict(Theme.objects.values_list("pk", "since"))
    assert since[early.pk] == MONDAY - timedelta(days=9)
    assert since[late.pk] == MONDAY - timedelta(days=7)
    assert since[root.pk] == since[joined.pk] == MONDAY
