"""What may happen to the journal: an entry is written, a batch is sealed. Nothing is ever changed or removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tantam.errors import Fault
from tantam.office import keyring
from tantam.office.journal import rules
from tantam.office.journal.models import Entry, Seal

BATCH = 2_000
"""Entries in one seal: about 30 ms of one transaction, so that no writer waits long."""

FIELDS = ("id", "at", "actor", "act", "on_kind", "on_id", "office", "because", "count", "digest", "facts")


def write(
    *,
    actor: Any,
    act: str,
    at: datetime,
    on: tuple[str, Any],
    office: Any = None,
    because: str = "",
    count: int = 1,
    digest: str = "",
    **facts: Any,
) -> Entry:
    """Write one entry inside the transaction of the act it tells of.

    ``actor``: a member of staff, or None for the machine. ``on``: kind and id of what was acted upon. ``office``: an
    office or its id. ``because``: a reason code. ``count``: how many things one bulk act touched, with the
    ``digest`` (hex SHA-256) of all of them. ``facts``: ids, codes, counts, days only. Refuses as our own fault a text
    (``not_a_fact``) and a call outside a transaction (``no_transaction``).
    """
    if not connection.in_atomic_block:
        raise Fault("no_transaction", "An act wrote to the journal outside its transaction.", "Report this.")
    kind, number = on
    named = rules.facts_of(
        {"act": act, "kind": kind, "id": number if isinstance(number, int) else str(number)}
    )
    rules.facts_of({"because": because or None, "digest": digest or None})
    return Entry.objects.create(
        at=at,
        actor=getattr(actor, "pk", actor),
        act=act,
        on_kind=kind,
        on_id=str(named["id"]),
        office=getattr(office, "pk", office),
        because=because,
        count=count,
        digest=digest,
        facts=rules.facts_of(facts),
    )


def seal(*, at: datetime, batch: int = BATCH) -> int:
    """Seal everything not yet sealed, a batch a transaction; gives how many entries were sealed.

    Two sealers at once do no harm: the worker's lease keeps them apart, and where it fails, one of them stops.
    """
    key = bytes.fromhex(keyring.read(settings.HOME, "journal-key"))
    done = 0
    while sealed := _seal_one(key, at, batch):
        done += sealed
        if sealed < batch:
            break
    return done


def _seal_one(key: bytes, at: datetime, batch: int) -> int:
    # Read outside the transaction: an unsealed entry cannot change, so writers need not wait while we hash.
    # With several writers an id may appear late; it is still unsealed and goes into a later seal.
    rows = list(Entry.objects.filter(seal__isnull=True).order_by("id").values(*FIELDS)[:batch])
    if not rows:
        return 0
    count, digest = rules.batch_digest(rules.line(row) for row in rows)
    ids = [row["id"] for row in rows]
    try:
        with transaction.atomic():
            last = Seal.objects.order_by("-sequence").first()
            sequence, previous = (last.sequence + 1, last.mark) if last else (1, rules.GENESIS)
            made = {"sequence": sequence, "at": at, "first": ids[0], "last": ids[-1]}
            made |= {"count": count, "digest": digest, "previous": previous}
            Seal.objects.create(**made, mark=rules.mark(key, made))
            _give_seal(ids, sequence)
    except (IntegrityError, _Overtaken):
        return 0  # another sealer took the number, or these entries; what it left is sealed the next time
    return count


class _Overtaken(Exception):
    """Some of the entries were sealed by somebody else meanwhile."""


def _give_seal(ids: list[int], sequence: int) -> None:
    unsealed = Entry.objects.filter(seal__isnull=True)
    if ids[-1] - ids[0] + 1 == len(ids):  # nothing else can lie between: one range instead of a list
        changed = unsealed.filter(id__range=(ids[0], ids[-1])).update(seal=sequence)
    else:
        parts = [ids[at : at + 500] for at in range(0, len(ids), 500)]  # SQLite takes so many values at once
        changed = sum(unsealed.filter(id__in=part).update(seal=sequence) for part in parts)
    if changed != len(ids):
        raise _Overtaken


def head() -> str:
    """The head of the chain as printed: ``sequence:mark``; ``0:000…`` when nothing is sealed yet."""
    last = Seal.objects.order_by("-sequence").values_list("sequence", "mark").first()
    return rules.head(*last) if last else rules.head(0, rules.GENESIS)


def sealed_lines(sequence: int) -> Iterator[bytes]:
    """The entries of one seal as bytes, in order."""
    for row in Entry.objects.filter(seal=sequence).order_by("id").values(*FIELDS).iterator(chunk_size=2000):
        yield rules.line(row)
