"""Votes: people drawn by lot are asked through the gate, each votes once by a text, and nobody can tell who voted
what."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tantam import keys
from tantam.errors import BadInput, Refused, TantamError
from tantam.office.channels import actions as channels
from tantam.office.channels import phonebook
from tantam.office.channels.models import Incoming, Message
from tantam.office.desk.incoming import answer_incoming
from tantam.office.journal.models import Entry
from tantam.office.opinions.models import Opinion
from tantam.office.quality import actions, votes
from tantam.office.quality.models import Ballot, Poll, Vote
from tests.a_base import home_with, stored
from tests.office.channels.a_message import Wire, a_message, a_no

SECRET = b"k" * 32
NUMBER = "0912345678"
KEY = keys.of_phone(SECRET, "+84912345678")
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which keys are made."""
    home = phonebook.Home(tmp_path)
    home.key_secret.parent.mkdir(parents=True)
    home.key_secret.write_bytes(SECRET)
    monkeypatch.setattr(phonebook, "_home", lambda: home)


def opened(world: Any, **changed: Any) -> Poll:
    asked: dict[str, Any] = {
        "actor": world.policy, "at": world.at, "kind": "nps", "question": "Anh chị có giới thiệu chúng tôi không?",
        "office": world.hq, "from_on": TODAY, "to_on": TODAY + timedelta(days=14), "count": 200,
    }  # fmt: skip
    return votes.open_poll(**{**asked, **changed})


def asked(world: Any, poll: Poll, key: int = KEY, minutes: int = 0) -> Ballot:
    """Somebody was drawn and has our question on his phone."""
    ballot = Ballot.objects.create(poll=poll, key=key, place="56")
    Poll.objects.filter(pk=poll.pk).update(base_digest="x")
    poll.refresh_from_db()
    at = world.at + timedelta(minutes=minutes)
    assert votes.ask(poll, actor=world.policy, at=at) == 1
    assert channels.send_due(Wire(), at=at)["send"] == 1
    return ballot


def texts(world: Any, text: str, minutes: int = 60, ref: object = None) -> str:
    at = world.at + timedelta(minutes=minutes)
    message = channels.receive(
        at=at, gateway="wire", ref=str(ref or (text, minutes)), number=NUMBER, text=text
    )
    answer_incoming(at=at)
    return Incoming.objects.get(pk=message.pk).became


def test_a_vote_is_counted_once_and_a_second_changes_nothing(world: Any) -> None:
    poll = opened(world)
    asked(world, poll)
    assert texts(world, "9") == "vote"
    assert texts(world, "2 điểm", 61) == "vote"
    assert votes.counted(poll) == {(date(2026, 11, 1), "56"): Counter({9: 1})}
    assert votes.turnout(poll) == (1, 1)
    assert not Opinion.objects.exists()
    assert Entry.objects.filter(act="poll.voted").count() == 1


def test_words_beside_the_number_are_heard_too(world: Any) -> None:
    poll = opened(world)
    asked(world, poll)
    assert texts(world, "4 vì mạng ở xã em rớt suốt") == "vote"
    assert Opinion.objects.get().text == "vì mạng ở xã em rớt suốt"
    assert sum(votes.counted(poll)[date(2026, 11, 1), "56"].values()) == 1


def test_nowhere_stands_who_voted_what(world: Any) -> None:
    poll = opened(world)
    ballot = asked(world, poll)
    texts(world, "9")
    vote = Vote.objects.values().get()
    assert set(vote) == {"id", "poll_id", "place", "month", "answer"}
    entry = Entry.objects.filter(act="poll.voted").values().get()
    assert str(KEY) not in str(entry) and entry["on_id"] == str(poll.pk) and entry["facts"] == {}
    ballot.refresh_from_db()
    assert {f.name for f in Ballot._meta.concrete_fields} == {"id", "poll", "key", "place", "used"}
    assert Incoming.objects.get().text == ""


@pytest.mark.parametrize("text", ["tốt lắm", "5 ngày nay mất sóng", "11", "TC"])
def test_what_is_no_vote_leaves_the_ballot(world: Any, text: str) -> None:
    poll = opened(world)
    asked(world, poll)
    assert texts(world, text) != "vote"
    assert votes.turnout(poll) == (0, 1)


def test_a_number_from_whoever_was_not_asked_is_an_opinion(world: Any) -> None:
    opened(world)
    assert texts(world, "9") == "opinion"
    assert not Vote.objects.exists()


def test_people_answer_what_they_see_last(world: Any) -> None:
    poll = opened(world)
    asked(world, poll)
    a_message(world, "later", key=KEY, at=world.at + timedelta(minutes=30))
    channels.send_due(Wire(), at=world.at + timedelta(minutes=30))
    assert texts(world, "9") == "opinion"
    assert votes.turnout(poll) == (0, 1)


def test_after_the_last_day_no_vote_counts(world: Any) -> None:
    poll = opened(world, to_on=TODAY)
    asked(world, poll)
    assert texts(world, "9", minutes=14 * 60 - 1) == "vote"  # 23:59 in Vietnam
    poll = opened(world, question="Thế còn bây giờ?", to_on=TODAY)
    asked(world, poll, minutes=2)
    assert texts(world, "8", minutes=14 * 60) == "opinion"
    for act in (votes.ask, lambda one, **who: votes.draw(one, phonebook._home(), **who)):
        with pytest.raises(Refused) as no:
            act(poll, actor=world.policy, at=world.at + timedelta(days=1))
        assert no.value.code == "poll_over"


