"""Search over the rooms: accents first, both counted, only what this reader may see."""

from __future__ import annotations

from typing import Any

from tantam.office.parties import actions as parties
from tests.office.promises.given import promise


def found(client: Any, q: str) -> dict[str, list[str]]:
    groups = client.get("/search/", {"q": q}).context["groups"]
    return {group["word"]: [hit["title"] for hit in group["hits"]] for group in groups}


def test_the_very_accents_come_first_and_both_are_counted(world: Any, page: Any) -> None:
    for what in ("Gọi bà Lan", "Gọi bác Lân", "Gọi chị Lan"):
        promise(world, what=what)
    response = page(world.lam).get("/search/", {"q": "Lân"})
    (group,) = response.context["groups"]
    assert group["hits"][0]["title"] == "Gọi bác Lân"
    assert (group["exact"], group["rest"]) == (1, 2)
    assert "1 khớp đúng dấu, 2 khớp khi bỏ dấu." in response.content.decode()


def test_it_looks_in_every_room(world: Any, page: Any) -> None:
    promise(world, what="Trả lời về sóng ở Nha Trang")
    parties.meet(
        actor=world.lam, at=world.at, kind="partner", office=world.nha_trang, name="Quán Gió Nha Trang"
    )
    rooms = found(page(world.lam), "nha trang")
    assert rooms["Lời hứa"] == ["Trả lời về sóng ở Nha Trang"]
    assert rooms["Khách và đối tác"] == ["Quán Gió Nha Trang"]
    assert rooms["Văn phòng"] == ["Chi nhánh Nha Trang"]
    assert found(page(world.lam), "mai thuy dung") == {"Người làm": ["Mai Thùy Dung"]}


def test_another_branch_is_not_found(world: Any, page: Any) -> None:
    promise(world, what="Chuyện riêng của Nha Trang")
    assert found(page(world.khoi), "chuyện riêng") == {}


def test_nothing_typed_and_nothing_found(world: Any, page: Any) -> None:
    client = page(world.lam)
    assert "Gõ một từ" in client.get("/search/").content.decode()
    assert "Gõ một từ" in client.get("/search/?q=%20-%20").content.decode()
    assert "Không thấy gì" in client.get("/search/?q=zzzz").content.decode()
    assert client.get("/search/", {"q": "<script>alert(1)</script>"}).content.count(b"<script>alert") == 0
