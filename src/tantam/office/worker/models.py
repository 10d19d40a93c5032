"""What is kept: one row a chore, saying when it is due and who has it."""

from __future__ import annotations

from django.db import models


class Chore(models.Model):
    """A chore by name. Whoever holds it does so until ``lease_until``; a holder that died is not waited for longer."""

    name = models.CharField(max_length=32, primary_key=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=64, blank=True)
    checkpoint = models.JSONField(default=dict)  # how far it came, so that a killed one goes on from there
    last_ok_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
