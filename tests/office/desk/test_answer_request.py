"""A request is answered."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.desk.actions import answer_request
from tantam.office.journal.models import Entry
from tantam.office.promises import actions as promises
from tests.office.desk.asking import a_request


def _answer(world: Any, request: Any, **changed: Any) -> Any:
    row = {
        "actor": world.privacy,
        "at": world.at,
        "outcome": "done",
        "proof": "Gửi bản in tại quầy, có ký nhận",
    }
    return answer_request(request, **{**row, **changed})


def test_it_keeps_both_promises_and_closes(world: Any) -> None:
    request = _answer(world, a_request(world))
    request.refresh_from_db()
    assert (request.first_promise.state, request.promise.state) == ("kept", "kept")
    assert (request.next_due, request.outcome, request.answered_at) == (None, "done", world.at)
    assert Entry.objects.get(act="request.answered").facts == {"outcome": "done"}


def test_the_second_time_changes_nothing(world: Any) -> None:
    request = a_request(world)
    _answer(world, request)
    assert _answer(world, request, outcome="declined").outcome == "done"
    assert Entry.objects.filter(act="request.answered").count() == 1
    assert a_request(world) != request  # asked again later, it is a new one


def test_a_promise_broken_meanwhile_stays_broken(world: Any) -> None:
    request = a_request(world)
    promises.break_(request.promise, actor=world.privacy, at=world.at, reason="sót")
    assert _answer(world, request).promise.state == "broken"


def test_nobody_is_told_that_he_was_deleted_before_he_was(world: Any) -> None:
    with pytest.raises(Refused, match="not_forgotten_yet"):
        _answer(world, a_request(world, kind="delete"))
    assert _answer(world, a_request(world, kind="delete"), outcome="declined").outcome == "declined"


def test_it_refuses(world: Any) -> None:
    request = a_request(world)
    for code, changed in [
        ("no_proof", {"proof": ""}),
        ("text_too_long", {"proof": "x" * 301}),
        ("bad_outcome", {"outcome": "maybe"}),
    ]:
        with pytest.raises(BadInput, match=code):
            _answer(world, request, **changed)
    for actor, code in [
        (world.stranger, "not_your_duty"),
        (world.dung, "not_your_duty"),
        (world.khoi, "not_your_office"),
    ]:
        with pytest.raises(Refused, match=code):
            _answer(world, request, actor=actor)
