"""What people see first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tantam.office.door import page


@page("front.see")
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "front/home.html")


urlpatterns: list[Any] = [path("", home, name="home")]
