"""What is kept: opinions, word for word and masked."""

from __future__ import annotations

from django.db import models

from tantam.office.opinions.rules import CHANNELS, TONES
from tantam.office.parties.models import Party
from tantam.office.people.models import Office

SAID, FORWARDED = "said", "forwarded"


class Opinion(models.Model):
    """What one customer said. Words are never overwritten: a correction is a row of its own that points to the old
    one, and ``current`` says which of them counts."""

    id = models.UUIDField(primary_key=True)
    text = models.TextField()  # masked before it came here
    tone = models.CharField(max_length=9, choices=[(t, t) for t in TONES])
    channel = models.CharField(max_length=8, choices=[(c, c) for c in CHANNELS])
    said_at = models.DateTimeField()
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    speaker_party = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+")
    speaker_key = models.BigIntegerField(null=True)
    source_kind = models.CharField(max_length=16, blank=True)  # what it came from: event, …
    source_id = models.CharField(max_length=40, blank=True)
    competitor = models.BooleanField(default=False)  # another operator was named
    state = models.CharField(max_length=9, default=SAID)
    forwarded_at = models.DateTimeField(null=True)
    forwarded_to = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why the words were corrected
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=[SAID, FORWARDED]), name="opinion_state"),
            models.UniqueConstraint(fields=["corrects"], name="opinion_corrected_once"),
            models.CheckConstraint(
                condition=models.Q(state=SAID, forwarded_at__isnull=True)
                | models.Q(state=FORWARDED, forwarded_at__isnull=False),
                name="opinion_forwarded",
            ),
        ]
        indexes = [
            models.Index(fields=["current", "-said_at", "-id"], name="opinion_said"),
            models.Index(fields=["current", "state", "-said_at", "-id"], name="opinion_state_said"),
            models.Index(fields=["office", "current", "-said_at", "-id"], name="opinion_office_said"),
            models.Index(fields=["current", "channel", "-said_at", "-id"], name="opinion_channel_said"),
            models.Index(fields=["source_kind", "source_id"], name="opinion_source"),
            models.Index(fields=["speaker_key"], name="opinion_speaker"),
        ]
