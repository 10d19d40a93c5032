"""The made-up operator's offices: headquarters, the 34 provinces, their branches; and the people whom the story names.

The branches are towns of today's provinces; who works there is invented.
"""

from __future__ import annotations

_BRANCHES = """
01 Hoàn Kiếm, Hà Đông | 04 Cao Bằng | 08 Tuyên Quang, Hà Giang | 11 Điện Biên Phủ | 12 Lai Châu | 14 Sơn La
15 Lào Cai, Yên Bái | 19 Thái Nguyên, Bắc Kạn | 20 Lạng Sơn | 22 Hạ Long | 24 Bắc Ninh, Bắc Giang
25 Việt Trì, Hòa Bình | 31 Hồng Bàng, Hải Dương | 33 Hưng Yên, Thái Bình | 37 Hoa Lư, Nam Định | 38 Thanh Hóa
40 Vinh | 42 Hà Tĩnh | 44 Đồng Hới, Đông Hà | 46 Thuận Hóa | 48 Hải Châu, Tam Kỳ | 51 Quảng Ngãi, Kon Tum
52 Pleiku, Quy Nhơn | 56 Nha Trang, Phan Rang | 66 Buôn Ma Thuột, Tuy Hòa | 68 Đà Lạt, Phan Thiết
75 Biên Hòa, Đồng Xoài | 79 Bến Thành, Thủ Dầu Một, Vũng Tàu | 80 Tân An, Tây Ninh | 82 Mỹ Tho, Cao Lãnh
86 Vĩnh Long, Bến Tre | 91 Rạch Giá, Long Xuyên | 92 Ninh Kiều, Sóc Trăng | 96 Cà Mau, Bạc Liêu
"""

BRANCHES: dict[str, tuple[str, ...]] = {
    row[:2]: tuple(name.strip() for name in row[3:].split(","))
    for row in (part.strip() for part in _BRANCHES.replace("\n", "|").split("|"))
    if row
}
"""Province code → its branches."""

HEADQUARTERS = (
    ("hoa", "Vũ Thanh Hòa", "chị", "executive"),
    ("yen", "Đỗ Hải Yến", "chị", "policy"),
    ("dat", "Huỳnh Tấn Đạt", "anh", "policy"),
    ("luc", "Trần Văn Lực", "anh", "policy"),
    ("bao", "Ngô Thị Bảo", "bà", "privacy"),
    ("kiem", "Phan Đức Kiểm", "ông", "auditor"),
    ("quan", "Hồ Văn Quân", "anh", "admin"),
    ("an", "Lý Hồng An", "chị", "agent"),
    ("nga", "Đàm Thu Nga", "chị", "camp"),
    ("lua", "Đinh Thị Lụa", "bà", "pharmacist"),
)
"""Sign-in name, name, how one addresses them, duty."""

NAMED = {
    ("Nha Trang", "director"): ("lam", "Trương Ngọc Lâm", "anh"),
    ("Nha Trang", "officer"): ("dung", "Mai Thùy Dung", "chị"),
    ("Cà Mau", "director"): ("khoi", "Lê Minh Khôi", "anh"),
    ("Pleiku", "director"): ("thao", "Ngô Bích Thảo", "chị"),
}
"""Whom the story names; everybody else gets a name by lot."""

STEADY, WORST = 0.92, {"Cà Mau": 0.78, "Pleiku": 0.84, "Điện Biên Phủ": 0.82, "Lai Châu": 0.86}
"""The share of promises a branch keeps in time; a few do worse. Invented."""

_FAMILY = (
    "Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô "
    "Dương Lý Đinh Trương Lâm Mai Đoàn Cao Tô Thạch Lò Nông Vàng"
)
_FEMALE = (
    "Thị Hạnh, Thị Lan, Thu Cúc, Thị Mận, Ngọc Ánh, Bích Ngọc, Thanh Tâm, Thị Gái, Kim Chi, Thùy Linh, Mỹ Duyên, "
    "Thị Tươi, Hồng Nhung, Phương Thảo, Thị Sáu, Minh Nguyệt, Diệu Hiền, Thị Bông, Hoài Thương, Khánh Vy, Tuyết Mai, "
    "Thị Út, Lệ Thủy, Thị Hoa, Thanh Xuân, Quỳnh Như"
)
_MALE = (
    "Văn Tạo, Văn Bình, Minh Hiếu, Quốc Dũng, Hữu Phước, Đức Thắng, Văn Sửu, Thanh Tùng, Công Danh, Ngọc Sơn, "
    "Văn Lành, Hoàng Nam, Quang Vinh, Văn Năm, Trung Kiên, Bá Lộc, Xuân Trường, Văn Được, Gia Bảo, Tiến Đạt, "
    "Văn Chính, Khắc Huy, Thế Anh, Văn Hùng, Đình Phong"
)


def name_of(sex: str, family: int, given: int) -> str:
    """A made-up name by two lots: the commoner family names stand in the list more often."""
    families, names = _FAMILY.split(), (_FEMALE if sex == "female" else _MALE).split(", ")
    return f"{families[family % len(families)]} {names[given % len(names)]}"
