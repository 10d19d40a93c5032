"""The acts of every room as the journal words them; a test holds this table complete."""

TOLD: dict[str, tuple[str, str]] = {
    # --- people ---
    "office.opened": ("mở đơn vị", "opened an office"),
    "staff.hired": ("nhận người vào làm", "hired somebody"),
    "staff.left": ("đóng tài khoản", "closed an account"),
    "staff.untied": ("gỡ thuê bao riêng khỏi nhân viên", "untied a subscription from staff"),
    "duty.given": ("giao việc", "gave a duty"),
    "duty.ended": ("thôi một việc đã giao", "ended a duty"),
    "pass.made": ("tạo liên kết một lần", "made a one-use link"),
    "pass.used": ("vào bằng liên kết một lần", "used a one-use link"),
    "factor.dropped": ("bỏ bước hai của một tài khoản", "dropped a second step"),
    # --- promises ---
    "promise.made": ("hứa", "made a promise"),
    "promise.kept": ("giữ lời", "kept a promise"),
    "promise.redated": ("dời ngày hẹn", "moved a due date"),
    "promise.broken": ("nhận là không giữ được", "owned up to a broken promise"),
    "promise.release_asked": ("xin được miễn", "asked for a release"),
    "promise.released": ("xác nhận được miễn", "confirmed a release"),
    "promise.forgotten": ("xóa tên trong lời hứa", "forgot a person in promises"),
    # --- parties ---
    "party.met": ("ghi một người mới gặp", "wrote down somebody new"),
    "party.renamed": ("sửa tên", "corrected a name"),
    "party.forgotten": ("xóa tên một người", "forgot a person's name"),
    # --- programmes ---
    "programme.started": ("mở chương trình", "started a programme"),
    "programme.promised": ("hứa các buổi theo nhịp", "promised the gatherings of a rhythm"),
    "programme.learned": ("ghi điều đã học", "kept a lesson"),
    "programme.closed": ("khép chương trình", "closed a programme"),
    # --- channels ---
    "phonebook.call_list": ("xem số để gọi", "saw numbers to call"),
    "phonebook.forgotten": ("xóa số thuê bao", "forgot a number"),
    # --- opinions ---
    "opinion.registered": ("ghi ý kiến", "registered an opinion"),
    "opinion.forwarded": ("chuyển ý kiến", "forwarded opinions"),
    "opinion.corrected": ("sửa lời ghi", "corrected the words of an opinion"),
    "opinion.sorted": ("xếp lại chủ đề ý kiến", "put an opinion under another topic"),
    "opinion.read": ("máy đọc ý kiến", "read opinions by machine"),
    "opinion.forgotten": ("xóa lời của một người", "forgot what a person said"),
    # --- events ---
    "event.planned": ("lập buổi gặp", "planned a gathering"),
    "event.chosen": ("rút thăm khách", "drew the guests"),
    "event.called": ("gọi mời một khách", "called a guest"),
    "event.reserve_called_in": ("mời khách dự bị", "called in a reserve"),
    "event.attended": ("ghi ai đến", "wrote down who came"),
    "event.line_written": ("ghi một câu vào sổ", "wrote a line in the notebook"),
    "event.line_corrected": ("sửa một câu trong sổ", "corrected a line"),
    "event.read_back": ("đọc lại cho khách nghe", "read back to a guest"),
    "event.asked_why": ("hỏi vì sao từ chối", "asked why a guest refused"),
    "event.sealed": ("niêm phong sổ", "sealed the notebook"),
    "event.forwarded": ("chuyển ý kiến của buổi gặp", "forwarded what was said"),
    "event.called_back": ("gọi lại báo kết quả", "called a guest back"),
    "event.cancelled": ("hủy buổi gặp", "called a gathering off"),
    "event.forgotten": ("xóa một khách khỏi buổi gặp", "forgot a guest"),
    # --- desk ---
    "person.looked_at": ("xem ta giữ gì về một người", "looked at what we hold on a person"),
    "request.started": ("ghi yêu cầu dữ liệu", "started a data request"),
    "request.first_answered": ("trả lời lần đầu", "gave a first answer"),
    "request.answered": ("trả lời yêu cầu dữ liệu", "answered a data request"),
    "request.extended": ("gia hạn yêu cầu dữ liệu", "extended a data request"),
    "request.forgotten": ("xóa dữ liệu của một người", "forgot a person"),
}
"""Code → Vietnamese, English; by room, in the order they stand on each other."""
