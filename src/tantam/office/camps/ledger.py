"""The facts of a camp in the ``health`` database: appended and read, each sealed with the camp's key. The only module
that touches their table; what may be said is decided above it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tantam.office.camps import day, keys, locks
from tantam.office.camps.facts import Fact, digest_of_marks, from_line, to_line
from tantam.office.camps.folding import Folding
from tantam.office.camps.models import Camp, StoredFact, Unread

_lock = threading.Lock()
_read: dict[UUID, _Read] = {}
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
    return list(_read_on(camp)[0])


def day_of(camp: Camp) -> day.Day:
    """The day that a camp's facts come to, kept up to date as they are stored; not to be changed."""
    return _read_on(camp)[1]


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


def _read_on(camp: Camp) -> tuple[list[Fact], day.Day]:
    """The facts of a camp and its day, with what came since. Read from the start again where rows that were read are
    there no more (a transaction was rolled back) or one turned up before them (it was committed late)."""
    key = keys.here(camp.id)
    with _lock:
        known = _read.pop(camp.id, None) or _Read()
        if not known.take(camp, key):
            known = _Read()
            known.take(camp, key)
        _read[camp.id] = known
        while len(_read) > MOST_READ:
            _read.pop(next(iter(_read)))
        return known.facts, known.day


@dataclass
class _Read:
    """What was read up to the row ``last``, which held the fact of ``mark``."""

    last: int = 0
    mark: str = ""
    folding: Folding = field(default_factory=Folding)
    facts: list[Fact] = field(default_factory=list)
    day: day.Day = field(default_factory=day.Day)

    def take(self, camp: Camp, key: bytes) -> bool:
        """Read on; false where what was read is not what is stored."""
        stored = StoredFact.objects.filter(camp=camp)
        rows = list(stored.filter(id__gte=self.last).order_by("id").values_list("id", "mark", "sealed"))
        if self.last and (not rows or rows[0][:2] != (self.last, self.mark)):
            return False
        new = [
            from_line(locks.unseal(key, bytes(sealed), about=camp.id.bytes))
            for id_, _, sealed in rows
            if id_ > self.last
        ]
        if new:
            self.day = self.folding.take(new)
            self.facts = self.folding.facts
            self.last, self.mark = rows[-1][:2]
        return not self.last or stored.count() == len(self.facts)


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
    """Another row in its place: every process reads on from the last row it knows."""
    old = StoredFact.objects.get(camp=camp, mark=fact.mark)
    old.delete()
    row = _row(camp, fact, key)
    row.told = old.told
    row.save()
