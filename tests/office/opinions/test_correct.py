"""The words of an opinion are put right, and the old ones stay."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.opinions.actions import correct, forward
from tantam.office.opinions.models import Opinion
from tests.office.opinions.words import an_opinion


def _correct(world: Any, opinion: Opinion, **changed: Any) -> Opinion:
    row = {
        "actor": world.dung,
        "at": world.at,
        "text": "Sóng ở chợ Xóm Mới yếu",
        "reason": "khách nói chợ khác",
    }
    return correct(opinion, **{**row, **changed})


def test_the_old_words_stay_below_the_new(world: Any) -> None:
    old = an_opinion(world, key=5)
    new = _correct(world, old, reason="khách gọi 0912345678 nói lại")
    old.refresh_from_db()
    assert (new.text, new.corrects_id, new.current) == ("Sóng ở chợ Xóm Mới yếu", old.pk, True)
    assert (old.current, old.text[:7], new.speaker_key) == (False, "Sóng ở ", 5)
    assert "0912" not in new.reason
    entry = Entry.objects.get(act="opinion.corrected")
    assert (entry.on_id, entry.facts) == (str(new.pk), {"corrects": str(old.pk)})


def test_what_was_forwarded_stays_forwarded(world: Any) -> None:
    old = an_opinion(world)
    forward([old.pk], actor=world.lam, at=world.at, to=world.hq)
    assert _correct(world, old).state == "forwarded"


def test_the_second_time_changes_nothing(world: Any) -> None:
    old = an_opinion(world)
    assert _correct(world, old) == _correct(world, old)
    assert _correct(world, old, text=old.text) == old
    assert Entry.objects.filter(act="opinion.corrected").count() == 1


def test_there_and_back_again(world: Any) -> None:
    first = an_opinion(world)
    second = _correct(world, first)
    third = _correct(world, second, text=first.text)
    assert (third.text, third.corrects_id) == (first.text, second.pk)
    assert list(Opinion.objects.filter(current=True)) == [third]


def test_it_refuses(world: Any) -> None:
    old = an_opinion(world)
    for code, changed in [
        ("no_reason", {"reason": " "}),
        ("reason_too_long", {"reason": "x" * 301}),
        ("empty_opinion", {"text": ""}),
        ("opinion_too_long", {"text": "x" * 4001}),
    ]:
        with pytest.raises(BadInput, match=code):
            _correct(world, old, **changed)
    _correct(world, old)
    with pytest.raises(Refused, match="already_corrected"):
        _correct(world, old, text="lời thứ ba")


def test_the_stranger_cannot(world: Any) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        _correct(world, an_opinion(world), actor=world.stranger)
