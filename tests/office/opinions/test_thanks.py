"""Thanks are promised to whom the arithmetic names, told through the gate, given with a receipt, and once a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.errors import TantamError
from tantam.office.channels.models import Message
from tantam.office.desk.forgetting import held_on
from tantam.office.journal.models import Entry
from tantam.office.opinions import actions, contributors, score, thanks, themes
from tantam.office.opinions.models import Answer, Change, Reward, Theme, Voice
from tantam.office.people.models import Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_answering import answered, done

DUE = date(2026, 12, 20)


def best() -> list[tuple[int, int]]:
    """Both ways of counting agree: the one question over everybody, and the arithmetic shown."""
    found = contributors.best(2026)
    lines = contributors.explained([key for key, _ in found], 2026)
    assert [(key, score.total(lines[key])) for key, _ in found] == found
    return found


def thanked(world: Any, key: int = 5, **changed: Any) -> Reward:
    row = {
        "actor": world.policy, "at": world.at, "what": "một thư cảm ơn và một chiếc ô", "amount_dong": 250_000,
        "tax_class": "unsure", "budget_line": "CSKH-26-07", "owner": world.dung, "due": DUE,
    }  # fmt: skip
    return thanks.thank(key, **{**row, **changed})


@pytest.fixture
def changed(world: Any) -> Theme:
    """Keys 5 and 6 spoke on a theme that was answered, promised and done."""
    theme = a_theme(world)
    for key in (5, 6):
        said(world, theme, key, key=key)
    answered(world, theme)
    done(world, theme)
    return theme


def test_points_come_by_what_followed_and_not_by_how_often(world: Any, changed: Theme) -> None:
    for n in range(3):
        said(world, changed, f"more{n}", key=6, complaint=False)
    said(world, a_theme(world, "T02", "trừ tiền lạ"), "other", key=6)
    assert best() == [(5, 9), (6, 9)]
    other = Theme.objects.get(code="T02")
    answered(world, other, "no")
    assert best() == [(6, 10), (5, 9)]
    Theme.objects.filter(pk=changed.pk).update(people_count=4_100)
    assert best() == [(6, 14), (5, 13)]
    assert contributors.explained([77], 2026) == {77: []}
    assert contributors.best(2025) == [] and contributors.best(2026, 1) == [(6, 14)]


def test_whoever_speaks_after_it_was_done_gets_nothing(world: Any, changed: Theme) -> None:
    late = world.at + timedelta(hours=1)
    said(world, changed, "late", key=9, at=late, said_at=late)
    assert [key for key, _ in best()] == [5, 6]
    Answer.objects.update(at=late)
    assert dict(best()) == {5: 9, 6: 9, 9: 4}


def test_a_year_ends_at_midnight_in_vietnam(world: Any, changed: Theme) -> None:
    Change.objects.update(published_at=datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC))
    assert dict(best()) == {5: 9, 6: 9}
    Change.objects.update(published_at=datetime(2026, 12, 31, 17, tzinfo=UTC))
    assert dict(best()) == {5: 4, 6: 4}
    assert contributors.best(2027) == [(5, 5), (6, 5)]


def test_our_own_staff_and_the_thanked_are_left_out(world: Any, changed: Theme) -> None:
    Staff.objects.filter(pk=world.dung.pk).update(subscriber=5)
    assert best() == [(6, 9)]
    thanked(world, 6)
    assert best() == []


def test_a_joined_theme_counts_as_what_it_was_put_into(world: Any, changed: Theme) -> None:
    small = a_theme(world, "T02", "mất sóng khi mưa")
    said(world, small, "a", key=7, said_at=world.at - timedelta(days=2))
    said(world, small, "b", key=5)
    deed = themes.join(small, changed, actor=world.policy, at=world.at)
    assert dict(best()) == {5: 9, 6: 9, 7: 9}
    themes.undo(deed, actor=world.policy, at=world.at)
    assert dict(best()) == {5: 9, 6: 9}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.data())
def test_joining_lowers_nobody_who_spoke_on_one_of_the_two(world: Any, data: st.DataObject) -> None:
    Theme.objects.update(into=None)
    for model in (Change, Answer, Voice, Theme):
        model.objects.all().delete()
    rows = [
        Theme.objects.create(
            name=f"việc {n}", made_at=world.at, people_count=data.draw(st.integers(0, 9_000))
        )
        for n in range(3)
    ]
    moments = st.integers(0, 9).map(lambda n: world.at - timedelta(days=n))
    for theme in rows:
        for kind in data.draw(st.lists(st.sampled_from(["accept", "no"]), max_size=2)):
            made = Answer.objects.create(
                theme=theme, kind=kind, words="…", people_count=1, by=world.policy, at=data.draw(moments),
                current=False,
            )  # fmt: skip
            if kind == "accept" and data.draw(st.booleans()):
                Change.objects.create(
                    theme=theme, answer=made, what="…", proof="…", done_on=DUE, by=world.policy, at=made.at,
                    published_at=data.draw(moments),
                )  # fmt: skip
        for key in data.draw(st.sets(st.integers(1, 5))):
            Voice.objects.create(theme=theme, key=key, first_at=data.draw(moments))
    before, spoke = dict(best()), {key: set() for key in range(1, 6)}
    for theme, key in Voice.objects.values_list("theme", "key"):
        spoke[key].add(theme)
    one, other = rows[0], rows[1]
    Theme.objects.filter(pk=one.pk).update(into=other)
    Theme.objects.filter(pk=other.pk).update(people_count=one.people_count + other.people_count)
    after = dict(best())
    for key, points in before.items():
        if spoke[key] >= {one.pk, other.pk}:
            each = contributors.explained([key], 2026)[key]
            assert len({line.theme for line in each}) == len(each)
        else:
            assert after[key] >= points


def test_thanks_are_a_promise_and_are_told(world: Any, changed: Theme) -> None:
    reward = thanked(world)
    promise = Promise.objects.get(about_kind="reward")
    assert reward.promise == promise
    assert (promise.kind, promise.to_kind, promise.to_id, promise.about_id) == (
        "gift", "subscriber", "5", str(reward.pk),
    )  # fmt: skip
    assert (promise.owner, promise.office, promise.first_due) == (world.dung, world.nha_trang, DUE)
    assert (reward.points, reward.year) == (9, 2026)
    assert score.total(score.of_kept(reward.arithmetic)) == 9
    message = Message.objects.get()
    assert (message.key, message.purpose, message.about_kind, message.promise) == (
        5,
        "care",
        "reward",
        promise,
    )
    assert "mất sóng ở bản" in message.text and "một chiếc ô. Hẹn trước ngày 20/12/2026" in message.text
    entry = Entry.objects.get(act="reward.promised")
    assert "ô" not in str(entry.facts) and entry.on_id != "5"


def test_given_with_a_receipt_once(world: Any, changed: Theme) -> None:
    reward = thanked(world)
    with pytest.raises(TantamError, match="no_proof"):
        thanks.given(reward, actor=world.policy, at=world.at, receipt=" ")
    for _ in range(2):
        thanks.given(reward, actor=world.policy, at=world.at, receipt="PC-118, 20/12")
    promise = Promise.objects.get(about_kind="reward")
    assert (promise.state, promise.proof_kind, promise.proof) == ("kept", "receipt", "PC-118, 20/12")
    assert Entry.objects.filter(act="promise.kept", on_id=str(promise.pk)).count() == 1


@pytest.mark.parametrize(
    ("code", "changed_to"),
    [
        ("no_thanks", {"what": " . "}),
        ("thanks_too_long", {"what": "ô" * 201}),
        ("bad_amount", {"amount_dong": -1}),
        ("bad_amount", {"amount_dong": 10**12 + 1}),
        ("bad_tax_class", {"tax_class": "free"}),
        ("bad_budget_line", {"budget_line": " "}),
        ("bad_budget_line", {"budget_line": "X" * 21, "amount_dong": None}),
        ("bad_year", {"year": 2027}),
        ("bad_year", {"year": 2024}),
        ("ask_an_executive", {"amount_dong": 100_000_001}),
        ("no_points", {"key": 77}),
        ("no_points", {"year": 2025}),
        ("due_in_the_past", {"due": date(2026, 11, 1)}),
    ],
)
def test_what_is_refused_leaves_nothing(
    world: Any, changed: Theme, code: str, changed_to: dict[str, Any]
) -> None:
    before = Entry.objects.count()
    with pytest.raises(TantamError) as no:
        thanked(world, **changed_to)
    assert no.value.code == code and no.value.vi and no.value.do
    assert (Entry.objects.count(), Reward.objects.count(), Message.objects.count()) == (before, 0, 0)


def test_who_may_and_twice_in_a_year(world: Any, changed: Theme) -> None:
    for who in (world.stranger, world.lam, world.auditor):
        with pytest.raises(TantamError, match="not_your_duty"):
            thanked(world, actor=who)
    large = thanked(world, actor=world.hoa, amount_dong=100_000_001)
    assert large.amount_dong == 100_000_001
    with pytest.raises(TantamError, match="thanked_already"):
        thanked(world, what="khác")
    assert Reward.objects.count() == Promise.objects.filter(kind="gift").count() == 1
    free = thanked(world, 6, amount_dong=None, budget_line="")
    assert (free.amount_dong, free.budget_line) == (None, "")
    with pytest.raises(TantamError, match="not_your_duty"):
        thanks.given(large, actor=world.stranger, at=world.at, receipt="x")


def test_held_and_forgotten(world: Any, changed: Theme) -> None:
    reward = thanked(world)
    (held,) = [row for row in held_on(5)["opinions"] if row["what"] == "reward"]
    assert (held["points"], held["amount"], held["state"]) == (9, 250_000, "open")
    assert actions.forget(5, actor=None, at=world.at) == 2
    promises.forget(5, actor=None, at=world.at)
    reward.refresh_from_db()
    assert (reward.key, reward.what, reward.points, reward.amount_dong) == (None, "—", 9, 250_000)
    assert not actions.held_on(5) and not actions.forget(5, actor=None, at=world.at)
    assert Entry.objects.filter(act="reward.forgotten").count() == 1
