"""What is said in the made-up office: opinions of customers, promises of staff, proofs and reasons. All invented."""

from __future__ import annotations

SAID = (
    ("grievance", "Tối nào mưa là sóng trong hẻm tụt còn một vạch, gọi ba cuộc rớt hai.", False),
    (
        "grievance",
        "Trừ 2.000 đồng một ngày cho dịch vụ gì đó tôi không hề đăng ký, gọi tổng đài ba lần mới hủy được.",
        False,
    ),
    ("grievance", "Hết khuyến mãi mạng không nhắc, hôm sau nạp thẻ mới biết bị trừ theo giá thường.", False),
    ("grievance", "Gọi tổng đài chờ hơn mười phút, bấm phím lòng vòng rồi lại về đầu.", False),
    ("grievance", "Chợ sáng đông là mạng gần như đứng, máy quét mã tiền không chạy, mất khách.", False),
    ("grievance", "Tin nhắn quảng cáo ngày bốn năm tin, nhắn từ chối rồi vẫn còn.", False),
    ("grievance", "Cửa hàng bảo chờ hai ngày có sim mới, tuần sau mới có, không ai gọi.", False),
    ("grievance", "Ở dưới ghe ra khỏi cửa biển là mất sóng, mà mấy máy bên mạng khác vẫn gọi được.", True),
    ("grievance", "Cước điện thoại của má tôi tháng này gấp đôi mà không ai giải thích được vì sao.", False),
    ("grievance", "Dùng mười năm mà thấy thuê bao mới được tặng nhiều hơn mình.", False),
    (
        "grievance",
        "Con tôi học trực tuyến, đầu tháng còn nhanh, nửa tháng sau coi bài giảng cứ xoay vòng.",
        False,
    ),
    (
        "grievance",
        "Đi cấp lại sim phải về đúng cửa hàng cũ, tôi làm công nhân xin nghỉ được mỗi buổi.",
        False,
    ),
    (
        "idea",
        "Nên có gói cho người già: gọi nội mạng nhiều, khỏi dữ liệu, chữ trong tin nhắn viết có dấu.",
        False,
    ),
    ("idea", "Trước khi hết khuyến mãi ba ngày thì nhắn một tin, nói rõ sau đó tính giá bao nhiêu.", False),
    ("idea", "Cho chuyển tiền dư từ sim con sang sim mẹ, chứ để đó hết hạn uổng lắm.", False),
    ("idea", "Bà con trên rẫy nạp thẻ xa, đi cả buổi; giá mà ứng trước được mười ngàn.", False),
    ("idea", "Quầy nên mở thêm sáng chủ nhật, công nhân chỉ nghỉ ngày đó.", False),
    ("idea", "Gói sinh viên hết năm học thì tự chuyển sang gói khác, hỏi trước rồi hãy chuyển.", False),
    ("idea", "Bên kia có gói đi biển bảy ngày, mình cũng nên có cho ngư dân.", True),
    ("idea", "Ai báo sóng yếu thì nhắn lại cho người ta biết bao giờ sửa, đừng để người ta chờ hoài.", False),
    ("idea", "Cho đặt tên người được gọi khi hết tiền, một tuần vài cuộc cho khẩn cấp.", False),
    ("idea", "Tổng đài nên có người nói tiếng Khmer, má vợ tôi không rành tiếng Việt.", False),
    ("idea", "Muốn xem mình bị trừ tiền vì gì trong một tin nhắn, khỏi phải cài ứng dụng.", False),
    ("idea", "Đổi điểm lấy gói gọi đi, chứ đổi quà xa xôi tôi không dùng tới.", False),
    ("praise", "Hôm bão, mất điện cả xã mà sóng vẫn còn, gọi được cho con ở Sài Gòn, mừng lắm.", False),
    ("praise", "Cô giao dịch viên chỉ tôi từng bước khóa thuê bao khi mất máy, mười phút là xong.", False),
    ("praise", "Gọi báo trừ sai tiền, chiều hoàn lại liền, còn nhắn tin xin lỗi.", False),
    ("praise", "Giá gói tháng vừa túi tiền, dùng tám năm chưa đổi mạng lần nào.", False),
    ("praise", "Kỹ thuật lên tận rẫy đo sóng, tuần sau gọi được trong nhà.", False),
    ("praise", "Tết được nhắn hỏi thăm chứ không mời mua gì, thấy mình được nhớ tới.", False),
    ("praise", "Mạng bên này lên cầu Thị Nại vẫn nghe rõ, bạn tôi dùng mạng khác thì rớt.", True),
    ("praise", "Được mời cà phê mà không ai bày bán gì, ngồi nghe mình nói, tôi quý chỗ đó.", False),
)
"""Tone, words, whether another network is spoken of."""

