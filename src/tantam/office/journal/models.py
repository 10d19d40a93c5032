"""What is kept: entries that nobody may change, and the seals over them."""

from __future__ import annotations

from typing import Any

from django.db import models


class Entry(models.Model):
    """One act: ids, codes, counts and digests only, so that erasing a person never touches it.

    The database itself refuses to change or delete an entry (triggers, migration 0002); the one change it allows is
    giving an unsealed entry the number of its seal.
    """

    at = models.DateTimeField()
    actor = models.BigIntegerField(
        null=True
    )  # a staff id; null is the machine. No relation: staff may be erased
    act = models.CharField(max_length=64)
    on_kind = models.CharField(max_length=32)
    on_id = models.CharField(max_length=40)
    office = models.BigIntegerField(null=True)
    because = models.CharField(max_length=64, blank=True)
    count = models.BigIntegerField(default=1)
    digest = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    seal = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["on_kind", "on_id", "id"], name="journal_by_on"),
            models.Index(fields=["office", "id"], name="journal_by_office"),
            models.Index(fields=["actor", "id"], name="journal_by_actor"),
            models.Index(fields=["act", "id"], name="journal_by_act"),
            models.Index(fields=["at"], name="journal_by_at"),
            models.Index(fields=["seal", "id"], name="journal_by_seal"),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("an entry of the journal is never deleted")


class Seal(models.Model):
    """A batch of entries tied to the batch before: ``mark`` = HMAC(key, sequence, count, digest, previous mark)."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    mark = models.CharField(max_length=64)
