"""A small office with something in every state, made through the rooms' own acts.

``python -m tests.browser.a_world HOME`` prints JSON: ids by what they stand for, one-use links by sign-in name, the
routes there are, and every text that was kept, so that a test can tell words of the data from words of a page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from tests.browser import a_camp, a_camp_after, a_cases, a_listening, a_poll, a_quality, a_rhythm, a_voice

SPACE = UUID("0d6a4b1e-3c55-4f0e-9d62-2a7c6f1b8e90")
PASSWORD = "một mật khẩu dài lắm"
NAMES = (
    ("Nguyễn Thị Hạnh", "chị"),
    ("Trần Văn Tạo", "ông"),
    ("Lê Thu Cúc", "chị"),
    ("Phạm Quốc Bảo", "anh"),
    ("Đỗ Ánh Nguyệt", "bà"),
    ("Võ Minh Trí", "anh"),
)
SAID = (
    ("grievance", "Mưa lớn là xóm tôi mất sóng cả buổi, gọi 0912345678 thì bảo chờ.", False),
    ("praise", "Cô ở quầy Lê Hồng Phong chỉ tôi từng bước, mười phút là xong.", False),
    ("idea", "Nên có gói cho người già chỉ nghe với gọi, chữ to, khỏi mạng.", False),
    ("grievance", "Mạng khác báo trước khi bảo trì, bên mình thì không.", True),
    ("grievance", "Tổng đài để chờ mười lăm phút rồi tự ngắt.", False),
)


class Story:
    """The acts that lead to the office the tests look at; ``ids`` fills up on the way."""

    def __init__(self) -> None:
        from tantam import clock
        from tests.office.world import World

        self.world, self.now = World(), clock.now()
        self.today: date = self.now.astimezone(clock.HANOI).date()
        self.by: dict[str, Any] = {"actor": self.world.lam, "at": self.now}
        self.ids: dict[str, Any] = {}
        self._hours = iter(range(7, 22))

    def tell(self) -> None:
        """Everything, room by room."""
        self._programmes()
        self._promises()
        self._cafes()
        self._gatherings()
        self._opinions()
        self._themes()
        self._messages()
        a_voice.tell(self)
        a_rhythm.tell(self)
        a_cases.tell(self)
        a_quality.tell(self)
        a_poll.tell(self)
        a_camp.tell(self)
        a_camp_after.tell(self)
        self._requests()
        self._parties()
        self._journal()
        self._lists()
        self._work()
        self._machines()
        a_listening.tell(self)
        w = self.world
        self.ids |= {"office": w.nha_trang.pk, "hq": w.hq.pk, "staff": w.dung.pk}

    def _programmes(self) -> None:
        from tantam.office.programmes import actions

        yen, last = self.world.policy, self.now - timedelta(days=200)
        common = {"owner": yen, "office": self.world.hq, "event_kind": "cafe", "actor": yen}
        old = actions.start(
            **common, at=last, code="ca-phe", name="Cà phê cùng khách hàng", year=self.today.year - 1,
            purpose="Sáu khách, một bàn, không bán gì: nghe cho hết, chuyển cho đủ, gọi lại.",
            rhythm="monthly_per_branch",
        )  # fmt: skip
        for kind, text in (
            ("got", "Gặp buổi sáng, khách lớn tuổi đi được nhiều hơn."),
            ("not_yet", "Nhiều buổi xong không ai gọi lại."),
        ):
            actions.add_lesson(old, actor=yen, at=last, kind=kind, text=text)
        new = actions.copy_to_next_year(old, actor=yen, at=last, theme="Gọi lại đủ từng khách.")
        actions.promise_rhythm(new, actor=yen, at=self.now, until=self.today + timedelta(days=60))
        actions.close(old, actor=yen, at=self.now)
        bare = actions.start(
            **common,
            at=self.now,
            code="ngay-hoi",
            name="Ngày lắng nghe",
            year=self.today.year,
            purpose="Một ngày chỉ để nghe.",
        )
        self.programme = new
        self.ids |= {"programme": new.pk, "programme_closed": old.pk, "programme_bare": bare.pk}

    def _promise(self, name: str, what: str, due: int, owner: Any = None, **other: Any) -> Any:
        from tantam.office.promises import actions

        owner = owner or self.world.dung
        made = actions.make(**{
            "actor": owner, "at": self.now - timedelta(days=40), "kind": "reply", "what": what, "owner": owner,
            "office": owner.office, "first_due": self.today + timedelta(days=due), "to": ("public", ""), **other,
        })  # fmt: skip
        self.ids[f"promise_{name}"] = made.pk
        return made

    def _promises(self) -> None:
        from tantam.office.promises import actions

        w, by = self.world, self.by
        proof = {"proof_kind": "confirmed", "proof": "Đã gọi, người hỏi xác nhận đã rõ"}
        early = {**by, "at": self.now - timedelta(days=20)}
        self._promise("due", "Trả lời bà Sáu về khoản trừ dịch vụ nội dung", 9)
        self._promise("late", "Trả lời ông Năm về sóng yếu trong hẻm 45 Vĩnh Hải", -6, people=40)
        self._promise("far", "Hoàn cước trừ nhầm dịch vụ nội dung", -16, w.khoi, kind="refund")
        actions.keep(
            self._promise("kept", "Quà thuê bao mười năm", -12, kind="gift", people=80), **proof, **early
        )
        actions.keep(self._promise("kept_late", "Hoàn tiền nạp thẻ lỗi", -25, kind="refund"), **proof, **by)
        broken = self._promise(
            "broken", "Mở quầy sáng chủ nhật ở khu công nghiệp", -10, w.lam, kind="commitment"
        )
        actions.break_(broken, reason="Không thu xếp được người trong tháng, đã xin lỗi từng người", **by)
        moved = self._promise("moved", "Ngày khám miễn phí cùng trạm y tế", -3, kind="camp_day", people=300)
        actions.redate(
            moved, due=self.today + timedelta(days=12), reason="Mưa bão, đường vào xã bị cắt", **by
        )
        asked = self._promise("asked", "Trả lời chị Hiền về thủ tục cấp lại sim", 4)
        actions.ask_release(asked, creditor_yes="Khách nói đã tự xử lý xong, gọi ngày hôm qua", **by)
        let_off = self._promise("released", "Trả lời anh Kiên về gói cước", -2)
        actions.ask_release(let_off, creditor_yes="Khách không cần nữa, đã gọi xác nhận", **early)
        actions.release(let_off, actor=w.hoa, at=self.now)
        for n in range(60):  # more than one page of the list, and enough due for a percentage
            row = self._promise("many", f"Trả lời khách số {n + 1} về gói cước sau khuyến mãi", -1 - n % 30)
            actions.keep(row, **proof, actor=w.dung, at=self.now - timedelta(days=31 if n % 10 else 0))

    def _plan(self, days: int, place: str, **other: Any) -> Any:
        from tantam.office.events import actions

        hour = next(self._hours)
        asked = {
            "office": self.world.nha_trang, "on": self.today + timedelta(days=days), "starts_at": time(hour),
            "ends_at": time(hour, 50), "place": place, "host": self.world.lam, "programme": self.programme,
            "reserves": 2, "seed": place, **self.by,
        }  # fmt: skip
        return actions.plan(**{**asked, **other})

    def _chosen(self, days: int, place: str) -> tuple[Any, list[Any]]:
        from tantam.office.events import actions

        event = self._plan(days, place)
        return event, [g for g in actions.choose_guests(event, **self.by) if not g.reserve]

    def _accepted(self, place: str) -> tuple[Any, list[Any]]:
        from tantam.office.events import actions
        from tantam.office.events.models import Guest

        event, guests = self._chosen(0, place)
        for n, (guest, (name, title)) in enumerate(zip(guests, NAMES, strict=True)):
            if n == 1:
                actions.record_call(guest, answer="refused", **self.by)
            actions.record_call(guest, answer="accepted", explained=n == 1, name=name, title=title, **self.by)
        rows = Guest.objects.filter(event=event, reserve=False).select_related("event__office", "party")
        return event, list(rows.order_by("order"))

    def _written(self, place: str) -> tuple[Any, list[Any]]:
        from tantam.office.events import actions

        event, guests = self._accepted(place)
        actions.attend(event, came=[g.pk for g in guests[:5]], **self.by)
        for n, (tone, text, competitor) in enumerate(SAID):
            actions.write_line(
                event, line_id=uuid5(SPACE, f"{place}{n}"), guest=guests[n % 4], text=text, tone=tone,
                competitor=competitor, said_at=self.now + timedelta(seconds=n), device="may-thu", **self.by,
            )  # fmt: skip
        return event, guests

    def _sealed(self, place: str) -> tuple[Any, list[Any]]:
        from tantam.office.events import actions

        event, guests = self._written(place)
        for n, guest in enumerate(guests[:5]):
            actions.read_back(guest, answer="silent" if n == 4 else "agreed", **self.by)
        return actions.seal(event, **self.by), guests

    def _cafes(self) -> None:
        from tantam.office.events import actions

        planned = self._plan(20, "Quán Gió, 12 Trần Phú")
        invited, guests = self._chosen(5, "Cà phê Bến Xưa, 3 Yersin")
        actions.record_call(guests[0], answer="accepted", name=NAMES[0][0], title=NAMES[0][1], **self.by)
        actions.record_call(guests[1], answer="refused", **self.by)
        actions.record_call(guests[2], answer="unreachable", **self.by)
        actions.record_call(guests[3], answer="refused", **self.by)
        actions.record_call(
            guests[3], answer="accepted", explained=True, name=NAMES[3][0], title=NAMES[3][1], **self.by
        )
        self._texts(invited, guests)
        inviting, guests = self._chosen(6, "Quán Nắng, 5 Bạch Đằng")
        actions.record_call(guests[0], answer="accepted", name="Lê Thị Sáu", title="bà", **self.by)
        ready, _ = self._accepted("Quán Mây, 8 Lê Lợi")
        held, people = self._written("Cà phê Cây Me, 45 Vĩnh Hải")
        actions.read_back(people[0], answer="agreed", **self.by)
        sealed, _ = self._sealed("Cà phê Sông Quê, 2 Tháp Bà")
        done, people = self._sealed("Cà phê Phố Núi, 77 Quang Trung")
        actions.forward(done, **self.by)
        actions.call_back(people[0], note="Nghe xong cảm ơn, hẹn kỳ sau", **self.by)
        off, people = self._chosen(3, "Quán Đã Đóng")
        for guest in people[:3]:
            actions.record_call(guest, answer="accepted", **self.by)
        actions.cancel(off, because="venue", **self.by)
        for name, event in (
            ("planned", planned), ("invited", invited), ("inviting", inviting), ("ready", ready), ("held", held),
            ("sealed", sealed), ("forwarded", done), ("cancelled", off),
        ):  # fmt: skip
            self.ids[f"event_{name}"] = event.pk
        self.key = people[0].key

    def _texts(self, event: Any, guests: list[Any]) -> None:
        """The last guest refused every contact; the others who have not answered are invited by text."""
        from tantam.office.channels import actions as channels
        from tantam.office.events import actions

        early = {**self.by, "at": self.now - timedelta(days=1)}
        channels.record(
            id=uuid5(SPACE, "no more"), key=guests[5].key, purpose="everything", granted=False, how="sms",
            said_at=early["at"], **early,
        )  # fmt: skip
        actions.invite(event, **early)
        actions.remind(event, **early)

    def _gatherings(self) -> None:
        """Three listening days: planned, today with people at the door, and closed."""
        from tantam.office.events import actions

        hall: dict[str, Any] = {"kind": "listening_day", "seats": 400, "programme": None}
        planned = self._plan(30, "Nhà văn hóa Thanh niên, 11 Yersin", **hall)
        actions.sign_up(planned, form=uuid5(SPACE, "asks"), name=NAMES[0][0], title=NAMES[0][1], **self.by)
        today = self._plan(0, "Cung thiếu nhi, 2 Lý Tự Trọng", **hall)
        drawn = actions.choose_guests(today, count=20, **self.by)
        signed = [
            actions.sign_up(today, form=uuid5(SPACE, f"hall {name}"), name=name, title=title, **self.by)
            for name, title in NAMES
        ]
        for guest in (*drawn[:9], *signed[:2]):
            actions.check_in(guest, **self.by)
        for n in range(14):
            actions.walk_in(today, form=uuid5(SPACE, f"walked {n}"), **self.by)
        said = [
            actions.hear(
                today, id=uuid5(SPACE, f"hall said {n}"), text=text, tone=tone, guest=signed[n % 2], **self.by
            )
            for n, (tone, text, _) in enumerate(SAID)
        ]
        for opinion in said[:3]:
            actions.screen(today, opinion=opinion.pk, shown=True, **self.by)
        closed = self._held_hall(self._plan(0, "Hội trường Sở, 4 Lê Lợi", **{**hall, "kind": "quarterly"}))
        from tantam.office.events import notices, wall

        actions.move(
            planned, on=planned.on, starts_at=planned.starts_at, ends_at=planned.ends_at,
            place="Trung tâm văn hóa, 46 Trần Phú", **self.by,
        )  # fmt: skip
        for notice in notices.going():
            while notices.go_on(notice, at=self.now):
                pass
        self.ids |= {
            "hall_planned": planned.pk, "hall": today.pk, "hall_closed": closed.pk, "hall_guest": signed[0].pk,
            "hall_code": drawn[12].code, "hall_wall": wall.code_of(today.pk),
        }  # fmt: skip

    def _held_hall(self, event: Any) -> Any:
        """Thirty drawn, nineteen of whom came, and others; words by volunteers and by the code on the wall; closed."""
        from tantam.office.events import actions
        from tantam.office.opinions import actions as opinions

        drawn = actions.choose_guests(event, count=30, **self.by)
        for guest in drawn[:19]:
            actions.check_in(guest, **self.by)
        for n in range(27):
            actions.walk_in(event, form=uuid5(SPACE, f"closed walked {n}"), **self.by)
        for n in range(9):
            actions.hear(event, id=uuid5(SPACE, f"closed said {n}"), text=SAID[n % 5][1], **self.by)
        for n in range(14):
            opinions.register(
                actor=None, at=self.now, id=uuid5(SPACE, f"closed wrote {n}"), text=SAID[n % 3][1], tone=None,
                channel="web", said_at=self.now, office=event.office, source=("event", event.pk),
            )  # fmt: skip
        return actions.close(event, **self.by)

    def _opinions(self) -> None:
        from tantam.office.opinions import actions, visitors
        from tantam.office.opinions.models import Opinion

        for n, (tone, text, competitor) in enumerate(SAID):
            actions.register(
                id=uuid5(SPACE, f"opinion{n}"), text=f"{text} (quầy)", tone=tone, channel=("counter", "phone")[n % 2],
                said_at=self.now - timedelta(days=n), office=self.world.nha_trang, competitor=competitor, **self.by,
            )  # fmt: skip
        old = Opinion.objects.select_related("office").get(pk=uuid5(SPACE, "opinion1"))
        fixed = actions.correct(
            old, text="Chị ở quầy chỉ tôi từng bước.", reason="Khách nghe đọc lại", **self.by
        )
        actions.register(
            actor=None, at=self.now, id=uuid5(SPACE, "web"), text=SAID[0][1], tone=None, channel="web",
            said_at=self.now, office=self.world.khanh_hoa, source=("web", uuid5(SPACE, "web")),
        )  # fmt: skip
        cafe = Opinion.objects.filter(source_kind="event").order_by("id").first()
        self.ids |= {
            "opinion": str(uuid5(SPACE, "opinion0")),
            "opinion_old": str(old.pk),
            "opinion_corrected": str(fixed.pk),
            "opinion_cafe": str(cafe.pk) if cafe else "",
            "said": visitors.done(uuid5(SPACE, "web"), self.now),
        }

    def _themes(self) -> None:
        from tests.browser.a_docket import Docket

        self.ids |= Docket(self.world, self.now).tell()

    def _messages(self) -> None:
        """One message of each fate: handed over, waiting for the morning, refused, and not judged yet."""
        from tantam.office.channels import actions
        from tantam.office.channels.gateways import Answer

        noon = self.now.replace(hour=5, minute=0)
        day = noon if noon <= self.now else noon - timedelta(days=1)
        opt_out = "Từ chối: soạn TC gửi 199 hoặc gọi 18001091"
        w = self.world

        class Wire:
            name = "wire"
            channels = frozenset({"sms"})
            dials = False
            window = 50

            def submit(self, messages: Any) -> Any:
                return (Answer(one.id, ("1",)) for one in messages)

        for n, (purpose, text, at) in enumerate(
            (
                ("invitation", "Mời bác cà phê sáng thứ bảy, 8 giờ, quán Cội.", day),
                ("advertising", "Gói V120 còn 100.000đ trong tháng này.", day),
                ("care", "Trạm gần nhà bác đã sửa xong, cảm ơn bác đã nhắc.", day + timedelta(hours=11)),
                ("survey", "Sóng ở nhà bác tuần này thế nào?", day + timedelta(hours=12)),
            )
        ):
            actions.ask(
                actor=w.lam, at=at, id=uuid5(SPACE, f"message{n}"), key=700 + n, purpose=purpose, text=text,
                opt_out=opt_out if purpose == "advertising" else "",
            )  # fmt: skip
            if purpose != "survey":
                actions.send_due(Wire(), at=at)
        self._calls()

    def _calls(self) -> None:
        """One call that lam has taken, and those that wait: one may be made at any hour, one by day, one never."""
        from tantam.office.channels import actions, calling

        w = self.world
        ask = {"actor": w.lam, "at": self.now, "channel": "call", "office": w.nha_trang}
        actions.record(
            actor=w.lam, at=self.now, id=uuid5(SPACE, "no calls"), key=703, purpose="survey", granted=False,
            how="call", said_at=self.now,
        )  # fmt: skip
        for n, (key, purpose, text) in enumerate(
            (
                (self.key, "service", "Sim của bác đã đổi xong, máy dùng được từ sáng nay."),
                (701, "service", "Dịch vụ chuyển vùng của bác đã tắt, như bác xin."),
                (
                    702,
                    "care",
                    "Trạm ở Vĩnh Hải đã sửa xong, nhờ bác báo. Bác gọi thử giúp xem còn rớt không.",
                ),
                (703, "survey", "Một năm dùng mạng, bác thấy điều gì chưa vừa lòng?"),
            )
        ):
            message = actions.ask(id=uuid5(SPACE, f"call{n}"), key=key, purpose=purpose, text=text, **ask)
            if key == self.key:
                calling.take_call(message, actor=w.lam, at=self.now)

    def _requests(self) -> None:
        from tantam.office.desk import actions

        w = self.world
        take = {"actor": w.dung, "at": self.now, "office": w.nha_trang, "said_by": "counter"}
        new = actions.start_request(kind="access", key=self.key, **take)
        late = actions.start_request(
            kind="delete", key=77, received_on=self.today - timedelta(days=40), **take
        )
        done = actions.start_request(kind="correct", key=78, **take)
        actions.first_answer(done, actor=w.privacy, at=self.now, proof="Đã gọi báo đã nhận yêu cầu")
        actions.answer_request(done, actor=w.privacy, at=self.now, outcome="done", proof="Đã sửa, đã gọi báo")
        from tantam import keys

        self.ids |= {
            "request": str(new.pk), "request_late": str(late.pk), "request_done": str(done.pk),
            "key": self.key, "code": keys.show(self.key),
        }  # fmt: skip

    def _parties(self) -> None:
        from tantam.office.parties import actions

        for n, (kind, name) in enumerate(
            (
                ("donor", "Công ty Muối Hòn Khói"),
                ("partner", "Trạm y tế Vĩnh Hải"),
                ("speaker", "Ngô Sỹ Ẩn"),
                ("villager", "Cao Thị Bông"),
            )
        ):
            title = "" if n < 2 else ("anh", "bà")[n % 2]
            made = actions.meet(kind=kind, office=self.world.nha_trang, name=name, title=title, **self.by)
            self.ids[f"party_{kind}"] = made.pk
        from tantam.office.parties.models import Party

        self.ids["party"] = Party.objects.filter(key=self.key).get().pk

    def _journal(self) -> None:
        from tantam.office.journal import actions
        from tantam.office.journal.models import Entry

        actions.seal(at=self.now)
        self.ids["entry"] = Entry.objects.order_by("id").first().pk  # type: ignore[union-attr]
        self.ids["entry_last"] = Entry.objects.order_by("-id").first().pk  # type: ignore[union-attr]

    def _lists(self) -> None:
        """Two lists of messages: one on its way, one that waits for the morning; receipts, and two that went as one."""
        from tantam.office.channels.models import Handed, Message

        at, soon = self.now - timedelta(minutes=1), self.now + timedelta(minutes=5)
        fixed = "Trạm gần nhà bác đã sửa xong."
        round_ = {"about_kind": "round", "about_id": "R8", "purpose": "care", "text": fixed}
        cafe = {
            "about_kind": "event", "about_id": str(self.ids["event_invited"]), "office": self.world.nha_trang,
            "purpose": "invitation", "text": "Kính mời cô chú cà phê, 8 giờ sáng, Bến Xưa. Trả lời CO hoặc KHONG.",
        }  # fmt: skip
        stand: tuple[tuple[int, dict[str, Any], dict[str, Any]], ...] = (
            (214, round_, {"state": "arrived", "code": "allowed", "taken_at": at}),
            (61, round_, {"state": "sent", "code": "allowed", "taken_at": at}),
            (9, round_, {"state": "refused", "code": "refused"}),
            (4, round_, {"state": "refused", "code": "no_number"}),
            (3, round_, {"state": "failed", "code": "smpp_0x0b", "taken_at": at}),
            (96, round_, {"state": "waiting", "due_at": at}),
            (2, cafe, {"state": "arrived", "code": "allowed", "taken_at": at}),
            (1, cafe, {"state": "failed", "code": "allowed", "taken_at": at}),
            (3, cafe, {"state": "waiting", "code": "hours", "due_at": soon + timedelta(hours=10)}),
        )
        every: dict[str, Any] = {"channel": "sms", "parts": 2, "asked_at": at}
        made = [
            Message(id=uuid5(SPACE, f"list{kind}.{n}"), key=9000 + n, **every, **of, **how)
            for kind, (count, of, how) in enumerate(stand)
            for n in range(count)
        ]
        for one in made[1:3]:
            one.carrier, one.parts = made[0], 0
        Message.objects.bulk_create(made)
        ends = [(one, "DELIVRD", "") for one in made[-6:-3]]
        ends += [
            (one, "EXPIRED", "01b") if one.state == "failed" else (one, "DELIVRD", "") for one in made[-6:-3]
        ]
        Handed.objects.bulk_create(
            Handed(message=one, gateway="wire", ref=f"ref{n}", ended=state, error=error)
            for n, (one, state, error) in enumerate(ends)
        )
        self.ids["with"] = str(made[0].pk)

    def _work(self) -> None:
        """Chores of a machine in the middle of its work: done, held, half done, failing, and a link that is up."""
        from tantam.office.worker.chores import CHORES
        from tantam.office.worker.models import Chore

        at, soon = self.now, self.now + timedelta(hours=2)
        rows: dict[str, dict[str, Any]] = {name: {"last_ok_at": at} for name in CHORES}
        rows |= {
            "channels.send": {
                "last_ok_at": at - timedelta(minutes=4), "lease_until": soon, "holder": "tong-dai-1:4127",
                "checkpoint": {"done": 41_200, "total": 178_560},
            },
            "opinions.read": {"last_ok_at": at - timedelta(hours=3), "failures": 3},
            "channels.link": {
                "lease_until": soon, "holder": "tong-dai-1:4130",
                "checkpoint": {
                    "bound": (at - timedelta(hours=5)).isoformat(), "sent": 41_200, "received": 318, "receipts": 39_877,
                },
            },
        }  # fmt: skip
        Chore.objects.bulk_create(Chore(name=name, due_at=soon, **row) for name, row in rows.items())

    def _machines(self) -> None:
        """Other systems: one in use that ends soon, one never used, one ended."""
        from tantam.office.people import machines

        w, at = self.world, self.now - timedelta(days=340)
        day = at.date()
        by: dict[str, Any] = {"actor": w.admin, "at": at}
        _, token = machines.add("Tổng đài 18001090", w.hq, ["agent"], ends_on=day + timedelta(days=360), **by)
        machines.whose(token, at=self.now)
        machines.add(
            "Trang web saomai.example", w.hq, ["agent", "auditor"], actor=w.admin, at=self.now,
            ends_on=self.today + timedelta(days=300),
        )  # fmt: skip
        old, _ = machines.add(
            "Phần mềm quầy Nha Trang", w.nha_trang, ["officer"], ends_on=day + timedelta(days=90), **by
        )
        machines.end(old, actor=w.admin, at=at + timedelta(days=60))


def accounts(story: Story) -> dict[str, str]:
    """A one-use link for each duty; lam has a password too, yen a password and a second step."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from tantam.office.people import actions

    world, at = story.world, story.now
    for staff in (world.lam, world.policy):
        actions.accept_invite(actions.invite(staff, "invite", actor=None, at=at), PASSWORD, at=at)
    TOTP.activate(world.policy, generate_totp_secret())
    codes = RecoveryCodes.activate(world.policy).get_unused_codes()
    people = (
        world.lam,
        world.dung,
        world.hoa,
        world.policy,
        world.auditor,
        world.privacy,
        world.admin,
        world.stranger,
        world.head,
        world.pharmacist,
    )
    links = {s.username: actions.invite(s, "demo", actor=None, at=at) for s in people}
    return links | {"invite": actions.invite(world.khoi, "invite", actor=None, at=at), "recovery": codes[0]}


