"""What people see once a camp's kits come home: files joined, the day sheet, referrals followed, the end of the data.

Below a camp's own address; letters and differences have pages of their own (:mod:`…voices_pages`,
:mod:`…differences_pages`), and what a camp came to as well (:mod:`…impact_pages`).
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock
from tantam.errors import BadInput, Refused, TantamError
from tantam.office import door
from tantam.office.camps import attended, deleting, demo, differing, ledger, merging, referrals, stock
from tantam.office.camps.day import Day
from tantam.office.camps.models import Camp, Deletion, Unread
from tantam.office.people.models import Office, Request, Staff
from tantam.office.watch import status
from tantam.office.words import say

MOST_BYTES = 50_000_000
"""A larger file takes longer than a browser waits: it comes in from the command line."""
STEPS = (
    ("camp-merge", "camp.merge", "Gộp dữ liệu", "Files home"),
    ("camp-differences", "camp.settle", "Chỗ ghi khác nhau", "Differences"),
    ("camp-sheet", "camp.read", "Bảng chốt ngày", "Day sheet"),
    ("camp-referrals", "camp.follow", "Chuyển tuyến", "Referrals"),
    ("camp-voices", "camp.read", "Thư, lời bà con", "Letters"),
    ("camp-impact", "camp.see", "Kết quả", "What it came to"),
    ("camp-export", "camp.export", "Gửi ngành y tế", "For the authority"),
    ("camp-delete", "camp.delete", "Xoá dữ liệu", "Deletion"),
)
"""The pages after a camp, in the order of the work."""


def one(request: Request, number: UUID, act: str) -> Camp:
    """The camp of an address, for whom ``act`` is a duty where the camp belongs; 404 for any other address."""
    camp = Camp.objects.filter(pk=number).first()
    if camp is None:
        raise Http404
    door.enter(request.user, act, Office.objects.filter(pk=camp.office).first())
    return camp


def around(request: Request, camp: Camp, here: str) -> dict[str, Any]:
    """What every one of these pages shows: the camp, and the other pages that this person may open."""
    office = Office.objects.filter(pk=camp.office).first()
    steps = [
        {"href": reverse(name, args=[camp.pk]), "word": say(vi, en), "on": name == here}
        for name, act, vi, en in STEPS
        if door.may(request.user, act, office) and (camp.state != "deleted" or name == "camp-delete")
    ]
    return {
        "camp": camp,
        "steps": steps,
        "gone": camp.state == "deleted",
        "may_see": door.may(request.user, "camp.see", office),
        "beside": demo.beside(camp),
    }


def shown(
    request: Request, template: str, context: dict[str, Any], error: TantamError | None
) -> HttpResponse:
    """A page, with what was wrong above it and the status that says so."""
    return render(request, template, {**context, "error": error}, status=status(error) if error else 200)


def back(name: str, camp: Camp) -> HttpResponse:
    """On to a page of the same camp after a deed."""
    return HttpResponseRedirect(reverse(name, args=[camp.pk]), status=303)


@door.page("camp.merge")
@require_http_methods(["GET", "POST"])
def merge(request: Request, number: UUID) -> HttpResponse:
    """Files of a camp's kits are joined; which kits' days are home, and what is still missing."""
    camp = one(request, number, "camp.merge")
    error, done = None, []
    if request.method == "POST":
        try:
            if request.POST.get("do") == "attended":
                return _pass_on(request, camp)
            done = _merged(request, camp)
        except TantamError as no:
            error = no
    camp.refresh_from_db()
    gone = camp.state == "deleted"
    count, digest = ledger.digest(camp)
    kits = [] if gone else merging.kits_of(camp)
    context = {
        **around(request, camp, "camp-merge"),
        "done": done,
        "kits": kits,
        "home": sum(kit.closed for kit in kits),
        "count": count,
        "digest": digest,
        "unread": Unread.objects.filter(camp=camp).count(),
        "differences": 0 if gone else len(_differences(camp)),
        "may_pass": not gone and attended.may_pass(camp),
        "agreed": 0 if gone else attended.agreed_count(camp),
        "most_mb": MOST_BYTES // 1_000_000,
    }
    return shown(request, "camps/merge.html", context, error)


@door.page("camp.read")
@require_GET
def sheet(request: Request, number: UUID) -> HttpResponse:
    """The day sheet at headquarters: counts, every lot from in to held, what differed and why, who signed."""
    camp = one(request, number, "camp.read")
    day = ledger.day_of(camp)
    lots = _lots(day)
    context = {
        **around(request, camp, "camp-sheet"),
        "people": len(differing.people(day)),
        "counts": _counts(day),
        "lots": lots,
        "wrong": [row for row in lots if not row["holds"]],
        "differ": [row for row in lots if row["differs"]],
        "signed": [signed for fact in day.closed for signed in _signed(fact, day)],
        "late": sum(fact.entered_late for fact in ledger.facts_of(camp)),
    }
    return shown(request, "camps/sheet.html", context, None)


@door.page("camp.follow")
@require_http_methods(["GET", "POST"])
def follow(request: Request, number: UUID) -> HttpResponse:
    """The referrals of a camp, with names: who is still to be followed, and what became of the others."""
    camp = one(request, number, "camp.follow")
    error = None
    if request.method == "POST":
        try:
            referrals.follow(
                camp,
                uuid_of(request.POST.get("referral", "")),
                actor=request.user,
                at=clock.now(),
                outcome=request.POST.get("outcome", ""),
                on=_day(request.POST.get("on", "")),
                words=request.POST.get("words", "")[:300],
            )
            messages.success(request, say("Đã ghi kết quả.", "It is written down."))
            return back("camp-referrals", camp)
        except TantamError as no:
            error = no
    rows = referrals.all_of(camp)
    today = clock.to_date(clock.today())
    context = {
        **around(request, camp, "camp-referrals"),
        "open": [row for row in rows if row.open],
        "done": [(row, say(*referrals.OUTCOMES[_ended(row)])) for row in rows if not row.open],
        "late": sum(row.open and row.due < today for row in rows),
        "count": len(rows),
        "today": today,
        "outcomes": [(code, say(*words)) for code, words in referrals.OUTCOMES.items()],
        "typed": request.POST,
    }
    return shown(request, "camps/referrals.html", context, error)


@door.page("camp.follow")
@require_GET
def followed(request: Request, fact: UUID) -> HttpResponse:
    """From a promise to the list in which its referral stands."""
    camp = referrals.camp_of(fact)
    if camp is None:
        raise Http404
    one(request, camp.pk, "camp.follow")
    return HttpResponseRedirect(f"{reverse('camp-referrals', args=[camp.pk])}#r-{fact}")


@door.page("camp.delete")
@require_http_methods(["GET", "POST"])
def delete(request: Request, number: UUID) -> HttpResponse:
    """How a camp's health data ends: asked by one, confirmed by another; afterwards the proof."""
    camp = one(request, number, "camp.delete")
    error = None
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    if request.method == "POST":
        try:
            if request.POST.get("do") == "ask":
                deleting.ask(camp, reason=request.POST.get("reason", ""), **by)
            else:
                _check_ticked(request)
                deleting.confirm(camp, digest=request.POST.get("digest", ""), **by)
            return back("camp-delete", camp)
        except TantamError as no:
            error = no
    camp.refresh_from_db()
    asked = deleting.asked(camp)
    asker = _staff(asked.author) if asked else None
    proof = Deletion.objects.filter(camp=camp).first()
    count, digest = ledger.digest(camp)
    context = {
        **around(request, camp, "camp-delete"),
        "asked": asked,
        "asker": asker,
        "mine": asker is not None and asker.pk == request.user.pk,
        "proof": proof,
        "by": Staff.everybody.filter(pk=proof.by).first() if proof and proof.by else None,
        "finished": bool(proof) and deleting.is_finished(camp),
        "count": count,
        "digest": digest,
        "until": deleting.keep_until(camp),
        "rule": deleting.keep_rule(camp),
        "early": clock.to_date(clock.today()) < deleting.keep_until(camp),
        "still": 0 if proof else sum(row.open for row in referrals.all_of(camp)),
        "typed": request.POST,
    }
    return shown(request, "camps/delete.html", context, error)


