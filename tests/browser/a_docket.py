"""Themes in every state for the office of the browser's tests, made through the rooms' own acts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("8f0c2b7e-5a1d-4c3e-9b66-1d2f3a4b5c6d")
SAYINGS = {
    "N1": ("Sóng yếu ở bản cao và chợ phiên", (
        "Lên nương là mất sóng, muốn gọi về nhà phải leo ra mỏm đá.",
        "chợ phiên dong nguoi la mang khong vao noi",
        "Mưa lớn là cả bản mất sóng cả buổi, gọi không được.",
    )),
    "N2": ("Trừ tiền gia hạn gói mà không báo trước", (
        "Tự dưng trừ 90 nghìn, không ai nói gì trước.",
        "tru tien luc nua dem sang day het tien goi",
        "Báo thì có báo, nhưng nhắn lúc 21 giờ 58, tôi ngủ rồi.",
    )),
    "N3": ("Tổng đài bắt chờ lâu buổi tối", (
        "Gọi tổng đài buổi tối chờ mười lăm phút rồi tự ngắt.",
        "goi tong dai mai khong ai nghe may",
    )),
    "N4": ("Điểm Care Plus cộng chậm", ("Điểm tháng trước tới giờ chưa thấy cộng.",)),
    "N5": ("Cửa hàng đóng cửa trước giờ ghi ở biển", ("Biển ghi 20 giờ mà 19 giờ 15 đã kéo cửa.",)),
    "N6": ("Đòi bỏ phí nhắn tin nội mạng", ("Nhắn tin nội mạng thì nên miễn phí luôn.",)),
    "N7": ("alo alo 123", ("alo alo",)),
}  # fmt: skip


class Docket:
    """The acts; ``ids`` says which theme is which."""

    def __init__(self, world: Any, now: datetime) -> None:
        self.world, self.now, self.ids = world, now, {}
        self.n = 0

    def tell(self) -> dict[str, int]:
        """One that waits, with a name, a join and a file; one promised and late; one done, told and better; others."""
        from tantam.office.opinions import answering, themes
        from tantam.office.opinions.models import Change, Theme

        w, by = self.world, {"actor": self.world.policy}
        made = {code: themes.of_code(code, name, at=self._ago(90)) for code, (name, _) in SAYINGS.items()}
        self._spoken(made["N1"], "N1", 34, over=40, bad=3)
        self._spoken(made["N2"], "N2", 40, over=42, bad=2, first=50)
        self._spoken(made["N2"], "N2", 4, over=30, bad=2)
        for code, count in (("N3", 17), ("N4", 9), ("N5", 6), ("N6", 5), ("N7", 1)):
            self._spoken(made[code], code, count, over=24, bad=4)
        self._everything_else()
        themes.take_in([self._row()], run="tin-nhan-thang-11", digest="d1", at=self._ago(6), **by)
        themes.pin(made["N1"], True, at=self._ago(5), **by)
        for theme in made.values():
            Theme.objects.filter(pk=theme.pk).update(since=self._ago(33))
        who = {**by, "office": w.hq}
        words = "Từ tháng sau, trước khi gia hạn gói nào cũng nhắn báo trước 24 giờ"
        answering.answer(made["N2"], kind="accept", words=words, due=self._day(-30), at=self._ago(60), **who)
        done = answering.change(
            made["N2"], what="Mọi gói tự gia hạn nay đều nhắn báo trước 24 giờ, trong khoảng 8 giờ đến 20 giờ",
            proof="Bản cấu hình 31 gói và 200 tin mẫu, số 118/CSSP", at=self._ago(42), **by,
        )  # fmt: skip
        Change.objects.filter(pk=done.pk).update(done_on=self._day(-42))
        answering.publish(done, at=self._ago(41), **by)
        telling = answering.tell(Change.objects.get(pk=done.pk), at=self._ago(41), **by)
        while answering.go_on(telling, at=self._ago(41)):
            pass
        self._sent(telling.pk)
        answering.answer(
            made["N3"], kind="accept", words="Thêm người trực từ 18 giờ đến 22 giờ, chờ không quá hai phút",
            due=self._day(-6), at=self._ago(20), owner=w.hoa, **who,
        )  # fmt: skip
        answering.answer(
            made["N4"], kind="later", words="Đang đối soát với bên cộng điểm, có kết quả sẽ nói lại",
            due=self._day(12), at=self._ago(3), **who,
        )  # fmt: skip
        answering.answer(
            made["N6"], kind="no", at=self._ago(9), **who,
            words="Làm vậy phải tăng giá gói rẻ nhất, người ít tiền chịu thiệt hơn, nên chúng tôi không làm",
        )  # fmt: skip
        themes.hide(made["N7"], True, at=self._ago(2), **by)
        joined = themes.of_code("N8", "Chợ phiên không vào mạng được", at=self._ago(80))
        self._spoken(joined, "N1", 5, over=20, bad=2)
        themes.join(joined, made["N1"], at=self._ago(4), **by)
        return {
            "theme": made["N1"].pk, "theme_done": made["N2"].pk, "theme_late": made["N3"].pk,
            "theme_later": made["N4"].pk, "theme_no": made["N6"].pk, "theme_joined": joined.pk,
        }  # fmt: skip

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _day(self, days: int) -> Any:
        return (self.now + timedelta(days=days)).date()

    def _spoken(
        self, theme: Any, code: str, count: int, *, over: int, bad: int, first: int = 0, key: int = 40_000
    ) -> None:
        """``count`` people over some days, the last ``first`` days ago; one in ``bad`` complained."""
        from tantam.office.opinions import themes
        from tantam.office.opinions.models import Opinion

        w, texts = self.world, SAYINGS[code][1]
        for n in range(count):
            self.n += 1
            said = self._ago(first + over * (n + 0.5) / count)
            opinion = Opinion.objects.create(
                id=uuid5(SPACE, f"{self.n}"), text=texts[n % len(texts)],
                channel=("sms", "cafe", "counter", "phone")[n % 4],
                tone="grievance" if n % bad == 0 else "idea", said_at=said, complaint=n % bad == 0, theme=theme,
                office=(w.nha_trang, w.nha_trang, w.ca_mau, w.khanh_hoa)[n % 4], topic="network",
                speaker_key=None if n % 9 == 8 else key + self.n,
            )  # fmt: skip
            themes.count(opinion)

    def _everything_else(self) -> None:
        """What was heard of no theme, so that shares mean something."""
        from tantam.office.opinions.models import Opinion

        Opinion.objects.bulk_create(
            Opinion(
                id=uuid5(SPACE, f"else {n}"), text="Cảm ơn các bạn đã ghé thăm.", tone="praise", channel="letter",
                said_at=self._ago(6 + n), office=self.world.khanh_hoa, topic="other", complaint=False,
            )
            for n in range(90)
        )  # fmt: skip

    def _row(self) -> dict[str, Any]:
        return {
            "id": "N1", "label": "sóng yếu", "count": 1377, "people": 1204, "share_complaint": 0.61,
            "quotes": [{"text": "o ban toi chi co mot cho co song la goc cay gao dau nha", "people": 41}],
            "by_province": [["Điện Biên", 611], ["Khánh Hòa", 340], ["Cà Mau", 288], [None, 138]],
        }  # fmt: skip

    def _sent(self, telling: int) -> None:
        """Most messages arrived; some people refused, one number was gone."""
        from tantam.office.channels.models import Message

        rows = list(Message.objects.filter(about_kind="telling", about_id=str(telling)).order_by("key"))
        noon = datetime.combine(self._day(-40), time(9), self.now.tzinfo)
        for n, row in enumerate(rows):
            row.due_at, row.code = None, "allowed"
            row.state = "refused" if n % 8 == 3 else "failed" if n == 5 else "arrived"
            row.taken_at = None if row.state == "refused" else noon + timedelta(seconds=n)
            if row.state == "refused":
                row.code = "refused"
        Message.objects.bulk_update(rows, ["state", "taken_at", "due_at", "code"])
