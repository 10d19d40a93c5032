"""A large gathering: planned by kind, drawn by lot, signed up for, heard, screened, closed and forwarded."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.channels.models import Message
from tantam.office.events import actions, gathering, inviting
from tantam.office.events.models import Event, Guest, Screened
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.models import Opinion
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, code_of, entries
from tests.office.events.a_gathering import SPACE, Day

SAID = "Trạm ở Vĩnh Hải mất sóng cả tuần, gọi 0912345678 giúp tôi."


def test_it_is_planned_by_its_kind(day: Day) -> None:
    event = day.plan()
    assert (event.kind, event.seats, event.reserves) == ("listening_day", 300, 0)
    assert event.seed.startswith("listening_day:")
    assert day.plan().pk == event.pk


@pytest.mark.parametrize(
    ("other", "code"),
    [({"kind": "party"}, "bad_kind"), ({"seats": 20_001}, "bad_seats"), ({"kind": "cafe"}, "bad_seats")],
)
def test_a_plan_is_refused(day: Day, other: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as no:
        day.plan(**other)
    assert code_of(no) == code


def test_guests_are_drawn_by_lot_with_a_code_each(day: Day) -> None:
    guests = day.draw(30)
    assert len(guests) == 30 and not any(g.reserve or g.party for g in guests)
    codes = {g.code for g in guests}
    assert len(codes) == 30 and all(len(code) == 6 for code in codes)
    assert [g.pk for g in actions.choose_guests(day.event, count=30, **day.by)] == [g.pk for g in guests]
    assert len(entries("event.chosen")) == 1


def test_whoever_was_asked_to_the_hall_may_be_asked_to_the_table(day: Day, cafe: Cafe) -> None:
    day.draw(30)
    assert len(cafe.invite()) == 12
    assert not inviting.to_ask(day.event, "remind")


@pytest.mark.parametrize("count", [0, 301])
def test_more_than_the_seats_are_not_drawn(day: Day, count: int) -> None:
    day.plan()
    with pytest.raises(BadInput) as no:
        actions.choose_guests(day.event, count=count, **day.by)
    assert code_of(no) == "bad_seats"


def test_each_invitation_has_its_own_code(day: Day) -> None:
    day.at = day.at.replace(hour=1)
    day.by["at"] = day.at
    event = day.plan(starts_at=time(19), ends_at=time(21))
    guests = actions.choose_guests(event, count=5, **day.by)
    actions.invite(event, **day.by)
    texts = dict(Message.objects.values_list("key", "text"))
    assert all(f"Ma vao cua {g.code}." in texts[g.key] for g in guests)
    assert all("ngay lang nghe" in text and "{" not in text for text in texts.values())


def test_somebody_signs_up_once(day: Day) -> None:
    day.plan()
    guest = day.sign_up()
    assert (guest.way, guest.answer, len(guest.code)) == ("asked", "accepted", 6)
    assert guest.party is not None and guest.party.name == "Nguyễn Thị Hạnh"
    assert day.sign_up().pk == guest.pk and Guest.objects.count() == 1
    assert Event.objects.get().state == "invited"
    (entry,) = entries("event.signed_up")
    assert entry.facts == {"guest": guest.pk, "known": False}


def test_one_who_was_drawn_and_asks_has_accepted(day: Day) -> None:
    first, *_ = day.draw(5)
    guest = day.sign_up("Trần Văn Tạo", key=first.key)
    assert (guest.pk, guest.answer, guest.code) == (first.pk, "accepted", first.code)
    assert guest.party is not None and Guest.objects.count() == 5


def test_the_lot_passes_over_nobody_who_signed_up_first(day: Day) -> None:
    drawn = {g.key for g in day.draw(5)}
    Guest.objects.all().delete()
    Event.objects.update(chosen_at=None, state="planned")
    one = sorted(drawn)[0]
    day.sign_up("Trần Văn Tạo", key=one)
    guests = actions.choose_guests(day.event, count=5, **day.by)
    assert {g.key for g in guests} == drawn and [g.order for g in guests] == [1, 2, 3, 4, 5]


def test_signing_up_ends_when_it_is_full(day: Day) -> None:
    day.plan(seats=1)
    day.sign_up()
    with pytest.raises(Refused) as no:
        day.sign_up("Lê Thu Cúc")
    assert code_of(no) == "full"
    assert day.walk_in().came  # and whoever stands at the door is let in


def test_nobody_at_all_cannot_sign_up(day: Day) -> None:
    day.plan()
    with pytest.raises(BadInput) as no:
        day.sign_up("")
    assert code_of(no) == "nobody"


def test_what_is_said_is_an_opinion_of_the_gathering(day: Day) -> None:
    day.plan()
    guest = day.sign_up()
    said = day.hear(SAID, guest=guest)
    assert (said.source_kind, said.source_id) == ("event", str(day.event.pk))
    assert (said.channel, said.office) == ("helper", day.world.nha_trang)
    assert said.speaker_party == guest.party and "0912345678" not in said.text
    assert day.hear(SAID).pk == said.pk and Opinion.objects.count() == 1


def test_nothing_is_on_the_board_until_somebody_lets_it_through(day: Day) -> None:
    day.plan()
    said = day.hear(SAID)
    assert gathering.on_board(day.event, 5) == []
    actions.screen(day.event, opinion=said.pk, shown=True, **day.by)
    assert [o.pk for o in gathering.on_board(day.event, 5)] == [said.pk]
    actions.screen(day.event, opinion=said.pk, shown=True, **day.by)
    assert len(entries("event.opinion_shown")) == 1
    actions.screen(day.event, opinion=said.pk, shown=False, **day.by)
    assert gathering.on_board(day.event, 5) == [] and len(entries("event.opinion_hidden")) == 1


def test_corrected_words_are_let_through_anew_and_forgotten_ones_go(day: Day) -> None:
    day.plan()
    said = day.hear(SAID)
    actions.screen(day.event, opinion=said.pk, shown=True, **day.by)
    fresh = opinions.correct(said, text="Trạm ở Vĩnh Hải mất sóng.", reason="nghe nhầm", **day.by)
    assert gathering.on_board(day.event, 5) == []
    actions.screen(day.event, opinion=fresh.pk, shown=True, **day.by)
    Opinion.objects.filter(pk=fresh.pk).update(text="—")
    assert gathering.on_board(day.event, 5) == []


def test_words_of_elsewhere_cannot_be_shown(day: Day) -> None:
    day.plan()
    with pytest.raises(Refused) as no:
        actions.screen(day.event, opinion=SPACE, shown=True, **day.by)
    assert code_of(no) == "not_said_here" and not Screened.objects.exists()


def test_it_is_closed_with_its_counts_and_a_promise(day: Day) -> None:
    guests = day.draw(4)
    day.sign_up()
    actions.check_in(guests[0], **day.by)
    day.walk_in()
    day.hear(SAID)
    event = actions.close(day.event, **day.by)
    counts = {"drawn": 4, "asked": 1, "accepted": 1, "came": 2, "walked_in": 1, "opinions": 1}
    assert (event.state, event.counts, len(event.seal_code)) == ("sealed", counts, 64)
    assert Guest.objects.filter(came=False).count() == 4
    (owed,) = Promise.objects.filter(about_kind="event")
    assert owed.kind == "forward" and "ngày lắng nghe" in owed.what and owed.people == 2
    assert actions.close(day.event, **day.by).sealed_at == event.sealed_at
    (entry,) = entries("event.closed")
    assert entry.facts == counts
    actions.forward(day.event, **day.by)
    owed.refresh_from_db()
    assert owed.state == "kept"


def test_nothing_is_closed_that_nobody_came_to(day: Day) -> None:
    day.draw(4)
    with pytest.raises(Refused) as no:
        actions.close(day.event, **day.by)
    assert code_of(no) == "nobody_let_in"


def test_after_the_close_nothing_comes_in(day: Day) -> None:
    day.plan()
    guest = day.sign_up()
    day.walk_in()
    actions.close(day.event, **day.by)
    for act in (
        lambda: day.hear(SAID),
        lambda: day.walk_in(1),
        lambda: day.sign_up("Lê Thu Cúc"),
        lambda: actions.check_in(guest, **day.by),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert code_of(no) == "event_sealed"


def test_a_cafes_acts_are_not_for_it_and_the_other_way_round(day: Day, cafe: Cafe) -> None:
    guests = day.draw(4)
    for act in (
        lambda: actions.attend(day.event, came=[], **day.by),
        lambda: actions.next_reserve(day.event, **day.by),
        lambda: actions.seal(day.event, **day.by),
        lambda: actions.read_back(guests[0], answer="agreed", **day.by),
        lambda: actions.write_line(
            day.event, line_id=SPACE, guest=None, text="x", tone="idea", said_at=day.at, **day.by
        ),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert code_of(no) == "not_a_table"
    six = cafe.invite()
    for act in (
        lambda: actions.check_in(six[0], **day.by),
        lambda: actions.close(cafe.event, **day.by),
        lambda: actions.sign_up(cafe.event, form=SPACE, name="Lê Thu Cúc", **day.by),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert code_of(no) == "not_large"


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor", "hoa"])
def test_others_cannot(day: Day, who: str) -> None:
    (guest,) = day.draw(1)
    said = day.hear(SAID)
    by = {"actor": getattr(day.world, who), "at": day.at}
    for act in (
        lambda: day.sign_up(**by),
        lambda: day.hear("Lời khác", **by),
        lambda: day.walk_in(**by),
        lambda: actions.check_in(guest, **by),
        lambda: actions.take_back(guest, **by),
        lambda: actions.screen(day.event, opinion=said.pk, shown=True, **by),
        lambda: actions.close(day.event, **by),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert code_of(no) in ("not_your_duty", "not_your_office")
    assert Guest.objects.count() == 1 and Opinion.objects.count() == 1


def test_whoever_is_forgotten_has_no_code_any_more(day: Day) -> None:
    first, *_ = day.draw(3)
    assert first.key is not None
    (held,) = actions.held_on(first.key)
    assert (held["kind"], held["way"]) == ("listening_day", "drawn")
    actions.forget(first.key, **day.by)
    assert Guest.objects.filter(code="", key=None).count() == 1
