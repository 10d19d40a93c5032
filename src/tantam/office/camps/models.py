"""What is kept: camps, their facts, and the proof of what was deleted. Only in the ``health`` database, here and on a
kit; no row points across."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

STATES = ("planned", "open", "closed", "deleted")


class Camp(models.Model):
    """A camp, as lists show it: what its facts say of place and day, and where it stands. ``office`` and ``owner``
    are ids in the other database."""

    id = models.UUIDField(primary_key=True)
    office = models.BigIntegerField(default=0)
    owner = models.BigIntegerField(default=0)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120)
    place_code = models.CharField(max_length=40)
    province = models.CharField(max_length=40)
    on = models.DateField()
    general = models.BooleanField()
    made_up = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="planned")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=STATES), name="camp_state")]
        indexes = [models.Index(fields=["on", "id"], name="camp_on")]


class StoredFact(models.Model):
    """One fact. ``sealed``: what was said, closed with the camp's own key (:mod:`tantam.office.camps.locks`), so that
    without that key every copy anywhere is noise. Two facts with one id that say different things are two rows."""

    camp = models.ForeignKey(Camp, models.CASCADE, related_name="+", db_index=False)
    fact = models.UUIDField(db_index=True)
    mark = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    sealed = models.BinaryField()
    kit = models.PositiveSmallIntegerField()
    kit_at = models.DateTimeField()
    told = models.BooleanField(default=False)  # whether the journal of headquarters has a line of it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camp", "mark"], name="fact_once")]
        indexes = [
            models.Index(fields=["camp", "id"], name="fact_of_camp"),
            models.Index(fields=["camp", "kind"], name="fact_of_kind"),
        ]


class Unread(models.Model):
    """What a device or a file sent and was refused: kept sealed, with the reason, so that nothing is lost."""

    camp = models.ForeignKey(Camp, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    mark = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    device = models.CharField(max_length=64)
    kit = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camp", "mark"], name="unread_once")]


class Deletion(models.Model):
    """The proof that a camp's health data was deleted: how many facts, their digest, who, when, why. No key is left."""

    camp = models.OneToOneField(Camp, models.PROTECT, related_name="+")
    facts = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
