"""What is kept: gatherings, their guests and how each was called, the lines of the notebook, what a board may show."""

from __future__ import annotations

from django.db import models

from tantam.office.events import rules
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff
from tantam.office.programmes.models import Programme

STATES = [(s, s) for s in rules.STATES]


class Event(models.Model):
    """One gathering. ``choice`` is how its guests were drawn: the question, the funnel and the quotas, in codes;
    ``counts`` is what a large one came to when it was closed."""

    kind = models.CharField(max_length=16, default="cafe")  # a key of large.KINDS
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.SET_NULL, null=True, blank=True, related_name="+")
    host = models.ForeignKey(
        Staff, models.PROTECT, related_name="+"
    )  # who meets the guests and owes the promises
    on = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    place = models.CharField(max_length=200)
    seats = models.PositiveSmallIntegerField(default=rules.SEATS)
    reserves = models.PositiveSmallIntegerField(default=rules.RESERVES)
    years = models.PositiveSmallIntegerField(default=rules.YEARS)
    seed = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=STATES, default="planned")
    planned_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)
    choice = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    held_at = models.DateTimeField(null=True)  # when the first of those who came was written down
    sealed_at = models.DateTimeField(null=True)
    seal_code = models.CharField(max_length=64, blank=True)
    forwarded_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)  # when the last of those who came had been called back
    cancelled_because = models.CharField(max_length=16, blank=True)
    moves = models.PositiveSmallIntegerField(default=0)  # how often its day, hour or place was changed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "on", "starts_at"],
                condition=~models.Q(state="cancelled"),
                name="event_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after"
            ),
        ]
        indexes = [
            models.Index(fields=["on", "id"], name="event_on"),
            models.Index(fields=["office", "on", "id"], name="event_office_on"),
        ]


class Guest(models.Model):
    """One drawn subscriber: a seat, or a reserve until ``called_in``; at a large gathering also whoever asked to come,
    or walked in. Forgetting empties ``party``, ``key`` and ``code``."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    key = models.BigIntegerField(null=True)
    order = models.PositiveSmallIntegerField()  # in which seats, then reserves, were drawn and are called
    reserve = models.BooleanField(default=False)
    called_in = models.BooleanField(default=False)  # a reserve to whom an empty seat was given
    reason = models.JSONField(default=dict)  # why this one: a code and the values it speaks of
    answer = models.CharField(max_length=12, default="none")
    first_answer = models.CharField(max_length=12, blank=True)
    explained = models.BooleanField(default=False)
    second_answer = models.CharField(max_length=12, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)
    came_at = models.DateTimeField(null=True)  # when he was let in at a large gathering
    way = models.CharField(max_length=8, default="drawn")  # drawn, asked, walk_in
    code = models.CharField(max_length=6, blank=True)  # shown at the door of a large gathering
    form = models.UUIDField(
        null=True, unique=True
    )  # the form he was written down with: sent twice, it is one guest
    read_back = models.CharField(max_length=9, default="none")
    read_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)  # what he said when called back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "order"], name="guest_order_once"),
            models.UniqueConstraint(
                fields=["event", "code"], condition=~models.Q(code=""), name="guest_code_once"
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="guest_key"),
            models.Index(fields=["event"], name="guest_came", condition=models.Q(came=True)),
        ]

    @property
    def in_play(self) -> bool:
        """Whether a seat was given to this one."""
        return not self.reserve or self.called_in

    @property
    def call(self) -> rules.Call:
        """How the call stands, for the rules."""
        return rules.Call(self.answer, self.first_answer, self.explained, self.second_answer)


class Notice(models.Model):
    """Whoever was invited, or said yes, is told that a gathering was called off or moved, each once. ``after`` is the
    last guest asked for: a worker that was killed goes on from there."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6)  # off, moved
    text = models.CharField(max_length=600)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # from when on it would only mislead
    after = models.BigIntegerField(default=0)
    asked_count = models.PositiveIntegerField(default=0)  # guests who get a message, if the gate lets it
    unreached_count = models.PositiveIntegerField(default=0)  # who said yes and have no number here
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="notice_going")]


class Line(models.Model):
    """What one guest said, as said, with numbers, addresses and names masked. Its id was made by the device that wrote
    it.

    A line is never changed: a correction is a line that ``replaces`` it, and the old words stay. ``mark`` is the
    line's digest when the notebook was sealed; empty for a correction made afterwards.
    """

    id = models.UUIDField(primary_key=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    tone = models.CharField(max_length=9)
    competitor = models.BooleanField(default=False)
    said_at = models.DateTimeField()  # by the device's clock
    received_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it was corrected
    mark = models.CharField(max_length=64, blank=True)
    opinion = models.UUIDField(
        null=True
    )  # the opinion it became; no relation, so that each room erases its own

    class Meta:
        indexes = [models.Index(fields=["event", "said_at", "id"], name="line_event")]


class Screened(models.Model):
    """Whether a board may show one opinion of a gathering. Without a row it may not; a correction needs a row anew."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    opinion = models.UUIDField(unique=True)  # no relation, so that each room erases its own
    shown = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["event", "-at"], name="screened_event")]
