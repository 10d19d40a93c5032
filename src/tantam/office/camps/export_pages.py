"""The page that exports a camp for the health authority: what goes out, what stays, and the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import Refused, TantamError
from tantam.office import door
from tantam.office.camps import differing, exporting, ledger
from tantam.office.camps.actions import check_there
from tantam.office.camps.after_pages import around, one, shown
from tantam.office.people.models import Request


@door.page("camp.export")
@require_http_methods(["GET", "POST"])
def export(request: Request, number: UUID) -> HttpResponse:
    """What the file will hold; sent, the file to save. Each time is a line in the journal."""
    camp = one(request, number, "camp.export")
    error: TantamError | None = None
    if request.method == "POST":
        try:
            done = exporting.export(camp, actor=request.user, at=clock.now())
        except Refused as no:
            error = no
        else:
            answer = HttpResponse(done.content, content_type="application/fhir+json; charset=utf-8")
            name = f"trai-kham-{camp.on:%Y-%m-%d}-{str(camp.pk)[-6:]}.fhir.json"
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    context: dict[str, Any] = around(request, camp, "camp-export")
    try:
        check_there(camp)
        day = ledger.day_of(camp)
        permit = day.plan.permit[1] if day.plan.permit else None
        context |= {
            "people": len(differing.people(day)),
            "undecided": len(differing.differences(ledger.facts_of(camp), day)),
            "authority": permit.authority if permit else "",
            "made_up": camp.made_up,
        }
    except Refused as no:
        error = error or no
    return shown(request, "camps/export.html", context, error)


urlpatterns: list[Any] = [path("<uuid:number>/export/", export, name="camp-export")]