def test_who_refused_is_not_asked_and_what_waits_ends_with_the_poll(world: Any) -> None:
    poll = opened(world)
    Ballot.objects.create(poll=poll, key=KEY)
    Poll.objects.filter(pk=poll.pk).update(base_digest="x")
    poll.refresh_from_db()
    a_no(world, KEY, purpose="survey")
    assert votes.ask(poll, actor=world.policy, at=world.at) == 1
    assert votes.ask(poll, actor=world.policy, at=world.at) == 0
    assert channels.send_due(Wire(), at=world.at) == {"refuse": 1}
    message = Message.objects.get()
    assert message.purpose == "survey" and message.text.isascii()
    assert message.expires_at == votes.end_of(poll)


def test_the_lot_is_drawn_once_among_those_who_may_be_asked(world: Any, tmp_path: Path) -> None:
    home = home_with(tmp_path / "base", stored(3_000, 4))
    poll = opened(world, count=150)
    with pytest.raises(Refused) as early:
        votes.ask(poll, actor=world.policy, at=world.at)
    assert early.value.code == "not_drawn"
    assert votes.draw(poll, home, actor=world.policy, at=world.at) == 150
    first = set(Ballot.objects.values_list("key", flat=True))
    assert votes.draw(poll, home, actor=world.policy, at=world.at) == 150
    assert set(Ballot.objects.values_list("key", flat=True)) == first
    assert Entry.objects.filter(act="poll.drawn").count() == 1
    assert votes.ask(poll, actor=world.policy, at=world.at) == 150
    local = opened(world, office=world.khanh_hoa, count=20)
    votes.draw(local, home, actor=world.policy, at=world.at)
    assert set(Ballot.objects.filter(poll=local).values_list("place", flat=True)) == {"56"}


def test_a_lot_that_was_cut_off_is_finished(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with(tmp_path / "base", stored(3_000, 4))
    poll = opened(world, count=700)
    monkeypatch.setattr(votes, "write", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        votes.draw(poll, home, actor=world.policy, at=world.at)
    assert Ballot.objects.count() == 700
    monkeypatch.undo()
    poll.refresh_from_db()
    assert votes.draw(poll, home, actor=world.policy, at=world.at) == 700


def test_forgetting_takes_the_person_and_leaves_the_vote(world: Any) -> None:
    poll = opened(world)
    asked(world, poll)
    texts(world, "9")
    other = opened(world, question="Lần nữa?")
    Ballot.objects.create(poll=other, key=KEY)
    assert [row["kind"] for row in actions.held_on(KEY)] == ["voted", "asked"]
    assert actions.forget(KEY, actor=world.privacy, at=world.at) == 2
    assert actions.held_on(KEY) == [] and Vote.objects.count() == 1
    assert actions.forget(KEY, actor=world.privacy, at=world.at) == 0
    assert votes.turnout(poll) == (1, 1)


def test_the_same_poll_twice_is_one(world: Any) -> None:
    assert opened(world).pk == opened(world).pk
    assert Entry.objects.filter(act="poll.opened").count() == 1


@pytest.mark.parametrize("who", ["stranger", "lam", "auditor"])
def test_who_may_not(world: Any, who: str) -> None:
    with pytest.raises(TantamError) as no:
        opened(world, actor=getattr(world, who))
    assert no.value.code == "not_your_duty"
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"question": "  "}, "no_question"), ({"question": "x" * 161}, "bad_poll"), ({"kind": "five"}, "bad_poll"),
        ({"count": 0}, "bad_poll"), ({"count": 10**9}, "bad_poll"),
        ({"from_on": TODAY - timedelta(days=1)}, "bad_poll"),
        ({"to_on": TODAY - timedelta(days=1)}, "bad_poll"), ({"to_on": TODAY + timedelta(days=400)}, "bad_poll"),
        ({"names": ["A", "B"]}, "bad_poll"), ({"kind": "choice"}, "bad_poll"),
        ({"kind": "choice", "names": ["A"]}, "bad_poll"), ({"kind": "choice", "names": ["A", "A "]}, "bad_poll"),
    ],
)  # fmt: skip
def test_polls_that_cannot_be(world: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as no:
        opened(world, **changed)
    assert no.value.code == code


def test_a_choice_is_made_by_its_number(world: Any) -> None:
    poll = opened(world, kind="choice", question="Mạng nào tốt nhất?", names=["Chúng tôi", "Mạng khác"])
    assert "1 Chúng tôi, 2 Mạng khác" in votes.text_of(poll)
    asked(world, poll)
    assert texts(world, "3") == "opinion"
    assert texts(world, "2", 61) == "vote"
    assert votes.counted(poll) == {(date(2026, 11, 1), "56"): Counter({2: 1})}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_texts_at_once_are_one_vote(world: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    poll = opened(world)
    asked(world, poll)
    at = world.at + timedelta(minutes=5)

    def one(n: int) -> None:
        try:
            votes.vote(KEY, str(n), at=at, received_at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        list(many.map(one, range(8)))
    assert Vote.objects.count() == 1


def test_a_long_poll_asks_a_share_each_month(world: Any) -> None:
    poll = opened(world, to_on=date(2027, 2, 10))
    Ballot.objects.bulk_create(Ballot(poll=poll, key=n, place="56") for n in range(10))
    Poll.objects.filter(pk=poll.pk).update(base_digest="x")
    poll.refresh_from_db()
    assert votes.waves(poll) == [TODAY, date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert votes.ask(poll, actor=world.policy, at=world.at) == 10
    assert votes.ask(poll, actor=world.policy, at=world.at + timedelta(days=3)) == 0
    due = Counter(at.date() for at in Message.objects.values_list("due_at", flat=True) if at)
    assert due == {TODAY: 2, date(2026, 12, 1): 3, date(2027, 1, 1): 2, date(2027, 2, 1): 3}
    assert votes.waves(opened(world, question="Ngắn?", to_on=TODAY + timedelta(days=31))) == [TODAY]
