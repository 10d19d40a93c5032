"""What is kept: a party, with a name only where one was asked for."""

from __future__ import annotations

from django.db import models

from tantam.office.parties.rules import KINDS
from tantam.office.people.models import Office


class Party(models.Model):
    """A person or an organisation outside the staff, with or without a subscription.

    ``sort`` and ``plain`` are made from ``name`` by :mod:`tantam.office.parties.rules`: the order of Vietnamese names,
    and the name without accents for searching. Forgetting empties all of them; the row stays, so that a seat that was
    taken stays counted.
    """

    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=12, blank=True)  # chị, anh, ông, bà: as they wish to be addressed
    key = models.BigIntegerField(null=True, blank=True)  # the subscriber's, never a number
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    met_on = models.DateField()
    lower = models.CharField(max_length=121, blank=True)
    plain = models.CharField(max_length=121, blank=True)
    sort = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind"], condition=models.Q(key__isnull=False), name="party_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["sort", "id"], name="party_sort"),
            models.Index(fields=["office", "sort", "id"], name="party_office_sort"),
            models.Index(fields=["kind", "sort", "id"], name="party_kind_sort"),
        ]

    def __str__(self) -> str:
        return self.name
