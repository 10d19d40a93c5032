"""What is kept: cases, the clocks that run on them, their pauses, and the files they came from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff
from tantam.office.promises.models import Promise

QUESTION, COMPLAINT = "question", "complaint"
KINDS = (QUESTION, COMPLAINT)
OPEN, CLOSED = "open", "closed"
STATES = (OPEN, CLOSED)


class Import(models.Model):
    """One file of tickets that was taken in: the same file a second time is nothing new."""

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the file
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    rows_count = models.PositiveIntegerField(default=0)  # of those that are done
    kept_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)  # an earlier file had them
    rejected_count = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField(
        default=0
    )  # the last one that is done: a stopped import goes on after it
    finished_at = models.DateTimeField(null=True)
    said = models.JSONField(default=list)  # what was found out about the file, as codes with figures


class Reject(models.Model):
    """A row of a file that was not taken, and why: where it stands and what is wrong, never the row itself."""

    file = models.ForeignKey(Import, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=32)
    value = models.CharField(max_length=80, blank=True)  # masked


class Case(models.Model):
    """A question or a complaint of one person, from its receipt to its written result. ``next_due`` is the moment that
    the first of its running clocks ends; null where none runs. When a case of a file was closed may not be known."""

    kind = models.CharField(max_length=9)
    about = models.CharField(max_length=12)  # rules.ABOUT
    key = models.BigIntegerField(null=True)
    party = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+")
    said_by = models.CharField(max_length=8)  # rules.SAID_BY
    text = models.TextField()  # masked
    bill_on = models.DateField(null=True)  # of the bill that a complaint about a fee is about
    province = models.CharField(max_length=2, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    receipt_at = models.DateTimeField(null=True)  # when the person had the receipt
    state = models.CharField(max_length=6, default=OPEN)
    outcome = models.CharField(max_length=9, blank=True)  # rules.OUTCOMES
    answer = models.TextField(blank=True)  # the written result, in words the person can read; masked
    handed_to = models.CharField(max_length=80, blank=True)  # the provider of a content service
    refund_dong = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due = models.DateTimeField(null=True)
    next_cost_dong = models.BigIntegerField(default=0)  # the highest fine of the clock that ends first
    file = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+")
    ref = models.CharField(max_length=64, blank=True)  # what its sender calls it
    once = models.UUIDField(
        null=True, unique=True
    )  # of the form or the ticket it came from: the same makes one case

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="case_kind"),
            models.CheckConstraint(
                condition=Q(state=OPEN, closed_at__isnull=True)
                | Q(state=CLOSED) & (Q(closed_at__isnull=False) | Q(file__isnull=False)),
                name="case_state",
            ),
            models.CheckConstraint(
                condition=Q(refund_dong__isnull=True) | Q(refund_dong__gt=0), name="case_refund"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_due", "-next_cost_dong", "id"], name="case_due"),
            models.Index(fields=["office", "state", "next_due", "id"], name="case_office_due"),
            models.Index(fields=["owner", "state", "next_due", "id"], name="case_owner_due"),
            models.Index(fields=["received_at", "id"], name="case_received"),
            models.Index(fields=["key"], name="case_key"),
        ]


class Term(models.Model):
    """One clock of a case, by one row of the law: it is a promise too, which counts by its first due date for ever,
    while ``due_at`` moves when a pause ends."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="terms")
    rule = models.CharField(max_length=64)  # code of tantam.law
    promise = models.OneToOneField(Promise, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=300, blank=True)
    stands = False  # whether it stands still now: terms.of says so

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "rule"], name="term_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("first_due_at")), name="term_due_after_first"),
        ]


class Pause(models.Model):
    """A clock that stood still, and why: at most one at a time."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="pauses")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term"], condition=Q(to_at__isnull=True), name="pause_one_open"),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="pause_forward"
            ),
        ]
