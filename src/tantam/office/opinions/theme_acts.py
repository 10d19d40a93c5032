"""The forms of a theme's page: each does one act and shows the theme, or says why not with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office.door import page
from tantam.office.opinions import answering, rules, themes
from tantam.office.opinions.models import Answer, Change, Deed, Theme
from tantam.office.opinions.theme_pages import of_number, show, theme
from tantam.office.people.models import Request, Staff
from tantam.office.typed import whole
from tantam.office.words import say

Who = dict[str, Any]
Result = tuple[str, Theme] | None
"""What to say, and the theme to show then; None shows the form again, without an error."""


def _answer(one: Theme, request: Request, who: Who) -> Result:
    typed = request.POST
    owner = Staff.objects.filter(pk=whole(typed.get("owner", "")), is_active=True).first()
    answering.answer(
        one, kind=typed.get("kind", ""), words=typed.get("words", ""), office=request.user.office,
        due=_day(typed.get("due", "")), owner=owner, **who,
    )  # fmt: skip
    return say("Đã trả lời. Người đã nói chưa được báo.", "Answered. Nobody has been told yet."), one


def _done(one: Theme, request: Request, who: Who) -> Result:
    answering.change(one, what=request.POST.get("what", ""), proof=request.POST.get("proof", ""), **who)
    return say("Đã ghi việc đã làm, lời hứa đã giữ.", "Written down; the promise is kept."), one


def _publish(one: Theme, request: Request, who: Who) -> Result:
    answering.publish(_found(Change, one, request.POST.get("change", "")), **who)
    return say("Đã công bố. Ai cũng đọc được.", "Published for everybody to read."), one


def _tell(one: Theme, request: Request, who: Who) -> Result:
    kind, _, number = request.POST.get("of", "").partition(":")
    told = _found(Change if kind == "change" else Answer, one, number)
    text, counted = (request.POST.get(n, "").replace("\r\n", "\n").strip() for n in ("text", "counted"))
    if request.POST.get("act") != "send" or text != counted:  # else its parts were not seen yet
        return None
    answering.tell(told, text=text, **who)
    return say("Máy bắt đầu báo cho từng người đã nói.", "Everybody who said it is being told."), one


def _rename(one: Theme, request: Request, who: Who) -> Result:
    themes.rename(one, request.POST.get("name", ""), **who)
    return say("Đã đổi tên.", "Renamed."), one


def _pin(one: Theme, request: Request, who: Who) -> Result:
    themes.pin(one, request.POST.get("on") == "1", **who)
    return (
        (say("Đã ghim.", "Pinned."), one)
        if request.POST.get("on") == "1"
        else (say("Đã bỏ ghim.", "Unpinned."), one)
    )


def _hide(one: Theme, request: Request, who: Who) -> Result:
    themes.hide(one, request.POST.get("on") == "1", **who)
    hidden = say("Đã ẩn; ai đã nói vẫn còn nguyên.", "Hidden; whoever spoke stays.")
    return (hidden if request.POST.get("on") == "1" else say("Đã đưa lại.", "Shown again.")), one


def _join(one: Theme, request: Request, who: Who) -> Result:
    into = _other(request)
    themes.join(one, into, **who)
    return say("Đã gộp. Ai đã nói vẫn còn nguyên, và hoàn tác được.", "Joined; it can be undone."), into


def _split(one: Theme, request: Request, who: Who) -> Result:
    made, _ = themes.split(one, _ticked(request), request.POST.get("name", ""), **who)
    return say("Đã tách thành chủ đề này.", "Taken out into this theme."), made


def _move(one: Theme, request: Request, who: Who) -> Result:
    to = _other(request)
    themes.move(_ticked(request), to, **who)
    return say("Đã chuyển sang chủ đề này.", "Moved to this theme."), to


def _undo(one: Theme, request: Request, who: Who) -> Result:
    mine = Deed.objects.filter(Q(theme=one) | Q(other=one))
    deed = mine.filter(pk=whole(request.POST.get("deed", ""))).first()
    if deed is None:
        raise rules.incomplete()
    themes.undo(deed, **who)
    return say("Đã hoàn tác.", "Taken back."), one


ACTS: dict[str, tuple[str, Callable[[Theme, Request, Who], Result]]] = {
    "answer": ("theme.answer", _answer),
    "done": ("theme.change_done", _done),
    "publish": ("theme.publish", _publish),
    "tell": ("theme.tell", _tell),
    "rename": ("theme.change", _rename),
    "pin": ("theme.change", _pin),
    "hide": ("theme.change", _hide),
    "join": ("theme.change", _join),
    "split": ("theme.change", _split),
    "move": ("theme.change", _move),
    "undo": ("theme.change", _undo),
}
"""The last part of a form's address → the act it needs, and what does it."""


def _act(name: str) -> Callable[..., HttpResponse]:
    code, do = ACTS[name]

    @page(code)
    @require_POST
    def view(request: Request, number: int) -> HttpResponse:
        one = of_number(number)
        try:
            result = do(one, request, {"actor": request.user, "at": clock.now()})
        except TantamError as error:
            return show(request, of_number(number), error, name)
        if result is None:
            return show(request, one, failed=name)
        messages.success(request, result[0])
        return HttpResponseRedirect(reverse("theme", args=[result[1].pk]), status=303)

    return view


def _found(model: Any, one: Theme, number: str) -> Any:
    row = model.objects.filter(theme=one, pk=whole(number)).select_related("theme").first()
    if row is None:
        raise rules.incomplete()
    return row


def _other(request: Request) -> Theme:
    to = Theme.objects.filter(pk=whole(request.POST.get("to", ""))).first()
    if to is None:
        raise BadInput(
            "no_theme_chosen",
            "No theme was chosen.",
            "Search for the other theme by its name, then choose it.",
            vi="Chưa chọn chủ đề nào. Tìm theo tên rồi chọn một.",
        )
    return to


def _ticked(request: Request) -> list[UUID]:
    try:
        return [UUID(text) for text in request.POST.getlist("opinion")]
    except ValueError:
        raise rules.incomplete() from None


def _day(text: str) -> date | None:
    return clock.to_date(clock.parse_day(text)) if text.strip() else None


urlpatterns: list[URLPattern] = [
    path("<int:number>/", theme, name="theme"),
    *(path(f"<int:number>/{name}/", _act(name), name=f"theme-{name}") for name in ACTS),
]
