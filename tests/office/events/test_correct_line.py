"""Correcting a line: the old words stay, before the seal and after it."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions, notes
from tantam.office.events.keeping import current_lines
from tantam.office.events.models import Guest, Line
from tantam.office.opinions.models import Opinion
from tests.office.events.a_cafe import SPACE, Cafe, code_of, entries


def correct(cafe: Cafe, line: Line, n: int, text: str, **more: Any) -> Line:
    return actions.correct_line(line, line_id=uuid5(SPACE, f"c{n}"), text=text, **{**cafe.by, **more})


def test_a_new_line_takes_its_place(cafe: Cafe) -> None:
    old = cafe.write()[1]
    new = correct(cafe, old, 1, "Cô Lan ở quầy dễ thương.")
    assert (new.replaces_id, new.guest_id, new.said_at, new.tone) == (
        old.pk,
        old.guest_id,
        old.said_at,
        old.tone,
    )
    assert Line.objects.get(pk=old.pk).text == old.text
    assert [li.pk for li in current_lines(cafe.event)].count(new.pk) == 1
    assert old.pk not in [li.pk for li in current_lines(cafe.event)]


def test_two_corrections_of_the_same_line_lose_no_words(cafe: Cafe) -> None:
    old = cafe.write()[1]
    first = correct(cafe, old, 1, "Một.")
    second = correct(cafe, old, 2, "Hai.")
    assert second.replaces_id == first.pk
    assert Line.objects.filter(text__in=["Một.", "Hai."]).count() == 2
    assert len(current_lines(cafe.event)) == 5


def test_his_words_can_be_given_to_whoever_said_them(cafe: Cafe) -> None:
    old = cafe.write()[1]
    other = cafe.seated()[3]
    assert correct(cafe, old, 1, old.text, guest=other).guest_id == other.pk


def test_it_has_to_be_read_again(cafe: Cafe) -> None:
    cafe.read()
    correct(cafe, cafe.lines[1], 1, "Khác.")
    assert Guest.objects.get(pk=cafe.lines[1].guest_id).read_back == "none"


def test_after_the_seal_the_opinion_is_corrected_and_the_seal_stays(cafe: Cafe) -> None:
    event = cafe.seal()
    new = correct(cafe, cafe.lines[2], 1, "Nên có gói chỉ nghe.", reason="chép sót")
    opinion = Opinion.objects.get(pk=new.opinion)
    assert (opinion.text, opinion.corrects_id, opinion.current) == (
        "Nên có gói chỉ nghe.",
        cafe.lines[2].pk,
        True,
    )
    assert notes.unbroken(event) and new.mark == ""


def test_the_journal_says_so_without_words(cafe: Cafe) -> None:
    old = cafe.write()[1]
    new = correct(cafe, old, 1, "Khác.")
    (entry,) = entries("event.line_corrected")
    assert entry.facts == {"line": str(new.pk), "replaces": str(old.pk), "sealed": False}


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    old = cafe.write()[1]
    first = correct(cafe, old, 1, "Khác.")
    assert correct(cafe, old, 1, "Khác nữa.").pk == first.pk
    assert correct(cafe, old, 2, "Khác.").pk == first.pk
    assert Line.objects.count() == 6


@pytest.mark.parametrize(
    ("stage", "text", "code"), [("write", " ", "empty_line"), ("write", "a" * 2001, "line_too_long"),
                                ("seal", "Khác.", "no_reason")],
)  # fmt: skip
def test_it_refuses(cafe: Cafe, stage: str, text: str, code: str) -> None:
    getattr(cafe, stage)()
    with pytest.raises(TantamError) as no:
        correct(cafe, cafe.lines[1], 1, text)
    assert code_of(no) == code and no.value.vi
    assert Line.objects.count() == 5


def test_after_the_seal_a_reason_alone_is_no_tone(cafe: Cafe) -> None:
    cafe.seal()
    same = correct(cafe, cafe.lines[1], 1, cafe.lines[1].text, tone="grievance", reason="x")
    assert same.pk == cafe.lines[1].pk


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.write()
    with pytest.raises(TantamError):
        correct(cafe, cafe.lines[1], 1, "Khác.", actor=getattr(cafe.world, who))
    assert Line.objects.count() == 5
