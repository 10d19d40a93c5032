"""The words of the contact gate: purposes, channels, our own rules, and one sentence for every code. Pure."""

from __future__ import annotations

PURPOSES = {
    "service": ("báo về dịch vụ đang dùng", "notices about the service in use"),
    "care": ("chăm sóc", "care"),
    "reply": ("trả lời ý kiến của chính người ấy", "replies to the person's own opinion"),
    "advertising": ("quảng cáo", "advertising"),
    "registration": ("xin đăng ký nhận quảng cáo", "asking to sign up for advertising"),
    "survey": ("khảo sát", "surveys"),
    "invitation": ("lời mời", "invitations"),
    "health": ("sức khỏe", "health"),
}
"""What a contact is for → in Vietnamese, in English."""

EVERYTHING = "everything"
"""The purpose of a refusal of every contact. Nobody consents to everything: consent is given by purpose."""

CHANNELS = {"sms": ("Tin nhắn", "An SMS"), "call": ("Cuộc gọi", "A call"), "mail": ("Thư", "A mail")}

HOUSE = {
    "house_allowed": (
        "Liên lạc không phải quảng cáo thì được, trừ khi người ấy từ chối.",
        "Contact that is not advertising may go, unless the person refused it.",
    ),
    "house_hours": (
        "Giờ luật định cho quảng cáo là giờ của ta cho mọi liên lạc khác, trừ tin báo dịch vụ.",
        "The hours of the law for advertising are ours for every other contact but service notices.",
    ),
    "house_frequency": (
        "Mức luật định cho tin quảng cáo là mức của ta cho mọi tin ta tự gửi: chăm sóc, khảo sát, lời mời.",
        "The law's most of advertising messages is ours for all we send unasked: care, surveys, invitations.",
    ),
    "house_refused": (
        "Ai từ chối một việc, hay từ chối tất cả, thì ta không liên lạc về việc ấy nữa.",
        "Whoever refused a purpose, or everything, is not contacted for it any more.",
    ),
    "house_health_asked": (
        "Chỉ liên lạc về sức khỏe với người đã xin.",
        "Only whoever asked for it is contacted about health.",
    ),
    "house_in_time": (
        "Tin đã quá lúc còn đúng thì không gửi nữa.",
        "A message whose time has passed is not sent any more.",
    ),
    "house_number": (
        "Không có số hay địa chỉ của người này thì không có gì để gửi tới.",
        "Without a number or an address of the person there is nowhere to send to.",
    ),
    "house_list": (
        "Danh sách không quảng cáo là của số máy; ta theo cả khi gửi thư.",
        "The do-not-call list is of numbers; we follow it in mails too.",
    ),
}
"""Our own rules, which are not the law: code → what it says, in Vietnamese and in English."""

SENTENCES = {
    "service_notice": (
        "Được gửi mọi giờ: chỉ báo về dịch vụ đang dùng, không phải quảng cáo.",
        "May go at any hour: it only tells about the service in use and is not advertising.",
    ),
    "consented": (
        "Được gửi: người này đồng ý nhận quảng cáo từ {since:%d/%m/%Y}; trong {hours} giờ đã có {n}, tối đa {most}.",
        "May go: the person consented to advertising on {since:%d/%m/%Y}; {n} in {hours} hours so far, {most} at most.",
    ),
    "first_registration": (
        "Được gửi: đây là lần xin đăng ký đầu tiên và cũng là duy nhất, tối đa {most}.",
        "May go: it is the first request to sign up and the only one ever, {most} at most.",
    ),
    "allowed": (
        "Được gửi: đúng giờ, và người này chưa từ chối {purpose}.",
        "May go: the hour is decent, and the person did not refuse {purpose}.",
    ),
    "hours": (
        "{channel} chỉ đi từ {opens} đến trước {closes}; sớm nhất là {until:%H:%M} ngày {until:%d/%m/%Y}.",
        "{channel} goes out from {opens} and before {closes} only; {until:%H:%M} on {until:%d/%m/%Y} at the earliest.",
    ),
    "frequency": (
        "Trong {hours} giờ đã có {n}, tối đa là {most}; sớm nhất là {until:%H:%M} ngày {until:%d/%m/%Y}.",
        "There were {n} in {hours} hours, {most} at most; {until:%H:%M} on {until:%d/%m/%Y} at the earliest.",
    ),
    "refused": (
        "Người này đã từ chối {refused}, ghi ngày {since:%d/%m/%Y}.",
        "The person refused {refused}, recorded on {since:%d/%m/%Y}.",
    ),
    "listed": (
        "Số này có trong Danh sách không quảng cáo.",
        "The number is on the national do-not-call list.",
    ),
    "no_consent": (
        "Người này chưa đồng ý nhận {purpose} trước lúc gửi.",
        "The person has not consented to {purpose} beforehand.",
    ),
    "silence": (
        "Đã xin đăng ký ngày {since:%d/%m/%Y} mà người này im lặng: im lặng là từ chối.",
        "The person was asked to sign up on {since:%d/%m/%Y} and kept silent: silence is a refusal.",
    ),
    "registered_once": (
        "Đã xin đăng ký ngày {since:%d/%m/%Y}; mỗi số chỉ được xin {most} lần, không bao giờ xin lại.",
        "The person was asked to sign up on {since:%d/%m/%Y}; a number is asked {most} time ever, never again.",
    ),
    "not_asked": (
        "Người này chưa xin nhận tin về sức khỏe.",
        "The person has not asked to be contacted about health.",
    ),
}
"""Code of a verdict → its sentence in Vietnamese and in English, with holes for the figures."""

_OURS = ("Đây là lệ của ta, không phải luật.", "This is our own rule, not the law.")


def sentences(
    code: str, *, purpose: str, channel: str, ours: bool, values: dict[str, object]
) -> tuple[str, str]:
    """The sentence of a code in Vietnamese and in English; ``ours`` adds that the rule is not the law's.

    ``values`` fills the holes; a ``refused`` among them is a purpose or :data:`EVERYTHING`.
    """
    said = []
    for lang, template in enumerate(SENTENCES[code]):
        words = dict(values, purpose=PURPOSES[purpose][lang], channel=CHANNELS[channel][lang])
        if "refused" in words:
            every = ("mọi liên lạc", "every contact")
            words["refused"] = PURPOSES.get(str(words["refused"]), every)[lang]
        text = template.format(**words)
        said.append(f"{text} {_OURS[lang]}" if ours else text)
    return said[0], said[1]
