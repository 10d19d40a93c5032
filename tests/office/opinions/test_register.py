"""An opinion is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.opinions import rules
from tantam.office.opinions.models import Opinion
from tantam.office.parties.actions import meet
from tests.office.opinions.words import an_opinion, number


def test_it_works_and_is_written_down_without_its_words(world: Any) -> None:
    opinion = an_opinion(world, key=5)
    assert opinion.text == "Sóng ở chợ Đầm yếu quá, gọi lại [số điện thoại] nhé"
    assert (opinion.state, opinion.speaker_key, opinion.current) == ("said", 5, True)
    entry = Entry.objects.get(act="opinion.registered")
    assert (entry.on_id, entry.office) == (str(opinion.pk), world.nha_trang.pk)
    assert entry.facts == {"tone": "idea", "channel": "counter", "source": None}


def test_the_same_id_is_the_same_opinion(world: Any) -> None:
    assert an_opinion(world) == an_opinion(world, text="khác")
    assert Opinion.objects.get().text.startswith("Sóng")
    assert Entry.objects.filter(act="opinion.registered").count() == 1


def test_a_party_brings_its_own_key(world: Any) -> None:
    party = meet(actor=world.dung, at=world.at, kind="guest", office=world.nha_trang, key=7)
    opinion = an_opinion(world, party=party, source=("event", 12))
    assert (opinion.speaker_key, opinion.speaker_party, opinion.source_id) == (7, party, "12")


def test_a_device_whose_clock_runs_ahead_loses_nothing(world: Any) -> None:
    ahead = world.at + timedelta(days=400)
    assert an_opinion(world, said_at=ahead, source=("event", 1)).said_at == world.at


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("empty_opinion", {"text": " \n "}),
        ("opinion_too_long", {"text": "x" * (rules.MOST_TEXT + 1)}),
        ("bad_tone", {"tone": "angry"}),
        ("bad_channel", {"channel": "dream"}),
    ],
)
def test_it_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        an_opinion(world, **changed)
    assert error.value.code == code and error.value.vi


def test_nothing_was_said_after_now(world: Any) -> None:
    with pytest.raises(BadInput, match="said_in_the_future"):
        an_opinion(world, said_at=world.at + timedelta(minutes=1))


def test_the_stranger_cannot_and_nobody_can_elsewhere(world: Any) -> None:
    for actor, code in [(world.stranger, "not_your_duty"), (world.khoi, "not_your_office")]:
        with pytest.raises(Refused, match=code):
            an_opinion(world, actor=actor)
    assert not Opinion.objects.exists()


@given(st.sets(st.integers(0, 2**128 - 2), max_size=20))
def test_a_digest_does_not_hang_on_the_order(ids: set[int]) -> None:
    numbers = [number(n) for n in ids]
    assert rules.digest(numbers) == rules.digest(reversed(numbers))
