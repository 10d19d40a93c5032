"""The door: found by code, key or name; let in once; taken back; walked in; two at once; codes nobody can guess."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tantam import keys
from tantam.errors import BadInput, Refused
from tantam.office.events import actions, checkin, large
from tantam.office.events.models import Event, Guest
from tests.office.events.a_cafe import code_of, entries
from tests.office.events.a_gathering import Day


def test_a_guest_is_let_in_once(day: Day) -> None:
    guest, *_ = day.draw(3)
    came = actions.check_in(guest, **day.by)
    assert (came.came, came.came_at) == (True, day.at)
    again = actions.check_in(guest, actor=day.world.dung, at=day.at + timedelta(minutes=4))
    assert again.came_at == day.at
    (entry,) = entries("event.let_in")
    assert entry.facts == {"guest": guest.pk}
    event = Event.objects.get()
    assert (event.state, event.held_at) == ("held", day.at)


def test_the_wrong_one_is_taken_back(day: Day) -> None:
    guest, *_ = day.draw(3)
    actions.check_in(guest, **day.by)
    assert actions.take_back(guest, **day.by).came is None
    actions.take_back(guest, **day.by)
    assert len(entries("event.let_in_taken_back")) == 1
    assert actions.check_in(guest, **day.by).came


def test_whoever_walks_in_is_written_down_once(day: Day) -> None:
    day.plan()
    guest = day.walk_in()
    assert (guest.way, guest.came, guest.party, guest.order) == ("walk_in", True, None, 1)
    assert day.walk_in().pk == guest.pk
    named = day.walk_in(1, name="Lê Thu Cúc", title="chị")
    assert named.party is not None and named.party.name == "Lê Thu Cúc" and named.order == 2
    assert len(entries("event.walked_in")) == 2
    with pytest.raises(BadInput):
        day.walk_in(2, name="x" * 500)


def test_nobody_is_let_in_before_the_day(day: Day) -> None:
    guest, *_ = day.draw(3)
    with pytest.raises(Refused) as no:
        actions.check_in(guest, actor=day.world.lam, at=day.at - timedelta(days=1))
    assert code_of(no) == "too_early"


def test_a_guest_is_found_by_code_key_and_name(day: Day) -> None:
    drawn, *_ = day.draw(3)
    named = day.sign_up("Nguyễn Thị Hạnh")
    assert checkin.find(day.event, f" {drawn.code[:3].lower()}-{drawn.code[3:]} ") == [drawn]
    assert checkin.find(day.event, keys.show(drawn.key or 0)) == [drawn]
    for typed in ("hanh", "Hạnh nguyễn", "ngu th", "NGUYEN THI HANH"):
        assert checkin.find(day.event, typed) == [named], typed
    for typed in ("anh", "", "   ", "TB-xx", "%", "9" * 40):
        assert checkin.find(day.event, typed) == [], typed


def test_codes_are_read_as_people_type_them() -> None:
    assert large.read_code("oil 23x") == "01123X"
    for typed in ("", "12345", "1234567", "nguyen", "12345é", "١٢٣٤٥٦"):
        assert large.read_code(typed) == "", typed


def test_codes_are_many_and_not_to_be_guessed(day: Day) -> None:
    day.plan()
    codes = checkin.new_codes(day.event, 5_000, set())
    assert len(set(codes)) == 5_000
    other = Event(pk=day.event.pk + 1)
    assert len(set(codes) & set(checkin.new_codes(other, 5_000, set()))) < 5
    assert codes == checkin.new_codes(day.event, 5_000, set())


def test_a_code_that_is_taken_is_passed_over(day: Day) -> None:
    day.plan()
    first, second = checkin.new_codes(day.event, 2, set())
    assert checkin.new_codes(day.event, 1, {"XXXXXX"}) == [second]
    assert first not in checkin.new_codes(day.event, 3, {first})


def test_wrong_codes_are_counted(day: Day, rf: Any) -> None:
    day.plan()
    request = rf.post("/")
    request.user = day.world.lam
    for _ in range(checkin.WRONG_CODES):
        checkin.count_wrong(request, day.event, "ABC123")
    checkin.count_wrong(request, day.event, "một cái tên")
    with pytest.raises(Refused) as no:
        checkin.count_wrong(request, day.event, "ABC123")
    assert code_of(no) == "too_many_wrong_codes"
    request.user = day.world.dung
    checkin.count_wrong(request, day.event, "ABC123")  # each volunteer for himself


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_volunteers_at_once_count_nobody_twice(day: Day) -> None:
    guests = day.draw(8)
    start = Barrier(3)

    def let_in(who: Any) -> None:
        start.wait()
        try:
            for guest in guests:
                actions.check_in(guest, actor=who, at=day.at)
            for n in range(4):
                day.walk_in(n, actor=who)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(let_in, (day.world.lam, day.world.dung, None)))
    assert Guest.objects.filter(came=True).count() == 12
    assert (len(entries("event.let_in")), len(entries("event.walked_in"))) == (8, 4)
    assert sorted(Guest.objects.values_list("order", flat=True)) == list(range(1, 13))
