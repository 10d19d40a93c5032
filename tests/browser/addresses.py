"""Every page there is, with whom to look at it and in which states. A new address fails the walk until it is here."""

from __future__ import annotations

from typing import NamedTuple


class Stop(NamedTuple):
    """A page to look at: its route, who looks, the address with ``{ids}``, and the status it answers with."""

    route: str
    who: str | None
    address: str
    status: int = 200

    @property
    def name(self) -> str:
        """For the name of a test and of a picture: ``events-event_sealed-sealed_lam``."""
        path = self.address.strip("/").replace("{", "").replace("}", "") or "home"
        safe = "".join(c if c.isalnum() or c in "_-" else "-" for c in path).strip("-")
        return f"{safe}_{self.who or 'nobody'}"


def _stops(route: str, who: str | None, *addresses: str, status: int = 200) -> list[Stop]:
    return [Stop(route, who, address, status) for address in addresses or (route,)]


FRONT = [
    *_stops("/", "lam"),
    *_stops("/", "hoa", "/", "/?office={office}"),
    *_stops("/search/", "lam", "/search/?q=hanh", "/search/?q=qwx", "/search/"),
    *_stops("/held/", "bao"),
    *_stops("/public/", None),
    *_stops(
        "/public/changes/",
        None,
        "/public/changes/",
        "/public/changes/?kind=no",
        "/public/changes/?kind=broken",
    ),
    *_stops("/public/changes/<int:number>/", None, "/public/changes/{answer}/"),
    *_stops("/gop-y/", None),
    *_stops("/gop-y/", None, "/gop-y/?buoi={hall_wall}"),
    *_stops("/gop-y/xong/<str:token>/", None, "/gop-y/xong/{said}/"),
]
PROMISES = [
    *_stops(
        "/promises/",
        "lam",
        "/promises/",
        "/promises/?state=late",
        "/promises/?state=kept",
        "/promises/?q=khong+co+dau",
        "/promises/?state=broken",
    ),
    *_stops("/promises/new/", "lam"),
    *_stops("/promises/<int:number>/", "lam", *(
        f"/promises/{{promise_{state}}}/"
        for state in ("due", "late", "kept", "kept_late", "broken", "moved", "asked", "released")
    )),
    *_stops("/promises/<int:number>/", "kiem", "/promises/{promise_far}/"),
]  # fmt: skip
EVENTS = [
    *_stops("/events/", "lam", "/events/", "/events/?when=past"),
    *_stops("/events/", "kiem"),
    *_stops("/events/plan/", "lam"),
    *_stops("/events/<int:number>/", "lam", *(
        f"/events/{{event_{state}}}/"
        for state in ("planned", "inviting", "invited", "ready", "held", "sealed", "forwarded", "cancelled")
    )),
    *_stops("/events/<int:number>/guests/", "lam", "/events/{event_invited}/guests/"),
    *_stops("/events/<int:number>/calls/", "lam", "/events/{event_invited}/calls/", "/events/{event_forwarded}/calls/"),
    *_stops("/events/<int:number>/invite/", "lam", "/events/{event_ready}/invite/", "/events/{event_inviting}/invite/"),
    *_stops("/events/<int:number>/remind/", "lam", "/events/{event_inviting}/remind/"),
    *_stops("/events/<int:number>/attend/", "lam", "/events/{event_ready}/attend/"),
    *_stops("/events/<int:number>/notebook/", "lam", "/events/{event_held}/notebook/"),
    *_stops("/events/<int:number>/read-back/", "lam", "/events/{event_held}/read-back/"),
    *_stops("/events/<int:number>/sealed/", "lam", "/events/{event_sealed}/sealed/"),
    *_stops("/events/<int:number>/sealed/", "lam", "/events/{event_forwarded}/sealed/"),
    *_stops("/events/plan/", "lam", "/events/plan/?kind=listening_day"),
    *_stops("/events/<int:number>/", "lam", "/events/{hall_planned}/", "/events/{hall}/", "/events/{hall_closed}/"),
    *_stops("/events/<int:number>/guests/", "lam", "/events/{hall}/guests/"),
    *_stops(
        "/events/<int:number>/checkin/",
        "dung",
        "/events/{hall}/checkin/",
        "/events/{hall}/checkin/?q=n",
        "/events/{hall}/checkin/?q={hall_code}",
        "/events/{hall}/checkin/?q=qwx",
    ),
    *_stops(
        "/events/<int:number>/sign-up/",
        "dung",
        "/events/{hall}/sign-up/",
        "/events/{hall}/sign-up/?done={hall_guest}",
    ),
    *_stops("/events/<int:number>/hear/", "dung", "/events/{hall}/hear/"),
    *_stops("/events/<int:number>/screening/", "dung", "/events/{hall}/screening/"),
    *_stops("/events/<int:number>/board/", "lam", "/events/{hall}/board/", "/events/{hall_closed}/board/"),
    *_stops("/events/<int:number>/wall/", "lam", "/events/{hall}/wall/"),
]  # fmt: skip
JOURNAL = [
    *_stops("/journal/", "kiem", "/journal/", "/journal/?day=2001-01-01"),
    *_stops("/journal/seals/", "kiem"),
    *_stops("/messages/", "hoa", "/messages/", "/messages/?state=waiting", "/messages/?state=failed"),
    *_stops("/messages/", "hoa", "/messages/?about=round:R8", "/messages/?with={with}"),
    *_stops("/messages/", "lam", "/messages/?about=event:{event_invited}"),
    *_stops("/messages/person/", "dung"),
    *_stops("/messages/calls/", "dung"),
    *_stops("/messages/calls/", "lam"),
    *_stops("/journal/<int:number>/", "kiem", "/journal/{entry}/", "/journal/{entry_last}/"),
]
PARTIES = [
    *_stops("/parties/", "lam", "/parties/", "/parties/?q=hanh", "/parties/?q=qwx"),
    *_stops("/parties/new/", "lam"),
    *_stops("/parties/<int:number>/", "lam", "/parties/{party}/", "/parties/{party_donor}/"),
]
OPINIONS = [
    *_stops("/opinions/", "lam", "/opinions/", "/opinions/?channel=letter", "/opinions/?topic=network"),
    *_stops("/opinions/", "kiem"),
    *_stops("/opinions/new/", "dung"),
    *_stops("/opinions/<uuid:number>/", "lam", *(
        f"/opinions/{{{name}}}/" for name in ("opinion", "opinion_old", "opinion_corrected", "opinion_cafe")
    )),
    *_stops("/opinions/themes/", "yen", "/opinions/themes/", "/opinions/themes/?state=promised"),
    *_stops("/opinions/themes/", "lam", "/opinions/themes/?sort=since", "/opinions/themes/?state=hidden"),
    *_stops("/opinions/themes/<int:number>/", "yen", *(
        f"/opinions/themes/{{theme{name}}}/" for name in ("", "_done", "_late", "_later", "_no", "_joined")
    )),
    *_stops("/opinions/themes/<int:number>/", "yen", "/opinions/themes/{theme}/?find=song&other=goi"),
    *_stops("/opinions/themes/<int:number>/", "lam", "/opinions/themes/{theme_done}/"),
]  # fmt: skip
THANKS = [
    *_stops("/opinions/thanks/", "yen", "/opinions/thanks/"),
    *_stops("/opinions/thanks/", "kiem"),
    *_stops(
        "/opinions/thanks/<str:person>/",
        "yen",
        "/opinions/thanks/{voice}/",
        "/opinions/thanks/{voice_thanked}/",
    ),
    *_stops("/rhythm/", "hoa", "/rhythm/", "/rhythm/?level=province"),
    *_stops("/rhythm/", "lam"),
]
PROGRAMMES = [
    *_stops("/programmes/", "yen", "/programmes/", "/programmes/?year=2001"),
    *_stops("/programmes/new/", "yen"),
    *_stops("/programmes/<int:number>/", "yen", *(
        f"/programmes/{{{name}}}/" for name in ("programme", "programme_closed", "programme_bare")
    )),
    *_stops("/programmes/<int:number>/", "kiem", "/programmes/{programme}/"),
    *_stops("/programmes/<int:number>/promises/", "yen", "/programmes/{programme}/promises/"),
    *_stops("/programmes/<int:number>/copy/", "yen", "/programmes/{programme}/copy/"),
]  # fmt: skip
TAKE_IN = [*_stops("/opinions/themes/take-in/", "yen")]
PEOPLE = [
    *_stops("/people/", "quan"),
    *_stops("/people/", "dung", "/people/?office={office}"),
    *_stops("/people/new/", "quan"),
    *_stops("/people/offices/new/", "quan"),
    *_stops("/people/machines/", "quan"),
    *_stops("/people/machines/", "kiem"),
    *_stops("/people/<int:number>/", "quan", "/people/{staff}/"),
    *_stops("/people/<int:number>/", "dung", "/people/{staff}/"),
]
CASES = [
    *_stops("/cases/", "dung", "/cases/", "/cases/?state=late", "/cases/?state=paused", "/cases/?state=done"),
    *_stops("/cases/", "kiem", "/cases/", "/cases/?q=KN-999999"),
    *_stops("/cases/new/", "dung"),
    *_stops("/cases/<int:pk>/", "dung", *(
        f"/cases/{{case{state}}}/"
        for state in ("", "_late", "_paused", "_refund", "_refused", "_question")
    )),
    *_stops("/cases/<int:pk>/", "kiem", "/cases/{case}/"),
]  # fmt: skip
QUALITY = [
    *_stops("/quality/", "yen", "/quality/", "/quality/?month=2001-01"),
    *_stops("/quality/", "kiem", "/quality/?indicator=download_speed"),
    *_stops(
        "/quality/pledges/<int:number>/",
        "yen",
        "/quality/pledges/{pledge_2}/",
        "/quality/pledges/{pledge_7}/",
    ),
    *_stops("/quality/pledges/<int:number>/", "kiem", "/quality/pledges/{pledge_5}/?place=all"),
    *_stops("/quality/pledges/new/", "yen"),
    *_stops("/quality/declare/", "yen"),
    *_stops("/quality/costs/", "yen", "/quality/costs/", "/quality/costs/?month=2001-01"),
    *_stops("/quality/loads/", "yen"),
    *_stops("/quality/loads/", "kiem"),
    *_stops("/quality/loads/<int:number>/", "yen", "/quality/loads/{load}/", "/quality/loads/{load_wrong}/"),
    *_stops("/quality/calls/", "yen"),
    *_stops("/quality/calls/", "kiem"),
    *_stops("/quality/polls/", "yen"),
    *_stops("/quality/polls/new/", "yen"),
    *_stops("/quality/polls/<int:number>/", "yen", "/quality/polls/{poll}/", "/quality/polls/{poll_new}/"),
    *_stops(
        "/quality/polls/<int:number>/", "kiem", "/quality/polls/{poll_few}/", "/quality/polls/{poll_choice}/"
    ),
    *_stops("/public/quality/", None),
    *_stops("/public/quality/<int:number>/", None, "/public/quality/{pledge_2}/"),
]
DESK = [
    *_stops("/desk/", "bao", "/desk/", "/desk/?state=done"),
    *_stops("/desk/new/", "dung"),
    *_stops(
        "/desk/<uuid:number>/", "bao", "/desk/{request}/", "/desk/{request_late}/", "/desk/{request_done}/"
    ),
    *_stops("/desk/<uuid:number>/", "dung", "/desk/{request}/"),
]
ACCOUNTS = [
    *_stops("/accounts/pass/<str:secret>/", None, "/accounts/pass/{link_invite}/"),
    *_stops("/desk/voice/", "dung"),
    *_stops("/toi/<str:secret>/", None, "/toi/{mine}/"),
    *_stops("/toi/<str:secret>/", None, "/toi/{mine_new}/"),
    *_stops("/toi/<str:secret>/", None, "/toi/closed/", status=404),
    *_stops("/accounts/pass/<str:secret>/", None, "/accounts/pass/spent/", status=410),
    *_stops("/accounts/login/", None),
    *_stops("/accounts/logout/", "lam"),
    *_stops("/accounts/reauthenticate/", "lam"),
    *_stops("/accounts/password/change/", "password"),
    *_stops("/accounts/2fa/", "password"),
    *_stops("/accounts/2fa/totp/activate/", "password"),
    *_stops("/accounts/2fa/authenticate/", "halfway"),
    *_stops("/accounts/inactive/", None),
    *_stops("/accounts/password/set/", "dung"),
    *_stops("/accounts/2fa/", "twosteps"),
    *_stops("/accounts/2fa/reauthenticate/", "twosteps"),
    *_stops("/accounts/2fa/recovery-codes/", "twosteps"),
    *_stops("/accounts/2fa/recovery-codes/generate/", "twosteps"),
    *_stops("/accounts/2fa/totp/deactivate/", "twosteps"),
]
CAMPS = [
    *_stops("/camps/", "thao", "/camps/", "/camps/?year=2020"),
    *_stops("/camps/", "kiem"),
    *_stops("/camps/new/", "thao"),
    *_stops("/camps/<uuid:number>/", "thao", *(
        f"/camps/{{camp{which}}}/" for which in ("", "_half", "_ready", "_open", "_off")
    )),
    *_stops("/camps/<uuid:number>/", "kiem", "/camps/{camp_half}/"),
    *_stops("/camps/<uuid:number>/plan/<slug:code>/", "thao", *(
        f"/camps/{{camp_half}}/plan/{code}/"
        for code in ("places", "permit", "partners", "team", "desks", "medicines", "people", "money", "lessons")
    )),
    *_stops("/camps/<uuid:number>/plan/<slug:code>/", "thao", "/camps/{camp}/plan/team/"),
    *_stops("/camps/<uuid:number>/plan/<slug:code>/", "duoc", "/camps/{camp_half}/plan/medicines/"),
    *_stops("/camps/<uuid:number>/tell/", "thao", "/camps/{camp}/tell/", "/camps/{camp_open}/tell/"),
    *_stops("/camps/<uuid:number>/poster/", "thao", "/camps/{camp_ready}/poster/"),
    *_stops("/camps/<uuid:number>/text/", "thao", "/camps/{camp}/text/", "/camps/{camp_ready}/text/"),
]  # fmt: skip
CAMPS_AFTER = [
    *(
        Stop(f"/camps/<uuid:number>/{page}/", "thao", f"/camps/{{camp_home}}/{page}/")
        for page in ("merge", "differences", "sheet", "referrals", "voices", "impact", "export", "delete")
    ),
    *_stops("/camps/<uuid:number>/impact/", "kiem", "/camps/{camp_home}/impact/"),
    *_stops(
        "/camps/<uuid:number>/delete/", "bao", "/camps/{camp_asked}/delete/", "/camps/{camp_gone}/delete/"
    ),
    *_stops("/camps/referrals/<uuid:fact>/", "thao", "/camps/referrals/{camp_referral}/"),
    *_stops("/public/camps/<uuid:number>/", None, "/public/camps/{camp_home}/"),
]
WORK = [
    *_stops("/work/", "quan"),
    *_stops("/work/", "hoa"),
]
NOTHING = [
    *_stops("", "lam", "/nowhere/", status=404),
    *_stops("", "la", "/journal/", status=403),
]
"""Pages that answer no address of their own: what was not found, and what is not for this person."""

