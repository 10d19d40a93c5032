"""The link, its centre played by the test: what is owed, what is given back, and whatever octets come."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from itertools import cycle, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import Fault, Refused
from tantam.office.channels.smpp import link as link_module
from tantam.office.channels.smpp import wire
from tantam.office.channels.smpp.link import Link
from tantam.office.channels.smpp.pdus import Answered, Came, Short
from tantam.office.channels.smpp.place import Place
from tests.office.channels.smpp.a_link import (
    BIND_RESP,
    DELIVER,
    DELIVER_RESP,
    ENQUIRE,
    ENQUIRE_RESP,
    NACK,
    PLACE,
    SUBMIT_RESP,
    UNBIND,
    Joined,
    deliver,
    join,
    optional,
    pdu,
    short,
)


class Clock:
    """Every look at it takes so many seconds."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [(0x0E, Refused, "smpp_no_bind"), (0x0D, Refused, "smpp_no_bind"), (0x05, Fault, "smpp_busy")],
)
def test_a_bind_turned_away(
    monkeypatch: pytest.MonkeyPatch, status: int, kind: type[Exception], code: str
) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(wire.socket, "create_connection", lambda *_: ours)
    theirs.sendall(pdu(BIND_RESP, 1, status=status))
    link = Link(PLACE)
    with pytest.raises(kind, match=f"0x{status:02X}") as wrong:
        link.bind()
    assert wrong.value.code == code  # type: ignore[attr-defined]
    assert not link.alive


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_something_else_than_a_centre(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(wire.socket, "create_connection", lambda *_: ours)
    theirs.sendall(said)
    if not said:
        theirs.close()
    with pytest.raises(Fault, match="did not answer") as wrong:
        Link(PLACE).bind()
    assert wrong.value.code == "smpp_no_centre"


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Fault) as wrong:
        Link(Place("127.0.0.1", port, "x", "hunter2")).bind()
    assert wrong.value.code == "smpp_no_centre"
    assert "hunter2" not in str(wrong.value)


def test_nothing_is_acknowledged_before_it_is_said(joined: Joined) -> None:
    link, centre = joined()
    centre.say(pdu(DELIVER, 7, deliver(b"mot")), pdu(DELIVER, 9, deliver(b"hai")))
    came = link.read(1)
    assert [(one.octets, centre.heard()) for one in came if isinstance(one, Came)] == [
        (b"mot", []),
        (b"hai", []),
    ]
    link.acknowledge([came[1].token])
    link.acknowledge([came[0].token], ok=False)
    link.acknowledge([came[0].token, 10**9])
    assert centre.heard() == [(DELIVER_RESP, 0, 9, b"\0"), (DELIVER_RESP, 0x64, 7, b"\0")]


def test_a_token_of_another_link_means_nothing(joined: Joined) -> None:
    first, centre = joined()
    centre.say(pdu(DELIVER, 1, deliver(b"mot")))
    token = first.read(1)[0].token
    second, other = joined()
    other.say(pdu(DELIVER, 1, deliver(b"hai")))
    assert second.read(1)[0].token != token
    second.acknowledge([token])
    assert other.heard() == []


def test_confirmed_stops_before_what_is_not_acknowledged(joined: Joined) -> None:
    link, centre = joined()
    centre.say(*(pdu(DELIVER, n, deliver(b"x")) for n in range(1, 4)))
    first, second, third = (one.token for one in link.read(1))
    link.acknowledge([first, third])
    asked = link.ping()
    link.acknowledge([second])
    assert link.confirmed == 0
    centre.say(pdu(ENQUIRE_RESP, asked))
    link.read(0.1)
    assert link.confirmed == first
    centre.say(pdu(ENQUIRE_RESP, link.ping()))
    link.read(0.1)
    assert link.confirmed == third


def test_a_proof_that_never_comes(joined: Joined) -> None:
    link, _ = joined()
    assert not link.prove(0.05)
    assert link.alive


def test_requests_of_the_centre_are_answered(joined: Joined) -> None:
    link, centre = joined()
    centre.say(
        pdu(ENQUIRE, 1), pdu(0x00000110, 2), pdu(0x00000103, 3), pdu(0x00000102, 4), pdu(0x80000110, 5)
    )
    assert link.read(0.1) == []
    assert centre.heard() == [(ENQUIRE_RESP, 0, 1, b""), (NACK, 3, 2, b""), (NACK, 3, 3, b"")]
    centre.say(pdu(UNBIND, 6))
    link.read(1)
    assert centre.heard() == [(0x80000006, 0, 6, b"")]
    assert not link.alive


