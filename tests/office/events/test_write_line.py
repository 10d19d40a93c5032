"""Writing lines: masked, once by their id, in whatever order and however often they arrive."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.keeping import current_lines
from tantam.office.events.models import Event, Guest, Line
from tests.office.events.a_cafe import Cafe, code_of, entries


def test_it_is_written_and_masked(cafe: Cafe) -> None:
    cafe.write()
    line = Line.objects.get(pk=cafe.lines[0].pk)
    assert "0912345678" not in line.text and "[số điện thoại]" in line.text
    assert line.guest_id == cafe.seated()[0].pk


def test_the_journal_has_no_words(cafe: Cafe) -> None:
    cafe.write()
    first = entries("event.line_written")[0]
    assert first.facts == {"line": str(cafe.lines[0].pk), "guest": cafe.seated()[0].pk, "tone": "grievance"}


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    cafe.write()
    again = cafe.line(0, text="Khác hẳn", tone="praise")
    assert again.text == cafe.lines[0].text
    assert Line.objects.count() == 5 and len(entries("event.line_written")) == 5


@pytest.mark.parametrize("seed", range(12))
def test_lines_merge_in_any_order_any_number_of_times(cafe: Cafe, seed: int) -> None:
    guests = cafe.meet()
    lot = random.Random(seed)
    tones = ["praise", "idea", "grievance"]
    sent: list[tuple[int, dict[str, Any]]] = [
        (n, {"guest": lot.choice([None, *guests[:5]]), "tone": lot.choice(tones), "text": f"Lời {n}"})
        for n in range(9)
    ]
    arriving = sent + lot.choices(sent, k=lot.randrange(0, 12))
    lot.shuffle(arriving)
    for n, said in arriving:
        cafe.line(n, **said)
    kept = [(li.text, li.tone, li.guest_id) for li in current_lines(cafe.event)]
    assert kept == [(s["text"], s["tone"], s["guest"].pk if s["guest"] else None) for _, s in sent]
    assert len(entries("event.line_written")) == 9


def test_whoever_speaks_is_there(cafe: Cafe) -> None:
    guests = cafe.call()
    cafe.line(1, guest=guests[5])
    assert Guest.objects.get(pk=guests[5].pk).came is True
    assert Event.objects.get().state == "held"


def test_a_new_line_has_to_be_read_to_him_again(cafe: Cafe) -> None:
    cafe.read()
    guest = cafe.seated()[0]
    cafe.line(9, guest=guest)
    assert Guest.objects.get(pk=guest.pk).read_back == "none"


def test_it_is_taken_also_days_after(cafe: Cafe) -> None:
    guests = cafe.meet()
    line = cafe.line(1, guest=guests[0], at=cafe.at + timedelta(days=2))
    assert line.received_at == cafe.at + timedelta(days=2)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": "  "}, "empty_line"),
        ({"text": "a" * 2001}, "line_too_long"),
        ({"tone": "angry"}, "bad_tone"),
    ],
)
def test_it_refuses_words(cafe: Cafe, said: dict[str, Any], code: str) -> None:
    cafe.meet()
    with pytest.raises(TantamError) as no:
        cafe.line(1, **said)
    assert code_of(no) == code and no.value.vi


def test_it_refuses_a_guest_who_did_not_accept(cafe: Cafe) -> None:
    cafe.call()
    reserve = Guest.objects.get(event=cafe.event, order=7)
    with pytest.raises(TantamError) as no:
        cafe.line(1, guest=reserve)
    assert code_of(no) == "unknown_guest"


def test_it_refuses_an_id_of_another_notebook(cafe: Cafe) -> None:
    cafe.write()
    from datetime import date, time

    cafe.plan(on=date(2026, 11, 22), starts_at=time(9))
    with pytest.raises(TantamError) as no:
        cafe.line(0)
    assert code_of(no) == "line_taken"


@pytest.mark.parametrize(
    ("stage", "code"),
    [("plan", "not_chosen"), ("seal", "event_sealed"), ("off", "event_cancelled"), ("early", "too_early")],
)
def test_it_refuses(cafe: Cafe, stage: str, code: str) -> None:
    cafe.seal() if stage == "seal" else cafe.plan()
    at = cafe.at
    if stage == "off":
        actions.cancel(cafe.event, because="other", **cafe.by)
    if stage == "early":
        at -= timedelta(days=1)
    with pytest.raises(TantamError) as no:
        cafe.line(77, at=at)
    assert code_of(no) == code


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.meet()
    with pytest.raises(TantamError):
        cafe.line(1, actor=getattr(cafe.world, who))
    assert not Line.objects.exists()
