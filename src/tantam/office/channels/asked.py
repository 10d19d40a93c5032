"""What the contact gate is asked, and what is known of the person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tantam.errors import BadInput
from tantam.office.channels.verdicts import CHANNELS, EVERYTHING, PURPOSES


@dataclass(frozen=True)
class Ask:
    """What somebody wants to send: one of :data:`PURPOSES` over one of :data:`CHANNELS` at a moment with a zone.

    ``product`` is what is advertised ("": our services as a whole). Refuses ``bad_ask``.
    """

    purpose: str
    channel: str
    at: datetime
    advertiser: str = ""
    product: str = ""

    def __post_init__(self) -> None:
        _check(self.at, self.purpose, self.channel)


@dataclass(frozen=True)
class Contact:
    """One earlier contact of ours with the person. Refuses ``bad_ask``."""

    at: datetime
    purpose: str
    channel: str
    advertiser: str = ""

    def __post_init__(self) -> None:
        _check(self.at, self.purpose, self.channel)


@dataclass(frozen=True)
class Consented:
    """A yes (``granted``) or a no to a purpose, or a no to :data:`EVERYTHING`; ``product`` "" means all of them.

    ``how`` it was said and the ``proof`` of it. Refuses ``bad_ask``.
    """

    purpose: str
    product: str
    granted: bool
    at: datetime
    how: str = ""
    proof: str = ""

    def __post_init__(self) -> None:
        everything = self.purpose == EVERYTHING and not self.granted
        _check(self.at, "care" if everything else self.purpose)

    def meets(self, ask: Ask) -> bool:
        """Whether it speaks of what is asked."""
        return self.purpose in (ask.purpose, EVERYTHING) and self.product in ("", ask.product)


@dataclass(frozen=True)
class Known:
    """All we know of one person: each yes and no, whether on the national list, our contacts; in any order."""

    consents: tuple[Consented, ...] = ()
    listed: bool = False
    contacts: tuple[Contact, ...] = ()


def _check(at: datetime, purpose: str, channel: str = "sms") -> None:
    if purpose not in PURPOSES or channel not in CHANNELS or at.tzinfo is None:
        raise BadInput(
            "bad_ask",
            f"“{purpose}” over “{channel}” at {at} is no contact that the gate knows.",
            f"Purposes: {', '.join(PURPOSES)}. Channels: {', '.join(CHANNELS)}. A moment has a zone.",
            vi="Mục đích, kênh hay lúc liên lạc không đúng. Chọn trong danh sách.",
        )
