"""What anybody may read, and what machines ask for."""

from __future__ import annotations

import json
from typing import Any

from tantam.office.front.public import PAGES
from tantam.office.journal import actions as journal
from tests.office.promises.given import promise


def test_anybody_reads_the_rate_and_the_head_of_the_journal(world: Any, page: Any) -> None:
    promise(world, what="Chuyện riêng")
    journal.seal(at=world.at)
    said = page(None).get("/public/").content.decode()
    assert journal.head() in said
    assert "giữ lời không" in said
    for private in ("Chuyện riêng", world.dung.name, world.nha_trang.name, "/promises/"):
        assert private not in said


def test_each_public_page_opens_without_signing_in(page: Any, db: None) -> None:
    for address in PAGES:
        response = page(None).get(address)
        assert response.status_code == 200, address
        assert page(None).post(address).status_code == 405


def test_robots_stay_outside_and_phones_find_the_name(page: Any, db: None) -> None:
    assert "Disallow: /" in page(None).get("/robots.txt").content.decode()
    manifest = json.loads(page(None).get("/manifest.webmanifest").content)
    assert manifest["lang"] == "vi"
    assert page(None).get(manifest["icons"][0]["src"]).status_code == 200
