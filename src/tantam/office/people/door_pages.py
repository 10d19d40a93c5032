"""The pages before the door: passes that work once."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from tantam import clock
from tantam.office.people import actions

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def demo(request: HttpRequest, secret: str) -> HttpResponse:
    """One GET signs the demo's director in; it works once, and only in a demo."""
    if not settings.DEMO:
        raise Http404
    staff = actions.use_pass(secret, "demo", at=clock.now())
    login(request, staff, backend=BACKEND)
    return redirect("home")


urlpatterns = [path("demo/<str:secret>/", demo, name="demo")]
