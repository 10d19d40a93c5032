"""Is the journal what it was? Every seal is made again from its entries, with the key that lies outside the database.

What it finds: an entry changed, removed, added or moved; a seal changed or missing; a chain written anew without the
key. Somebody who has the key too can still cut the end off or write everything anew: only a head printed earlier and
kept elsewhere (``against``) finds that. What is not sealed yet is counted and not vouched for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.utils import Error as DatabaseError

from tantam.office import keyring, words
from tantam.office.journal import rules
from tantam.office.journal.actions import sealed_lines
from tantam.office.journal.models import Entry, Seal

MOST_FINDINGS = 100
"""A journal that is broken everywhere says so a hundred times, and then how often more."""

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, json.JSONDecodeError, DatabaseError)

SENTENCES = {
    "entry_changed": (
        "Niêm phong {n}: có dòng đã bị sửa hoặc tráo.",
        "Seal {n}: an entry was changed or put in another's place.",
    ),
    "entry_missing": ("Niêm phong {n}: mất {k} dòng.", "Seal {n}: {k entry is|entries are} gone."),
    "entry_added": ("Niêm phong {n}: thừa {k} dòng.", "Seal {n}: {k entry|entries} too many."),
    "entry_unreadable": (
        "Niêm phong {n}: có dòng không đọc được nữa.",
        "Seal {n}: an entry cannot be read any more.",
    ),
    "seal_changed": (
        "Niêm phong {n}: chính niêm phong đã bị sửa, hoặc làm bằng khoá khác.",
        "Seal {n}: the seal itself was changed, or made with another key.",
    ),
    "seal_missing": ("Niêm phong {n} không còn.", "Seal {n} is gone."),
    "chain_broken": (
        "Niêm phong {n} không nối vào niêm phong trước nó.",
        "Seal {n} is not tied to the one before it.",
    ),
    "seal_unknown": (
        "{k} dòng mang số niêm phong {n}, mà không có niêm phong ấy.",
        "{k entry carries|entries carry} the number of seal {n}, which does not exist.",
    ),
    "head_not_in_chain": (
        "Mã đầu đưa ra ({n}) không có trong chuỗi: nhật ký đã bị cắt bớt hoặc viết lại.",
        "The head you gave ({n}) is not in the chain: the journal was cut short or written anew.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing amiss, at a seal: ``code`` of SENTENCES, ``count`` of entries where that says something."""

    code: str
    sequence: int
    count: int = 0

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return words.say(*SENTENCES[self.code], n=self.sequence, k=self.count)


@dataclass(frozen=True)
class Proof:
    """What was looked at and what was found; ``ok`` when nothing was. ``more``: findings beyond those listed."""

    ok: bool
    sequence: int
    entries: int
    unsealed: int
    head: str
    findings: list[Finding]
    more: int = 0

    @property
    def sentence(self) -> str:
        """The answer in one sentence, in the reader's language."""
        n = words.number
        if self.ok:
            return words.say(
                "Nhật ký nguyên vẹn: {k} dòng trong {n} niêm phong, không dòng nào bị sửa.",
                "The journal is whole: {k} entries in {n} seals, none of them changed.",
                k=n(self.entries),
                n=n(self.sequence),
            )
        found = len(self.findings) + self.more
        return words.say(
            "Nhật ký không còn nguyên: {k} chỗ lệch.",
            "The journal is not whole: {k place does|places do} not agree.",
            k=n(found),
        )

    def figures(self) -> dict[str, Any]:
        """As the terminal prints them with ``--json``."""
        found = [{"code": f.code, "sequence": f.sequence, "sentence": f.sentence} for f in self.findings]
        plain = {
            name: getattr(self, name) for name in ("ok", "sequence", "entries", "unsealed", "head", "more")
        }
        return {**plain, "sentence": self.sentence, "findings": found}


