"""The words of a made-up camp: names, villages, what hurts, what is said. All invented, of nobody; the medicines are
not real ones.
"""

from __future__ import annotations

from tantam.office.camps import kinds

PEOPLES: tuple[tuple[float, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        0.55,
        ("Giàng", "Vừ", "Thào", "Lầu", "Sùng", "Mùa", "Vàng", "Cư", "Thò", "Sính", "Hờ", "Mua"),
        (
            *("A Páo", "A Chứ", "Mí Sính", "Mí Dia", "A Sử", "Seo Phừ", "Mí Vư", "A Tủa", "Chá Lử", "Mí Pó"),
            *("A Dê", "Sáy Phìn"),
        ),
        (
            *(
                "Thị Mỷ",
                "Thị Súa",
                "Thị Dính",
                "Thị Máy",
                "Thị Pà",
                "Thị Chở",
                "Thị Sua",
                "Thị Xúa",
                "Thị Vá",
            ),
            *("Thị Dợ", "Thị Ly", "Thị Mò"),
        ),
    ),
    (
        0.30,
        ("Nông", "Hoàng", "Ma", "Nguyễn", "Lương", "Vi"),
        ("Văn Thắng", "Văn Inh", "Đức Cường", "Văn Sầm", "Quốc Tuấn", "Văn Chài", "Minh Hiếu", "Văn Páo"),
        ("Thị Bích", "Thị Nhình", "Thị Lả", "Thị Huệ", "Thị Diệp", "Thị Slao", "Thu Hà", "Thị Pèng"),
    ),
    (
        0.15,
        ("Triệu", "Bàn", "Đặng", "Lý", "Phàn"),
        ("Chòi Phúc", "Tòn Chẩu", "Văn Vạn", "Dào Sếnh", "Kiềm Quyên", "Vần Kinh"),
        ("Mùi Pham", "Mùi Nhậy", "Thị Lai", "Tả Mẩy", "Mùi Chiêm", "Mán Lở"),
    ),
)
"""Share of a people in the commune, its family names, names of men, names of women."""

VILLAGES = (
    *("Lũng Cẩu", "Sảng Pả", "Phìn Lò", "Tả Sính", "Nà Khương", "Khuổi Vài", "Nậm Chang", "Pờ Chừ Lủng"),
    *("Há Súng", "Bản Thăng", "Khâu Lạc"),
)
HELPERS = ("Sùng Mí Dia, nói tiếng Mông", "Bàn Mùi Pham, nói tiếng Dao", "Nông Thị Huệ, nói tiếng Tày")

