"""Files of figures."""

from __future__ import annotations
from typing import Any
from django.http import HttpResponse
from django.urls import path
from tantam.office import door
from tantam.office.people.models import Request


@door.page("quality.load")
def load(request: Request) -> HttpResponse:
    """x"""
    return HttpResponse("")


urlpatterns: list[Any] = [path("load/", load, name="quality-load")]