def prove(against: str | None = None, *, progress: Callable[[int, int], None] | None = None) -> Proof:
    """Make every seal again and compare; ``against``: a head printed earlier, which must occur in the chain.

    ``progress(entries done, of how many)`` is called after each seal. BadInput ``bad_head``. About 30 seconds and a
    few megabytes for a million entries: one seal is held at a time.
    """
    wanted = rules.parse_head(against) if against else None
    key = bytes.fromhex(keyring.read(settings.HOME, "journal-key"))
    total = Entry.objects.filter(seal__isnull=False).count() if progress else 0
    findings: list[Finding] = []
    expected, mark, entries, seen_head = 1, rules.GENESIS, 0, wanted in (None, (0, rules.GENESIS))
    for seal in _seals():
        missing = range(expected, min(seal["sequence"], expected + MOST_FINDINGS))
        findings += [Finding("seal_missing", number) for number in missing]
        findings += _amiss(key, seal, mark if not missing else None)
        expected, mark = seal["sequence"] + 1, seal["mark"]
        entries += seal["count"]
        seen_head = seen_head or wanted == (seal["sequence"], mark)
        if progress:
            progress(entries, total)
    findings += _unknown_seals()
    if not seen_head and wanted:
        findings.append(Finding("head_not_in_chain", wanted[0]))
    return Proof(
        ok=not findings,
        sequence=expected - 1,
        entries=entries,
        unsealed=Entry.objects.filter(seal__isnull=True).count(),
        head=rules.head(expected - 1, mark),
        findings=findings[:MOST_FINDINGS],
        more=max(0, len(findings) - MOST_FINDINGS),
    )


def prove_one(entry: Entry) -> Finding | None:
    """The same for the one seal of an entry: what is amiss with it first, or None. The entry must be sealed."""
    seal = Seal.objects.filter(pk=entry.seal or 0).values().first()
    if seal is None:
        return Finding("seal_unknown", entry.seal or 0, 1)
    key = bytes.fromhex(keyring.read(settings.HOME, "journal-key"))
    before = Seal.objects.filter(pk=seal["sequence"] - 1).values_list("mark", flat=True).first()
    previous = rules.GENESIS if seal["sequence"] == 1 else before
    if previous is None:
        return Finding("seal_missing", seal["sequence"] - 1)
    return next(iter(_amiss(key, dict(seal), previous)), None)


def _amiss(key: bytes, seal: dict[str, Any], previous: str | None) -> list[Finding]:
    number = seal["sequence"]
    found = []
    if previous is not None and seal["previous"] != previous:
        found.append(Finding("chain_broken", number))
    try:
        if rules.mark(key, seal) != seal["mark"]:
            found.append(Finding("seal_changed", number))
    except _UNREADABLE:
        found.append(Finding("seal_changed", number))
    try:
        count, digest = rules.batch_digest(sealed_lines(number))
    except _UNREADABLE:
        return [*found, Finding("entry_unreadable", number)]
    if count != seal["count"]:
        code = "entry_missing" if count < seal["count"] else "entry_added"
        found.append(Finding(code, number, abs(count - seal["count"])))
    elif digest != seal["digest"]:
        found.append(Finding("entry_changed", number))
    return found


def _seals() -> Iterator[dict[str, Any]]:
    """Every seal in order, a page at a time, so that no cursor stays open while entries are read."""
    last = -(2**62)  # a seal numbered 0 or below is looked at too
    while page := list(Seal.objects.filter(sequence__gt=last).order_by("sequence").values()[:1000]):
        yield from map(dict, page)
        last = page[-1]["sequence"]


def _unknown_seals() -> list[Finding]:
    known = Exists(Seal.objects.filter(sequence=OuterRef("seal")))
    lost = Entry.objects.filter(~known, seal__isnull=False).values_list("seal", flat=True).order_by("seal")
    counts: dict[int, int] = {}
    for found in lost.iterator(chunk_size=2000):
        number = found or 0
        counts[number] = counts.get(number, 0) + 1
    return [Finding("seal_unknown", number, count) for number, count in counts.items()]
