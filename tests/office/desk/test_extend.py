"""A deletion takes more time, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.desk.actions import answer_request, extend, first_answer
from tantam.office.journal.models import Entry
from tests.office.desk.asking import a_request


def _extend(world: Any, request: Any, **changed: Any) -> Any:
    row = {"actor": world.privacy, "at": world.at, "days": 15, "reason": "chờ đối tác xóa bản của họ"}
    return extend(request, **{**row, **changed})


def test_the_due_date_moves_and_the_first_one_stays(world: Any) -> None:
    request = _extend(world, a_request(world, kind="delete"))
    request.refresh_from_db()
    assert (request.promise.first_due, request.promise.due) == (date(2026, 12, 12), date(2026, 12, 27))
    assert request.next_due == date(2026, 11, 25)  # the first answer is due as it was
    first_answer(request, actor=world.privacy, at=world.at, proof="đã gọi")
    request.refresh_from_db()
    assert request.next_due == date(2026, 12, 27)
    assert Entry.objects.get(act="request.extended").facts == {"days": 15, "due": "2026-12-27"}


def test_after_the_first_answer_the_next_day_moves_too(world: Any) -> None:
    request = first_answer(a_request(world, kind="delete"), actor=world.privacy, at=world.at, proof="đã gọi")
    assert _extend(world, request, days=3).next_due == date(2026, 12, 15)


def test_the_second_time_changes_nothing_or_is_refused(world: Any) -> None:
    request = a_request(world, kind="delete")
    _extend(world, request)
    _extend(world, request)
    assert Entry.objects.filter(act="request.extended").count() == 1
    with pytest.raises(Refused, match="extended_already"):
        _extend(world, request, days=5)


def test_it_refuses(world: Any) -> None:
    request = a_request(world, kind="delete")
    for days in (0, 16, -1):
        with pytest.raises(Refused, match="extension_too_long"):
            _extend(world, request, days=days)
    with pytest.raises(Refused, match="no_extension"):
        _extend(world, a_request(world))
    for code, reason in [("no_reason", ""), ("text_too_long", "x" * 301)]:
        with pytest.raises(BadInput, match=code):
            _extend(world, request, reason=reason)
    closed = answer_request(request, actor=world.privacy, at=world.at, outcome="declined", proof="đã gọi")
    with pytest.raises(Refused, match="request_closed"):
        _extend(world, closed)


def test_the_stranger_cannot(world: Any) -> None:
    for actor in (world.stranger, world.lam):
        with pytest.raises(Refused, match="not_your_duty"):
            _extend(world, a_request(world, kind="delete"), actor=actor)
