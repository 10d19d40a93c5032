"""Who may do which act where: one table, and the only ways to ask it.

Every act of the office calls :func:`enter`; every page stands behind :func:`page`; every list shows the offices that
:func:`offices` gives. A duty holds at its office and everything below it in the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Any, NamedTuple, Protocol, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from tantam import clock
from tantam.errors import Refused
from tantam.office import words
from tantam.office.watch import problem


class Office(Protocol):
    """Where something is: all the door needs to know of an office."""

    name: str
    path: str


class Staff(Protocol):
    """Who asks: somebody who can say what he is there to do, and which offices lie below his."""

    is_active: bool

    def duties(self, on: date) -> list[tuple[str, str]]:
        """(duty, path of the office it holds at and below) on a day."""

    def offices_below(self, paths: list[str]) -> list[int]:
        """The ids of the offices under any of these paths."""


class Act(NamedTuple):
    """An act: who may, and what it is called."""

    duties: str  # "director officer": any of them; "*": everybody on the staff; "": only the machine
    vi: str
    en: str


ACTS: dict[str, Act] = {
    # --- journal ---
    "journal.see": Act("auditor executive director admin privacy", "xem nhật ký", "see the journal"),
    # --- people ---
    "people.see": Act("*", "xem ai làm gì ở đâu", "see who does what"),
    "people.change": Act("admin", "thêm người, giao việc", "hire and give duties"),
    "machine.see": Act("admin auditor", "xem hệ thống nào dùng API", "see which systems use the API"),
    "machine.add": Act("admin", "cho một hệ thống dùng API", "let another system use the API"),
    "machine.end": Act("admin", "thôi cho một hệ thống dùng API", "end a system's use of the API"),
    # --- promises ---
    "promise.see": Act("*", "xem lời hứa", "see promises"),
    "promise.make": Act("director officer policy executive privacy camp", "hứa", "make a promise"),
    "promise.keep": Act("director officer policy executive privacy camp", "báo đã giữ lời", "keep a promise"),
    "promise.redate": Act(
        "director officer policy executive privacy camp", "dời ngày hẹn", "move a due date"
    ),
    "promise.hand_on": Act(
        "director policy executive privacy", "giao người khác giữ lời", "hand a promise on"
    ),
    "promise.break": Act(
        "director policy executive privacy camp", "nhận là không giữ được", "own up to a broken promise"
    ),
    "promise.release": Act("director policy executive privacy", "xin miễn", "ask for a release"),
    # --- parties ---
    "party.see": Act(
        "director officer policy agent executive privacy", "xem khách và đối tác", "see parties"
    ),
    "party.meet": Act("director officer policy agent", "ghi tên người mới gặp", "write down somebody new"),
    "party.rename": Act("director officer policy agent privacy", "sửa tên, cách xưng hô", "correct a name"),
    # --- programmes ---
    "programme.see": Act("*", "xem chương trình", "see programmes"),
    "programme.start": Act(
        "director policy executive", "mở, khép chương trình", "start and close programmes"
    ),
    "programme.promise": Act("director policy executive", "hứa theo nhịp", "promise by a rhythm"),
    "programme.learn": Act("director officer policy executive", "ghi bài học", "keep a lesson"),
    # --- channels ---
    "phonebook.call_list": Act("director officer agent", "xem số để gọi", "see numbers to call"),
    "phonebook.show": Act(
        "director officer agent privacy", "xem số của một người", "see one person's number"
    ),
    "phonebook.forget": Act("privacy", "xóa số thuê bao", "forget a number"),
    "consent.record": Act(
        "director officer agent privacy", "ghi khách đồng ý hay từ chối", "write down a yes or a no"
    ),
    "address.record": Act(
        "director officer agent privacy", "ghi địa chỉ thư của khách", "write down a mail address"
    ),
    "message.see": Act("director officer policy executive privacy auditor", "xem tin gửi", "see messages"),
    "message.call": Act("director officer agent", "gọi cho khách", "call people"),
    "contact.see": Act(
        "director officer agent privacy", "xem cách liên lạc với một người", "see how to contact one person"
    ),
    "message.receive": Act("", "nhận tin đến", "receive a message"),
    "message.ask": Act("director officer policy agent camp", "gửi tin", "ask for a message to go out"),
    # --- opinions ---
    "opinion.see": Act("*", "xem ý kiến", "see opinions"),
    "opinion.register": Act("director officer policy agent", "ghi ý kiến", "register an opinion"),
    "opinion.forward": Act("director officer policy", "chuyển ý kiến", "forward opinions"),
    "opinion.correct": Act("director officer policy agent", "sửa lời ghi", "correct the words of an opinion"),
    "opinion.sort": Act(
        "director officer policy agent", "xếp lại chủ đề ý kiến", "put an opinion under another topic"
    ),
    "theme.see": Act("*", "xem chủ đề", "see themes"),
    "theme.change": Act("policy", "sửa chủ đề", "change themes"),
    "theme.take_in": Act("policy", "nhận kết quả nghe", "take in what a listening found"),
    "theme.answer": Act("policy executive", "trả lời chủ đề", "answer a theme"),
    "theme.change_done": Act(
        "policy executive director officer", "ghi việc đã làm", "write down what was done"
    ),
    "theme.publish": Act("policy executive", "công bố việc đã làm", "publish what was done"),
    "theme.tell": Act("policy executive", "báo cho người đã nói", "tell those who spoke"),
    "reward.see": Act("policy executive auditor", "xem ai được cảm ơn", "see who is thanked"),
    "reward.thank": Act("policy executive", "cảm ơn người góp ý", "thank those who spoke"),
    "reward.thank_large": Act("executive", "cảm ơn trên 100 triệu đồng", "thank with over VND 100 million"),
    # --- cases ---
    "case.see": Act(
        "director officer agent policy executive privacy auditor",
        "xem khiếu nại",
        "see questions and complaints",
    ),
    "case.receive": Act("director officer agent", "ghi khiếu nại", "write down a question or a complaint"),
    "case.take": Act("director officer agent", "báo đã nhận khiếu nại", "tell somebody that we have it"),
    "case.answer": Act("director officer", "trả lời khiếu nại", "answer a question or a complaint"),
    "case.assign": Act("director officer", "giao khiếu nại", "give a case to somebody"),
    "case.take_in": Act("", "nhận tệp khiếu nại", "take in a file of tickets"),
    # --- events ---
    "event.see": Act(
        "director officer agent policy executive privacy auditor", "xem buổi gặp", "see gatherings"
    ),
    "event.plan": Act("director officer", "lập buổi gặp", "plan a gathering"),
    "event.choose": Act("director officer", "chọn khách", "choose guests"),
    "event.invite": Act("director officer", "mời khách bằng tin nhắn", "invite guests by text"),
    "event.call": Act("director officer agent", "ghi lời khách trả lời", "write down a guest's answer"),
    "event.attend": Act("director officer", "ghi ai đến", "write down who came"),
    "event.sign_up": Act("director officer agent", "ghi người xin dự", "sign somebody up"),
    "event.check_in": Act("director officer", "đón khách vào", "let guests in"),
    "event.screen": Act("director officer policy", "duyệt lời lên bảng", "let words onto the board"),
    "event.write": Act("director officer", "ghi sổ buổi gặp", "write in the notebook"),
    "event.seal": Act("director", "niêm phong sổ", "seal the notebook"),
    "event.forward": Act("director officer", "chuyển ý kiến buổi gặp", "forward what was said"),
    "event.cancel": Act("director", "hủy buổi gặp", "call a gathering off"),
    # --- desk ---
    "request.see": Act(
        "privacy director officer agent executive auditor", "xem yêu cầu dữ liệu", "see data requests"
    ),
    "request.start": Act("privacy director officer agent", "ghi yêu cầu dữ liệu", "start a data request"),
    "request.answer": Act("privacy director", "trả lời yêu cầu dữ liệu", "answer a data request"),
    "request.extend": Act("privacy", "gia hạn yêu cầu dữ liệu", "extend a data request"),
    "request.forget": Act("privacy", "xóa dữ liệu của một người", "forget a person"),
    "person.look": Act(
        "privacy director officer agent auditor", "xem ta giữ gì về một người", "see what we hold on a person"
    ),
    "voice.give": Act(
        "privacy director officer agent", "đưa đường dẫn Lời của tôi", "give a link to My voice"
    ),
    # --- quality ---
    "quality.see": Act("*", "xem chất lượng", "see quality"),
    "quality.declare": Act("policy executive", "ghi mức đã công bố", "write down a declared level"),
    "quality.pledge": Act("policy executive", "cam kết chất lượng", "pledge quality"),
    "quality.load": Act("policy", "nhận số đo", "take in measurements"),
    "quality.judge": Act("policy executive", "xét một tháng", "judge a month"),
    "measurement.see": Act(
        "auditor executive policy", "tải gói số đo cho thanh tra", "take the package for inspectors"
    ),
    "poll.see": Act("*", "xem bình chọn", "see polls"),
    "poll.open": Act("policy", "hỏi ý kiến khách", "ask customers in a poll"),
    "poll.vote": Act("", "ghi lá phiếu", "write down a vote"),
    # --- camps ---
    "camp.see": Act(
        "camp pharmacist executive director policy auditor", "xem các trại khám", "see medical camps"
    ),
    "camp.plan": Act("camp", "lập trại khám", "plan a camp"),
    "camp.sign": Act("pharmacist", "ký danh mục thuốc", "sign a formulary"),
    "camp.open": Act("camp", "mở trại khám", "open a camp"),
    "camp.notice": Act("camp", "báo bà con", "tell the villages"),
    "camp.pack": Act("camp", "đóng gói máy của trại", "pack a camp's kit"),
    "camp.merge": Act("camp", "gộp dữ liệu trại", "merge what a kit brings home"),
    "camp.read": Act("camp", "đọc dữ liệu sức khoẻ của trại", "read a camp's health data"),
    "camp.settle": Act("camp", "quyết chỗ ghi khác nhau", "decide where records differ"),
    "camp.close": Act("camp", "đóng trại khám", "close a camp"),
    "camp.follow": Act("camp", "theo người được chuyển tuyến", "follow a referral"),
    "camp.pass_on": Act("camp", "báo ai đã đồng ý cho biết mình đến", "pass on who agreed to be known"),
    "camp.publish": Act("camp", "đưa câu chuyện ra khỏi phòng", "let a story leave the room"),
    "camp.export": Act("camp", "xuất dữ liệu cho ngành y tế", "export for the health authority"),
    "camp.delete": Act("camp privacy", "xoá dữ liệu sức khoẻ của trại", "delete a camp's health data"),
    # --- worker ---
    "work.see": Act("admin executive auditor policy", "xem việc máy làm", "see the work of the machine"),
    # --- front ---
    "front.see": Act("*", "xem trang nhất", "see the front page"),
}
"""Act → who may. The machine itself (``actor`` None) may do every act it is coded to do."""

ROOMS = [
    ("/", "front.see", "Trang nhất", "Front page"),
    ("/promises/", "promise.see", "Lời hứa", "Promises"),
    ("/opinions/", "opinion.see", "Ý kiến", "Opinions"),
    ("/opinions/themes/", "theme.see", "Chủ đề", "Themes"),
    ("/events/", "event.see", "Gặp gỡ", "Gatherings"),
    ("/camps/", "camp.see", "Khám bệnh", "Camps"),
    ("/quality/", "quality.see", "Chất lượng", "Quality"),
    ("/journal/", "journal.see", "Nhật ký", "Journal"),
]
MORE_ROOMS = [
    ("/programmes/", "programme.see", "Chương trình", "Programmes"),
    ("/people/", "people.see", "Người và việc", "Staff"),
    ("/parties/", "party.see", "Khách và đối tác", "Guests and partners"),
    ("/messages/", "message.see", "Tin gửi", "Messages"),
    ("/rhythm/", "front.see", "Nhịp lắng nghe", "Rhythm of listening"),
    ("/opinions/thanks/", "reward.see", "Cảm ơn người góp ý", "Thanks"),
    ("/work/", "work.see", "Việc máy làm", "Work of the machine"),
    ("/messages/calls/", "message.call", "Cuộc gọi", "Calls"),
    ("/messages/person/", "contact.see", "Liên lạc với một người", "Contacting one person"),
    ("/cases/", "case.see", "Khiếu nại, câu hỏi", "Complaints"),
    ("/desk/", "request.see", "Yêu cầu dữ liệu", "Data requests"),
    ("/held/", "person.look", "Ta giữ gì về một người", "What we hold on a person"),
]
OPEN = (
    *("/public/", "/gop-y", "/say", "/accounts/", "/static/", "/i18n/", "/api/health", "/api/openapi.json"),
    *("/ban-noi-chung-toi-lam/", "/toi/"),
    *("/manifest.webmanifest", "/sw.js", "/robots.txt", "/favicon.ico"),
)
"""What opens without having signed in."""


def may(actor: Staff | None, act: str, office: Office | None = None) -> bool:
    """Whether somebody may do an act, at an office or (None) anywhere."""
    return actor is None or any(_covers(path, office) for path in _paths(actor, act))


def enter(actor: Staff | None, act: str, office: Office | None = None) -> None:
    """Let an act begin, or refuse: ``not_your_duty`` (who can is said), ``not_your_office``."""
    if may(actor, act, office):
        return
    row = ACTS[act]
    who_vi, who_en = _who(row.duties)
    if office is not None and may(actor, act):
        raise Refused(
            "not_your_office",
            f"You may {row.en}, but not at {office.name}.",
            f"Ask there: {who_en}.",
            vi=f"Bạn không {row.vi} ở {office.name} được. Hỏi người ở đó: {who_vi}.",
        )
    raise Refused(
        "not_your_duty",
        f"It is not your duty to {row.en}.",
        f"These can: {who_en}.",
        vi=f"Việc {row.vi} không phải việc của bạn. Làm được: {who_vi}.",
    )


def offices(actor: Staff | None, act: str) -> list[int] | None:
    """The ids of offices whose rows somebody sees for an act; None means all of them (no filter needed)."""
    if actor is None:
        return None
    paths = _paths(actor, act)
    if any(path.count("/") == 1 for path in paths):  # headquarters covers everything
        return None
    return actor.offices_below(paths)


def page(act: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for those who may do ``act`` somewhere."""

    def door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            enter(cast(Any, request.user), act)  # the door let nobody else in
            return view(request, *args, **kwargs)

        inside.act = act  # type: ignore[attr-defined]  # a test reads which door each page stands behind
        return inside

    return door


