"""What is kept: what was declared and pledged, what was measured and by whom, and how each pledge stands.

Indicators are data (``indicators.toml``), and a row names one by its code. Figures stand in the indicator's own unit.
Places are codes of today's 34 provinces, or "" for the whole country; a row of a file also keeps the place as it was
written there, by its date.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tantam.office.people.models import Office, Staff
from tantam.office.promises.models import Promise
from tantam.office.quality.rules import (
    AT_RISK,
    BROKEN,
    KEPT,
    MINISTRY,
    MISSING,
    SELF,
    STANDINGS,
    THIRD,
    TOO_FEW,
    Figure,
)

__all__ = ["AT_RISK", "BROKEN", "KEPT", "MINISTRY", "MISSING", "SELF", "STANDINGS", "THIRD", "TOO_FEW"]

BY = (SELF, MINISTRY, THIRD)


class Declared(models.Model):
    """The level of one indicator that the operator declared to the authority, for a time."""

    indicator = models.CharField(max_length=32)
    level = models.DecimalField(max_digits=12, decimal_places=4)
    from_on = models.DateField()
    to_on = models.DateField(null=True)  # the first day on which it no longer holds
    document = models.CharField(max_length=120)  # the declaration's number and day
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "from_on"], name="declared_once"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="declared_days"
            ),
        ]


class Pledge(models.Model):
    """What we tell customers that they may count on: a level of one indicator, where, and what we do if we fail."""

    code = models.CharField(max_length=16)  # what people call it: "1" to "8"
    indicator = models.CharField(max_length=32)
    level = models.DecimalField(max_digits=12, decimal_places=4)
    each_province = models.BooleanField(default=True)  # else only the country as a whole
    text_vi = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    remedy_vi = models.CharField(max_length=300)
    remedy_en = models.CharField(max_length=300, blank=True)
    remedy_days = models.PositiveSmallIntegerField()  # working days from the day a breach is found
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)  # the first day on which it no longer holds
    why_ended = models.CharField(max_length=300, blank=True)
    invented = models.BooleanField(default=False)  # of the demo: pages say so
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "from_on"], name="pledge_once"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="pledge_days"
            ),
        ]
        indexes = [models.Index(fields=["indicator", "from_on"], name="pledge_indicator")]


class Load(models.Model):
    """One file of measurements that was taken in: the same file a second time is nothing new."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the file
    measured_by = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    rows_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)  # all three: as far as it was read
    read_at = models.DateTimeField(null=True)  # null: half read; it goes on when the file is given again
    done_at = models.DateTimeField(null=True)  # null: its months do not stand in the figures yet


class Reject(models.Model):
    """A row of a file that was not taken, and why."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=32)
    value = models.CharField(max_length=80, blank=True)


class Measurement(models.Model):
    """One measured figure: the raw row behind every number that is shown.

    ``good_count`` is how many of ``n`` the indicator counts (a drop rate counts the calls that dropped); where a mean
    was measured, ``value`` with its ``spread`` (standard deviation) if that is known. A row that a later file gives
    anew stays, and is not counted any more (``replaced_by``). It belongs to the month of its last day.
    """

    load = models.ForeignKey(Load, models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    replaced_by = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+", db_index=False)
    indicator = models.CharField(max_length=32)
    measured_by = models.CharField(max_length=8)
    from_on = models.DateField()
    to_on = models.DateField()  # the last day
    place = models.CharField(max_length=2, blank=True)
    place_written = models.CharField(max_length=60, blank=True)
    value = models.FloatField()
    n = models.PositiveBigIntegerField(null=True)
    good_count = models.PositiveBigIntegerField(null=True)
    spread = models.FloatField(null=True)
    method = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["load", "line"], name="measurement_once"),
            models.CheckConstraint(condition=Q(measured_by__in=BY), name="measurement_by"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="measurement_days"),
            models.CheckConstraint(
                condition=Q(good_count__isnull=True) | Q(n__isnull=False, good_count__lte=F("n")),
                name="measurement_share",
            ),
        ]
        indexes = [
            # Files come by days: written at its end, and a month is read in one piece.
            models.Index(fields=["measured_by", "to_on", "indicator", "place"], name="measurement_cell"),
        ]


class Cell(models.Model):
    """One month of one indicator in one place, by one measurer: what pages and verdicts read instead of a million
    rows. Made anew from its measurements when a file has come whole: half a file shows no figure.

    The whole country (place "") is what was measured for it as such; where nothing was, its provinces put together, and
    ``provinces_count`` says of how many.
    """

    indicator = models.CharField(max_length=32)
    place = models.CharField(max_length=2, blank=True)
    month = models.DateField()  # its first day
    measured_by = models.CharField(max_length=8)
    rows_count = models.PositiveIntegerField()
    provinces_count = models.PositiveSmallIntegerField(default=0)
    n = models.BigIntegerField(null=True)
    value = models.FloatField()
    low = models.FloatField(null=True)  # of the 95 % interval; null where the rows do not allow one
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "measured_by", "place", "month"], name="cell_once"),
        ]
        indexes = [models.Index(fields=["month", "indicator", "place"], name="cell_month")]

    @property
    def figure(self) -> Figure:
        """As the rules judge it."""
        return Figure(self.value, self.n, self.low, self.high)


class Standing(models.Model):
    """How one pledge stood in one month and place, and the promise to make it right where it was broken.

    The promise stays also where a later file says that the pledge was not broken after all.
    """

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="standings")
    place = models.CharField(max_length=2, blank=True)
    month = models.DateField()
    state = models.CharField(max_length=8)
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, related_name="+")
    promise = models.OneToOneField(Promise, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()  # when it was last judged

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "place", "month"], name="standing_once"),
            models.CheckConstraint(condition=Q(state__in=STANDINGS), name="standing_state"),
        ]
        indexes = [models.Index(fields=["state", "month"], name="standing_state_month")]


class Poll(models.Model):
    """One question to customers, for a time. Everybody of its base has the same chance to be asked, once."""

    kind = models.CharField(max_length=6)  # voting.KINDS
    question = models.CharField(max_length=160)
    names = models.JSONField(default=list)  # what there is to choose from; [] for a score
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_on = models.DateField()
    to_on = models.DateField()  # the last day
    wanted_count = models.PositiveIntegerField()  # how many are asked
    base_digest = models.CharField(max_length=64, blank=True)  # over which the lot can be drawn again

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="poll_days"),
        ]
        indexes = [models.Index(fields=["-from_on", "id"], name="poll_newest")]


class Ballot(models.Model):
    """The right of one person to one vote. What he voted stands nowhere beside him. Forgetting removes the row of who
    has not voted, and the key of who has."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="+")
    key = models.BigIntegerField(null=True)
    place = models.CharField(max_length=2, blank=True)
    used = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "key"], name="ballot_once")]
        indexes = [models.Index(fields=["key"], name="ballot_key")]


class Vote(models.Model):
    """One vote: an answer, where and in which month; nobody can tell whose."""

    id = models.UUIDField(primary_key=True)  # random, so that the order of rows says nothing
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="+")
    place = models.CharField(max_length=2, blank=True)
    month = models.DateField()
    answer = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["poll", "month", "place", "answer"], name="vote_counted")]


class CallSlot(models.Model):
    """Half an hour at the call centre: the rows behind the share answered in 60 seconds. A later file counts instead of
    an earlier one."""

    load = models.ForeignKey(Load, models.PROTECT, related_name="+")
    on = models.DateField()
    minute = models.PositiveSmallIntegerField()  # its first, after midnight
    offered = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    in_60s = models.PositiveIntegerField()
    hung_up = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "minute"], name="call_slot_once")]
