"""What machines see: one API, problem details for every error, no login for health and the schema alone."""

from __future__ import annotations

from django.db import connections
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.security import django_auth

from tantam import __version__
from tantam.errors import TantamError
from tantam.office.watch import status

api = NinjaAPI(title="Tận Tâm", version=__version__, auth=django_auth, docs_url=None, urls_namespace="api")


class Health(Schema):
    """Whether the office can serve."""

    status: str
    version: str


@api.get("/health", auth=None, response={200: Health, 503: Health}, summary="Can the office serve?")
def health(request: HttpRequest) -> tuple[int, dict[str, str]]:
    """Both databases answer; nothing else is said to a stranger."""
    try:
        for alias in ("default", "health"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
    except Exception:  # whatever stops a database from answering, the answer is the same
        return 503, {"status": "down", "version": __version__}
    return 200, {"status": "up", "version": __version__}


@api.exception_handler(TantamError)
def problem(request: HttpRequest, error: TantamError) -> HttpResponse:
    """RFC 9457: type, title, status, detail."""
    code = status(error)
    body = {"type": f"urn:tantam:{error.code}", "title": error.what, "status": code, "detail": error.do}
    response = api.create_response(request, body, status=code)
    response["Content-Type"] = "application/problem+json"
    return response
