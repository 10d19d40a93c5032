"""What people said, what was answered and done, in every state; and one person who may read his own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

WORDS = {
    "Mất sóng ở Vĩnh Hải khi mưa": "Trời mưa là cả xóm mất sóng, phải ra đầu ngõ mới gọi được.",
    "Gói cước tự gia hạn": "Gói tự gia hạn trừ tiền mà không báo, tôi chẳng kịp hủy.",
    "Sóng yếu ở bản Huổi Lếch": "Lên nương là không gọi về nhà được, đau ốm không biết báo ai.",
    "Chờ tổng đài lâu": "Gọi tổng đài chờ mười lăm phút rồi máy tự ngắt, gọi lại từ đầu.",
    "Gọi nội mạng miễn phí cả ngày": "Cho gọi nội mạng miễn phí cả ngày đi, người già gọi con cháu là chính.",
    "Quầy mở ngày chủ nhật": "Đi làm ca cả tuần, chủ nhật mới rảnh thì quầy đóng cửa.",
    "Đổi tên gói cho dễ nhớ": "Tên gói toàn chữ với số, tôi không nhớ được mình dùng gói nào.",
}


def tell(story: Any) -> None:
    """Seven themes: done in time, done late, late, later, no, broken, and one of two people."""
    from tantam.office.channels.models import Message
    from tantam.office.opinions import answering
    from tantam.office.promises import actions as promises
    from tests.office.opinions.a_theme import a_theme, said

    world, now = story.world, story.now
    made = {}
    for n, (name, words) in enumerate(WORDS.items()):
        theme = a_theme(world, f"V{n}", name)
        for person in range(2 if n == 6 else 5 + n):
            key = story.key if (person, n) in ((0, 0), (0, 2), (0, 4)) else 50_000 + 100 * n + person
            said(
                world, theme, f"voice {n} {person}", key, text=words,
                said_at=now - timedelta(days=90 - n),
            )  # fmt: skip
        made[n] = theme

    def answer(n: int, kind: str, words: str, *, made_before: int, due: int = 0) -> Any:
        return answering.answer(
            made[n], actor=world.policy, at=now - timedelta(days=made_before), kind=kind, words=words,
            office=world.hq, due=story.today + timedelta(days=due) if kind != "no" else None,
        )  # fmt: skip

    def change(n: int, what: str, proof: str, *, before: int) -> Any:
        by: dict[str, Any] = {"actor": world.policy, "at": now - timedelta(days=before)}
        done = answering.publish(answering.change(made[n], what=what, proof=proof, **by), **by)
        telling = answering.tell(done, **by)
        while answering.go_on(telling, at=by["at"]):
            pass
        Message.objects.filter(about_kind="telling", about_id=str(telling.pk)).update(
            state="arrived", code="allowed", due_at=None, taken_at=by["at"]
        )

    first = answer(
        0, "accept", "Thay ắc quy và kéo điện dự phòng cho hai trạm ở Vĩnh Hải.", made_before=80, due=-20
    )
    change(
        0,
        "Đã thay ắc quy ở hai trạm, chạy được tám giờ khi mất điện.",
        "Biên bản nghiệm thu 12/BB",
        before=30,
    )
    answer(1, "accept", "Báo trước 24 giờ mỗi lần gói tự gia hạn.", made_before=80, due=-40)
    change(1, "Nhắn trước 24 giờ với 31 gói tự gia hạn.", "Thông báo 08/TB trên trang nhà", before=32)
    late = answer(2, "accept", "Dựng thêm một trạm ở bản Huổi Lếch.", made_before=85, due=-30)
    promises.redate(
        late.promise, actor=world.policy, at=now - timedelta(days=35), due=story.today - timedelta(days=6),
        reason="Đường lên bản sạt lở, xe chưa vào được",
    )  # fmt: skip
    answer(3, "later", "Đang tuyển thêm người trực, chưa chắc ngày xong.", made_before=20, due=12)
    answer(
        4, "no", "Làm vậy phải tăng giá gói rẻ nhất, người ít tiền chịu thiệt hơn, nên chúng tôi không làm.",
        made_before=15,
    )  # fmt: skip
    broken = answer(5, "accept", "Mở quầy sáng chủ nhật ở khu công nghiệp.", made_before=70, due=-10)
    answering.own_up(
        broken.promise, actor=world.policy, at=now - timedelta(days=9), reason="Không thu xếp được người trực"
    )
    answer(6, "accept", "Đặt lại tên gói theo việc dùng, dễ nhớ.", made_before=3, due=40)
    story.ids["answer"] = first.pk
    story.ids |= {
        "mine": _link(story, story.key),
        "mine_new": _link(story, 60_000),
        "mine_shut": _link(story, 60_001),
    }


def _link(story: Any, key: int) -> str:
    """A link for one who has said and asked much, or nothing."""
    from tantam.office.desk import voice

    secret = voice.give(key, actor=story.world.dung, at=story.now, because="asked")
    if key == story.key:
        held = voice.whose(secret, at=story.now)
        voice.ask_for(held, "correct", sure=False, at=story.now)
        voice.say_yes(held, "invitation", at=story.now, form=UUID(int=1))
        voice.say_no(held, "survey", at=story.now, form=UUID(int=2))
    return secret
