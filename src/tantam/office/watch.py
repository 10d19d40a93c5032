"""Structured logs and what happens when a page breaks: one line each, without numbers, names or texts."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation

from tantam.errors import TantamError
from tantam.office import words

log = structlog.get_logger("tantam")
STATUS = {"Refused": 409, "BadInput": 422, "Fault": 500}
OF_CODE = {"not_your_duty": 403, "not_your_office": 403, "too_many_tokens": 429}
PROBLEM = "application/problem+json"


def configure_logging(config: dict[str, Any]) -> None:
    """One JSON line an event on stderr; ``config['level']`` from TANTAM_LOG."""
    level = getattr(logging, config["level"].upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    # Django's own loggers print addresses with what people searched for, and tracebacks with values: not here.
    logging.getLogger("django").handlers = [logging.NullHandler()]
    logging.getLogger("django").propagate = False


def status(error: TantamError) -> int:
    """The HTTP status of an error: 403 for a closed door, 409 refused, 422 bad input, 429 too often, 500 ours."""
    return OF_CODE.get(error.code) or STATUS[type(error).__name__]


def problem(code: str, number: int, title: str, detail: str = "") -> HttpResponse:
    """What a machine reads of an error, by RFC 9457: type, title, status, detail."""
    body = {"type": f"urn:tantam:{code}", "title": title, "status": number, "detail": detail}
    answer = JsonResponse(body, status=number, content_type=PROBLEM)
    if number == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if number == 429:
        answer.headers["Retry-After"] = "60"
    return answer


class Watch:
    """Logs route, status and time of each request, and turns errors on purpose into their page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        response = self.get_response(request)
        ms = round((perf_counter() - start) * 1000, 1)
        log.info("request", method=request.method, route=_route(request), status=response.status_code, ms=ms)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TantamError):
            log.info("no", route=_route(request), code=error.code)
            return render(request, "error.html", {"error": error}, status=status(error))
        if isinstance(error, Http404):
            return None  # Django answers; nothing of ours broke
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if "tantam" in f.filename][-4:]
        log.error("fault", route=_route(request), kind=type(error).__name__, at=places)
        return None


class Language:
    """Vietnamese first: English only for whoever switched, never because a browser happens to speak it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override("en" if chosen == "en" else "vi"):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "vi")
        return response


def closed(request: HttpRequest) -> HttpResponse:
    """A page of a library that the office does not use."""
    raise Http404


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: it was sent from elsewhere, or the page lay open too long."""
    said = words.say(
        "Trang mở đã lâu nên chưa gửi được. Quay lại, tải lại trang rồi gửi lần nữa.",
        "The page had been open too long. Go back, reload it and send again.",
    )
    return render(request, "error.html", {"sentence": said, "code": "no_token"}, status=403)


def _route(request: HttpRequest) -> str:
    """The pattern of an address (``promises/<int:number>/``), never the address: that may hold what people typed."""
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return "?"
    return match.route