Told = tuple[tuple[str, tuple[str, ...]], ...]
COMPLAINTS: Told = (
    ("Nhức đầu sau gáy, lên dốc thì mệt, mấy tháng rồi.", ("TM01", "TK01", "TM07")),
    ("Đau lưng, gùi nặng là không đứng thẳng được.", ("XK01", "XK02")),
    ("Ho về đêm, mùa lạnh năm nào cũng ho.", ("HH03", "HH04", "HH07", "HH10")),
    ("Mắt mờ, xâu kim không được nữa.", ("MA02", "MA05", "MA04")),
    ("Đau đầu gối, xuống nương phải chống gậy.", ("XK03", "XK05")),
    ("Ăn vào là đau bụng, ợ chua.", ("TI01", "TI02")),
    ("Ngứa hai cánh tay từ hôm đi làm cỏ.", ("DA03", "DA04")),
    ("Khó ngủ, tim hay đập nhanh.", ("CH10", "TT02", "TM04")),
    ("Đau răng hàm, nhai không được.", ("RM01", "RM02")),
    ("Tê hai bàn tay lúc sáng dậy.", ("TK03",)),
    ("Cổ to ra, nuốt vướng.", ("DC03", "CH12")),
    ("Tai nghe không rõ, con gọi không biết.", ("TH05", "TH06")),
    ("Chưa đi khám bao giờ, hôm nay muốn biết mình có khoẻ không.", ("CH01", "TM01", "CH09")),
)
"""What grown people tell, and codes of our own list that a doctor may then find."""
OF_CHILDREN: Told = (
    ("Cháu sốt hai hôm, bỏ bú.", ("HH01", "CH03", "HH06")),
    ("Cháu ho, chảy nước mũi cả tuần.", ("HH01", "HH03")),
    ("Cháu chậm lớn, ăn ít.", ("TE03", "CH07", "CH06", "TI06")),
    ("Cháu đau tai, đêm hay khóc.", ("TH03",)),
    ("Cháu bị ghẻ ở kẽ tay.", ("DA01",)),
    ("Cho cháu cân, xem có đủ mũi tiêm chưa.", ("TE01", "TE02")),
)
ADVICE = (
    "Uống thuốc đúng giờ, đủ ngày. Còn đau thì ra trạm y tế xã.",
    "Uống nhiều nước ấm, giữ ấm cổ và ngực.",
    "Nghỉ gùi nặng một tuần. Đau hơn thì ra trạm y tế ngay.",
    "Rửa tay bằng xà phòng trước khi ăn và sau khi đi nương.",
    "Một tháng nữa ra trạm y tế xã đo lại huyết áp.",
)
HOSPITAL = "Bệnh viện đa khoa khu vực"
REFERRED = (
    ("Huyết áp cao nhiều lần đo, cần khám tim và theo dõi.", 7),
    ("Mắt mờ cả hai bên, cần khám chuyên khoa mắt.", 30),
    ("Ho kéo dài, cần chụp phổi.", 3),
    ("Có khối ở cổ, cần siêu âm.", 7),
    ("Thai cần siêu âm và khám thai tại bệnh viện.", 5),
)
THANKS = (
    "Cảm ơn bác sĩ. Tôi bảy mươi tuổi rồi, hôm nay mới có người nghe tim cho.",
    "Cảm ơn các cháu, nói chậm cho bà nghe được.",
    "Thuốc cho đủ, ghi rõ, cảm ơn đoàn.",
    "Cháu nhà tôi hết sợ bác sĩ rồi, cảm ơn cô y tá.",
)
COMPLAINED = (
    "Chờ từ sáng đến trưa mới tới lượt, trẻ con đói.",
    "Không có ai nói tiếng Dao ở bàn phát thuốc.",
    "Nhà tôi ở xa, đến nơi thì hết số buổi sáng.",
)
STORIES = (
    "Tôi đi bộ bốn giờ xuống đây. Lần đầu có người đo huyết áp cho tôi, giải thích bằng tiếng Mông. "
    "Về tôi sẽ bảo cả bản cùng đi.",
    "Con tôi sinh ở nhà, chưa bao giờ được cân. Hôm nay cô cân cho cháu rồi ghi vào sổ.",
)
OVERRULED = "Câu mẫu: đã hỏi lại người nhà, dùng liều nhỏ, hẹn xem lại."
NOT_GIVEN = ("Hết thuốc ở bàn này, hẹn nhận ở trạm y tế xã.", "Người bệnh còn thuốc ở nhà, không nhận thêm.")

TEAM: tuple[tuple[kinds.Station, str, tuple[str, ...]], ...] = (
    ("registrar", "", ("Lường Thị Hoa", "Phạm Gia Bảo", "Lò Văn Kiên", "Tẩn Thị Mai")),
    ("triage", "ĐD", ("Trần Thu Trang", "Đỗ Văn Lực", "Hà Thị Yên", "Lê Thảo Vy")),
    ("doctor", "BS", ("Phan Quỳnh Như", "Nguyễn Hữu Tâm", "Vũ Đình Khải", "Hoàng Mai Anh", "Bùi Đức Thịnh",
                      "Ngô Thanh Hằng")),
    ("pharmacist", "DS", ("Đinh Thị Lụa", "Cao Xuân Bình", "Mai Hồng Nhung")),
    ("exit", "", ("Đặng Thuỳ Linh", "Quách Văn Đạt")),
)  # fmt: skip
"""Role, title, who takes it; with more desks than names, names come again with a number."""