LOCAL = {
    "Nha Trang": (
        (
            "grievance",
            "Từ khi khu mình thêm mấy tòa nhà cao, tối gọi trong bếp là rớt, phải ra ban công.",
            False,
        ),
        ("idea", "Khách du lịch hỏi sim hoài mà quầy gần bãi biển đóng lúc năm giờ, nên mở tới tối.", False),
        ("praise", "Tàu cá về bến là có sóng khỏe, gọi mối bán cá kịp giá.", False),
    ),
    "Pleiku": (
        ("grievance", "Trong làng chỉ có sóng ở đầu dốc nhà rông, vô rẫy cà phê là mất hẳn.", False),
        (
            "idea",
            "Mùa hái cà phê cần gói ngày rẻ cho người hái thuê, chứ mua gói tháng dùng không hết.",
            False,
        ),
        ("praise", "Cán bộ nói được tiếng Jrai, ông già tôi hỏi gì cũng hiểu.", False),
    ),
    "Cà Mau": (
        (
            "grievance",
            "Xuống Đất Mũi chiều gió chướng là mạng chập chờn, vuông tôm gắn máy đo mà số không về.",
            False,
        ),
        ("idea", "Cho nạp thẻ ở ghe hàng, dưới kinh không có tiệm nào.", False),
    ),
}
"""What people say who live there."""

OWED = {
    "reply": (
        "Trả lời ông {n} về sóng yếu trong hẻm",
        "Trả lời bà {n} về khoản trừ dịch vụ nội dung",
        "Trả lời chị {n} về gói cước sau khuyến mãi",
        "Trả lời anh {n} về thủ tục cấp lại sim",
    ),
    "refund": ("Hoàn cước trừ nhầm dịch vụ nội dung", "Hoàn tiền nạp thẻ lỗi", "Hoàn phí gói tự gia hạn"),
    "gift": (
        "Quà sinh nhật tháng {m}",
        "Quà thuê bao mười năm, tháng {m}",
        "Quà cảm ơn người góp ý, tháng {m}",
    ),
    "camp_day": ("Ngày khám miễn phí cùng trạm y tế, tháng {m}",),
    "commitment": (
        "Nhắn trước ba ngày khi hết khuyến mãi",
        "Gói gọi cho người cao tuổi, không kèm dữ liệu",
        "Mở quầy sáng chủ nhật ở khu công nghiệp",
        "Trả lời chủ đề “Sóng yếu trong hẻm”",
        "Trả lời chủ đề “Trừ tiền không rõ lý do”",
        "Hủy dịch vụ nội dung bằng một tin nhắn",
        "Tổng đài có người nói tiếng Khmer, tiếng Jrai",
        "Gói đi biển bảy ngày cho ngư dân",
        "Cấp lại sim ở mọi cửa hàng",
        "Ứng trước mười ngàn cho vùng xa",
    ),
    "forward": ("Chuyển ý kiến buổi cà phê tháng {m} (sổ giấy)",),
    "call_back": ("Gọi lại khách buổi cà phê tháng {m} (sổ giấy)",),
}
"""What is owed, by kind; {n} a given name, {m} the month."""

PROOFS = {
    "reply": ("confirmed", "Đã gọi, người hỏi xác nhận đã rõ"),
    "refund": ("receipt", "Chứng từ hoàn tiền số {k}"),
    "gift": ("receipt", "Biên nhận giao quà số {k}"),
    "camp_day": ("document", "Biên bản ngày khám số {k}"),
    "commitment": ("document", "Thông báo số {k}"),
    "forward": ("document", "Công văn số {k}"),
    "call_back": ("confirmed", "Đã gọi đủ khách, sổ gọi số {k}"),
    "gathering": ("document", "Biên bản buổi gặp số {k}"),
}
LATE = (
    ("yen", "commitment", "Trả lời chủ đề “Sóng yếu ở xã Nậm Sường”", 312, 6),
    ("dat", "refund", "Hoàn cước trừ nhầm dịch vụ nội dung", 58, 4),
)
"""Who at headquarters owes what, to how many, and how many days late it is."""
BROKEN = (
    "Đơn vị lắp đặt lùi sang năm sau, chúng tôi không làm kịp",
    "Không thu xếp được người trong tháng, buổi này không tổ chức",
    "Hàng quà không về kịp, đã xin lỗi từng người",
)
MOVED = ("Mưa bão, đường vào xã bị cắt", "Chờ đối tác xác nhận lịch", "Khách xin dời sang tuần sau")
LET_OFF = (
    "Khách nói đã tự xử lý xong, không cần nữa; gọi xác nhận ngày {d}",
    "Trạm y tế xin dời sang chương trình khác, công văn ngày {d}",
)
LESSONS = {
    2025: (
        ("got", "Gặp buổi sáng sớm, khách lớn tuổi đi được nhiều hơn."),
        ("got", "Nói rõ không bán gì, nhiều người từ chối lần đầu đổi ý."),
        ("not_yet", "Nhiều buổi xong không ai gọi lại, khách hỏi lời mình đi tới đâu."),
        ("not_yet", "Khách vùng biển bận theo con nước, mời ngày rằm là vắng."),
    ),
}
CALLED_BACK = (
    "Nghe xong cảm ơn, hẹn kỳ sau",
    "Nói sóng đã khá hơn",
    "Muốn biết thêm bao giờ có gói mới",
    "Không nói gì thêm",
)
CAFES = ("Quán Gió", "Cà phê Bến Xưa", "Cà phê Cây Me", "Quán Mây", "Cà phê Sông Quê", "Cà phê Phố Núi")
