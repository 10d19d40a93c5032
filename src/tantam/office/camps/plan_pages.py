"""The pages of a plan's parts, with their small forms; the poster, the words for the loudspeaker, the text by SMS."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office import door
from tantam.office.camps import kinds, ledger, notices, parts, plan_shown, promised, rules
from tantam.office.camps.after_pages import one, shown
from tantam.office.camps.day import Day
from tantam.office.camps.models import Camp
from tantam.office.camps.part_forms import PARTS, Part
from tantam.office.camps.parts import Field, Form
from tantam.office.channels.sms.parts import offer
from tantam.office.people.models import Office, Request
from tantam.office.words import say

MOST_BYTES = 8_000_000
SEE = "camp.see"


@door.page(SEE)
@require_http_methods(["GET", "POST"])
def part(request: Request, number: UUID, code: str) -> HttpResponse:
    """One part of a plan: what stands there, and forms to add to it."""
    camp, it = _camp(request, number), PARTS.get(code)
    if it is None:
        raise Http404
    error, failed = None, ""
    if request.method == "POST":
        failed = request.POST.get("act", "")
        try:
            _do(request, camp, it, failed)
            return HttpResponseRedirect(reverse("camp-part", args=[camp.pk, code]), status=303)
        except TantamError as no:
            error = no
    day = ledger.day_of(camp)
    context = {
        "camp": camp,
        "where": plan_shown.where(camp),
        "part": it,
        "question": say(it.ask_vi, it.ask_en),
        "note": say(it.note_vi, it.note_en),
        "rows": plan_shown.rows(code, camp, day),
        "forms": [_shown(request, camp, day, form, form.code == failed) for form in it.forms],
        "medicines": list(day.plan.medicines.values()) if code == "medicines" else [],
        "next": _after(code),
    }
    return shown(request, "camps/part.html", context, error)


@door.page(SEE)
@require_http_methods(["GET", "POST"])
def tell(request: Request, number: UUID) -> HttpResponse:
    """How the villages are told: the poster's and the loudspeaker's words, and the way to a text."""
    camp = _camp(request, number)
    error = None
    if request.method == "POST":
        said = {name: request.POST.get(name, "") for name in ("where", "times", "bring")}
        try:
            notices.post(camp, actor=request.user, at=clock.now(), **said)
            messages.success(
                request, say("Đã soạn áp phích và lời đọc loa.", "Poster and spoken words are ready.")
            )
            return HttpResponseRedirect(reverse("camp-tell", args=[camp.pk]), status=303)
        except TantamError as no:
            error = no
    last = _poster_of(ledger.day_of(camp))
    typed: Any = request.POST or {
        "where": last.where if last else "", "times": "\n".join(last.times) if last else "",
        "bring": last.bring if last else notices.BRING,
    }  # fmt: skip
    context = {
        "camp": camp, "where": plan_shown.where(camp), "typed": typed, "last": last,
        "spoken": _spoken(camp, last) if last else "",
        "texts": _texts(request, camp),
        "may": _may(request, camp, "camp.notice"),
    }  # fmt: skip
    return shown(request, "camps/tell.html", context, error)


@door.page(SEE)
@require_GET
def poster(request: Request, number: UUID) -> HttpResponse:
    """The poster, to be printed on A4."""
    camp = _camp(request, number)
    last = _poster_of(ledger.day_of(camp))
    if last is None:
        return HttpResponseRedirect(reverse("camp-tell", args=[camp.pk]))
    context = {
        "camp": camp, "where": plan_shown.where(camp), "last": last, "day": notices.day_words(camp.on),
        "everyone": notices.EVERYONE,
    }  # fmt: skip
    return shown(request, "camps/poster.html", context, None)


@door.page("camp.notice")
@require_http_methods(["GET", "POST"])
def text(request: Request, number: UUID) -> HttpResponse:
    """The text to everybody of the province: its parts, its price, how many; then it is begun."""
    camp, now, error = one(request, number, "camp.notice"), clock.now(), None
    last = _poster_of(ledger.day_of(camp))
    words, counted = (
        request.POST.get(name, "").replace("\r\n", "\n").strip() for name in ("text", "counted")
    )
    words = words or notices.sms_words(camp.on, last.where if last else camp.place)
    plain = request.POST.get("letters", "plain") == "plain"
    if request.POST.get("act") == "send" and words == counted:  # else its cost was not seen yet
        try:
            notices.text_all(camp, words, plain=plain, actor=request.user, at=now)
            messages.success(
                request, say("Máy đang gửi dần, mỗi người một tin.", "Being sent, one to each person.")
            )
            return HttpResponseRedirect(reverse("camp-tell", args=[camp.pk]), status=303)
        except TantamError as no:
            error = no
    reach = notices.reach(camp, at=now)
    choices: list[dict[str, Any]] = []
    try:
        rules.check_notice(words)
        choices = _choices(words, reach.people - reach.refused if reach else 0, plain)
    except TantamError as no:
        error = error or no
    context = {
        "camp": camp, "where": plan_shown.where(camp), "text": words, "choices": choices, "reach": reach,
        "people": reach.people - reach.refused if reach else 0, "recount": bool(counted) and words != counted,
        "permitted": not {no.code for no in rules.missing(ledger.day_of(camp))} & {"no_permit", "permit_expired"},
        "open": camp.state in ("planned", "open"),
    }  # fmt: skip
    return shown(request, "camps/text.html", context, error)


def _choices(words: str, people: int, plain: bool) -> list[dict[str, Any]]:
    both = offer(words)
    return [
        {"code": code, "title": say(*title), "text": body, "parts": len(plan.parts), "all": len(plan.parts) * people,
         "on": (code == "plain") == plain}
        for code, title, body, plan in (
            ("plain", ("Không dấu", "Without accents"), both.plain_text, both.plain),
            ("written", ("Có dấu", "With accents"), both.text, both.plan),
        )
    ]  # fmt: skip


def _do(request: Request, camp: Camp, it: Part, code: str) -> None:
    form = next((form for form in it.forms if form.code == code), None)
    if form is None:
        raise Http404
    door.enter(request.user, form.duty, Office.objects.filter(pk=camp.office).first())
    file = request.FILES.get(f"{code}-file")
    content = b""
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MOST_BYTES:
            raise BadInput(
                "file_too_large", f"The file is larger than {MOST_BYTES // 1_000_000} MB.", "Split it.",
                vi=f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Tách tệp ra.",
            )  # fmt: skip
        content = file.read()
    typed = parts.typed_of(request.POST, code, content, request.user, clock.now())
    messages.success(request, form.act(camp, typed))


def _shown(request: Request, camp: Camp, day: Day, form: Form, failed: bool) -> dict[str, Any]:
    """A form as the template shows it; what was typed stays when it was refused."""
    may = _may(request, camp, form.duty)
    fields = []
    for each in form.fields:
        name = f"{form.code}-{each.name}"
        value = request.POST.get(name, "") if failed and each.name != "pin" else _usual(day, form, each)
        fields.append({
            "name": name, "label": say(each.vi, each.en), "hint": say(each.hint_vi, each.hint_en), "type": each.type,
            "options": _options(day, each), "value": value, "optional": each.optional,
            "ticked": request.POST.getlist(name) if failed else [],
        })  # fmt: skip
    empty = any(f["type"] in ("weighed", "medicine") and not f["options"] for f in fields)
    waits = form.code == "sign" and not (day.plan.formulary and rules.unsigned(day.plan.formulary))
    return {
        "code": form.code, "title": say(form.vi, form.en), "button": say(form.do_vi, form.do_en), "fields": fields,
        "file": form.has_file, "may": may, "main": form.main, "there": not empty and not waits,
        "who": say(*door.ACTS[form.duty][1:]),
    }  # fmt: skip


def _usual(day: Day, form: Form, one: Field) -> str:
    if one.type == "hidden":
        return day.plan.formulary.digest if day.plan.formulary else ""
    if form.code == "kit":
        n = max(day.plan.kits, default=0) + 1
        return {"number": f"{n}", "address": f"10.77.{n - 1}.1", "first_ticket": f"{(n - 1) * 1000 + 1}"}.get(
            one.name, ""
        )
    return ""


def _options(day: Day, one: Field) -> list[tuple[str, str]]:
    if one.type == "weighed":
        return [(place.code, place.name) for place in day.plan.weighed]
    if one.type == "medicine":
        return [(code, f"{x.name} {x.strength}".strip()) for code, x in day.plan.medicines.items()]
    if one.type == "member":
        known = [(x.id, f"{x.title} {x.name}".strip()) for x in day.plan.members.values()]
        return [("", say("người mới", "somebody new")), *known]
    return [(code, say(vi, en)) for code, vi, en in one.options]


def _texts(request: Request, camp: Camp) -> list[dict[str, Any]]:
    """The texts of a camp, and for how many each was asked for so far."""
    seen, found = door.may(request.user, "message.see"), []
    for fact in notices.texts_of(camp):
        assert isinstance(fact.body, kinds.Noticed)
        begun = fact.corrects or fact.id
        href = f"/messages/?about={promised.TOLD}:{begun}" if seen else ""
        said = {"words": fact.body.words, "done": fact.body.done}
        found.append({**said, "reached": notices.asked_for(begun), "href": href})
    return found


def _poster_of(day: Day) -> kinds.Noticed | None:
    return next((one for one in reversed(day.plan.notices) if one.channel == "poster" and one.where), None)


def _spoken(camp: Camp, last: kinds.Noticed) -> str:
    return notices.spoken_words(camp.on, camp.place, last.where, last.times, last.bring)


def _may(request: Request, camp: Camp, act: str) -> bool:
    return door.may(request.user, act, Office.objects.filter(pk=camp.office).first())


def _after(code: str) -> dict[str, str] | None:
    """The part that comes next in the order of the work."""
    codes = list(PARTS)
    at = codes.index(code) + 1
    return (
        {"code": codes[at], "word": say(PARTS[codes[at]].vi, PARTS[codes[at]].en)}
        if at < len(codes)
        else None
    )


def _camp(request: Request, number: UUID) -> Camp:
    camp = one(request, number, SEE)
    if camp.state == "deleted":
        raise Http404
    return camp


urlpatterns: list[Any] = [
    path("<uuid:number>/plan/<slug:code>/", part, name="camp-part"),
    path("<uuid:number>/tell/", tell, name="camp-tell"),
    path("<uuid:number>/poster/", poster, name="camp-poster"),
    path("<uuid:number>/text/", text, name="camp-text"),
]
