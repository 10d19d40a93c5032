"""Whatever is sent, each operation answers as it declared, and never by our own fault."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office.api.contract import SNAPSHOT, Operation, as_text, declared, misfit, operations
from tests.office.api.given import VALID, a_machine, some_of_everything

pytestmark = pytest.mark.django_db(databases=["default", "health"])

OPERATIONS = {(one.method, one.path): one for one in operations()}

NUMBERS = st.sampled_from([0, 1, -1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**30, True, 0.5, 1e308])
DAYS = st.sampled_from([
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-21T03:00:00", "2026-11-21",
    "2026-11-21T03:00:00+07:00", "1969-12-31T23:59:59Z", "2999-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "-1", "1e99",
])  # fmt: skip
TEXTS = st.text(max_size=20) | st.sampled_from([
    "", " ", "\0", "a\0b", "\ud800", "ý" * 5_000, "null", "../..", "%00", "' OR 1=1 --", "０", "٣", "NaN", "\u202e",
])  # fmt: skip
CURSORS = st.lists(
    NUMBERS.map(str) | DAYS | TEXTS | st.sampled_from(["True", "False"]), min_size=1, max_size=4
).map("~".join)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | DAYS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
PEOPLE = ("lam", "policy", "token", "stranger", "", "wrong token")


def _address(one: Operation, data: st.DataObject) -> str:
    path, asked = one.path, []
    for parameter in one.parameters:
        name = parameter["name"]
        given = data.draw(NUMBERS.map(str) | TEXTS | CURSORS | st.just("1"), label=name)
        known = parameter["schema"].get("enum", [])
        if known:
            given = data.draw(st.sampled_from(known) | st.just(given), label=name)
        if parameter["in"] == "path":
            given = given.replace("/", "") or "x"  # it would be another address
        plain = quote(given.encode("utf-8", "surrogatepass"), safe="")
        if parameter["in"] == "path":
            path = path.replace("{" + name + "}", plain)
        elif data.draw(st.booleans()):
            asked.append(f"{name}={plain}")
    return path + "?" + "&".join(asked)


def _body(data: st.DataObject) -> bytes:
    body: dict[str, Any] = dict(VALID)
    for name in data.draw(st.lists(st.sampled_from([*VALID, "more"]), max_size=3, unique=True)):
        if data.draw(st.booleans()):
            body.pop(name, None)
        else:
            body[name] = data.draw(ANYTHING, label=name)
    whole = data.draw(st.just(body) | st.just(body) | ANYTHING)
    raw = json.dumps(whole).encode()
    return data.draw(st.just(raw) | st.just(raw) | st.binary(max_size=30) | st.just(raw[:-3]))


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_whatever_is_sent(world: Any, page: Any, operation: tuple[str, str]) -> None:
    one = OPERATIONS[operation]
    some_of_everything(world)
    clients = {who: page(getattr(world, who, None)) for who in PEOPLE}
    _, token = a_machine(world, "agent")
    clients["token"].defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    clients["wrong token"].defaults["HTTP_AUTHORIZATION"] = f"Bearer {token[:-1]}"

    @settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        address = _address(one, data)
        client = clients[data.draw(st.sampled_from(PEOPLE[:3]) | st.sampled_from(PEOPLE))]
        sent = {"data": _body(data), "content_type": "application/json"} if one.body else {}
        response = client.generic(one.method.upper(), address, **sent)
        wrong = one.misfit(response)
        assert not wrong, (address, sent, wrong, response.content[:300])

    holds()


@pytest.mark.parametrize("by_token", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_each_answers_well_and_as_declared(
    world: Any, page: Any, operation: tuple[str, str], by_token: bool
) -> None:
    one = OPERATIONS[operation]
    number = some_of_everything(world)[one.path.split("/")[2]] if "{" in one.path else ""
    sent = {"data": json.dumps(VALID), "content_type": "application/json"} if one.body else {}
    client = page(None if by_token else world.policy)
    if by_token:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {a_machine(world, 'agent')[1]}"
    response = client.generic(one.method.upper(), one.path.replace("{number}", str(number)), **sent)
    assert response.status_code in (200, 201), response.content
    assert not one.misfit(response)


def test_errors_are_problems_and_declared() -> None:
    for one in OPERATIONS.values():
        for code, answer in one.answers.items():
            if code.startswith("4"):
                assert list(answer["content"]) == ["application/problem+json"], one.path
        if one.path != "/api/health":
            assert {"401", "403", "422", "429"} <= set(one.answers), one.path


def test_as_it_was_declared_last() -> None:
    assert as_text(declared()) == SNAPSHOT.read_text(encoding="utf-8"), (
        "The API is declared otherwise than before. If that is meant: python -m tests.office.api.contract"
    )


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("x", {"type": "integer"}), (True, {"type": "integer"}), (None, {"type": "string"}),
        ("x", {"type": "string", "format": "uuid"}), ("x", {"type": "string", "enum": ["y"]}),
        ([1, "x"], {"type": "array", "items": {"type": "integer"}}),
        ({}, {"type": "object", "required": ["a"]}), ({"b": 1}, {"type": "object", "properties": {}}),
        (5, {"anyOf": [{"type": "string"}, {"type": "null"}]}), ("2026-11-22", {"format": "date-time"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_seen(value: Any, schema: dict[str, Any]) -> None:
    assert misfit(value, schema, {})
