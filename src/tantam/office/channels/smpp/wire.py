"""The octets of one connection, cut into PDUs. It never blocks longer than it is told, and never raises once open."""

from __future__ import annotations

import selectors
import socket
import ssl
from contextlib import suppress

from smpplib import consts

from tantam.errors import Fault
from tantam.office.channels.smpp import pdus
from tantam.office.channels.smpp.place import Place

CONNECT_SECONDS = 10.0
MOST_UNSENT = 4_000_000
"""Octets that may wait for the other side to read; beyond, it is taken for dead."""

_AT_ONCE = 262_144
_WOULD_WAIT = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Wire:
    """A socket with what waits to be written and what is not yet a whole PDU. ``written`` counts the octets put here
    since it opened, ``sent`` those of them that the system took."""

    def __init__(self) -> None:
        self.alive = False
        self.written = self.sent = 0
        self._in, self._out = bytearray(), bytearray()
        self._socket: socket.socket
        self._selector: selectors.BaseSelector

    def open(self, place: Place) -> None:
        """Connect, with TLS if the place has it; Fault ``smpp_no_centre``."""
        try:
            self._socket = socket.create_connection((place.host, place.port), CONNECT_SECONDS)
            if place.tls:
                context = ssl.create_default_context()
                self._socket = context.wrap_socket(self._socket, server_hostname=place.host)
            self._socket.setblocking(False)
        except (OSError, UnicodeError) as problem:
            raise no_centre(place, str(problem)) from None
        self._hurry("TCP_NODELAY")
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self.alive = True

    def put(self, octets: bytes) -> None:
        """Have octets written by the next ``flush`` or ``read``."""
        if self.alive:
            self._out += octets
            self.written += len(octets)

    def flush(self) -> None:
        """Write what the system takes now."""
        while self.alive and self._out:
            try:
                taken = self._socket.send(self._out)
            except _WOULD_WAIT:
                break
            except OSError:
                self._receive()  # what the other side said before it hung up
                self.close()
                return
            del self._out[:taken]
            self.sent += taken
        if len(self._out) > MOST_UNSENT:
            self.close()

    def read(self, wait: float) -> list[bytes]:
        """Write what waits, then every whole PDU that is there, or that comes within so many seconds. What cannot be
        cut into PDUs is told so and closed."""
        self.flush()
        if self.alive and not self._receive() and wait > 0:
            writing = selectors.EVENT_WRITE if self._out else 0
            self._selector.modify(self._socket, selectors.EVENT_READ | writing)
            # A centre that gathers its small answers (Nagle) waits until the last ones are acknowledged, which Linux
            # puts off for 40 ms: a third of the time of a batch. Linux forgets this wish, so it is said anew.
            self._hurry("TCP_QUICKACK")
            self._selector.select(wait)
            self.flush()
            self._receive()
        found = []
        while len(self._in) >= 4:
            length = int.from_bytes(self._in[:4], "big")
            if not pdus.HEADER <= length <= pdus.MOST_OCTETS:
                self.put(pdus.plain("generic_nack", 0, status=consts.SMPP_ESME_RINVCMDLEN))
                self.flush()
                self.close()
                break
            if length > len(self._in):
                break
            found.append(bytes(self._in[:length]))
            del self._in[:length]
        return found

    def close(self) -> None:
        """Hang up."""
        if self.alive:
            self.alive = False
            self._selector.close()
            self._socket.close()

    def _hurry(self, option: str) -> None:
        """Have the system send or acknowledge at once; it may not know how, or not speak TCP."""
        if hasattr(socket, option):
            with suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), 1)

    def _receive(self) -> bool:
        """Take in what is there; False if nothing was, and nothing ended."""
        before = len(self._in)
        while self.alive and len(self._in) - before < _AT_ONCE:
            try:
                got = self._socket.recv(_AT_ONCE)
            except _WOULD_WAIT:
                break
            except OSError:
                got = b""
            self._in += got
            if not got:
                self.close()
        return not self.alive or len(self._in) > before


def no_centre(place: Place, why: str) -> Fault:
    """Nobody speaks SMPP there; no secret is in it."""
    return Fault(
        "smpp_no_centre",
        f"No SMS centre answers at {place.host}:{place.port}: {why}.",
        "Look at the address, whether this machine may reach it, and whether it wants TLS (smpps://).",
        vi=f"Không có trung tâm tin nhắn nào trả lời ở {place.host}:{place.port}. "
        "Hãy xem lại địa chỉ, đường mạng, và có cần TLS (smpps://) không.",
    )
