"""Pages of polls: opened by a form, people drawn and asked by one press, the score with its interval and its months."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from tantam.office.channels.models import Message
from tantam.office.quality.models import Ballot, Poll, Vote
from tests.a_base import home_with, stored

pytestmark = pytest.mark.usefixtures("on_the_day")
FORM = {
    "kind": "nps",
    "question": "Anh chị có giới thiệu chúng tôi không?",
    "count": "50",
    "to_on": "2026-12-01",
}


@pytest.fixture
def poll(world: Any) -> Poll:
    return Poll.objects.create(
        kind="nps", question="Có giới thiệu không?", office=world.hq, by=world.policy, at=world.at,
        from_on=date(2026, 1, 1), to_on=date(2026, 12, 31), wanted_count=100, base_digest="x",
    )  # fmt: skip


def voted(poll: Poll, month: int, place: str, **counts: int) -> None:
    on = date(2026, month, 1)
    for answer, n in counts.items():
        made = [Vote(id=uuid4(), poll=poll, place=place, month=on, answer=int(answer[1:])) for _ in range(n)]
        Vote.objects.bulk_create(made)


def test_from_the_form_to_messages_that_wait(
    world: Any, page: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home_with(tmp_path / "home", stored(2_000, 4))
    monkeypatch.setattr(django_settings, "HOME", tmp_path / "home")
    policy = page(world.policy)
    assert "Hỏi khách" in policy.get("/quality/polls/").content.decode()
    opened = policy.post("/quality/polls/new/", {**FORM, "office": world.hq.pk})
    assert opened.status_code == 303
    before = policy.get(opened["Location"]).content.decode()
    assert "Rút thăm và hỏi" in before and "Nhan mot so tu 0 den 10" in before
    poll = Poll.objects.get()
    asked = policy.post(f"/quality/polls/{poll.pk}/ask/")
    assert asked.status_code == 303
    assert (Ballot.objects.count(), Message.objects.filter(purpose="survey").count()) == (50, 50)
    after = policy.get(f"/quality/polls/{poll.pk}/").content.decode()
    assert "Rút thăm và hỏi" not in after and "0 trong 50 người" in after


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": ""},
        {"count": "0"},
        {"count": "x"},
        {"to_on": "mai"},
        {"to_on": "2026-11-01"},
        {"kind": "?"},
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(
    world: Any, page: Any, wrong: dict[str, str]
) -> None:
    answer = page(world.policy).post("/quality/polls/new/", {**FORM, "office": world.hq.pk, **wrong})
    assert answer.status_code == 422 and not Poll.objects.exists()
    assert "2026-1" in answer.content.decode() or "mai" in answer.content.decode()


def test_the_score_its_places_and_a_fall(world: Any, page: Any, poll: Poll) -> None:
    for month in range(1, 9):
        voted(poll, month, "56", a10=60 + month % 3, a8=20, a2=20)
        voted(poll, month, "96", a10=60, a8=20, a2=20 + month % 2)
    voted(poll, 9, "56", a10=10, a2=90)
    voted(poll, 9, "48", a10=200)
    voted(poll, 9, "01", a10=3)
    shown = page(world.auditor).get(f"/quality/polls/{poll.pk}/").content.decode()
    assert "khác hẳn" in shown and "Khánh Hòa" in shown and "<svg" in shown
    Vote.objects.filter(place="48").delete()
    shown = page(world.auditor).get(f"/quality/polls/{poll.pk}/").content.decode()
    assert "Tháng 09/2026: xuống" in shown


def test_few_answers_are_an_interval(world: Any, page: Any, poll: Poll) -> None:
    voted(poll, 11, "56", a10=5)
    assert "Mới 5 người trả lời" in page(world.lam).get(f"/quality/polls/{poll.pk}/").content.decode()


def test_a_choice_shows_its_shares(world: Any, page: Any, poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(kind="choice", names=["Chúng tôi", "Mạng khác"])
    voted(poll, 11, "56", a1=30, a2=70)
    shown = page(world.lam).get(f"/quality/polls/{poll.pk}/").content.decode()
    assert shown.index("Mạng khác") < shown.index("Chúng tôi</th>")
    assert "70" in shown


def test_the_list_asks_the_same_number_of_queries(
    world: Any, page: Any, poll: Poll, django_assert_max_num_queries: Any
) -> None:
    client = page(world.lam)
    for n in range(10):
        Poll.objects.create(
            kind="csat", question=f"Câu {n}", office=world.hq, by=world.policy, at=world.at,
            from_on=date(2026, 2, 1), to_on=date(2026, 12, 31), wanted_count=5,
        )  # fmt: skip
    with django_assert_max_num_queries(9):
        assert client.get("/quality/polls/").status_code == 200


def test_who_may_not(world: Any, page: Any, poll: Poll) -> None:
    assert page(None).get(f"/quality/polls/{poll.pk}/").status_code == 302
    stranger = page(world.stranger)
    assert stranger.get("/quality/polls/new/").status_code == 403
    assert stranger.post(f"/quality/polls/{poll.pk}/ask/").status_code == 403
    assert page(world.policy).get("/quality/polls/999999/").status_code == 404
    over = page(world.policy)
    Poll.objects.filter(pk=poll.pk).update(to_on=date(2026, 2, 1))
    assert over.post(f"/quality/polls/{poll.pk}/ask/").status_code == 409
