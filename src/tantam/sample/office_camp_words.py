"""The words of the made-up camps: eight in hard provinces, then three Saturdays in the North-West. Communes, hospitals,
permits and figures are invented; the provinces are real ones, as the story has them.
"""

from __future__ import annotations

from typing import NamedTuple

from tantam.office.camps import kinds


class Commune(NamedTuple):
    """A commune of the story: ``province`` is today's code, ``before`` the province's name as the story has it, how
    far the hospital is, how many of 1,000 households are poor, doctors for 100,000 people, people who live there, and
    why it was chosen."""

    province: str
    before: str
    name: str
    distance_km: int
    poor_per_1000: int
    doctors_per_100k: int
    people: int
    reason: str
    nearby: str
    passed_over: str

    @property
    def place(self) -> str:
        """As a notice says it."""
        return f"{self.name}, {self.before}"

    def weighed(self, number: int) -> list[kinds.Place]:
        """It, and the commune nearby that was passed over, each with its reason."""
        code = f"MAU-{number:02d}"
        return [
            kinds.Place(
                code=f"{code}-1", name=self.name, province=self.province, distance_km=self.distance_km,
                poor_per_1000=self.poor_per_1000, doctors_per_100k=self.doctors_per_100k, people=self.people,
                chosen=True, reason=self.reason,
            ),
            kinds.Place(
                code=f"{code}-2", name=self.nearby, province=self.province, distance_km=self.distance_km // 2,
                poor_per_1000=self.poor_per_1000 - 140, doctors_per_100k=self.doctors_per_100k + 14,
                people=self.people + 900, chosen=False, reason=self.passed_over,
            ),
        ]  # fmt: skip


EARLIER = (
    Commune("66", "Đắk Lắk", "Xã Ea Sương", 46, 480, 16, 4_100, "Xa bệnh viện, nhiều nhà làm rẫy thuê.",
            "Xã Ea Nắng", "Trạm y tế ở đây vừa có thêm hai bác sĩ."),
    Commune("52", "Gia Lai", "Xã Ia Mây", 58, 560, 12, 3_600, "Mùa mưa đường ra huyện hay đứt.",
            "Xã Ia Gió", "Đoàn của tỉnh vừa khám tháng trước."),
    Commune("04", "Cao Bằng", "Xã Lũng Khói", 51, 620, 14, 2_700, "Người già chưa từng đo huyết áp.",
            "Xã Nà Suối", "Gần bệnh viện hơn."),
    Commune("19", "Bắc Kạn", "Xã Khuổi Bông", 49, 590, 15, 2_300, "Hai năm nay trạm y tế thiếu bác sĩ.",
            "Xã Nà Rơm", "Đường vừa làm xong, ra viện nửa giờ."),
    Commune("96", "Cà Mau", "Xã Rạch Mắm Nhỏ", 43, 390, 18, 5_200, "Đi viện phải qua hai chuyến đò.",
            "Xã Kinh Thẳng", "Có phòng khám khu vực."),
    Commune("96", "Bạc Liêu", "Xã Vàm Sậy", 38, 360, 21, 4_800, "Nhiều gia đình có công, ít người đưa đi viện.",
            "Xã Bờ Dừa", "Gần bệnh viện hơn."),
    Commune("15", "Lào Cai", "Xã Tả Sương Phìn", 57, 640, 11, 2_900, "Bản xa nhất đi bộ bốn giờ.",
            "Xã Bản Nắng", "Năm trước đã có trại."),
    Commune("44", "Quảng Trị", "Xã A Mưa", 54, 610, 13, 2_500, "Chưa có trại nào đến.",
            "Xã Hướng Gió", "Đường sạt lở, xe thuốc chưa vào được."),
)  # fmt: skip
"""Eight hard provinces, six of them named in the story."""

SATURDAYS = (
    Commune("08", "Hà Giang", "Xã Lũng Sương", 62, 710, 9, 3_200, "Xa bệnh viện nhất, nghèo nhất, chưa có trại nào.",
            "Xã Phìn Khâu", "Mới khám năm trước, năm sau quay lại."),
    Commune("12", "Lai Châu", "Xã Nậm Mây", 66, 690, 10, 2_800, "Bản giáp biên, đi viện mất một ngày.",
            "Xã Pa Khói", "Bệnh xá biên phòng đang khám ở đó."),
    Commune("11", "Điện Biên", "Xã Huổi Sương", 71, 730, 8, 2_600, "Ít bác sĩ nhất trong các xã đã xét.",
            "Xã Mường Gió", "Đường sạt lở, xe thuốc chưa vào được; xếp đầu kỳ sau."),
)  # fmt: skip
"""Three Saturdays in a row: the first is today's camp, the last still waits for its permit."""

NAME = "Khám bệnh, phát thuốc miễn phí {place}"
THEME = "Khám tổng quát cho người già, hộ nghèo, gia đình có công"
AIM = "Ai đến cũng được khám, là khách hàng hay không"
HOSPITAL = "Bệnh viện Trung ương Sao Mai (làm ra để xem thử)"
AUTHORITY = "Sở Y tế {before} (làm ra để xem thử)"
PERMIT = "MẪU-{number:03d}/GP-SYT"
DOSSIER = "Hồ sơ mẫu, không phải giấy phép thật"
SPENT = (("Xe, ăn ở của đoàn", 42_500_000), ("Thuốc và vật tư", 31_000_000))

LESSONS = (
    (True, "Bà con đến theo giờ của từng bản, không ai phải chờ cả buổi."),
    (False, "Thiếu người nói tiếng của bà con ở bàn phát thuốc. Lần sau mỗi bàn một người."),
    (True, "Phiếu mang về in chữ to, cán bộ xã đọc lại cho từng nhà."),
    (False, "Kính lão hết lúc mười giờ. Lần sau mang gấp đôi."),
)
FOLLOWED = (
    ("treated", "Đã khám ở bệnh viện tỉnh, có thuốc uống đều."),
    ("treated", "Trạm y tế xã đưa đi, đã về nhà."),
    ("declined", "Gia đình chưa muốn đi xa, hẹn trạm y tế xã đến thăm."),
)
BRING = "Căn cước hoặc thẻ bảo hiểm nếu có. Không có giấy tờ cũng được khám."