STOPS = [
    *FRONT,
    *PROMISES,
    *OPINIONS,
    *EVENTS,
    *PROGRAMMES,
    *THANKS,
    *JOURNAL,
    *TAKE_IN,
    *PEOPLE,
    *PARTIES,
    *CASES,
    *QUALITY,
    *DESK,
    *CAMPS,
    *CAMPS_AFTER,
    *WORK,
    *ACCOUNTS,
    *NOTHING,
]

POSTS = (
    *(f"/promises/<int:number>/{act}/" for act in ("keep", "redate", "break", "ask-release", "release")),
    "/camps/<uuid:number>/usb/",
    "/events/<int:number>/lines/",
    "/opinions/forward/",
    "/opinions/thanks/<int:reward>/given/",
    "/opinions/<uuid:number>/correct/",
    "/opinions/<uuid:number>/topic/",
    *(
        f"/opinions/themes/<int:number>/{act}/"
        for act in (
            "answer",
            "done",
            "publish",
            "tell",
            "rename",
            "pin",
            "hide",
            "join",
            "split",
            "move",
            "undo",
        )
    ),
    *(f"/programmes/<int:number>/{act}/" for act in ("promise", "lessons", "close")),
    *(
        f"/people/<int:number>/{act}/"
        for act in ("duties", "duties/<int:duty>/end", "leave", "factor", "invite")
    ),
    *(f"/people/machines/<int:number>/{act}/" for act in ("rotate", "end")),
    *(
        f"/cases/<int:pk>/{act}/"
        for act in (
            "receipt",
            "acknowledge",
            "hand-over",
            "turn-down",
            "answer",
            "refunded",
            "pause",
            "resume",
            "assign",
        )
    ),
    *(f"/desk/<uuid:number>/{act}/" for act in ("first", "answer", "extend", "forget")),
    "/quality/pledges/<int:number>/end/",
    "/quality/polls/<int:number>/ask/",
    *(f"/opinions/themes/promises/<int:number>/{act}/" for act in ("break", "release")),
    "/i18n/setlang/",
)
"""Addresses of forms alone: a GET is answered 405."""

NOT_PAGES = {
    "/sw.js": "a script",
    "/robots.txt": "for robots",
    "/manifest.webmanifest": "for the telephone's home screen",
    "/favicon.ico": "a picture",
    "/say/": "goes on to /gop-y/",
    "/ban-noi-chung-toi-lam/": "goes on to /public/changes/",
    "/public/changes/feed.xml": "for readers of news",
    "/^accounts/(?:signup|email|confirm-email|password/reset|login/code)/": "what the office does not use",
    "/accounts/demo/<str:secret>/": "signs in and goes on: every test here came through it",
    "/accounts/2fa/recovery-codes/download/": "a text file",
    "/quality/export/": "a zip",
}
CLOSED = (
    "/accounts/signup/",
    "/accounts/email/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "/accounts/confirm-email/",
    "/accounts/^confirm-email/(?P<key>[-:\\w]+)/$",
    "/accounts/login/code/confirm/",
)
"""Pages of the sign-in library that the office does not use: 404 to everybody."""
