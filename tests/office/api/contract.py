"""What the API declares: each operation with its answers, and whether an answer is one of them. ``openapi.json`` is how
it was declared last; after a change on purpose: ``python -m tests.office.api.contract``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).parent / "openapi.json"
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_FORMATS = {
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
}


def declared() -> dict[str, Any]:
    """The schema that the office serves, without its version."""
    from django.test import Client

    found: dict[str, Any] = Client().get("/api/openapi.json").json()
    del found["info"]["version"]
    return found


def as_text(schema: dict[str, Any]) -> str:
    """The schema as the snapshot has it."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Operation:
    """One of them: its parameters and body as declared, and its answers by status."""

    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None
    answers: dict[str, Any]
    parts: dict[str, Any]

    def misfit(self, response: Any) -> str:
        """What of an answer is not as it was declared; "" where all is."""
        answer = self.answers.get(str(response.status_code))
        if answer is None:
            return f"{response.status_code} is not declared"
        if "content" not in answer:
            return "a body that is not declared" if response.content else ""
        kind = response.headers["Content-Type"].partition(";")[0]
        if kind not in answer["content"]:
            return f"{kind} is not declared"
        return misfit(json.loads(response.content), answer["content"][kind]["schema"], self.parts)


def operations() -> Iterator[Operation]:
    """Every operation of the API."""
    schema = declared()
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            parameters = tuple(one.get("parameters", []))
            parts = schema["components"]["schemas"]
            yield Operation(method, path, parameters, resolved(body, parts), one["responses"], parts)


def resolved(schema: dict[str, Any] | None, parts: dict[str, Any]) -> Any:
    """A schema that is only named, as it stands."""
    return parts[schema["$ref"].rpartition("/")[2]] if schema and "$ref" in schema else schema


def misfit(value: Any, schema: dict[str, Any], parts: dict[str, Any], at: str = "$") -> str:
    """Where a value does not fit a schema, and how; "" where it fits. Knows what our schemas use."""
    schema = resolved(schema, parts)
    if "anyOf" in schema:
        found = [misfit(value, each, parts, at) for each in schema["anyOf"]]
        return "" if "" in found else found[0]
    kind = schema.get("type")
    if kind and (
        not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind in ("integer", "number"))
    ):
        return f"{at} is no {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is none of {schema['enum']}"
    if (form := _FORMATS.get(schema.get("format", ""))) and not re.fullmatch(form, value):
        return f"{at} is no {schema['format']}"
    if kind == "array":
        return next(
            filter(None, (misfit(v, schema["items"], parts, f"{at}[{n}]") for n, v in enumerate(value))), ""
        )
    if kind == "object":
        known = schema.get("properties", {})
        if lacking := set(schema.get("required", [])) - set(value):
            return f"{at} lacks {sorted(lacking)}"
        if more := set(value) - set(known):
            return f"{at} has {sorted(more)} too"
        return next(filter(None, (misfit(v, known[n], parts, f"{at}.{n}") for n, v in value.items())), "")
    return ""


if __name__ == "__main__":
    from tests.office import conftest  # noqa: F401 (makes this process an office)

    SNAPSHOT.write_text(as_text(declared()), encoding="utf-8")