def test_a_message_that_cannot_be_read_is_turned_away_and_the_next_is_read(joined: Joined) -> None:
    link, centre = joined()
    centre.say(pdu(DELIVER, 1, b"\0\1"), pdu(DELIVER, 2, deliver(b"xin chao")))
    assert [one.octets for one in link.read(1) if isinstance(one, Came)] == [b"xin chao"]
    assert centre.heard() == [(DELIVER_RESP, 0x66, 1, b"\0")]


def test_messages_beyond_what_is_held_come_again_later(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "MOST_HELD", 2)
    link, centre = joined()
    centre.say(*(pdu(DELIVER, n, deliver(b"x")) for n in range(1, 4)))
    assert len(link.read(1)) == 2
    assert centre.heard() == [(DELIVER_RESP, 0x14, 3, b"\0")]


@pytest.mark.parametrize("length", [0, 15, 65_537, 0xFFFFFFFF])
def test_what_is_no_pdu_ends_the_link(joined: Joined, length: int) -> None:
    link, centre = joined()
    centre.say(pdu(DELIVER, 1, deliver(b"xin chao")), length.to_bytes(4, "big"))
    assert len(link.read(1)) + len(link.read(0)) == 1
    assert not link.alive
    assert centre.heard()[-1] == (NACK, 2, 0, b"")


def test_only_an_answer_to_a_submit_answers_it(joined: Joined) -> None:
    link, centre = joined()
    two = pdu(SUBMIT_RESP, 2, b"abc\0"), pdu(SUBMIT_RESP, 2, b"again\0")
    centre.say(
        pdu(ENQUIRE_RESP, 2), pdu(SUBMIT_RESP, 99, b"other\0"), *two, pdu(NACK, 3), pdu(SUBMIT_RESP, 4)
    )
    answers = list(link.submit(short(n) for n in range(3)))
    assert answers == [Answered(0, "abc"), Answered(1, "", 0x08), Answered(2, "")]


def test_answers_with_parameters_smpplib_does_not_expect(joined: Joined) -> None:
    link, centre = joined()
    centre.say(pdu(SUBMIT_RESP, 2, b"abc\0" + optional(0x001D, b"hello\0")), pdu(SUBMIT_RESP, 3, status=0x0B))
    assert list(link.submit([short(0), short(1)])) == [Answered(0, "abc"), Answered(1, "", 0x0B)]


def test_no_more_than_the_window_is_taken_or_unanswered(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=3))
    taken: list[int] = []
    answers = link.submit(short(taken.append(n) or n) for n in range(9))
    centre.say(pdu(SUBMIT_RESP, 2, b"a\0"))
    assert next(answers).mark == 0
    assert taken == [0, 1, 2, 3]
    assert len(centre.heard()) == 4


def test_a_caller_who_reads_between_answers_does_not_wait(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=1))
    began = time.monotonic()
    with centre.answering():
        for _ in link.submit(short(n) for n in range(5)):
            link.read(0.01)
    assert time.monotonic() - began < 2


def test_a_submit_left_early_is_answered_in_the_next(joined: Joined) -> None:
    link, centre = joined()
    with centre.answering():
        first = link.submit(short(n) for n in range(3))
        left = {0, 1, 2, 3} - {next(first).mark}
        first.close()
        assert {one.mark for one in link.submit([short(3)])} == left


def test_too_much_is_tried_again_and_at_last_given_back(joined: Joined) -> None:
    link, centre = joined(monotonic=Clock(0.05))
    with centre.answering(repeat(0x58)):
        found = list(link.submit(short(n) for n in range(60)))
    assert sorted(one.mark for one in found) == list(range(60))
    assert {(one.ref, one.error, one.again) for one in found} == {("", 0x58, True)}
    assert link.alive


def test_too_much_now_and_then_is_no_reason_to_give_up(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=1), monotonic=Clock(0.05))
    with centre.answering(cycle([0x58, 0])):
        found = list(link.submit(short(n) for n in range(40)))
    assert [(one.mark, one.error) for one in found] == [(n, 0) for n in range(40)]


def test_a_centre_that_never_reads_is_taken_for_dead(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_UNSENT", 10_000)
    link, centre = joined()
    link._wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    asked = 0
    while link.alive and asked < 100:
        centre.say(*(pdu(ENQUIRE, n) for n in range(500)))
        link.read(0)
        asked += 1
    assert 1 < asked < 100


def test_half_as_many_at_once_after_too_much(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=8))
    with centre.answering([0x14] * 8):
        found = list(link.submit(short(n) for n in range(8)))
    assert {(one.ref, one.error) for one in found} == {("a", 0)}
    assert centre.batches[:2] == [8, 4]


