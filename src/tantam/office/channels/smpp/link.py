"""One connection to an SMS centre, in one thread: submits with a window, what comes meanwhile, acknowledgements.

A message that came is acknowledged only when the caller says so, after it is safe; the centre keeps it until then. A
submit that was written whole and not answered when the link breaks is never spoken of: nobody knows about it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count

from smpplib import command_codes, consts

from tantam.errors import Fault, Refused
from tantam.office.channels.smpp import pdus
from tantam.office.channels.smpp.pdus import Answered, Came, Head, Receipted, Short
from tantam.office.channels.smpp.place import Place
from tantam.office.channels.smpp.wire import CONNECT_SECONDS, Wire, no_centre

ANSWER_SECONDS = 30.0
"""A centre that owes any answer for so long is taken for dead; after as much quiet it is asked whether it lives."""
THROTTLED_SECONDS = 10.0
"""For so long a centre may turn away everything as too much, before the rest is given back."""
PAUSE_SECONDS = 0.5
UNBIND_SECONDS = 5.0
MOST_HELD = 10_000
"""Messages and receipts that came and were not read; beyond, the centre is told to try again later."""

TOO_MUCH = frozenset((consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL))
_BIND_LATER = TOO_MUCH | {consts.SMPP_ESME_RALYBND, consts.SMPP_ESME_RSYSERR}
_TRY_AGAIN, _NEVER = 0x64, 0x66  # ESME_RX_T_APPN, ESME_RX_R_APPN: how a receiver turns away (SMPP 3.4, 5.1.3)

_CODES: dict[str, int] = command_codes.commands
_RESPONSE = 0x80000000
_ANSWERS_TO_SUBMIT = {_CODES["submit_sm_resp"], _CODES["generic_nack"]}
_UNANSWERABLE = {_CODES["alert_notification"], _CODES["outbind"]}
_MOST_SEQUENCE = 0x7FFFFFFF
_BLINK = 1.0
"""The longest single wait, so that a clock which is not the machine's is looked at."""

_tokens = count(1)  # of all links of this process: an earlier link's token means nothing to a later one


@dataclass(frozen=True)
class _Owed:
    """A request without an answer: where it ends in all that was written, when that was, and what for: a message, or
    the proof of every token up to one."""

    end: int
    at: float
    short: Short | None
    through: int


