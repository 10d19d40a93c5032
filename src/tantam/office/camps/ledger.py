"""The facts of a camp in the ``health`` database: appended and read, each sealed with the camp's key. The only module
that touches their table; what may be said is decided above it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tantam.office.camps import day, keys, locks
from tantam.office.camps.facts import Fact, digest_of_marks, from_line, to_line
from tantam.office.camps.models import Camp, StoredFact, Unread

_lock = threading.Lock()
_read: dict[UUID, tuple[int, dict[str, Fact]]] = {}
_folded: dict[UUID, tuple[int, day.Day]] = {}
MOST_READ = 4  # camps kept in memory: a kit has one, headquarters looks at few at a time


def append(camp: Camp, facts: Iterable[Fact]) -> list[Fact]:
    """Store what is not there yet, in one transaction; gives the new ones. What is there already stays, with the
    smaller stamp of the two. On the disk when the outermost transaction ends."""
    given = {fact.mark: fact for fact in facts}
    key = keys.here(camp.id)
    new = []
    with transaction.atomic(using="health"):
        known = _stamps(camp, list(given))
        rows = []
        for mark, fact in given.items():
            if mark not in known:
                new.append(fact)
                rows.append(_row(camp, fact, key))
            elif fact.stamp < known[mark]:
                _restamp(camp, fact, key)
        StoredFact.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)
    return new


def facts_of(camp: Camp) -> list[Fact]:
    """All facts of a camp, as stored; refuses ``camp_key_gone``. Reads only what came since it was asked last."""
    with _lock:
        last, known = _read.pop(camp.id, (0, {}))
        rows = StoredFact.objects.filter(camp=camp, id__gt=last).order_by("id")
        key = keys.here(camp.id)
        for number, sealed in rows.values_list("id", "sealed"):
            fact = from_line(locks.unseal(key, bytes(sealed), about=camp.id.bytes))
            known[fact.mark] = fact
            last = number
        _read[camp.id] = (last, known)
        while len(_read) > MOST_READ:
            _read.pop(next(iter(_read)))
        return list(known.values())


def day_of(camp: Camp) -> day.Day:
    """The day that a camp's facts come to, folded once for as long as nothing new is stored; not to be changed."""
    facts = facts_of(camp)
    with _lock:
        last = _read[camp.id][0] if camp.id in _read else -1
        known = _folded.get(camp.id)
        if known and known[0] == last:
            return known[1]
    folded = day.fold(facts)
    with _lock:
        _folded.clear() if len(_folded) >= MOST_READ else None
        _folded[camp.id] = (last, folded)
    return folded


def digest(camp: Camp) -> tuple[int, str]:
    """How many facts a camp has here, and their digest; needs no key."""
    marks = list(StoredFact.objects.filter(camp=camp).values_list("mark", flat=True))
    return len(marks), digest_of_marks(marks)


def keep_unread(camp: Camp, sent: bytes, *, code: str, device: str, kit: int, at: datetime) -> None:
    """Keep what was refused, sealed, with its reason; the same again is kept once."""
    mark = hashlib.sha256(sent).hexdigest()
    box = locks.seal(keys.here(camp.id), sent, about=camp.id.bytes, random=os.urandom)
    said = {"sealed": box, "code": code, "device": device, "kit": kit, "at": at}
    Unread.objects.get_or_create(camp=camp, mark=mark, defaults=said)


def forget_read(camp: UUID) -> None:
    """Let go of what was read of a camp: after its deletion, or between tests."""
    with _lock:
        _read.pop(camp, None)
        _folded.pop(camp, None)


def _stamps(camp: Camp, marks: list[str]) -> dict[str, tuple[datetime, int]]:
    found: dict[str, tuple[datetime, int]] = {}
    for start in range(0, len(marks), 500):  # SQLite takes so many values at once
        rows = StoredFact.objects.filter(camp=camp, mark__in=marks[start : start + 500])
        found.update((mark, (at, kit)) for mark, at, kit in rows.values_list("mark", "kit_at", "kit"))
    return found


def _row(camp: Camp, fact: Fact, key: bytes) -> StoredFact:
    box = locks.seal(key, to_line(fact), about=camp.id.bytes, random=os.urandom)
    return StoredFact(
        camp=camp,
        fact=fact.id,
        mark=fact.mark,
        kind=fact.kind,
        sealed=box,
        kit=fact.kit,
        kit_at=fact.kit_at,
    )


def _restamp(camp: Camp, fact: Fact, key: bytes) -> None:
    box = locks.seal(key, to_line(fact), about=camp.id.bytes, random=os.urandom)
    StoredFact.objects.filter(camp=camp, mark=fact.mark).update(sealed=box, kit=fact.kit, kit_at=fact.kit_at)
    forget = _read.get(camp.id)
    if forget:
        forget[1][fact.mark] = fact
        _folded.pop(camp.id, None)
