"""What is kept: programmes, year by year, and what each taught us."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tantam.office.people.models import Office, Staff
from tantam.office.programmes.rules import LESSONS, RHYTHMS


class Programme(models.Model):
    """The lasting intent of one year: what for, for whom, how often. The same ``code`` the next year is its heir."""

    code = models.SlugField(max_length=40)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=400)
    theme = models.CharField(max_length=200, blank=True)
    event_kind = models.CharField(max_length=16)  # a key of rules.EVENT_KINDS
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")  # it holds here and below
    rhythm = models.CharField(max_length=24)  # a key of rules.RHYTHMS
    rhythm_day = models.CharField(max_length=5, blank=True)  # 10-15 is the 15th of October
    people = models.PositiveIntegerField(default=6)  # how many one gathering is for: what its promise weighs
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "year"], name="programme_once"),
            models.CheckConstraint(condition=Q(rhythm__in=list(RHYTHMS)), name="programme_rhythm"),
            models.CheckConstraint(
                condition=(Q(rhythm="yearly_on") & ~Q(rhythm_day=""))
                | (~Q(rhythm="yearly_on") & Q(rhythm_day="")),
                name="programme_rhythm_day",
            ),
            models.CheckConstraint(condition=~Q(pk=F("copied_from")), name="programme_not_its_own_heir"),
        ]
        indexes = [models.Index(fields=["year", "office", "id"], name="programme_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class Lesson(models.Model):
    """What came off (``got``) and what did not yet, in the words of those who were there."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)  # a key of rules.LESSONS
    text = models.CharField(max_length=400)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "text"], name="lesson_once"),
            models.CheckConstraint(condition=Q(kind__in=list(LESSONS)), name="lesson_kind"),
        ]


class Attendance(models.Model):
    """Somebody agreed to be known as having come: the key, to what (``camp``: a general examination), and the day.
    ``once`` makes it once and says nothing by itself."""

    key = models.BigIntegerField(db_index=True)
    what = models.CharField(max_length=16)
    on = models.DateField()
    once = models.UUIDField(unique=True)
