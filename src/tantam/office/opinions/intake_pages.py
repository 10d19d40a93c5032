"""Where the policy unit takes in what a listening over files found: which are there, how far each came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.base.home import Home
from tantam.errors import TantamError
from tantam.office.door import page
from tantam.office.opinions import intakes
from tantam.office.opinions.models import Intake
from tantam.office.opinions.taking_in import Run
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import english, say

LATEST = 10


@page("theme.take_in")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The listenings that are not taken in yet, those that are being taken in, and the last that were."""
    home, error = Home(settings.HOME), None
    if request.method == "POST":
        names = [name.replace("\0", "") for name in request.POST.getlist("run")]
        try:
            for name in names:
                intakes.ask(home, name, actor=request.user, at=clock.now())
        except TantamError as no:
            error = no
        else:
            if names:
                messages.success(request, say("Máy bắt đầu nhận.", "The machine begins to take it in."))
            return HttpResponseRedirect(reverse("take-in"), status=303)
    over = Intake.objects.filter(done_at__isnull=False).select_related("asked_by").order_by("-done_at", "-pk")
    context = {
        "waiting": [_run(one) for one in intakes.waiting(home)],
        "going": intakes.going(),
        "over": [{"intake": one, "why": one.en if english() else one.vi} for one in over[:LATEST]],
        "error": error,
    }
    return render(request, "opinions/take_in.html", context, status=status(error) if error else 200)


def _run(one: Run) -> dict[str, Any]:
    ended = (one.folder / "run.json").stat().st_mtime
    return {
        "name": one.name,
        "themes": len(one.counted),
        "opinions": one.opinions,
        "ended": datetime.fromtimestamp(ended, clock.HANOI),
    }


urlpatterns: list[URLPattern] = [path("take-in/", index, name="take-in")]