class Door:
    """Lets nobody past the open addresses without having signed in, with the second factor where it is required."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith(OPEN):
            if path.startswith("/api/"):
                no = _no_way_in(request)
                if no is not None:
                    return no
            elif not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            elif _lacks_second_step(request):
                return redirect("mfa_activate_totp")
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _lacks_second_step(request: HttpRequest) -> bool:
    return settings.SECOND_FACTOR == "required" and not is_mfa_enabled(request.user)


def _no_way_in(request: HttpRequest) -> HttpResponse | None:
    """Why the API stays shut, as machines read it; a token is looked at by the operation that it is sent to."""
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        return None
    if not request.user.is_authenticated:
        return problem("not_signed_in", 401, "Sign in first, or send a token.")
    if _lacks_second_step(request):
        return problem("no_second_step", 403, "Set up the second step of signing in first.")
    return None


def rooms(request: HttpRequest) -> dict[str, Any]:
    """For every template: the rooms this person may enter, the operator's name, the language."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"operator": settings.OPERATOR, "demo": settings.DEMO}
    return {
        "operator": settings.OPERATOR,
        "demo": settings.DEMO,
        # Worked out by the first template that lists them: a station lists none.
        "rooms": SimpleLazyObject(partial(_open_to, user, ROOMS)),
        "more_rooms": SimpleLazyObject(partial(_open_to, user, MORE_ROOMS)),
    }


