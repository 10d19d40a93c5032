"""The button that exports a camp for the health authority."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from tantam import clock
from tantam.office import door
from tantam.office.camps import exporting
from tantam.office.camps.models import Camp
from tantam.office.people.models import Request


@door.page("camp.export")
@require_POST
def fhir(request: Request, camp: UUID) -> HttpResponse:
    """The bundle as a file to save; each time is a line in the journal."""
    held = get_object_or_404(Camp, pk=camp)
    done = exporting.export(held, actor=request.user, at=clock.now())
    answer = HttpResponse(done.content, content_type="application/fhir+json; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="trai-{held.on:%Y-%m-%d}-{str(camp)[-6:]}.fhir.json"'
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
