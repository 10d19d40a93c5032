"""Which parts a camp's plan has, in the order of the work, and the forms of each."""

from __future__ import annotations

from dataclasses import dataclass

from tantam.office.camps import kinds, parts, rules
from tantam.office.camps.parts import Field, Form

_STATIONS = tuple((code, *rules.ROLES[code]) for code in kinds.STATIONS)
_ROLES = tuple((code, *said) for code, said in rules.ROLES.items())
_PARTNERS = tuple((code, *said) for code, said in rules.PARTNERS.items())
_WHY = Field(
    "because", "Vì sao không phải xã cần nhất", "Why not the neediest", "text", (),
    "Chỉ cần khi bỏ qua xã xếp trên. Câu này đứng cạnh tên xã bị bỏ qua.",
    "Only if others in greater need are passed over; it stands beside their names.", True,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of the plan: its word, the question of its page, what is said below, its forms."""

    code: str
    vi: str
    en: str
    ask_vi: str
    ask_en: str
    note_vi: str
    note_en: str
    forms: tuple[Form, ...]


PARTS = {
    one.code: one
    for one in (
        Part(
            "places", "Chọn nơi", "Where", "Xã nào cần trại khám nhất?", "Which commune needs a camp most?",
            "Chỉ xếp theo nhu cầu: xa bệnh viện, hộ nghèo, bác sĩ, lần khám trước. Không xét ai là khách hàng. "
            "Xã bị bỏ qua cũng đứng đây, kèm lý do.",
            "By need alone: distance, poverty, doctors, the last camp. Nobody asks who is a customer. Communes that "
            "are passed over stand here too, with the reason.",
            (
                Form(
                    "weigh", "Nạp danh sách xã", "Bring a list of communes", "Xét các xã", "Weigh them",
                    (
                        Field(
                            "file", "Tệp CSV hoặc Excel", "CSV or Excel", "file", (),
                            "Cột: mã, xã, tỉnh, cách bệnh viện (km), hộ nghèo (trên 1.000 hộ), "
                            "bác sĩ (trên 100.000 dân), lần khám trước, số dân.",
                            "Columns: code, name, province, distance_km, poor_per_1000, doctors_per_100k, "
                            "last_camp_on, people.",
                        ),
                        _WHY,
                    ),
                    parts.weigh,
                ),
                Form("choose", "Chọn xã khác", "Choose another", "Chọn xã này", "Choose it",
                     (Field("code", "Xã", "Commune", "weighed"), _WHY), parts.choose, main=False),
            ),
        ),
        Part(
            "permit", "Giấy phép", "Permit", "Cơ quan y tế đã cho phép chưa?", "Has the health authority allowed it?",
            "Không có giấy phép thì trại không mở, và bà con chưa được báo.",
            "Without a permit a camp does not open, and nobody is told of it.",
            (
                Form(
                    "permit", "Ghi giấy phép", "Write it down", "Ghi giấy phép", "Write it down",
                    (
                        Field("authority", "Cơ quan cấp", "Authority"),
                        Field("number", "Số", "Number"),
                        Field("issued_on", "Ngày cấp", "Issued on", "date"),
                        Field("valid_to", "Có hiệu lực đến", "Valid to", "date"),
                        Field("dossier", "Hồ sơ", "Dossier", "text", (),
                              "Kế hoạch khám nhân đạo, số công văn gửi đi.", "The plan, the letter's number.", True),
                        Field("real", "Loại", "Kind", "select", (
                            ("yes", "Giấy phép thật, khám cho người thật", "A real permit, for real people"),
                            ("no", "Giấy tờ tập dượt", "Papers of a rehearsal"),
                        )),
                    ),
                    parts.permit,
                ),
            ),
        ),
        Part(
            "partners", "Cùng làm", "Partners", "Ai cùng làm với ta?", "Who stands beside us?", "", "",
            (
                Form(
                    "partner", "Thêm một nơi", "Add one", "Ghi", "Add",
                    (
                        Field("name", "Tên", "Name"),
                        Field("role", "Là", "As", "select", _PARTNERS),
                        Field("gives", "Góp gì", "Gives", optional=True),
                    ),
                    parts.coded(kinds.Partner, "P", "partners", "name", "role", "gives"),
                ),
            ),
        ),
        Part(
            "team", "Đoàn khám", "Team", "Ai đi, ai làm việc gì?", "Who goes, and who does what?",
            "Bác sĩ, dược sĩ phải có số chứng chỉ hành nghề. Mã PIN chỉ giữ dạng băm: quên thì đặt mã mới.",
            "Doctors and pharmacists have a licence. A PIN is kept as a hash: set a new one when it is forgotten.",
            (
                Form(
                    "member", "Ghi một người", "Write somebody down", "Ghi người này", "Write down",
                    (
                        Field("id", "Người", "Who", "member"),
                        Field("name", "Họ tên", "Name"),
                        Field("title", "Xưng hô", "Title", "text", (), "BS, DS, ĐD, chị, anh.", "Dr, Ms, Mr.", True),
                        Field("roles", "Làm việc gì", "Roles", "ticks", _ROLES),
                        Field("licence", "Số chứng chỉ hành nghề", "Licence", optional=True),
                        Field("pin", "Mã PIN, 4 đến 8 số", "PIN, 4 to 8 digits", "text", (),
                              "Để trống thì giữ mã cũ.", "Empty: the one that was set stays.", True),
                    ),
                    parts.member,
                ),
            ),
        ),
        Part(
            "desks", "Bàn và máy", "Desks and devices", "Có mấy bàn, mấy máy?", "How many desks and devices?",
            "Máy trại là máy của ta, gắn với từng bàn. Sửa gì ở đây sau khi đóng gói thì phải đóng gói lại.",
            "Devices are the camp's own. What changes after packing needs another pack.",
            (
                Form(
                    "desk", "Thêm bàn", "Add a desk", "Thêm bàn", "Add",
                    (Field("station", "Trạm", "Station", "select", _STATIONS), Field("name", "Tên bàn", "Name")),
                    parts.coded(kinds.Desk, "B", "desks", "station", "name"),
                ),
                Form(
                    "kit", "Thêm máy chủ của trại", "Add a laptop", "Thêm máy chủ", "Add", (
                        Field("number", "Số máy", "Number", "number"),
                        Field("name", "Tên", "Name"),
                        Field("address", "Địa chỉ trên Wi-Fi của trại", "Address on its Wi-Fi", "text", (),
                              "Như 10.77.0.1", "As 10.77.0.1"),
                        Field("first_ticket", "Số thứ tự đầu tiên", "First ticket", "number"),
                    ),
                    parts.body(kinds.Kit, "number", "name", "address", "first_ticket"), main=False,
                ),
                Form("device", "Thêm điện thoại, máy bảng", "Add a phone or tablet", "Thêm máy", "Add",
                     (Field("name", "Tên máy", "Name", "text", (), "Như “Bàn đón 1”. Chữ trên phiếu do máy đặt.",
                            "As “Desk 1”; its letter is given."),), parts.device, main=False),
            ),
        ),
        Part(
            "medicines", "Thuốc", "Medicines", "Trại mang thuốc gì, ai ký?", "What medicines go, and who signed?",
            "Mức dùng và cảnh báo chỉ lấy từ danh mục này. Tận Tâm không tự nghĩ ra lời khuyên y khoa nào.",
            "Bounds and warnings come from this file alone. Tận Tâm gives no clinical advice of its own.",
            (
                Form(
                    "formulary", "Nạp danh mục thuốc", "Bring the formulary", "Nạp danh mục", "Bring it",
                    (Field("file", "Tệp CSV hoặc Excel", "CSV or Excel", "file", (),
                           "Mỗi dòng có nguồn. Nạp bản mới thì phải ký lại.",
                           "Each line has its source. A new file needs a new signature."),),
                    parts.formulary_file,
                ),
                Form("sign", "Dược sĩ trưởng ký", "The chief pharmacist signs", "Tôi đã đọc từng dòng, và ký",
                     "I read each line, and sign", (Field("digest", "", "", "hidden"),), parts.sign, "camp.sign"),
                Form(
                    "stock", "Ghi lô thuốc đã nhận", "Write down a lot", "Ghi lô", "Write down",
                    (
                        Field("medicine", "Thuốc", "Medicine", "medicine"),
                        Field("number", "Số lô", "Lot number"),
                        Field("expires_on", "Hạn dùng", "Expiry", "date"),
                        Field("units", "Số lượng, theo đơn vị của danh mục", "Units", "number"),
                        Field("giver", "Ai cho, ai bán", "From whom", optional=True),
                    ),
                    parts.stock, main=False,
                ),
            ),
        ),
        Part(
            "people", "Bà con và mã bệnh", "People and findings", "Xã báo có bao nhiêu người sẽ đến?",
            "How many does the commune expect?",
            "Danh sách chỉ để tìm tên cho nhanh: ai không có tên vẫn được khám. Số căn cước được băm ngay khi đọc.",
            "The list only helps to find a name: whoever is not on it is examined too. Card numbers are hashed.",
            (
                Form(
                    "expected", "Nạp danh sách của xã", "Bring the commune's list", "Nạp danh sách", "Bring it",
                    (Field("file", "Tệp CSV hoặc Excel", "CSV or Excel", "file", (),
                           "Cột: họ tên, năm sinh, giới tính, thôn, căn cước. Chỉ họ tên là cần.",
                           "Columns: name, born, sex, village, card. Only the name is needed."),),
                    parts.expected,
                ),
                Form(
                    "findings", "Nạp danh mục điều tìm thấy", "Bring a list of findings", "Nạp", "Bring it",
                    (
                        Field("which", "Dùng", "Use", "select", (
                            ("ours", "Danh mục ngắn bằng lời thường của ta", "Our own short list in plain words"),
                            ("file", "Tệp của trại", "The camp's own file"),
                        )),
                        Field("file", "Tệp của trại", "Its file", "file", optional=True),
                        Field("system", "Tên và bản của danh mục", "Its name and version", optional=True),
                    ),
                    parts.findings, main=False,
                ),
            ),
        ),
        Part(
            "money", "Tiền", "Money", "Trại có bao nhiêu tiền, đã chi bao nhiêu?", "What is set aside, what is spent?",
            "", "",
            (
                Form("budget", "Thêm tiền cho trại", "Set money aside", "Ghi", "Add",
                     (Field("source", "Tiền của ai", "Whose"), Field("dong", "Số tiền, đồng", "Amount, VND")),
                     parts.money(kinds.Budget, "source")),
                Form("spent", "Ghi một khoản chi", "Write down a bill", "Ghi", "Add",
                     (Field("what", "Chi việc gì", "What for"), Field("dong", "Số tiền, đồng", "Amount, VND")),
                     parts.money(kinds.Spent, "what"), main=False),
            ),
        ),
        Part(
            "lessons", "Bài học", "Lessons", "Lần này được gì, chưa được gì?", "What came off, and what did not yet?",
            "Người lập trại sau đọc những dòng này trước khi bắt đầu.",
            "Whoever plans the next camp reads these lines first.",
            (
                Form(
                    "lesson", "Ghi một bài học", "Keep a lesson", "Ghi", "Keep it",
                    (
                        Field("came_off", "Là điều", "It is", "select", (
                            ("yes", "Được", "What came off"), ("no", "Chưa được", "What did not yet"))),
                        Field("words", "Bài học", "The lesson", "lines"),
                    ),
                    parts.lesson,
                ),
            ),
        ),
    )
}  # fmt: skip
"""Code → part, in the order of the work."""
