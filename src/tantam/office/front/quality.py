"""Quality for anybody: promised, measured, felt, by province and month, with who measured and what is not known."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from tantam import clock
from tantam.office.front.changes import FEWEST
from tantam.office.quality import pages, pledge_pages
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Pledge

HOLDS_S = 60


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every level that was pledged, beside what was measured and felt."""
    context = pages.context(request.GET, "public-pledge")
    context["rows"] = [row for row in context["rows"] if row["pledge"]]
    context["themes"] = [(theme, n) for theme, n in context["themes"] if min(theme.people_count, n) >= FEWEST]
    return _answer(request, "front/quality.html", context)


@require_safe
def pledge(request: HttpRequest, number: int) -> HttpResponse:
    """One pledge: its months, and for those that missed it what was promised and done."""
    rows = Pledge.objects.select_related("owner", "office").filter(indicator__in=INDICATORS)
    found = rows.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    today = clock.day_of(clock.now())
    context = pledge_pages.about(found, request.GET.get("place", ""), today)
    return _answer(request, "front/pledge.html", context)


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that anybody's browser may keep for a minute."""
    context |= {"public": True, "operator": settings.OPERATOR, "demo": settings.DEMO}
    context["say"] = reverse("say")
    answer = render(request, template, context)
    answer.headers["Cache-Control"] = f"private, max-age={HOLDS_S}"
    return answer


urlpatterns: list[Any] = [
    path("public/quality/", board, name="public-quality"),
    path("public/quality/<int:number>/", pledge, name="public-pledge"),
]
