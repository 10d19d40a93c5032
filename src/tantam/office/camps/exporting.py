"""One camp's records leave the house, for the health authority that approved it: a FHIR bundle, and a line in the
journal that names how much and its digest. What is handed over is in the clear: the page and the terminal say so."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tantam.office.camps import ledger
from tantam.office.camps.actions import check_there
from tantam.office.camps.fhir.bundle import Export
from tantam.office.camps.fhir.bundle import export as bundle
from tantam.office.camps.models import Camp
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Office, Staff


def export(camp: Camp, *, actor: Staff | None, at: datetime) -> Export:
    """A camp as a FHIR bundle. Refuses ``camp_deleted``, ``camp_key_gone``, ``nobody_came``; Fault ``bad_fhir_code``,
    ``bad_fhir_reference``. About five seconds for 600 people."""
    enter(actor, "camp.export", Office.objects.filter(pk=camp.office).first())
    check_there(camp)
    done = bundle(ledger.facts_of(camp), operator=settings.OPERATOR)
    with transaction.atomic():
        write(
            actor=actor,
            act="camp.exported",
            at=at,
            on=("camp", camp.id),
            office=camp.office or None,
            count=done.resources,
            digest=hashlib.sha256(done.content).hexdigest(),
        )
    return done