class Link:
    """One connection: ``bind`` it once, use it while ``alive``, then make another.

    ``confirmed`` is the last token of which is proven that the centre has its answer, and those of all before it.
    """

    def __init__(self, place: Place, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.place = place
        self.confirmed = 0
        self._now = monotonic
        self._wire = Wire()
        self._sequence = 0
        self._owed: dict[int, _Owed] = {}  # by sequence number, the oldest first
        self._status: int | None = None  # of the last answer to what is no message
        self._answers: deque[Answered] = deque()
        self._again: deque[Short] = deque()  # turned away as too much
        self._came: list[Came | Receipted] = []
        self._open: dict[int, int] = {}  # sequence numbers of what is not acknowledged, by token
        self._newest = 0
        self._window = place.window
        self._next_at = self._pause_until = 0.0
        self._throttled_since: float | None = None
        self._heard = monotonic()

    @property
    def alive(self) -> bool:
        """Whether the connection stands, as far as anybody knows."""
        return self._wire.alive

    def bind(self) -> None:
        """Connect and sign in, to send and to receive.

        Fault ``smpp_no_centre`` (nobody answers there) and ``smpp_busy`` (not now) may be tried again after a while;
        Refused ``smpp_no_bind`` may not: somebody must look at the settings.
        """
        self._wire.open(self.place)
        number = self._next()
        self._ask(number, pdus.bind(self.place, number))
        self._wait_for(number, CONNECT_SECONDS)
        if self._status == 0 and self.alive:
            return
        self._wire.close()
        name = f"{self.place.system_id} at {self.place.host}:{self.place.port}"
        said = f"0x{self._status or 0:02X}"
        if self._status is None or self._status == 0:
            raise no_centre(self.place, "it took the connection and did not answer")
        if self._status in _BIND_LATER:
            raise Fault(
                "smpp_busy",
                f"The SMS centre does not take {name} now (status {said}).",
                "Wait and try again; an earlier connection may still be open there.",
                vi=f"Trung tâm tin nhắn chưa nhận kết nối (mã {said}). Hãy đợi rồi thử lại.",
            )
        raise Refused(
            "smpp_no_bind",
            f"The SMS centre turns {name} away (status {said}).",
            "Look at the system id in TANTAM_SMS and at TANTAM_SMS_PASSWORD; ask its operator whether it may bind as a "
            "transceiver from this address.",
            vi=f"Trung tâm tin nhắn từ chối kết nối (mã {said}). "
            "Hãy xem lại tên trong TANTAM_SMS, TANTAM_SMS_PASSWORD, và hỏi bên cấp.",
        )

    def submit(self, shorts: Iterable[Short]) -> Iterator[Answered]:
        """Send messages, with at most the window's number unanswered, and say what became of each, in any order.

        One is taken from ``shorts`` when there is room for it. Turned away as too much, it is tried again after a pause
        with half the window; after 10 s of nothing else the rest is given back. When the link breaks, what was not
        written whole is given back (``again``), and of what was nothing is said. What comes meanwhile waits for
        ``read``. Who stops early finds the answers still due at the beginning of the next call.
        """
        queue = iter(shorts)
        self._throttled_since = None
        while True:
            more = self._fill(queue)
            self._flush()  # before the caller does his part for each answer
            if self._answers:
                while self._answers:
                    yield self._answers.popleft()
                continue  # the caller may have read meanwhile, so that there is room
            if not self.alive or (self._hopeless() and not self._owed):
                break
            if not more and not self._owed:
                return
            self._pump(max(self._till_next(), 0.0) or _BLINK)
        given_back = consts.SMPP_ESME_RTHROTTLED if self.alive else 0
        turned_away = list(self._again)
        self._again.clear()
        for short in chain(turned_away, queue):
            yield Answered(short.mark, error=given_back, again=True)

    def read(self, wait: float) -> list[Came | Receipted]:
        """All that has come, also while submitting; if nothing has, what comes within so many seconds."""
        until = self._now() + wait
        while self.alive and len(self._came) < MOST_HELD:
            left = until - self._now()
            got = self._pump(0.0 if self._came else max(left, 0.0))
            if left <= -_BLINK or (not got and (self._came or left <= 0)):
                break
        came, self._came = self._came, []
        return came

    def acknowledge(self, tokens: Iterable[int], *, ok: bool = True) -> None:
        """Tell the centre that these are safe, or (``ok=False``) to send them again later; an earlier link's tokens are
        passed over."""
        for token in tokens:
            sequence = self._open.pop(token, None)
            if sequence is not None:
                self._reply("deliver_sm_resp", sequence, 0 if ok else _TRY_AGAIN)
        self._flush()

    def ping(self) -> int:
        """Ask the centre whether it lives; gives the number of the question. Its answer proves what was acknowledged
        before (``confirmed``), since it reads in order. ``read`` and ``submit`` ask by themselves after 30 s of quiet.
        """
        through = next(iter(self._open)) - 1 if self._open else self._newest
        number = self._next()
        self._ask(number, pdus.plain("enquire_link", number), through=through)
        return number

    def prove(self, wait: float = ANSWER_SECONDS) -> bool:
        """Ping and wait for the answer; whether it came."""
        asked = self.ping()
        self._wait_for(asked, wait)
        return self.alive and asked not in self._owed

    def unbind(self) -> None:
        """Say goodbye and hang up; what has come may still be read, and comes again if it was not acknowledged."""
        number = self._next()
        self._ask(number, pdus.plain("unbind", number))
        self._wait_for(number, UNBIND_SECONDS)
        self._wire.close()
        self._flush()

    def _next(self) -> int:
        self._sequence = self._sequence % _MOST_SEQUENCE + 1
        return self._sequence

    def _ask(self, number: int, octets: bytes, *, short: Short | None = None, through: int = 0) -> None:
        self._wire.put(octets)
        self._owed[number] = _Owed(self._wire.written, self._now(), short, through)

    def _reply(self, command: str, sequence: int, status: int = 0) -> None:
        self._wire.put(pdus.plain(command, sequence, status=status))

    def _wait_for(self, sequence: int, seconds: float) -> None:
        until = self._now() + seconds
        while self.alive and sequence in self._owed and (left := until - self._now()) > 0:
            self._pump(left)

    def _fill(self, queue: Iterator[Short]) -> bool:
        """Write what there is room for; False if there is no more to write."""
        while (
            self.alive and len(self._owed) < self._window and not self._hopeless() and self._till_next() <= 0
        ):
            short = self._again.popleft() if self._again else next(queue, None)
            if short is None:
                return False
            number = self._next()
            self._ask(number, pdus.submit(self.place, short, number), short=short)
            if self.place.rate:
                # One interval may be caught up with, since no wait ends to the microsecond.
                gap = 1 / self.place.rate
                self._next_at = max(self._now() - gap, self._next_at) + gap
        return True

    def _till_next(self) -> float:
        """Seconds until another message may be written, or the longest wait if only answers make room."""
        if len(self._owed) >= self._window:
            return _BLINK
        return max(self._next_at, self._pause_until) - self._now()

    def _hopeless(self) -> bool:
        since = self._throttled_since
        return since is not None and self._now() - since >= THROTTLED_SECONDS

    def _pump(self, wait: float) -> bool:
        """Write and read; whether anything came within the wait."""
        got = self._wire.read(min(wait, _BLINK))
        for octets in got:
            self._take(octets)
        now = self._now()
        if got:
            self._heard = now
        oldest = next(iter(self._owed.values()), None)
        if oldest is not None and now - oldest.at >= ANSWER_SECONDS:
            self._wire.close()
        elif oldest is None and now - self._heard >= ANSWER_SECONDS:
            self.ping()
        self._flush()
        return bool(got)

    def _flush(self) -> None:
        """Write. If the link broke: what came before counts, what was not written whole may be tried again, and of the
        rest nothing is known."""
        self._wire.flush()
        if not self.alive:
            for octets in self._wire.read(0.0):
                self._take(octets)
            unsent = [owed.short for owed in self._owed.values() if owed.end > self._wire.sent]
            self._answers.extend(Answered(short.mark, again=True) for short in unsent if short)
            self._owed.clear()

    def _take(self, octets: bytes) -> None:
        head = pdus.head(octets)
        if head.command & _RESPONSE:
            self._answered(head, octets)
        elif head.command == _CODES["deliver_sm"]:
            self._delivered(head, octets)
        elif head.command == _CODES["enquire_link"]:
            self._reply("enquire_link_resp", head.sequence)
        elif head.command == _CODES["unbind"]:
            self._reply("unbind_resp", head.sequence)
            self._wire.flush()
            self._wire.close()
        elif head.command not in _UNANSWERABLE:
            self._reply("generic_nack", head.sequence, consts.SMPP_ESME_RINVCMDID)

    def _answered(self, head: Head, octets: bytes) -> None:
        owed = self._owed.get(head.sequence)
        if owed is None or (owed.short and head.command not in _ANSWERS_TO_SUBMIT):
            return
        del self._owed[head.sequence]
        status = head.status
        if head.command == _CODES["generic_nack"]:
            status = status or consts.SMPP_ESME_RSYSERR
        if owed.short is None:
            self._status = status
            self.confirmed = max(self.confirmed, owed.through)
        elif status in TOO_MUCH:
            self._slow_down()
            self._again.append(owed.short)
        else:
            self._throttled_since = None
            self._window = min(self._window + 1, self.place.window)
            self._answers.append(Answered(owed.short.mark, "" if status else pdus.ref_of(octets), status))

    def _slow_down(self) -> None:
        now = self._now()
        if self._throttled_since is None:
            self._throttled_since = now
        if now >= self._pause_until:  # once for all that was on its way
            self._window = max(1, self._window // 2)
            self._pause_until = now + PAUSE_SECONDS

    def _delivered(self, head: Head, octets: bytes) -> None:
        token = next(_tokens)
        if len(self._came) >= MOST_HELD:
            self._reply("deliver_sm_resp", head.sequence, consts.SMPP_ESME_RMSGQFUL)
            return
        try:
            came = pdus.delivered(octets, token, self.place)
        except ValueError:
            self._reply("deliver_sm_resp", head.sequence, _NEVER)
            return
        self._came.append(came)
        self._open[token] = head.sequence
        self._newest = token
