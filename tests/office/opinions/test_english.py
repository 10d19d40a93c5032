"""The pages of opinions, parties and requests in English: every sentence has both languages and the same values."""

from __future__ import annotations

from typing import Any

from tantam import clock
from tantam.office.parties.actions import meet
from tests.office.opinions.words import ONE, an_opinion


def test_every_page_speaks_english(world: Any, page: Any) -> None:
    party = meet(actor=world.dung, at=clock.now(), kind="guest", office=world.nha_trang, key=5, name="An")
    an_opinion(world, party=party, key=5)
    browser = page(world.dung)
    browser.cookies["django_language"] = "en"
    said = {
        "/opinions/": "1 opinion is not forwarded yet.",
        "/opinions/?state=said": "Forward those ticked",
        "/opinions/?channel=counter": "Filter by what the machine read",
        f"/opinions/{ONE}/": "Written down, not forwarded yet.",
        f"/opinions/{ONE}/?": "Read by machine",
        "/opinions/new/": "Write it as it was said.",
        "/parties/?q=an": "1 with these accents, 0 with others.",
        f"/parties/{party.pk}/": "Who is this?",
        "/parties/new/": "Whom did we meet?",
    }
    for address, words in said.items():
        assert words in browser.get(address).content.decode(), address
