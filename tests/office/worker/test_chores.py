"""Chores: claimed by one, finished, put off when they fail, taken over when their holder died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tantam.errors import Fault
from tantam.office.worker import actions, rules
from tantam.office.worker.actions import Spec, Turn
from tantam.office.worker.chores import CHORES
from tantam.office.worker.models import Chore

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(databases=["default", "health"])


class Hands:
    """A clock that is turned by hand, and a chore that notes when it ran and fails when told to."""

    def __init__(self) -> None:
        self.at = START
        self.ran: list[datetime] = []
        self.error: Exception | None = None
        self.chores = {"count": Spec(timedelta(minutes=1), timedelta(seconds=30), self._run)}

    def now(self) -> datetime:
        return self.at

    def _run(self, turn: Turn) -> None:
        if self.error:
            raise self.error
        self.ran.append(turn.at)

    def run(self, holder: str = "one") -> int:
        return sum(actions.run_due(self.chores, holder=holder, now=self.now).values())

    def claim(self, holder: str) -> Turn | None:
        return actions.claim("count", self.chores["count"], holder=holder, now=self.now)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_a_chore_runs_when_it_is_due_and_not_before(hands: Hands) -> None:
    assert hands.run() == 1
    assert hands.run() == 0
    hands.at += timedelta(seconds=60)
    assert hands.run() == 1
    assert hands.ran == [START, START + timedelta(seconds=60)]
    row = Chore.objects.get()
    assert (row.last_ok_at, row.due_at, row.holder) == (hands.at, hands.at + timedelta(minutes=1), "")
    assert actions.next_due(hands.chores) == row.due_at


def test_two_claimers_get_it_once(hands: Hands) -> None:
    Chore.objects.create(name="count", due_at=START)
    assert hands.claim("one") is not None
    assert hands.claim("two") is None


def test_a_holder_that_died_is_waited_for_until_his_lease_ends_and_his_checkpoint_stays(hands: Hands) -> None:
    Chore.objects.create(name="count", due_at=START)
    dead = hands.claim("one")
    assert dead is not None
    dead.save(after=7)
    hands.at += timedelta(seconds=29)
    assert hands.run("two") == 0
    hands.at += timedelta(seconds=1)
    second = hands.claim("two")
    assert second is not None and second.checkpoint == {"after": 7}
    with pytest.raises(Fault, match="lease_lost"):
        dead.save(after=8)  # back from the dead: another has it


def test_a_turn_that_keeps_saving_keeps_the_chore(hands: Hands) -> None:
    Chore.objects.create(name="count", due_at=START)
    turn = hands.claim("one")
    assert turn is not None
    hands.at += timedelta(seconds=20)
    turn.save(after=1)
    hands.at += timedelta(seconds=20)
    assert hands.claim("two") is None


def test_a_failure_is_put_off_longer_each_time_and_never_stops_the_others(hands: Hands) -> None:
    hands.error = ValueError("0912345678 is a secret")
    ran: list[str] = []
    hands.chores["other"] = Spec(
        timedelta(minutes=1), timedelta(seconds=30), lambda turn: ran.append("other")
    )
    assert hands.run() == 1 and ran == ["other"]
    row = Chore.objects.get(name="count")
    assert (row.failures, row.due_at, row.lease_until) == (1, START + timedelta(seconds=5), None)
    hands.at = row.due_at
    with capture_logs() as said:
        hands.run()
    assert Chore.objects.get(name="count").due_at == hands.at + timedelta(seconds=10)
    assert said[0]["code"] == "ValueError" and "0912345678" not in str(said)
    hands.error, hands.at = None, hands.at + timedelta(minutes=1)
    hands.run()
    assert Chore.objects.get(name="count").failures == 0


def test_the_pause_grows_to_an_hour() -> None:
    waits = [rules.wait(n).total_seconds() for n in (1, 2, 3, 10, 500)]
    assert waits == [5, 10, 20, 2560, 3600]


def test_a_rhythm_is_promised_once_and_goes_on_where_it_was_killed(world: Any) -> None:
    from tantam.office.programmes.actions import start
    from tantam.office.promises.models import Promise

    owner = world.policy
    programmes = [
        start(
            actor=owner, at=START, code=code, name="Cà phê", purpose="Nghe", year=2026, owner=owner, office=world.hq,
            rhythm="monthly_per_branch",
        )
        for code in ("one", "two")
    ]  # fmt: skip
    Chore.objects.create(name="programmes.promise", due_at=START, checkpoint={"after": programmes[0].pk})
    due = {"programmes.promise": CHORES["programmes.promise"]}
    assert actions.run_due(due, holder="one", now=lambda: START) == {"programmes.promise": True}
    made = Promise.objects.filter(kind="gathering")
    assert {p.about_id for p in made} == {str(programmes[1].pk)}
    later = START + timedelta(days=1)
    assert actions.run_due(due, holder="one", now=lambda: later) == {"programmes.promise": True}
    count = made.all().count()
    assert count == 2 * 2 * 2  # programmes, branches, months to the end of the year
    actions.run_due(due, holder="one", now=lambda: later + timedelta(days=1))
    assert made.all().count() == count


def test_the_offices_chores_run_and_the_second_time_change_nothing(world: object) -> None:
    from tantam.office.journal.models import Entry, Seal

    def run(at: datetime) -> int:
        return sum(actions.run_due(CHORES, holder="one", now=lambda: at).values())

    assert run(START) == len(CHORES)
    assert not Entry.objects.filter(seal__isnull=True).exists()
    seals, entries = Seal.objects.count(), Entry.objects.count()
    assert run(START + timedelta(days=1)) == len(CHORES)
    assert (Seal.objects.count(), Entry.objects.count()) == (seals, entries)
