"""Listenings over files: two to be taken in, one on its way, one that is in, and one that was refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any


def tell(story: Any) -> None:
    """Make the files, and the rows as a worker would leave them."""
    from django.conf import settings

    from tantam.office.opinions.models import Intake

    for name, themes, each in (("sms-t10", 64, 1_870), ("gop-y-web-t11", 12, 41)):
        _run(Path(settings.HOME) / "listened" / name, themes, each)
    by: dict[str, Any] = {"asked_by": story.world.policy}
    Intake.objects.create(run="sms-t11", asked_at=story.now - timedelta(minutes=4), percent=38, **by)
    Intake.objects.create(run="tong-dai-q3", asked_at=story.now - timedelta(minutes=3), **by)
    before = story.now - timedelta(days=6)
    Intake.objects.create(
        run="sms-t9", asked_at=before, done_at=before + timedelta(minutes=9), percent=100, themes_count=58,
        opinions_count=911_204, speakers_count=120_377, **by,
    )  # fmt: skip
    Intake.objects.create(
        run="sms-t8", asked_at=before, done_at=before, percent=100, **by,
        vi="sms-t8 đã được nhận khi còn nghe tệp khác. Nghe các tệp này dưới tên khác; số đã đếm vẫn giữ.",
        en="sms-t8 was taken in when other files had been listened to in it. Listen to these under another name.",
    )  # fmt: skip


def _run(folder: Path, themes: int, each: int) -> None:
    folder.mkdir(parents=True)
    rows = [
        {"id": f"L{n:02}", "label": f"chủ đề {n}", "count": each, "people": each - 4, "share_complaint": 0.5,
         "quotes": [], "by_province": [], "by_week": [[20_700, each]], "hidden": False, "merged_into": None}
        for n in range(themes)
    ]  # fmt: skip
    (folder / "themes.json").write_text(json.dumps(rows), encoding="utf-8")
    plan = {"files": [[f"/x/{folder.name}.csv", 1, 1]], "columns": {"text": "words"}}
    (folder / "run.json").write_text(json.dumps({"plan": plan, "figures": {}}), encoding="utf-8")
