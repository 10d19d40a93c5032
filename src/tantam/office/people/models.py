"""What is kept: offices in a tree, staff, their duties, one-use passes, and the tokens of machines."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.http import HttpRequest

LEVELS = [("headquarters", "headquarters"), ("province", "province"), ("branch", "branch")]
DUTIES = ["director", "officer", "policy", "agent", "executive", "privacy", "auditor", "admin"]
DUTIES += ["camp", "pharmacist"]  # those of the camps


class Office(models.Model):
    """Headquarters, a province or a branch. ``path`` (``hq/kh/nt/``) is the tree: an office covers what lies below."""

    code = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12, choices=LEVELS)
    province = models.CharField(max_length=2, blank=True)  # code of tantam.places; blank at headquarters
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=120, unique=True)
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Staffing(BaseUserManager["Staff"]):
    """The people among the staff: nobody else is chosen from a list, or signs in."""

    def get_queryset(self) -> models.QuerySet[Staff]:
        return super().get_queryset().filter(is_machine=False)

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """Someone who works here, or another system that does (:class:`Machine`). Django's own permissions are not used:
    :mod:`tantam.office.door` is the one table."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    title = models.CharField(max_length=12, blank=True)  # chị, anh, ông, bà: how the screens address them
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    subscriber = models.BigIntegerField(null=True, blank=True)  # their own key: staff are never café guests
    is_active = models.BooleanField(default=True)
    is_machine = models.BooleanField(default=False)
    is_staff = False  # no Django admin
    _held: list[tuple[str, str, date, date | None]] | None = None

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Staffing()
    everybody = models.Manager["Staff"]()  # machines too: whose name stands on what was done

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """How libraries ask for a name."""
        return self.name

    def duties(self, on: date) -> list[tuple[str, str]]:
        """(duty, path of its office) as they hold on a day; one query, kept for as long as this object lives."""
        if self._held is None:
            rows = Duty.objects.filter(staff=self).values_list("code", "office__path", "from_on", "to_on")
            self._held = list(rows)
        return [
            (code, path) for code, path, start, end in self._held if start <= on and (end is None or on < end)
        ]

    def offices_below(self, paths: list[str]) -> list[int]:
        """The ids of the offices under any of these paths."""
        rows = Office.objects.values_list("pk", "path")
        return [pk for pk, path in rows if any(path.startswith(p) for p in paths)]


class Request(HttpRequest):
    """A request of somebody who has signed in: what every page behind the door is handed."""

    user: Staff


class Duty(models.Model):
    """What somebody is there to do, and where: it holds at ``office`` and everything below, from a day until a day."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    code = models.CharField(max_length=16, choices=[(d, d) for d in DUTIES])
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "code", "office", "from_on"], name="duty_once")
        ]


class Pass(models.Model):
    """A link that works once: only the SHA-256 of its secret is kept."""

    digest = models.CharField(max_length=64, unique=True)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12, choices=[("invite", "invite"), ("demo", "demo")])
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Machine(models.Model):
    """Another system that uses the API. Its acts are those of a member of staff of its own, who has a name, an office
    and duties, and no password; of its token only a keyed digest is kept."""

    staff = models.OneToOneField(Staff, models.PROTECT, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: from the terminal
    ends_on = models.DateField()  # the last day on which it is let in
    last_used_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