def _merged(request: Request, camp: Camp) -> list[merging.Merged]:
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    if not files:
        raise BadInput(
            "no_file", "No file was chosen.", "Choose one and send it again.",
            vi="Chưa chọn tệp. Chọn tệp rồi gửi lại.",
        )  # fmt: skip
    done = []
    for file in files:
        if (file.size or 0) > MOST_BYTES:
            raise BadInput(
                "file_too_large", f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
                "Join it at the terminal: tantam camp merge FILE.",
                vi=f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Gộp từ dòng lệnh: tantam camp merge TỆP.",
            )  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "sent.camp"
            with copy.open("wb") as out:
                for part in file.chunks():
                    out.write(part)
            done.append(merging.take_in(copy, actor=request.user, at=clock.now(), camp=camp))
    return done


def _pass_on(request: Request, camp: Camp) -> HttpResponse:
    done = attended.pass_on(camp, actor=request.user, at=clock.now())
    told = say(
        "Đã ghi: {new} người mới, {gone} người thôi đồng ý.",
        "Noted: {new} new, {gone} no longer agree.",
        new=done.new,
        gone=done.withdrawn,
    )
    messages.success(request, told)
    return back("camp-merge", camp)


def _differences(camp: Camp) -> list[differing.Difference]:
    return differing.differences(ledger.facts_of(camp), ledger.day_of(camp))


