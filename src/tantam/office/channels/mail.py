"""Mails over one SMTP server, through Django's connection: each is handed over at most once, and what the server did
not answer for is never spoken of."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import structlog
from django.core.mail.backends.smtp import EmailBackend

from tantam import clock
from tantam.office.channels.gateways import Answer, Out
from tantam.office.channels.mail_server import Server

log = structlog.get_logger("tantam")

TIMEOUT_S = 30
LONGEST_SUBJECT = 78
OK, SOON, NEVER = 2, 4, 5
"""The first digit of a reply (RFC 5321, 4.2.1): done; not now, and nothing was taken; never."""


class Mail:
    """Hands mails to a server that takes them on. ``refs`` of an answer is the Message-ID."""

    name = "mail"
    channels = frozenset({"mail"})
    dials = True
    window = 20  # one at a time is on the line, but each window signs in anew

    def __init__(self, server: Server) -> None:
        self._server = server

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        """Hand mails over. What the server cannot take just now, or cannot be reached for, is asked for again; what it
        refuses for good is an error, its three digits; where the line breaks once the words are on it, nothing is
        said."""
        link = EmailBackend(
            host=self._server.host, port=self._server.port, username=self._server.user,
            password=self._server.password, use_ssl=self._server.tls, use_tls=self._server.starttls,
            timeout=TIMEOUT_S,
        )  # fmt: skip
        reached = True
        for one in messages:
            reached = reached and _reach(link)
            answer = (
                _hand_over(link, written(one, self._server), one) if reached else Answer(one.id, again=True)
            )
            if answer is not None:
                yield answer
        _leave(link)


def written(one: Out, server: Server) -> EmailMessage:
    """A message as a mail. The subject is its first line, so that the label of an advertisement stands first there too
    (Decree 91/2020, article 18); no text can add a header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = server.sender
    mail["To"] = one.to
    mail["Subject"] = _subject(one.text)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{one.id}@{server.address.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<mailto:{server.address}?subject=TC>"
    mail.set_content("\n".join(one.text.splitlines()) + "\n", cte="quoted-printable")
    return mail


def _subject(text: str) -> str:
    """The first line, whole words of it, on one line and without what nobody sees."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in first).split())
    if len(plain) <= LONGEST_SUBJECT:
        return plain
    return plain[: LONGEST_SUBJECT - 1].rpartition(" ")[0] + "…"


def _reach(link: EmailBackend) -> bool:
    """Whether the server is there for us, with TLS and a user where they are asked for."""
    try:
        if link.open() and link.connection is not None:
            link.connection.ehlo_or_helo_if_needed()
    except OSError as no:
        log.warning("mail_server", error=type(no).__name__)
        _leave(link)
        return False
    return True


def _hand_over(link: EmailBackend, mail: EmailMessage, one: Out) -> Answer | None:
    server = link.connection
    assert server is not None  # it was reached
    on_the_line = False
    try:
        code = server.mail(mail["From"].addresses[0].addr_spec)[0]
        if code // 100 == OK:
            code = server.rcpt(one.to)[0]
        if code // 100 == OK:
            on_the_line = True
            code = _words(server, mail.as_bytes())
            if code // 100 == OK:
                return Answer(one.id, (mail["Message-ID"],))
        if code // 100 not in (SOON, NEVER):
            raise smtplib.SMTPResponseException(code, "no reply that RFC 5321 knows")
        _begin_anew(link, server, code)
    except OSError:  # smtplib's own errors are among them
        _drop(link)
        return None if on_the_line else Answer(one.id, again=True)
    return Answer(one.id, again=True) if code // 100 == SOON else Answer(one.id, error=f"smtp_{code}")


def _words(server: smtplib.SMTP, whole: bytes) -> int:
    """The last reply to the words, or to the wish to send them."""
    try:
        return server.data(whole)[0]
    except smtplib.SMTPDataError as no:
        return no.smtp_code


def _begin_anew(link: EmailBackend, server: smtplib.SMTP, code: int) -> None:
    """Have the server forget what it turned away; a line that broke by now is made again for the next mail."""
    with suppress(OSError):
        if code != 421:  # it is not closing
            server.rset()
            return
    _drop(link)


def _drop(link: EmailBackend) -> None:
    if link.connection is not None:
        link.connection.close()
        link.connection = None


def _leave(link: EmailBackend) -> None:
    with suppress(OSError):  # it went first
        link.close()
