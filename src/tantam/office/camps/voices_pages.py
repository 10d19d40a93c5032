"""Letters, thanks and complaints of a camp, for the camp duty alone; and how a story leaves the room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import TantamError
from tantam.office import door
from tantam.office.camps import actions, kinds, ledger, voices
from tantam.office.camps.after_pages import around, back, one, shown, uuid_of
from tantam.office.camps.models import Camp
from tantam.office.people.models import Request
from tantam.office.words import say


@door.page("camp.read")
@sensitive_post_parameters("words")
@require_http_methods(["GET", "POST"])
def letters(request: Request, number: UUID) -> HttpResponse:
    """What people said of the camp; a letter that came later is typed in; a story is made fit to leave."""
    camp = one(request, number, "camp.read")
    error = None
    if request.method == "POST":
        try:
            messages.success(request, _done(request, camp))
            return back("camp-voices", camp)
        except TantamError as no:
            error = no
    actions.check_there(camp)
    day = ledger.day_of(camp)
    rows = [
        {
            "fact": fact,
            "said": fact.body,
            "tone": say(*voices.TONES[fact.body.tone]),
            "story": _story(day, fact.body),
        }
        for fact in reversed(day.voices)
        if isinstance(fact.body, kinds.Voiced)
    ]
    context = {
        **around(request, camp, "camp-voices"),
        "rows": rows,
        "out": len(voices.published(day)),
        "tones": [(code, say(*words)) for code, words in voices.TONES.items()],
        "typed": request.POST,
    }
    return shown(request, "camps/voices.html", context, error)


def _done(request: Request, camp: Camp) -> str:
    sent = request.POST
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    if sent.get("do") == "story":
        voices.tell_story(camp, uuid_of(sent.get("voice", "")), words=sent.get("words", ""), **by)
        return say("Câu chuyện đã rời phòng này.", "The story has left this room.")
    if sent.get("do") == "agree":
        voices.agree(camp, uuid_of(sent.get("voice", "")), publish=sent.get("publish") == "1", **by)
        return say("Đã ghi lời đồng ý.", "The answer is written down.")
    voices.write_letter(
        camp, tone=sent.get("tone", ""), words=sent.get("words", ""), publish=bool(sent.get("publish")), **by
    )
    return say("Đã chép lá thư.", "The letter is typed in.")


def _story(day: Any, said: kinds.Voiced) -> str:
    return day.stories[said.id].words if said.id in day.stories and said.publish else ""


urlpatterns: list[Any] = [path("<uuid:number>/voices/", letters, name="camp-voices")]
