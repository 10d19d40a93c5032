"""What people of the made-up operator text its office: an opinion and a STOP to begin with, and more while it is open,
so that whoever watches sees them come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pyarrow.parquet as pq

from tantam.base.home import Home
from tantam.listen.columns import WORDS
from tantam.office.channels import actions as channels
from tantam.office.channels.gateways import Console
from tantam.office.channels.models import Incoming, Judgement, Message
from tantam.office.desk.incoming import answer_incoming
from tantam.office.opinions.models import Opinion

_IDS = UUID("0c6bb0e7-5be1-5b0e-8f6e-1f3f5a0d6c11")
EVERY = timedelta(seconds=30)
"""How often somebody texts while the office is open."""

INVITED = (1_001, 1_002, 1_003)
"""Who is invited to begin with; the last of them says STOP."""

SAID = (
    "Mạng ở xã tôi chập chờn từ hôm bão, gọi tổng đài ba lần chưa ai lên sửa",
    "Cam on cac chau tong dai huong dan rat nhiet tinh",
    "Sao thang nay tru 45k ma khong bao truoc vay",
    "Goi cuoc sinh vien moi de dung, gia hop ly. Mong giu lau dai",
    "TC",
    "Lên bản Nậm Khao không có sóng, trẻ con học qua mạng không được",
    "nap the tu hom qua chua vao tien, mong cac anh chi kiem tra giup",
    "Nhân viên cửa hàng ở chợ huyện nói chuyện với bà cụ nhà tôi rất tử tế",
    "4g cham nhu rua, toi nao cung xoay",
    "Huy goi data ma van bi tru tien la sao",
    "Trạm phát ở thôn 5 mất điện là mất sóng luôn, xin lắp thêm ắc quy",
    "Tu choi",
)
"""In the order in which they come; the second time round the same words come from others."""


def somebody(home: Path, number: int) -> tuple[int, str]:
    """The key and the phone of a made-up subscriber; a different one for each number."""
    rows = pq.read_table(Home(home).phones, columns=["key", "phone"])
    row = rows.slice(number * 7_919 % rows.num_rows, 1).to_pylist()[0]
    return row["key"], row["phone"]


def text(home: Path, number: int, *, at: datetime) -> Incoming:
    """Somebody's next text arrives; the same ``number`` again is the same text."""
    _, phone = somebody(home, number)
    words = SAID[number % len(SAID)]
    return channels.receive(at=at, gateway="phones", ref=str(number), number=phone, text=words)


def begin(home: Path, *, at: datetime, show: Callable[[str], object]) -> None:
    """An opinion comes in and is read; three people are invited, and one of them says STOP before the invitation goes
    out: each with the gate's reason."""
    first = text(home, 0, at=at)
    answer_incoming(at=at)
    heard = Opinion.objects.get(pk=uuid5(first.pk, "opinion"))
    show(f"  ✉ “{SAID[0]}”\n    → ý kiến · opinion: {' · '.join(WORDS[heard.topic])}")
    asked = [_invite(home, number, at) for number in INVITED]
    _, phone = somebody(home, INVITED[-1])
    channels.receive(at=at, gateway="phones", ref="stop", number=phone, text="TC")
    answer_incoming(at=at)
    show("  ✉ “TC”\n    → từ chối, dừng ngay · a STOP, honoured at once")
    gateway = Console(lambda line: show("  " + line.replace("\n", "\n  ")))
    ahead = channels.look_ahead(gateway, at=at)
    while channels.send_due(gateway, at=at, ahead=ahead):
        pass
    for verdict in Judgement.objects.filter(message__in=asked).exclude(outcome="send").order_by("outcome"):
        sign, words = ("⏸", "chờ · waits") if verdict.outcome == "hold" else ("✗", "không gửi · not sent")
        show(f"  {sign} lời mời · an invitation, {words}:\n    {verdict.vi}\n    {verdict.en}")


def _invite(home: Path, number: int, at: datetime) -> Message:
    key, _ = somebody(home, number)
    return channels.ask(
        actor=None, at=at, id=uuid5(_IDS, f"invited {number}"), key=key, purpose="invitation",
        text="Mời anh chị chiều thứ bảy uống cà phê với chúng tôi, chúng tôi muốn được nghe.",
    )  # fmt: skip
