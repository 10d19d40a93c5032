"""Which server takes our mails, from one address: ``smtp://user@host:587`` (TLS from STARTTLS on, where there is a
user), ``smtps://user@host:465`` (TLS from the first byte), ``smtp://localhost`` (a relay on this machine, neither)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from tantam.errors import BadInput

PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """A server and whom mails come from. A password is never sent without TLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str = ""
    tls: bool = False

    @property
    def starttls(self) -> bool:
        """Whether TLS begins after the greeting."""
        return bool(self.user) and not self.tls

    @property
    def address(self) -> str:
        """The sender without a name."""
        return parseaddr(self.sender)[1]


def server(url: str, password: str, sender: str) -> Server:
    """The server that an address names; BadInput ``bad_setting`` says what is wrong with it, without any password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("TANTAM_MAIL is no address") from None
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise _wrong("TANTAM_MAIL is no server of mails")
    if parts.password is not None:
        raise _wrong("TANTAM_MAIL holds a password; it belongs in TANTAM_MAIL_PASSWORD")
    if bool(parts.username) != bool(password):
        raise _wrong("a user and TANTAM_MAIL_PASSWORD go together, and one of them is missing")
    at = parseaddr(sender)[1]
    if not sender.isprintable() or at.count("@") != 1 or not at.isascii() or not all(at.split("@")):
        raise _wrong("TANTAM_MAIL_FROM is no mail address")
    user = unquote(parts.username or "")
    return Server(
        parts.hostname, port or PORTS[parts.scheme], user, password, sender, parts.scheme == "smtps"
    )


def chosen(settings: Any) -> Server | None:
    """The server of the settings, or none; BadInput ``bad_setting``."""
    return server(settings.MAIL, settings.MAIL_PASSWORD, settings.MAIL_FROM) if settings.MAIL else None


def _wrong(what: str) -> BadInput:
    return BadInput(
        "bad_setting",
        f"{what[0].upper()}{what[1:]}.",
        "Write TANTAM_MAIL as smtps://user@host:465 and TANTAM_MAIL_FROM as Sao Mai <care@example.com>.",
        vi="TANTAM_MAIL chưa đúng. Ghi smtps://tên@máy:465, TANTAM_MAIL_PASSWORD, và TANTAM_MAIL_FROM như "
        "Sao Mai <care@example.com>.",
    )
