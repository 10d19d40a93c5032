"""What is kept: requests about a person's data, with the two promises that the law makes of each; and the secret links
by which people read their own."""

from __future__ import annotations

from django.db import models

from tantam.office.desk.rules import KINDS, OUTCOMES, SAID_BY
from tantam.office.people.models import Office, Staff
from tantam.office.promises.models import Promise


class DataRequest(models.Model):
    """Somebody asked to see, correct or delete what we hold on him, or to stop using it.

    The key stays after a deletion, as it does on the tombstone of the base: it is how we prove that it was done, and
    without the number it leads to nobody. ``next_due`` is what is due first of what is not done yet; null when all is.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    key = models.BigIntegerField()
    said_by = models.CharField(max_length=8, choices=[(s, s) for s in SAID_BY])
    received_on = models.DateField()
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    first_promise = models.OneToOneField(Promise, models.PROTECT, related_name="+")
    promise = models.OneToOneField(Promise, models.PROTECT, related_name="+")
    next_due = models.DateField(null=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extended_why = models.CharField(max_length=300, blank=True)
    first_answered_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    forgotten_rows = models.JSONField(default=dict)  # room → rows cleaned
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True, choices=[(o, o) for o in OUTCOMES])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_request_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, next_due__isnull=False)
                | models.Q(answered_at__isnull=False, next_due__isnull=True),
                name="request_due_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["next_due", "id"], name="request_due"),
            models.Index(fields=["office", "next_due", "id"], name="request_office_due"),
            models.Index(fields=["answered_at", "id"], name="request_answered"),
            models.Index(fields=["key"], name="request_key"),
        ]


class VoicePass(models.Model):
    """A secret link by which one person reads his own: only the SHA-256 of its secret is kept. Forgetting removes
    it."""

    key = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # opened for the first time

    class Meta:
        indexes = [models.Index(fields=["key"], name="voicepass_key")]
