"""What is done on the laptop itself: it is a device of the camp, and it lets others in."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import qrcode
from uuid_utils.compat import uuid7

from tantam import clock
from tantam.office.camps import kinds, ledger
from tantam.office.camps.facts import Fact
from tantam.office.camps.kit import door
from tantam.office.camps.kit.holding import held

CHECKS = (
    ("tls", "Đường truyền đã khoá (https)", "the line is closed (https)"),
    ("secure", "Trình duyệt tin chứng chỉ của trại", "the browser trusts the camp's authority"),
    ("storage", "Giữ được lượt ghi khi mất mạng", "rows can be kept without network"),
    ("service_worker", "Trang mở lại được khi mất mạng", "pages open again without network"),
    ("camera", "Máy ảnh quét được mã", "the camera can scan"),
)
NEEDED = ("tls", "secure", "storage", "service_worker")
MOST_SKEW_S = 120


def device() -> kinds.Device:
    """The laptop as a device of the camp; made the first time."""
    return _ensured(f"kit{held().number}-laptop", f"Máy chủ trại {held().number}")


def another(name: str) -> kinds.Device:
    """A new device with this name; asked again with the same name, the one already there."""
    known = next((one for one in door.day().plan.devices.values() if one.name == name), None)
    return known or _ensured(f"kit{held().number}-{uuid7().hex[-12:]}", name[:120])


def _ensured(number: str, name: str) -> kinds.Device:
    devices = door.day().plan.devices
    if number in devices:
        return devices[number]
    entry = hashlib.sha256(door.entry_of(number).encode()).hexdigest()
    made = kinds.Device(
        id=number, name=name, letter=_free_letter({one.letter for one in devices.values()}), entry=entry
    )
    at = clock.now()
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    fact = Fact(uuid7(), held().camp, made, number, "kit", at, held().number, at)
    ledger.append(door.camp(), [fact])
    return made


def steps(address: str, port: int, plain: int, made: kinds.Device) -> str:
    """What to do on the phone, in both languages, with the two addresses to scan."""
    authority = f"http://{address}:{plain}/ca.crt"
    link = f"https://{address}:{port}/enter/{door.entry_of(made.id)}"
    check = f"https://{address}:{port}/check/"
    lines = [
        f"{made.name} ({made.letter})",
        "",
        "1. Vào Wi-Fi của trại. Chỉnh giờ cho đúng · join the camp's Wi-Fi; set the clock.",
        f"2. Mở và cài chứng chỉ của trại · open, and install the camp's authority: {authority}",
        _drawn(authority),
        "   Android: Cài đặt > Bảo mật > Cài chứng chỉ CA · Settings > Security > Install a CA certificate.",
        "   iPhone: Cài đặt > Đã tải về hồ sơ, rồi Giới thiệu > Cài đặt tin cậy chứng nhận · "
        "Settings > Profile, then About > Certificate Trust Settings.",
        f"3. Mở đường dẫn của riêng máy này · open this device's own link: {link}",
        _drawn(link),
        f"4. Mở và chờ kiểm tra xong · open, and wait for the checks: {check}",
        "",
        "Đang chờ máy báo · waiting for its report …",
    ]
    return "\n".join(lines)


def judged(said: dict[str, Any]) -> tuple[list[str], bool]:
    """What a device reported, a line a check, and whether it can be used."""
    lines = [f"  {'✓' if said.get(name) else '✗'} {vi} · {en}" for name, vi, en in CHECKS]
    skew = float(said.get("skew_s", 0.0))
    on_time = abs(skew) <= MOST_SKEW_S
    lines.append(f"  {'✓' if on_time else '✗'} Đồng hồ lệch {skew:.0f} giây · its clock is {skew:.0f} s off")
    well = on_time and all(said.get(name) for name in NEEDED)
    lines.append(
        "Máy dùng được · ready." if well else "Chưa dùng được; làm lại bước có dấu ✗ · not ready yet."
    )
    return lines, well


def _free_letter(taken: set[str]) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    pairs = (first + second for first in alphabet for second in alphabet)
    return next(one for one in (*alphabet, *pairs) if one not in taken)


def _drawn(text: str) -> str:
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