def test_a_silent_centre_is_taken_for_dead_and_nothing_is_said_of_what_it_has(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=2), monotonic=Clock(1))
    assert list(link.submit(short(n) for n in range(4))) == [Answered(2, again=True), Answered(3, again=True)]
    assert not link.alive
    assert len(centre.heard()) == 2


def test_one_submit_that_is_never_answered_ends_the_link_though_the_centre_speaks(joined: Joined) -> None:
    link, centre = joined(monotonic=Clock(1))
    answers = link.submit(short(n) for n in range(2))
    centre.say(pdu(SUBMIT_RESP, 2, b"a\0"))
    first = next(answers)
    said = 0
    while link.alive and said < 20:
        centre.say(pdu(DELIVER, said, deliver(b"xin chao")))
        said += len(link.read(0))
    assert 5 < said < 20
    assert first == Answered(0, "a")
    assert not link.alive
    assert list(answers) == []


def test_an_answer_and_the_end_in_one_breath(joined: Joined) -> None:
    link, centre = joined()
    answers = link.submit(short(n) for n in range(2))
    centre.say(pdu(SUBMIT_RESP, 2, b"a\0"))
    assert next(answers) == Answered(0, "a")
    centre.say(pdu(DELIVER, 5, deliver(b"xin chao")), pdu(SUBMIT_RESP, 3, b"b\0"))
    centre.end.close()
    assert list(answers) == [Answered(1, "b")]
    assert [one.octets for one in link.read(0) if isinstance(one, Came)] == [b"xin chao"]


def test_answers_that_came_before_the_other_side_hung_up_count(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=2))

    def wanted() -> Iterator[Short]:
        yield short(0)
        yield short(1)
        centre.say(pdu(SUBMIT_RESP, 3, b"b\0"))
        centre.end.close()
        yield short(2)
        yield short(3)

    centre.say(pdu(SUBMIT_RESP, 2, b"a\0"))
    assert list(link.submit(wanted())) == [
        Answered(0, "a"),
        Answered(1, "b"),
        Answered(2, again=True),
        Answered(3, again=True),
    ]


def test_quiet_is_asked_about(joined: Joined) -> None:
    link, centre = joined(monotonic=Clock(1))
    link.read(35)
    assert [command for command, *_ in centre.heard()] == [ENQUIRE]
    link.read(40)
    assert not link.alive


def test_what_was_not_written_whole_is_given_back(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", window=1000))
    for end in (link._wire._socket, centre.end):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    received: list[int] = []

    def hang_up() -> None:
        until = time.monotonic() + 5
        while not received and time.monotonic() < until:
            time.sleep(0.1)
            received.extend(sequence - 2 for command, _, sequence, _ in centre.heard() if command == 4)
        centre.end.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    found = list(link.submit(short(n, b"x" * 140) for n in range(1000)))
    thread.join()
    assert received == list(range(len(received)))
    assert received
    assert all(one.again and not one.error for one in found)
    given_back = {one.mark for one in found}
    assert given_back
    assert given_back.isdisjoint(received)
    assert given_back == set(range(1000 - len(given_back), 1000))


def test_a_rate_is_kept(joined: Joined) -> None:
    link, centre = joined(Place("h", 1, "x", "p", rate=200))
    began = time.monotonic()
    with centre.answering():
        assert len(list(link.submit(short(n) for n in range(50)))) == 50
    assert 0.24 <= time.monotonic() - began < 2


PIECES = st.one_of(
    st.binary(max_size=60),
    st.builds(
        pdu,
        st.sampled_from([DELIVER, SUBMIT_RESP, NACK, ENQUIRE, ENQUIRE_RESP, 0x103, 0x123, 0x80000123]),
        st.integers(0, 5),
        st.binary(max_size=60) | st.just(deliver(b"xin chao")),
        st.sampled_from([0, 0x58, 0x0B]),
    ),
)


@given(st.lists(PIECES, max_size=12))
def test_whatever_octets_come_the_link_neither_fails_nor_hangs(pieces: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        link, centre = join(patch)
        centre.say(*pieces)
        centre.end.shutdown(socket.SHUT_WR)
        marks = [one.mark for one in link.submit([short(0), short(1)])]
        assert len(marks) == len(set(marks))
        link.acknowledge([one.token for one in link.read(0.1)])
        link.unbind()
        assert not link.alive
        centre.end.close()
