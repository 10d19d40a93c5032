"""What is kept: opinions, word for word and masked."""

from __future__ import annotations

from django.db import models

from tantam.office.opinions.rules import CHANNELS, TONES
from tantam.office.parties.models import Party
from tantam.office.people.models import Office

SAID, FORWARDED = "said", "forwarded"
_CURRENT = models.Q(current=True)


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
    # What a machine read in the words; topic is "" until it has.
    topic = models.CharField(max_length=12, blank=True)  # what it is mainly about
    also = models.CharField(max_length=120, blank=True)  # other topics, with | between
    feeling = models.CharField(max_length=8, blank=True)
    complaint = models.BooleanField(null=True)
    urgency = models.CharField(max_length=6, blank=True)
    unsure = models.CharField(max_length=40, blank=True)  # what of this a person should check, with | between
    sorted_by_person = models.BooleanField(default=False)  # somebody chose the topic

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
            # Partial ones, since SQLite uses no index for a bare true or false.
            models.Index(fields=["-said_at", "-id"], name="opinion_said", condition=_CURRENT),
            models.Index(fields=["state", "-said_at", "-id"], name="opinion_state_said", condition=_CURRENT),
            models.Index(
                fields=["office", "-said_at", "-id"], name="opinion_office_said", condition=_CURRENT
            ),
            models.Index(
                fields=["channel", "-said_at", "-id"], name="opinion_channel_said", condition=_CURRENT
            ),
            models.Index(
                fields=["office", "state", "-said_at", "-id"], name="opinion_office_state", condition=_CURRENT
            ),
            models.Index(
                fields=["office", "channel", "-said_at", "-id"],
                name="opinion_office_channel",
                condition=_CURRENT,
            ),
            models.Index(fields=["topic", "-said_at", "-id"], name="opinion_topic_said", condition=_CURRENT),
            models.Index(
                fields=["-said_at", "-id"],
                name="opinion_complaint",
                condition=_CURRENT & models.Q(complaint=True),
            ),
            models.Index(
                fields=["urgency", "-said_at", "-id"], name="opinion_urgency_said", condition=_CURRENT
            ),
            models.Index(fields=["id"], name="opinion_unread", condition=_CURRENT & models.Q(topic="")),
            models.Index(fields=["source_kind", "source_id"], name="opinion_source"),
            models.Index(fields=["speaker_key"], name="opinion_speaker"),
        ]
