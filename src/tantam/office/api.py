"""What machines see: one API, problem details for every error; health and the schema alone stand open."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from tantam import __version__
from tantam.errors import BadInput, TantamError
from tantam.office.opinions.api import router as opinions
from tantam.office.people.bearer import doors
from tantam.office.promises.api import router as promises
from tantam.office.watch import PROBLEM, problem, status


class Api(NinjaAPI):
    """Ninja's, whose schema says of errors that they are problem details."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**asked)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for code, response in operation["responses"].items():
                    if int(code) in range(400, 500) and "content" in response:
                        response["content"] = {PROBLEM: response["content"]["application/json"]}
        return schema


api = Api(title="Tận Tâm", version=__version__, auth=doors(), docs_url=None, urls_namespace="api")


class Health(Schema):
    """Whether the office can serve."""

    status: str
    version: str


@api.get("/health", auth=None, response={200: Health, 503: Health}, summary="Can the office serve?")
def health(request: HttpRequest) -> Status[dict[str, str]]:
    """Both databases answer; nothing else is said to a stranger."""
    try:
        for alias in ("default", "health"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
    except Exception:  # whatever stops a database from answering, the answer is the same
        return Status(503, {"status": "down", "version": __version__})
    return Status(200, {"status": "up", "version": __version__})


@api.exception_handler(TantamError)
def refused(request: HttpRequest, error: TantamError) -> HttpResponse:
    """A rule said no, or what was sent is wrong."""
    return problem(error.code, status(error), error.what, error.do)


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was asked does not fit the schema; where is said, never what was sent."""
    places = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors})
    return refused(
        request, BadInput("bad_request", f"Not understood: {', '.join(places)}.", "See /api/openapi.json.")
    )


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, or a request that another site made a browser send."""
    if error.status_code == 403:
        return problem("no_token", 403, "The request came without its token.", "Send X-CSRFToken.")
    return problem("bad_body", error.status_code, "The body is no JSON.", "See /api/openapi.json.")


@api.exception_handler(Http404)
def nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    """There is no such thing."""
    return problem("not_found", 404, "There is no such thing here.")


@api.exception_handler(AuthenticationError)
def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody has signed in, or the token opens nothing: wrong, ended and too old are all alike."""
    return problem("not_signed_in", 401, "Sign in first, or send a token that is still good.")


api.add_router("/promises", promises)
api.add_router("", opinions)