def _counts(day: Day) -> list[tuple[str, int]]:
    came = day.came
    return [
        (say("Đã đón", "Registered"), len(came)),
        (say("Đã đo", "Measured"), sum(visit.measured is not None for visit in came)),
        (say("Đã khám", "Examined"), sum(bool(visit.examined) for visit in came)),
        (say("Đã phát thuốc", "Given medicine"), sum(bool(visit.dispensed) for visit in came)),
        (say("Đã về", "Gone home"), sum(visit.left is not None for visit in came)),
        (say("Về sớm", "Left early"), sum(bool(getattr(v.left and v.left.body, "early", "")) for v in came)),
    ]


def _lots(day: Day) -> list[dict[str, Any]]:
    explained = {e.lot: e.reason for fact in day.closed for e in getattr(fact.body, "explained", [])}
    differ = stock.differences(day)
    known = day.plan.medicines
    rows = sorted(day.lots.values(), key=lambda lot: (lot.medicine, lot.expires_on, lot.id))
    return [
        {
            "lot": lot,
            "name": known[lot.medicine].name if lot.medicine in known else lot.medicine,
            "unit": known[lot.medicine].unit if lot.medicine in known else "",
            "holds": stock.identity_holds(lot),
            "differs": differ.get(lot.id, 0),
            "why": explained.get(lot.id, ""),
        }
        for lot in rows
    ]


def _signed(fact: Any, day: Day) -> list[dict[str, Any]]:
    names = day.plan.members
    return [
        {
            "kit": fact.body.kit,
            "at": fact.kit_at,
            "name": names[one.member].name if one.member in names else one.member,
            "role": one.role,
        }
        for one in fact.body.signatures
    ]


def _ended(row: referrals.Referred) -> str:
    return row.followed.outcome if row.followed else "lost"


def _check_ticked(request: Request) -> None:
    """Refuse (``copies_left``) a deletion while nobody says that the kits and the envelope are destroyed."""
    if not (request.POST.get("kits") and request.POST.get("words")):
        raise Refused(
            "copies_left",
            "A kit's file opens with the camp's opening words, so both must be destroyed too.",
            "Wipe the laptops and sticks, shred the envelope, tick both.",
            vi="Tệp của máy trại còn mở được bằng câu mở, nên phải huỷ cả hai. "
            "Xoá sạch máy và USB, huỷ phong bì câu mở, rồi đánh dấu cả hai.",
        )


def _staff(author: str) -> Staff | None:
    kind, _, number = author.partition(":")
    return Staff.everybody.filter(pk=int(number)).first() if kind == "staff" else None


def uuid_of(text: str) -> UUID:
    """An id that was sent; one that nothing has where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


urlpatterns: list[Any] = [
    path("referrals/<uuid:fact>/", followed, name="camp-referral"),
    path("<uuid:number>/merge/", merge, name="camp-merge"),
    path("<uuid:number>/sheet/", sheet, name="camp-sheet"),
    path("<uuid:number>/referrals/", follow, name="camp-referrals"),
    path("<uuid:number>/delete/", delete, name="camp-delete"),
]
