"""Complaints and questions in every state, made through the room's own acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


def tell(story: Any) -> None:
    """One of each: just received, late, standing still, with a refund owed, turned down, closed, and a question."""
    from tantam.office.cases import actions

    world, now, ids = story.world, story.now, story.ids

    def receive(days: int, text: str, **more: Any) -> Any:
        row = {"kind": "complaint", "about": "fee", "said_by": "counter", "key": 21, **more}
        at = now - timedelta(days=days, hours=1)
        return actions.receive(actor=world.dung, at=at, text=text, office=world.nha_trang, **row)

    def by(days: int, **more: Any) -> dict[str, Any]:
        return {"actor": world.dung, "at": now - timedelta(days=days), **more}

    def begun(case: Any, days: int) -> Any:
        actions.give_receipt(case, **by(days, proof="đưa giấy biên nhận tại quầy"))
        return actions.acknowledge(case, **by(days, proof="nhắn tin báo đã nhận"))

    ids["case"] = receive(
        0, "Tôi không đăng ký nhạc chờ mà tháng nào cũng trừ 9 nghìn, gọi 0912345678 giúp.",
        about="content", said_by="phone",
    ).pk  # fmt: skip
    late = receive(
        45, "Cước tháng trước tính hai lần, tôi ra quầy hai lần rồi.", bill_on=now.date() - timedelta(days=99)
    )
    ids["case_late"] = begun(late, 45).pk
    paused = begun(receive(20, "Mất sóng cả tuần mà vẫn thu đủ cước.", about="network"), 19)
    actions.pause(paused, **by(12, reason="chờ chị gửi ảnh màn hình máy"))
    actions.resume(paused, **by(8))
    ids["case_paused"] = actions.pause(paused, **by(3, reason="chờ chị cho giờ kỹ thuật đến đo")).pk
    refund = begun(receive(9, "Bị trừ tiền gói tôi đã hủy."), 9)
    ids["case_refund"] = actions.answer(
        refund, outcome="accepted", answer="Chị đúng: gói đã hủy ngày 2 mà hệ thống vẫn trừ. Chúng tôi hoàn lại đủ.",
        proof="gọi 9:10", refund_dong=50_000, **by(1),
    ).pk  # fmt: skip
    refused = begun(receive(30, "Cuộc gọi ra nước ngoài này không phải của tôi.", said_by="letter"), 30)
    actions.turn_down(refused, **by(26))
    ids["case_refused"] = actions.answer(
        refused, outcome="refused", proof="thư số 12",
        answer="Bảng kê cho thấy cuộc gọi đi từ máy của anh lúc 21:10, sau khi nhập mã PIN. Bảng kê gửi kèm.", **by(24),
    ).pk  # fmt: skip
    ids["case_question"] = receive(
        1, "Sim của mẹ tôi đứng tên tôi được không?", kind="question", about="sim", key=None
    ).pk