def routes() -> Iterator[tuple[str, str]]:
    """Every address there is, as its pattern, and the name of its view's module."""
    from django.urls import get_resolver

    def walk(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
        for one in resolver.url_patterns:
            pattern = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one, pattern)
            else:
                yield pattern, str(getattr(one.callback, "__module__", ""))

    yield from walk(get_resolver(), "/")


def texts() -> Iterator[str]:
    """Every text that the office keeps, each word of a person's name by itself, titles, the names of places."""
    from django.apps import apps
    from django.db.models import CharField, TextField

    from tantam.office.parties.rules import TITLES
    from tantam.places.provinces import EVERY

    yield from (form for title in TITLES for form in (title, title.capitalize()))
    yield from (place.name for place in EVERY)
    yield from a_camp.texts()
    yield from a_camp_after.texts()

    for model in apps.get_models():
        kept = [f.name for f in model._meta.concrete_fields if isinstance(f, (CharField, TextField))]
        for row in model._base_manager.values_list(*kept):
            yield from (text for text in row if isinstance(text, str) and text)
            if model.__name__ in ("Party", "Staff"):
                yield from (word for text in row if isinstance(text, str) for word in text.split())


def main(home: Path) -> None:
    """Fill the migrated, empty office of a home that has a base."""
    from tantam.cli.office_home import open_office

    open_office(home)
    from django.db import transaction

    with transaction.atomic():
        story = Story()
        story.tell()
        links = accounts(story)
    told = {
        "ids": story.ids,
        "links": links,
        "routes": list(routes()),
        "texts": sorted({t for t in texts() if not t.isascii()}, key=len, reverse=True),
        "made": datetime.isoformat(story.now),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
