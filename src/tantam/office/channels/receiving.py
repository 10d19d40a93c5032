"""What may happen to a message that comes in: received, put together, handled, forgotten."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from tantam.office.channels import phonebook
from tantam.office.channels.models import Incoming, Part, Unsure
from tantam.office.channels.sms.alphabet import text_of
from tantam.office.channels.sms.parts import Piece, join
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Staff

_SPACE = UUID("0b5d3f7e-6f0e-5c53-9f0a-3f6f1d1f8a11")

MOST_TEXT = 4_000
"""Letters that are kept of one message: more than 25 parts hold."""

WAITED = timedelta(days=1)
"""For so long the missing part of a long message is waited for."""

GAP = " […] "
"""Where a part never came."""


@dataclass(frozen=True)
class Arrived:
    """One message, or one part of it, as it came over a link; from a number that is not kept."""

    number: str
    piece: Piece


def receive(*, at: datetime, gateway: str, ref: str, number: str, text: str) -> Incoming:
    """Write a message down, in one commit; only then may it be acknowledged. The same ``ref`` of a gateway twice is one
    message. The number is not kept: only its key, or none where it is no mobile number."""
    enter(None, "message.receive")
    row = _row(phonebook.key_of(number), text, gateway, at)
    with transaction.atomic():
        message, new = Incoming.objects.get_or_create(id=uuid5(_SPACE, f"{gateway} {ref}"), defaults=row)
        if new:
            write(actor=None, act="message.received", at=at, on=("incoming", message.pk))
    return message


def receive_many(arrived: Sequence[Arrived], *, at: datetime, gateway: str, session: UUID) -> int:
    """Write down all that came over a link, in one commit; only then may any of it be acknowledged. Gives the mark to
    hand to :func:`confirm` once the other side is known to have read the acknowledgements.

    A centre gives what it sends no number of its own; after a break it sends again what it has no answer to. So what
    is the same as something from an earlier ``session`` whose acknowledgement was never confirmed is that, once; what
    comes twice in one session was written twice. Long messages are put together when their last part is here.
    """
    enter(None, "message.receive")
    keys = phonebook.keys_of(one.number for one in arrived)
    secret = phonebook.digest_key()
    digests = [_digest(one, secret) for one in arrived]
    with transaction.atomic():
        fresh = _not_seen(list(zip(arrived, keys, digests, strict=True)), gateway, session)
        whole = [(key, one.piece) for one, key in fresh if one.piece.total == 1]
        texts = [(key, text_of(piece.octets, piece.coding)) for key, piece in whole]
        for one, key in fresh:
            if one.piece.total > 1 and (text := _put_together(one.piece, key, gateway, at)) is not None:
                texts.append((key, text))
        Incoming.objects.bulk_create(
            Incoming(id=uuid4(), **_row(key, text, gateway, at)) for key, text in texts
        )
        unsure = Unsure.objects.bulk_create(
            Unsure(gateway=gateway, session=session, digest=digest, received_at=at) for digest in digests
        )
        if texts:
            write(actor=None, act="message.received", at=at, on=("incoming", "many"), count=len(texts))
    return max((row.pk for row in unsure), default=0)


def confirm(*, gateway: str, session: UUID, mark: int) -> None:
    """The other side has read every acknowledgement up to a mark: none of it comes again."""
    Unsure.objects.filter(gateway=gateway, session=session, pk__lte=mark).delete()


def join_rest(*, at: datetime) -> int:
    """Long messages whose missing part did not come in a day are taken as they are, with the gap shown; gives how
    many."""
    done = 0
    while (
        first := Part.objects.filter(received_at__lte=at - WAITED).order_by("received_at").first()
    ) is not None:
        with transaction.atomic():
            same = _same(first.gateway, first.key, _piece(first)).select_for_update()
            if rows := list(same.order_by("number", "id")):
                _take_as_it_is(rows, at)
                done += 1
    Unsure.objects.filter(received_at__lte=at - 3 * WAITED).delete()
    return done


def handled(message: Incoming, *, at: datetime, became: str) -> None:
    """Note what a message became, inside the act that made it so; its words are let go."""
    Incoming.objects.filter(pk=message.pk).update(handled_at=at, became=became, text="")


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber sent us."""
    return [
        {"what": "incoming", "text": row.text, "kind": row.became, "received": row.received_at}
        for row in Incoming.objects.filter(key=key).order_by("received_at", "id")
    ] + [
        {
            "what": "incoming",
            "text": text_of(bytes(row.octets), _piece(row).coding),
            "received": row.received_at,
        }
        for row in Part.objects.filter(key=key).order_by("received_at", "id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The words and the tie to him go; that something came in stays counted."""
    with transaction.atomic():
        changed = Incoming.objects.filter(key=key).update(key=None, text="", handled_at=at)
        changed += Part.objects.filter(key=key).delete()[0]
        if changed:
            write(actor=actor, act="incoming.forgotten", at=at, on=("incoming", "many"), count=changed)
    return changed


def _row(key: int | None, text: str, gateway: str, at: datetime) -> dict[str, Any]:
    return {"key": key, "text": text.replace("\0", "")[:MOST_TEXT], "gateway": gateway, "received_at": at}


def _digest(one: Arrived, secret: bytes) -> str:
    piece = one.piece
    said = (one.number, piece.coding, piece.reference, piece.total, piece.number, piece.octets)
    return hashlib.blake2b(repr(said).encode(), digest_size=16, key=secret).hexdigest()


def _not_seen(
    came: Sequence[tuple[Arrived, int | None, str]], gateway: str, session: UUID
) -> list[tuple[Arrived, int | None]]:
    """Without what an earlier session took and could not confirm; each of that is found once."""
    before = Unsure.objects.filter(gateway=gateway, digest__in={digest for *_, digest in came})
    open_ = list(before.exclude(session=session).values_list("digest", "pk"))
    left = Counter(digest for digest, _ in open_)
    fresh, found = [], Counter[str]()
    for one, key, digest in came:
        if left[digest] > found[digest]:
            found[digest] += 1
        else:
            fresh.append((one, key))
    gone = [pk for digest in found for pk in [pk for d, pk in open_ if d == digest][: found[digest]]]
    Unsure.objects.filter(pk__in=gone).delete()
    return fresh


def _put_together(piece: Piece, key: int | None, gateway: str, at: datetime) -> str | None:
    """The text, if this was its last part; else the part waits. A reference that is used again for other parts ends
    the message before it."""
    same = _same(gateway, key, piece)
    if key is None:  # nobody knows whose it is: parts of two people are never mixed
        return text_of(piece.octets, piece.coding)
    if clash := list(same.filter(number=piece.number)):
        if bytes(clash[0].octets) == piece.octets:
            return None
        _take_as_it_is(list(same.order_by("number", "id")), at)
    Part.objects.create(
        gateway=gateway, key=key, reference=piece.reference, wide=piece.wide, total=piece.total,
        number=piece.number, coding=piece.coding, octets=piece.octets, received_at=at,
    )  # fmt: skip
    rows = list(same)
    text = join(_piece(row) for row in rows)
    if text is not None:
        same.delete()
    return text


def _take_as_it_is(rows: Sequence[Part], at: datetime) -> None:
    pieces = {row.number: _piece(row) for row in rows}
    said = [
        text_of(pieces[number].octets, pieces[number].coding) if number in pieces else GAP
        for number in range(1, rows[0].total + 1)
    ]
    Incoming.objects.create(
        id=uuid4(), **_row(rows[0].key, "".join(said), rows[0].gateway, rows[0].received_at)
    )
    Part.objects.filter(pk__in=[row.pk for row in rows]).delete()
    write(actor=None, act="message.received", at=at, on=("incoming", "many"))


def _same(gateway: str, key: int | None, piece: Piece) -> Any:
    """The parts that are here of one message."""
    return Part.objects.filter(
        gateway=gateway, key=key, reference=piece.reference, wide=piece.wide, total=piece.total
    )


def _piece(row: Part) -> Piece:
    coding: Any = row.coding
    return Piece(bytes(row.octets), coding, row.reference, row.total, row.number, row.wide)
