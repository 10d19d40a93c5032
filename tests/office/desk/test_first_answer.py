"""The person hears that we have the request."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.desk.actions import answer_request, first_answer
from tantam.office.journal.models import Entry
from tests.office.desk.asking import a_request

PROOF = "Gọi 0912 345 678 báo đã nhận, xong trước 02/12"


def test_it_keeps_the_first_promise(world: Any) -> None:
    request = first_answer(a_request(world), actor=world.privacy, at=world.at, proof=PROOF)
    request.refresh_from_db()
    assert (request.first_promise.state, request.promise.state) == ("kept", "open")
    assert request.next_due == request.promise.due
    assert "0912" not in request.first_promise.proof
    assert Entry.objects.get(act="request.first_answered").on_id == str(request.pk)


def test_the_second_time_changes_nothing(world: Any) -> None:
    request = a_request(world)
    for _ in range(2):
        first_answer(request, actor=world.lam, at=world.at, proof=PROOF)
    answer_request(request, actor=world.lam, at=world.at, outcome="done", proof=PROOF)
    first_answer(request, actor=world.lam, at=world.at, proof=PROOF)
    assert Entry.objects.filter(act="request.first_answered").count() == 1


def test_it_refuses(world: Any) -> None:
    request = a_request(world)
    for code, proof in [("no_proof", " "), ("text_too_long", "x" * 301)]:
        with pytest.raises(BadInput, match=code):
            first_answer(request, actor=world.privacy, at=world.at, proof=proof)
    with pytest.raises(Refused, match="not_your_duty"):
        first_answer(request, actor=world.stranger, at=world.at, proof=PROOF)
