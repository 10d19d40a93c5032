"""A whole office with one planted person in a camp, for the tests of the wall.

``python -m tests.office.camps.a_planted_home HOME OUT`` fills a migrated home through the rooms' own acts, opens every
page of the office and of the camp, and writes what left the health room (pages, exports, the search) below OUT.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PLAIN = ("/", "/promises/", "/messages/", "/programmes/", "/cases/", "/rhythm/", "/people/", "/public/")
SOUGHT = [
    f"{room}?q={word}" for room in ("/search/", "/promises/", "/parties/") for word in ("kwya", "zxqvitis")
]
SEEN = [
    *[("hoa", address) for address in (*PLAIN, *SOUGHT)],
    *[("bao", "/held/"), ("kiem", "/journal/"), ("quan", "/work/"), ("kiem", "/desk/")],
    *[("yen", "/opinions/"), ("yen", "/quality/")],
]
"""Who looks at what outside the camp's room."""


def main(home: Path, out: Path) -> None:
    """Tell the story, then look at everything."""
    from tantam.cli.office_home import open_office

    open_office(home)
    from datetime import timedelta

    from tantam import clock
    from tantam.office.camps import attended, ledger, merging, referrals, voices
    from tantam.office.journal import actions as journal
    from tests.office.camps.after import PERSON, camped, planted
    from tests.office.world import World

    world: Any = World()
    world.head = world._hire("thao", "Sùng Thị Thảo", world.hq, "camp", "chị")
    (home / "secret" / "key").write_bytes(b"s" * 32)
    at = clock.now()
    it = camped(world, home)
    planted(it)
    for _ in range(8):
        it.person(village="Bản Đông")
    it.close()
    ledger.keep_unread(
        it.camp, f"không đọc được: {PERSON}".encode(), code="row_unreadable", device="D1", kit=1, at=at
    )
    by: dict[str, Any] = {"actor": world.head, "at": at}
    merging.take_in(it.file(out), **by)
    voice = next(fact.body for fact in ledger.day_of(it.camp).voices)
    voices.tell_story(it.camp, voice.id, words="Trong bản ai cũng vui.", **by)  # type: ignore[attr-defined]
    attended.pass_on(it.camp, **by)
    one = referrals.all_of(it.camp)[0]
    referrals.follow(it.camp, one.root, outcome="treated", on=it.camp.on, words=f"{PERSON} đã mổ", **by)
    journal.seal(at=at + timedelta(seconds=1))
    _look(world, out, it.camp.id)
    print(json.dumps({"camp": str(it.camp.id)}))


def _look(world: Any, out: Path, camp: Any) -> None:
    from django.test import Client

    from tantam.office.camps import after_pages
    from tantam.office.channels import phonebook
    from tantam.office.people.models import Staff
    from tests.office.camps.after import NUMBER

    for nth, (who, address) in enumerate(SEEN):
        answer = _as(Client(), Staff.objects.get(username=who)).get(address)
        assert answer.status_code in {200, 403}, (address, answer.status_code)
        # What was typed is shown again: that echo is ours. A result would bear the name with its accents.
        echo = address.partition("q=")[2].encode()
        (out / f"page-{nth}.html").write_bytes(answer.content.replace(echo, b"") if echo else answer.content)
    key = phonebook.key_of(NUMBER)
    assert key is not None
    for form in ("html", "json"):
        sent = {"who": f"{key}", "because": "request", "as": form}
        answer = _as(Client(), world.privacy).post("/held/", sent)
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        (out / f"held.{form}").write_bytes(content)
    for name, _, _, _ in after_pages.STEPS:  # what a stranger gets instead of the camp's own pages
        from django.urls import reverse

        answer = _as(Client(), world.lam).get(reverse(name, args=[camp]))
        (out / f"stranger-{name}.html").write_bytes(answer.content)
    (out / "public-camp.html").write_bytes(Client().get(f"/public/camps/{camp}/").content)
    (out / "openapi.json").write_bytes(Client().get("/api/openapi.json").content)


def _as(client: Any, staff: Any) -> Any:
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
