"""What anybody may read: the operator's kept-promise rate, the head of the journal; and what browsers ask for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.http import require_safe

from tantam import clock
from tantam.office.front import home
from tantam.office.journal.actions import head

PAGES = {
    "/public/": "the operator's kept-promise rate, how many are late, and the head of the journal",
    "/public/changes/": "what people said, what we answered and did, late and refused ones too",
    "/public/changes/feed.xml": "the newest of that, as Atom",
    "/public/quality/": "quality as pledged, measured and felt, by province and month",
    "/manifest.webmanifest": "the name and the icon, for a phone's home screen",
    "/robots.txt": "search engines may read /public/, /ban-noi-chung-toi-lam/ and /gop-y/, and nothing else",
}
"""Every page of this room that needs no login: docs/reference/pages.md lists them."""


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The rate and the head of the journal, for anybody."""
    today = clock.to_date(clock.today())
    scope = home.Scope(None, "")
    kept, waiting = home.kept(scope, today, None), home.waiting(scope, today)
    context = {**kept, "late_count": waiting["late_count"], "late_people": waiting["late_people"]}
    top = head()
    context |= {
        "head": top,
        "sealed": not top.startswith("0:"),
        "now": clock.now(),
        "operator": settings.OPERATOR,
        "demo": settings.DEMO,
    }
    return render(request, "front/public.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    return HttpResponse(
        "User-agent: *\nAllow: /public/\nAllow: /ban-noi-chung-toi-lam/\nAllow: /gop-y/\n"
        "Disallow: /gop-y/xong/\nDisallow: /\n",
        content_type="text/plain; charset=utf-8",
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the office on its home screen."""
    told = {
        "name": f"Tận Tâm · {settings.OPERATOR}",
        "short_name": "Tận Tâm",
        "lang": "vi",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#F5F3EE",
        "theme_color": "#2E4087",
        "icons": [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(
        told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


urlpatterns: list[Any] = [
    path("public/", public, name="public"),
    path("robots.txt", robots),
    path("manifest.webmanifest", manifest),
]
