"""A bound link over a socket pair, the other end in the test's hands; and PDUs made here, apart from smpplib."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat

import pytest

from tantam.office.channels.smpp import link as link_module
from tantam.office.channels.smpp import wire
from tantam.office.channels.smpp.link import Link
from tantam.office.channels.smpp.pdus import Short
from tantam.office.channels.smpp.place import Place

SUBMIT, DELIVER, SUBMIT_RESP, DELIVER_RESP = 0x04, 0x05, 0x80000004, 0x80000005
ENQUIRE, ENQUIRE_RESP, UNBIND, NACK, BIND_RESP = 0x15, 0x80000015, 0x06, 0x80000000, 0x80000009
PLACE = Place("127.0.0.1", 2775, "tantam", "secret", "TANTAM")


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """A whole PDU."""
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


def deliver(
    text: bytes, *, esm: int = 0, coding: int = 0, source: bytes = b"84912345678", ton: int = 1
) -> bytes:
    """The body of a deliver_sm, without optional parameters."""
    address = bytes([ton, 1]) + source + b"\0" + b"\5\0TANTAM\0"
    return b"\0" + address + bytes([esm, 0, 0, 0, 0, 0, 0, coding, 0, len(text)]) + text


def optional(tag: int, value: bytes) -> bytes:
    """An optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value


class Centre:
    """The other end of a link."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.end.settimeout(5)
        self._in = b""
        self.batches: list[int] = []

    def say(self, *octets: bytes) -> None:
        """Write."""
        self.end.sendall(b"".join(octets))

    def heard(self) -> list[tuple[int, int, int, bytes]]:
        """Command, status, sequence number and body of every PDU that is there."""
        self.end.setblocking(False)
        try:
            while got := self.end.recv(1 << 20):
                self._in += got
        except BlockingIOError:
            pass
        self.end.settimeout(5)
        found = []
        while len(self._in) >= 4 and len(self._in) >= (length := int.from_bytes(self._in[:4], "big")):
            _, command, status, sequence = struct.unpack_from(">LLLL", self._in)
            found.append((command, status, sequence, self._in[16:length]))
            self._in = self._in[length:]
        return found

    @contextmanager
    def answering(self, statuses: Iterable[int] = ()) -> Iterator[None]:
        """Answers every submit_sm meanwhile, with these statuses and then 0; ``batches`` counts those that came
        together."""
        done = threading.Event()
        status = chain(statuses, repeat(0))

        def answer() -> None:
            while not done.wait(0.001):
                sequences = [sequence for command, _, sequence, _ in self.heard() if command == SUBMIT]
                answers = [pdu(SUBMIT_RESP, sequence, b"a\0", next(status)) for sequence in sequences]
                self.batches += [len(answers)] if answers else []
                self.say(*answers)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


Joined = Callable[..., tuple[Link, Centre]]


def join(
    patch: pytest.MonkeyPatch, place: Place = PLACE, **of_link: Callable[[], float]
) -> tuple[Link, Centre]:
    """A link that is bound, and its centre."""
    if of_link:  # a clock of the test's own, which goes on only when it is looked at
        patch.setattr(link_module, "_BLINK", 0.001)
    ours, theirs = socket.socketpair()
    patch.setattr(wire.socket, "create_connection", lambda *_: ours)
    centre = Centre(theirs)
    centre.say(pdu(BIND_RESP, 1, b"smsc\0"))
    link = Link(place, **of_link)
    link.bind()
    assert [command for command, *_ in centre.heard()] == [0x09]
    return link, centre


def short(mark: object, octets: bytes = b"Xin chao") -> Short:
    """A short message to somebody."""
    return Short(mark, "+84912345678", octets, ucs2=False)
