"""What people see of thanks: whose opinions led to the most in a year and by what arithmetic, who was thanked, and the
form that thanks one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock, keys
from tantam.errors import BadInput, TantamError
from tantam.letters import name_key
from tantam.office.door import may, page
from tantam.office.opinions import contributors, score, thanks
from tantam.office.opinions.models import Reward, Voice
from tantam.office.paging import page as paged
from tantam.office.people.models import Request, Staff
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import number, say

FIELDS = ("what", "amount", "tax_class", "budget_line", "owner", "due")


@page("reward.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """The best contributors of a year with their arithmetic, and those who were thanked already."""
    return _index(request, None)


@page("reward.thank")
@require_http_methods(["GET", "POST"])
def new(request: Request, person: str) -> HttpResponse:
    """Thank the person whom an address of the list means: a key is never in one."""
    year = _year(request)
    subscriber = _whose(person, year)
    today = clock.to_date(clock.today())
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    error = None
    if request.method == "POST":
        try:
            reward = thanks.thank(
                subscriber, actor=request.user, at=clock.now(), year=year, **_typed(typed, today)
            )
        except TantamError as refused:
            error = refused
        else:
            messages.success(
                request,
                say(
                    "Đã hứa, và xin gửi lời báo cho người ấy.",
                    "Promised; a message to tell them is asked for.",
                ),
            )
            return _go(f"/promises/{reward.promise_id}/")
    else:
        typed |= {"tax_class": "unsure", "owner": f"{request.user.pk}"}
    lines = contributors.explained([subscriber], year)[subscriber]
    before = Reward.objects.filter(key=subscriber, year=year).first()
    staff = Staff.objects.filter(is_active=True)
    context = {
        "year": f"{year}",
        "person": _person(subscriber, lines),
        "before": before,
        "typed": typed,
        "error": error,
        "taxes": [(code, say(*words).capitalize()) for code, words in thanks.TAX_CLASSES.items()],
        "staff": [(f"{s.pk}", s.name) for s in sorted(staff, key=lambda s: name_key(s.name))],
        "today": today,
        "longest": thanks.LONGEST,
        "longest_line": thanks.LONGEST_LINE,
        "large": thanks.LARGE_DONG,
        "text": thanks.text_of(lines, "…", today).rpartition(". Hẹn")[0] if lines else "",
    }
    return render(request, "opinions/thank.html", context, status=status(error) if error else 200)


@page("reward.thank")
@require_POST
def given(request: Request, reward: int) -> HttpResponse:
    """It was handed over."""
    one = get_object_or_404(Reward.objects.select_related("promise__office"), pk=reward)
    try:
        thanks.given(one, actor=request.user, at=clock.now(), receipt=request.POST.get("receipt", ""))
    except TantamError as error:
        return _index(request, error, one)
    messages.success(request, say("Đã trao, có biên nhận.", "Given, with its receipt."))
    return _go(f"{reverse('thanks')}?year={one.year}")


def _index(request: Request, error: TantamError | None, failed: Reward | None = None) -> HttpResponse:
    today = clock.to_date(clock.today())
    year = failed.year if failed else _year(request)
    found = contributors.best(year)
    lines = contributors.explained([key for key, _ in found], year)
    rows = Reward.objects.filter(year=year).select_related("promise", "by")
    listed = paged(rows, request.GET.get("after", ""), "-at", "-id")
    voices = Voice.objects.filter(key__in=lines).values("key").annotate(voice=Min("pk"))
    names = {row["key"]: f"{row['voice']}" for row in voices}
    address = {key: reverse("thank", args=[names.get(key) or _name_of(key)]) for key in lines}
    context = {
        "year": f"{year}",
        "years": [
            {"href": f"?year={each}", "word": f"{each}", "on": each == year}
            for each in (today.year, today.year - 1)
        ],
        "best": [{**_person(key, lines[key]), "href": f"{address[key]}?year={year}"} for key, _ in found],
        "page": listed,
        "rewards": [_reward(one) for one in listed.rows],
        "points": _points(),
        "today": today,
        "may_thank": may(request.user, "reward.thank"),
        "error": error,
        "failed": failed.pk if failed else None,
        "receipt": request.POST.get("receipt", ""),
    }
    return render(request, "opinions/thanks.html", context, status=status(error) if error else 200)


def _person(key: int, lines: list[score.Line]) -> dict[str, Any]:
    return {
        "shown": keys.show(key),
        "points": score.total(lines),
        "lines": [_line(line) for line in lines],
    }


def _line(line: score.Line) -> dict[str, Any]:
    return {"theme": line.theme, "name": line.name, "points": line.points, "reasons": score.reasons(line)}


def _reward(one: Reward) -> dict[str, Any]:
    tax = say(*thanks.TAX_CLASSES.get(one.tax_class, ("–", "–")))
    lines = [_line(line) for line in score.of_kept(one.arithmetic)]
    return {"reward": one, "tax": tax, "unsure": one.tax_class == "unsure", "lines": lines}


def _points() -> list[dict[str, str]]:
    """The rule, as the page prints it."""
    return [
        {"points": number(score.ANSWERED), "word": say("được trả lời", "it was answered")},
        {"points": number(score.COMMITTED), "word": say("thành lời hứa có ngày", "it became a dated commitment")},
        {"points": number(score.CHANGED), "word": say("làm xong và công bố", "it was done and published")},
        {
            "points": f"1–{score.MOST_HELPED}",
            "word": say(
                "làm xong, mỗi {n} người cùng nói thêm 1", "done, 1 for each {n} people who said it",
                n=number(score.A_THOUSAND),
            ),
        },
    ]  # fmt: skip


def _typed(typed: dict[str, str], today: Any) -> dict[str, Any]:
    """The form as the act takes it; what is no number or day is refused in words."""
    owner = Staff.objects.filter(pk=whole(typed["owner"], digits=9), is_active=True).first()
    if owner is None:
        raise BadInput(
            "no_owner", "Nobody is chosen to hand it over.", "Choose who does.",
            vi="Chưa chọn ai đi trao. Chọn một người.",
        )  # fmt: skip
    digits = "".join(typed["amount"].replace(".", "").replace(",", "").split())
    amount = whole(digits, wrong=-1, digits=18) if digits else None
    due = clock.to_date(clock.parse_day(typed["due"]))
    plain = {name: typed[name] for name in ("what", "tax_class", "budget_line")}
    return {**plain, "amount_dong": amount, "owner": owner, "due": due}


def _whose(person: str, year: int) -> int:
    """The key of a voice by its number, or of somebody heard in files alone, who is on the list or was thanked."""
    if person.isdecimal():
        key = Voice.objects.filter(pk=whole(person, wrong=-1)).values_list("key", flat=True).first()
    else:
        thanked = Reward.objects.filter(year=year, key__isnull=False).values_list("key", flat=True)
        known = [*(key for key, _ in contributors.best(year)), *thanked]
        key = next((key for key in known if constant_time_compare(_name_of(key or 0), person)), None)
    if key is None:
        raise Http404
    return key


def _name_of(key: int) -> str:
    """What stands for a key in an address: a digest that only the office's own key can make."""
    return "k" + salted_hmac("tantam.office.opinions.thanks", f"{key}", algorithm="sha256").hexdigest()[:32]


def _year(request: Request) -> int:
    this = clock.to_date(clock.today()).year
    asked = whole(request.GET.get("year", ""), digits=4)
    return asked if asked == this - 1 else this


def _go(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})


urlpatterns: list[Any] = [
    path("", index, name="thanks"),
    path("<int:reward>/given/", given, name="thanks-given"),
    path("<str:person>/", new, name="thank"),
]