def _open_to(user: Staff, rooms: list[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    return [(href, words.say(vi, en)) for href, act, vi, en in rooms if act in ACTS and may(user, act)]


def _paths(actor: Staff, act: str) -> list[str]:
    allowed = ACTS[act].duties.split()
    if not getattr(actor, "is_active", False):
        return []
    held = actor.duties(clock.to_date(clock.today()))
    return [path for code, path in held if allowed == ["*"] or code in allowed]


def _covers(path: str, office: Office | None) -> bool:
    return office is None or office.path.startswith(path)


DUTY_NAMES = {
    "director": ("giám đốc", "the director"),
    "officer": ("chuyên viên chăm sóc", "a care officer"),
    "policy": ("bộ phận chính sách", "the policy unit"),
    "agent": ("tổng đài viên", "a call-centre agent"),
    "executive": ("ban lãnh đạo", "an executive"),
    "privacy": ("người bảo vệ dữ liệu", "the data-protection officer"),
    "auditor": ("kiểm toán", "an auditor"),
    "admin": ("quản trị", "an administrator"),
    "camp": ("phụ trách khám bệnh", "the head of camps"),
    "pharmacist": ("dược sĩ trưởng", "the chief pharmacist"),
}


def _who(duties: str) -> tuple[str, str]:
    if duties == "*":
        return "ai đang có nhiệm vụ", "anybody with a duty"
    names = [DUTY_NAMES[d] for d in duties.split()]
    return ", ".join(vi for vi, _ in names), ", ".join(en for _, en in names)
