"""What machines see of opinions, themes and changes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest

from tantam import clock, keys
from tantam.office.journal.models import Entry
from tantam.office.opinions import actions, api, rules, themes
from tantam.office.opinions.models import STATES, Opinion, Theme
from tests.office.api.given import VALID, some_of_everything
from tests.office.opinions.a_theme import a_theme

OPINIONS, THEMES, CHANGES = "/api/opinions", "/api/themes", "/api/changes"
NUMBER = "0912 345 678"


@pytest.fixture
def secret(tmp_path: Path, settings: Any) -> bytes:
    """Keys were made in this home."""
    settings.HOME = tmp_path
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"k" * 32)
    return b"k" * 32


def post(client: Any, **changed: Any) -> Any:
    body = {name: value for name, value in {**VALID, **changed}.items() if value is not None}
    return client.post(OPINIONS, json.dumps(body), content_type="application/json")


def test_an_opinion_is_written_down_masked_and_read(world: Any, page: Any) -> None:
    answer = post(page(world.dung))
    assert answer.status_code == 201
    found, kept = answer.json(), Opinion.objects.get()
    assert (kept.pk, kept.speaker_key, kept.office, kept.channel) == (
        UUID(VALID["id"]),
        77,
        world.nha_trang,
        "phone",
    )
    assert found["text"] == kept.text and "912" not in found["text"]
    assert (found["office"], found["state"], found["topic"]) == ("nt", "said", kept.topic)
    assert found["said_at"] == "2026-11-20T02:00:00Z"
    (entry,) = Entry.objects.filter(act="opinion.registered")
    assert entry.actor == world.dung.pk


def test_the_same_id_again_is_the_same_opinion(world: Any, page: Any) -> None:
    client = page(world.dung)
    first = post(client)
    again = post(client, text="Lời khác, vì máy gửi lại", speaker=None)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Opinion.objects.count() == Entry.objects.filter(act="opinion.registered").count() == 1


@pytest.mark.parametrize(
    "changed", [{"office": "cmau"}, {"channel": "web"}, {"said_at": "2026-11-20T09:00:01+07:00"}]
)
def test_an_id_of_something_else_is_refused_and_shows_nothing(
    world: Any, page: Any, changed: dict[str, Any]
) -> None:
    post(page(world.dung))
    answer = post(page(world.policy), **changed)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tantam:id_taken")
    assert "Nậm" not in answer.content.decode()
    assert Opinion.objects.count() == 1


def test_a_number_becomes_the_key_and_is_nowhere(world: Any, page: Any, secret: bytes) -> None:
    answer = post(page(world.dung), speaker=NUMBER)
    assert answer.status_code == 201
    kept = Opinion.objects.get()
    assert kept.speaker_key == keys.of_phone(secret, "+84912345678")
    said = answer.content.decode() + str(list(Opinion.objects.values())) + str(list(Entry.objects.values()))
    for form in (NUMBER, "912345678", "345 678", str(kept.speaker_key), keys.show(kept.speaker_key)):
        assert form not in answer.content.decode()
    assert "912345678" not in said and "345 678" not in said


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"text": "  "}, 422, "empty_opinion"),
        ({"text": "\0"}, 422, "empty_opinion"),
        ({"text": ""}, 422, "bad_request"),
        ({"text": "ý" * 4_001}, 422, "bad_request"),
        ({"text": None}, 422, "bad_request"),
        ({"channel": "telepathy"}, 422, "bad_request"),
        ({"said_at": "2026-11-20T09:00:00"}, 422, "bad_request"),
        ({"said_at": "1993-04-15T09:00:00Z"}, 422, "bad_request"),
        ({"said_at": "0001-01-01T00:00:00+14:00"}, 422, "bad_request"),
        ({"said_at": (clock.now() + timedelta(days=1)).isoformat()}, 422, "said_in_the_future"),
        ({"office": "nowhere"}, 422, "no_such_office"),
        ({"office": "a\0b"}, 422, "bad_request"),
        ({"speaker": "nobody"}, 422, "nobody_known"),
        ({"speaker": NUMBER + "9"}, 422, "nobody_known"),
        ({"id": "7"}, 422, "bad_request"),
        ({"number": NUMBER}, 422, "bad_request"),
        ({"office": "cmau"}, 403, "not_your_office"),
    ],
)  # fmt: skip
def test_each_refusal_is_a_problem_and_keeps_nothing(
    world: Any, page: Any, secret: bytes, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = post(page(world.dung), **changed)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:tantam:{code}")
    assert answer["Content-Type"] == "application/problem+json"
    assert not Opinion.objects.exists()
    assert NUMBER not in answer.content.decode()


def test_a_body_that_is_no_json(world: Any, page: Any) -> None:
    client = page(world.dung)
    for body in (b"", b"{", b"\xff\xfe", b'{"text": "\\ud800"}', b"[]"):
        answer = client.post(OPINIONS, body, content_type="application/json")
        assert answer.status_code in (400, 422) and answer["Content-Type"] == "application/problem+json", body


def test_a_closed_office_hears_nothing(world: Any, page: Any) -> None:
    world.nha_trang.closed_on = clock.to_date(clock.today())
    world.nha_trang.save()
    assert post(page(world.policy)).json()["type"] == "urn:tantam:no_such_office"


def test_without_its_token_nothing_is_written(world: Any) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.dung, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = post(client)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:tantam:no_token")
    client.get("/opinions/new/")
    token = client.cookies["csrftoken"].value
    body = json.dumps(VALID)
    assert (
        client.post(
            OPINIONS, body, content_type="application/json", headers={"X-CSRFToken": token}
        ).status_code
        == 201
    )


def test_who_may_do_what(world: Any, page: Any) -> None:
    some_of_everything(world)
    before = Opinion.objects.count()
    assert [post(page(who)).status_code for who in (None, world.stranger, world.auditor)] == [401, 403, 403]
    assert Opinion.objects.count() == before
    for address in (THEMES, CHANGES, f"{THEMES}/1"):
        assert [page(who).get(address).status_code for who in (None, world.stranger)] == [401, 403]
        assert page(world.auditor).get(address).status_code in (200, 404)


def test_themes_page_by_page_the_heaviest_first(world: Any, page: Any) -> None:
    for n in range(60):
        Theme.objects.filter(pk=a_theme(world, f"T{n:02}").pk).update(weight=n % 7, pinned=n == 3)
    Theme.objects.filter(code="T59").update(hidden=True)
    themes.join(Theme.objects.get(code="T58"), Theme.objects.get(code="T57"), actor=world.policy, at=world.at)
    client = page(world.dung)
    first = client.get(THEMES).json()
    second = client.get(THEMES, {"after": first["after"]}).json()
    codes = [row["code"] for row in first["rows"] + second["rows"]]
    assert (len(first["rows"]), len(second["rows"]), second["after"]) == (50, 8, "")
    assert len(set(codes)) == 58 and codes[0] == "T03" and {"T58", "T59"}.isdisjoint(codes)
    weights = [Theme.objects.get(code=code).weight for code in codes[1:]]
    assert weights == sorted(weights, reverse=True)


def test_themes_of_each_state(world: Any, page: Any) -> None:
    one = some_of_everything(world)["themes"]
    client = page(world.dung)
    assert [row["id"] for row in client.get(THEMES, {"state": "done"}).json()["rows"]] == [one]
    assert [client.get(THEMES, {"state": state}).status_code for state in (*STATES, "x", "")] == [200] * 5 + [
        422
    ] * 2


def test_one_theme_with_its_answer_and_its_change(world: Any, page: Any) -> None:
    number = some_of_everything(world)["themes"]
    found = page(world.auditor).get(f"{THEMES}/{number}").json()
    assert (found["state"], found["people"], found["into"], found["hidden"]) == ("done", 3, None, False)
    assert found["quotes"] == [{"text": "mất sóng", "people": 2}]
    assert (found["answer"]["kind"], found["answer"]["due"]) == ("accept", "2026-12-31")
    assert [one["what"] for one in found["changes"]] == ["Đã lắp đủ pin."]
    assert page(world.auditor).get(CHANGES).json() == {"rows": found["changes"], "after": ""}
    asked = [page(world.auditor).get(f"{THEMES}/{n}").status_code for n in (number + 1_000, 0, 2**63, "x")]
    assert asked == [404, 422, 422, 422]


def test_a_theme_put_into_another_says_so(world: Any, page: Any) -> None:
    one, other = a_theme(world), a_theme(world, "T02")
    themes.join(one, other, actor=world.policy, at=world.at)
    found = page(world.dung).get(f"{THEMES}/{one.pk}").json()
    assert (found["into"], found["answer"], found["quotes"], found["changes"]) == (other.pk, None, [], [])


def test_changes_that_are_not_published_are_not_told(world: Any, page: Any) -> None:
    from tantam.office.opinions.models import Change

    some_of_everything(world)
    Change.objects.update(published_at=None)
    assert page(world.hoa).get(CHANGES).json() == {"rows": [], "after": ""}


def test_as_many_queries_for_fifty_as_for_one(
    world: Any, page: Any, django_assert_max_num_queries: Any
) -> None:
    some_of_everything(world)
    client = page(world.dung)
    client.get(THEMES)
    with django_assert_max_num_queries(4):
        assert len(client.get(THEMES).json()["rows"]) == 50


def test_the_words_of_a_forgotten_person_do_not_come_back(world: Any, page: Any) -> None:
    client = page(world.dung)
    post(client)
    actions.forget(77, actor=None, at=world.at)
    assert post(client).json()["text"] == rules.GONE


def test_what_is_declared_is_what_there_is() -> None:
    assert get_args(api.Channel) == tuple(rules.CHANNELS)
    assert get_args(api.State) == STATES
