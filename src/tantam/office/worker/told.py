"""What each chore is, in plain words. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """A chore in Vietnamese and in English: its name, and what it does in one sentence."""

    vi: str
    en: str
    does_vi: str
    does_en: str


TOLD = {
    "desk.incoming": Told(
        "Mở tin khách gửi đến",
        "Open what people wrote",
        "Xem mỗi tin là gì: lời từ chối, câu trả lời thư mời, hay một ý kiến.",
        "Sees what each message is: a no, an answer to an invitation, or an opinion.",
    ),
    "channels.send": Told(
        "Gửi tin",
        "Send messages",
        "Hỏi cổng liên lạc từng tin đã tới lúc, rồi giao những tin được đi.",
        "Asks the contact gate about each message whose moment has come, and hands over those that may go.",
    ),
    "journal.seal": Told(
        "Niêm phong nhật ký",
        "Seal the journal",
        "Khóa những dòng mới, để sau này ai cũng kiểm được là không bị sửa.",
        "Locks the new lines, so that anybody can check later that nothing was changed.",
    ),
    "opinions.read": Told(
        "Đọc ý kiến",
        "Read opinions",
        "Đọc những ý kiến chưa máy nào đọc, xếp theo chủ đề và giọng điệu.",
        "Reads the opinions that no machine has read yet, and sorts them by topic and tone.",
    ),
    "opinions.tell": Told(
        "Báo lại cho người đã nói",
        "Tell those who spoke",
        "Xin gửi tin cho từng người đã nói về việc vừa được trả lời hay đã làm xong, mỗi người một lần.",
        "Asks for a message to everyone who spoke on what was answered or done, once each.",
    ),
    "events.tell": Told(
        "Báo khách khi buổi gặp hủy hay dời",
        "Tell guests of what is called off or moved",
        "Xin gửi tin cho từng người đã được mời hay đã nhận lời, mỗi người một lần.",
        "Asks for a message to everyone who was invited or said yes, once each.",
    ),
    "camps.tell_waiting": Told(
        "Ghi nốt nhật ký của trại khám",
        "Finish the journal of camps",
        "Ghi vào nhật ký những việc của trại đã lưu mà máy tắt giữa chừng chưa kịp ghi.",
        "Writes into the journal what was kept of a camp when the machine stopped half-way.",
    ),
    "camps.tell": Told(
        "Báo bà con ngày khám",
        "Tell people of a camp day",
        "Xin gửi tin báo ngày khám cho mọi thuê bao trong tỉnh, mỗi người một lần; cổng liên lạc xét từng tin.",
        "Asks for a text to every subscriber of the camp's province, once each; the gate judges every one.",
    ),
    "opinions.take_in": Told(
        "Nhận kết quả nghe",
        "Take in listenings",
        "Đưa chủ đề của những lần nghe tệp mà ai đó vừa xin nhận vào văn phòng.",
        "Brings the themes of listenings over files, which somebody asked for, into the office.",
    ),
    "programmes.promise": Told(
        "Hứa theo nhịp chương trình",
        "Promise by the programmes' rhythm",
        "Ghi trước hai tháng những buổi gặp mà nhịp của mỗi chương trình đòi hỏi.",
        "Writes down, two months ahead, the gatherings that each programme's rhythm asks for.",
    ),
    "desk.voice": Told(
        "Dọn đường dẫn “Lời của tôi” đã quá hạn",
        "Clear old links to My voice",
        "Xóa những đường dẫn riêng đã hết hạn, mở ra không thấy gì nữa.",
        "Removes the secret links that ran out and open nothing any more.",
    ),
    "quality.judge": Told(
        "Xét cam kết chất lượng",
        "Judge the pledges of quality",
        "Xem mỗi tháng đã qua từng cam kết giữ được không; không giữ được thì ghi lời hứa bù đắp.",
        "Sees for each month that is over whether every pledge was kept; where not, promises to make it right.",
    ),
    "sessions.clear": Told(
        "Dọn phiên đăng nhập cũ",
        "Clear old sign-ins",
        "Xóa những phiên đăng nhập đã hết hạn.",
        "Removes sign-ins that ran out.",
    ),
}
"""Name of a chore → its words."""


def told(name: str) -> Told:
    """The words of a chore; one that nobody has described yet goes by its code."""
    return TOLD.get(name, Told(name, name, "", ""))
