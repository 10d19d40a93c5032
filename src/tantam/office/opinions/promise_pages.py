"""The acts that settle a promise made on a theme: the promise and its theme change together. The page is the promise's
own."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tantam.office.opinions import answering
from tantam.office.people.models import Request
from tantam.office.promises.models import Promise
from tantam.office.promises.pages import act


def _break(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    return answering.own_up(one, reason=request.POST.get("reason", ""), **who)


def _release(one: Promise, request: Request, who: dict[str, Any]) -> Promise:
    return answering.let_off(one, **who)


urlpatterns = [
    path("promises/<int:number>/break/", act("break", _break), name="theme-promise-break"),
    path("promises/<int:number>/release/", act("release", _release), name="theme-promise-release"),
]
