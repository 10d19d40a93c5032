"""In a demo: the newest copy on the stick of the kit beside the office is joined by a button, as if plugged in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from tantam import clock
from tantam.office import door
from tantam.office.camps import demo, merging
from tantam.office.camps.after_pages import back, one
from tantam.office.people.models import Request
from tantam.office.words import say


@door.page("camp.merge")
@require_POST
def take_copy(request: Request, number: UUID) -> HttpResponse:
    """Join the newest copy on the stick of the kit beside; 404 where there is no such kit."""
    camp = one(request, number, "camp.merge")
    if demo.beside(camp) is None:
        raise Http404
    copy = demo.newest_copy(camp)
    if copy is None:
        messages.warning(
            request,
            say("USB còn trống: chờ bản sao đầu tiên.", "The stick is empty: wait for the first copy."),
        )
        return back("camp-merge", camp)
    done = merging.take_in(copy, actor=request.user, at=clock.now(), camp=camp)
    told = say(
        "Đã gộp bản sao trên USB: {new} lượt ghi mới, {known} lượt đã có.",
        "The copy on the stick is joined: {new} new, {known} known.",
        new=done.new,
        known=done.known,
    )
    messages.success(request, told)
    return back("camp-merge", camp)


urlpatterns: list[Any] = [path("<uuid:number>/usb/", take_copy, name="camp-usb")]
