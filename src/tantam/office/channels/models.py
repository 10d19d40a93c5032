"""What is kept: what people said yes and no to, what we wanted to send them, each verdict of the gate,
and what came in."""

from __future__ import annotations

from django.db import models

from tantam.office.channels.rules import EVERYTHING
from tantam.office.people.models import Office
from tantam.office.promises.models import Promise


class Consent(models.Model):
    """One yes or no of a person to being contacted. A row is never changed: the latest word on a purpose counts, and
    the ones before it are the proof of what held when. Forgetting empties ``key`` and ``proof``."""

    id = models.UUIDField(primary_key=True)  # the sender's: the same word twice is one row
    key = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=12)  # one of rules.PURPOSES, or a no to rules.EVERYTHING
    product = models.CharField(max_length=40, blank=True)  # "" means every one
    granted = models.BooleanField()
    said_at = models.DateTimeField()
    how = models.CharField(max_length=8)  # "list": the national list of those who want no advertising
    proof = models.CharField(
        max_length=120, blank=True
    )  # where it can be looked up: a message, a form, a paper
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            # a yes is to something; only a no can mean everything
            models.CheckConstraint(
                condition=models.Q(granted=False) | ~models.Q(purpose=EVERYTHING), name="consent_to_something"
            ),
        ]
        indexes = [models.Index(fields=["key", "said_at"], name="consent_key")]


WAITING, TAKEN, SENT, ARRIVED = "waiting", "taken", "sent", "arrived"
FAILED, UNKNOWN, REFUSED = "failed", "unknown", "refused"
STATES = (WAITING, TAKEN, SENT, ARRIVED, FAILED, UNKNOWN, REFUSED)


class Message(models.Model):
    """One message to one person. It is judged when its moment comes, and handed to a gateway at most once: ``taken_at``
    is written before that, and what was taken is taken again only where it surely never left. Once it is settled, the
    secrets of links are gone from ``text``. Forgetting empties ``key`` and ``text``."""

    id = models.UUIDField(primary_key=True)  # of whoever asked: the same one twice is one message
    key = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=4)
    advertiser = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=40, blank=True)
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, related_name="+", db_index=False)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="+"
    )  # who asks; None: the company
    about_kind = models.CharField(max_length=12, blank=True)  # what it belongs to: an event, a round
    about_id = models.CharField(max_length=36, blank=True)
    carrier = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+"
    )  # that went out for both
    text = models.TextField()  # as it goes out, label and way to refuse included
    parts = (
        models.PositiveSmallIntegerField()
    )  # what it is paid by, its copy to the ministry too once that went
    state = models.CharField(max_length=8, default=WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when the gate is asked next; null once it is settled
    expires_at = models.DateTimeField(null=True)  # from when on it would only mislead
    code = models.CharField(max_length=24, blank=True)  # of the last verdict
    taken_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(
        null=True
    )  # the last call that nobody answered: it counts as a contact too
    gateway = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="message_state"),
            models.UniqueConstraint(
                fields=["promise", "key"],
                condition=models.Q(promise__isnull=False),
                name="message_once_a_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(state=WAITING, due_at__isnull=False, taken_at__isnull=True)
                | (~models.Q(state=WAITING) & models.Q(due_at__isnull=True)),
                name="message_waits_for_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=models.Q(due_at__isnull=False), name="message_due"
            ),
            models.Index(fields=["key", "taken_at"], name="message_key"),
            models.Index(fields=["asked_at", "id"], name="message_asked"),
            models.Index(fields=["taken_at"], condition=models.Q(state=TAKEN), name="message_taken"),
            # All that the figures of a list are counted from, so that its rows are never read.
            models.Index(
                fields=["about_kind", "about_id", "state", "code", "channel", "due_at", "parts", "taken_at"],
                name="message_about",
            ),
            models.Index(
                fields=["asked_at", "id"], condition=models.Q(state=UNKNOWN), name="message_unknown"
            ),
            models.Index(fields=["asked_at", "id"], condition=models.Q(state=FAILED), name="message_failed"),
        ]


class Handed(models.Model):
    """One part of a message that the other side took: ``ref`` is what it calls it, and receipts speak of that."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    gateway = models.CharField(max_length=16)
    ref = models.CharField(max_length=80)
    ended = models.CharField(max_length=8, blank=True)  # a state of a receipt that is an end
    error = models.CharField(max_length=8, blank=True)  # the centre's own code
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["gateway", "ref"], name="handed_ref")]


class Stray(models.Model):
    """A receipt for something we do not know of: it came before the answer was written down, or the answer was lost."""

    gateway = models.CharField(max_length=16)
    ref = models.CharField(max_length=80)
    key = models.BigIntegerField(null=True)
    ended = models.CharField(max_length=8)
    error = models.CharField(max_length=8, blank=True)
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["gateway", "ref"], name="stray_ref"),
            models.Index(fields=["ended_at"], name="stray_ended"),
            models.Index(fields=["key"], name="stray_key"),
        ]


class Judgement(models.Model):
    """One verdict of the gate on one message, kept at least a year (Decree 91/2020, articles 9.9 and 11.7). Nobody's
    words and no number: codes, moments, and our own sentence."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=6)
    code = models.CharField(max_length=24)
    rule = models.CharField(max_length=40)
    until = models.DateTimeField(null=True)
    warn = models.CharField(max_length=200, blank=True)
    vi = models.CharField(max_length=400)  # one sentence, without anybody's words
    en = models.CharField(max_length=400)


class Incoming(models.Model):
    """One message that came in, written down before it is acknowledged; what becomes of it is decided afterwards. The
    words stay here only until then."""

    id = models.UUIDField(primary_key=True)  # of the gateway and what the sender's side calls it
    key = models.BigIntegerField(null=True)
    text = models.TextField()
    gateway = models.CharField(max_length=16)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    became = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(handled_at__isnull=True),
                name="incoming_waiting",
            ),
            models.Index(fields=["key"], name="incoming_key"),
        ]


class Part(models.Model):
    """One part of a long message that came in, until the others are here."""

    gateway = models.CharField(max_length=16)
    key = models.BigIntegerField(null=True)
    reference = models.PositiveIntegerField()
    wide = models.BooleanField()
    total = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    coding = models.CharField(max_length=6)
    octets = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "reference"], name="part_message"),
            models.Index(fields=["received_at"], name="part_waiting"),
        ]


class Unsure(models.Model):
    """What came in over a link and was acknowledged, but nobody knows whether the other side has read that: after a
    break it may come again. ``digest`` is keyed: nobody can guess a number or words from it."""

    gateway = models.CharField(max_length=16)
    session = models.UUIDField()
    digest = models.CharField(max_length=32)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["gateway", "digest"], name="unsure_digest")]


class Address(models.Model):
    """Where somebody wants mails: one address a person, said by him, with its proof. Forgetting removes the row."""

    key = models.BigIntegerField(primary_key=True)
    mail = models.EmailField(max_length=254)
    said_at = models.DateTimeField()
    proof = models.CharField(max_length=120)
