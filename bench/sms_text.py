"""SMS as text, on 1,839 messages that operators, authorities and fraudsters sent (`vn-sms`) and on real opinions.

Shares of the messages by coding and by number of parts, the parts saved by sending without accents, and how many of the
messages marked as advertising begin with the label of the law and end with a way to refuse (in their last 60 letters).
What an author's own label and a link in a reply are taken for, and how many real opinions (`bench/listen_texts.py`) are
taken for a refusal. Speeds are of one thread, in CPU seconds, the median of five rounds.

python -m bench sms_text
"""

from __future__ import annotations

import csv
import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.listen_texts import texts
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.channels.sms import alphabet, labels, parts, receipts

OPINIONS = 200_000
ROUNDS = 5
_SEED = 7
_DAY = 20_779
_LABEL = re.compile(r"\s*[\[(](?:QC|AD)[\])]")
_REFUSE = re.compile(r"\b(?:tu choi|tc\d?|huy)\b")
_PLAIN_LINK = re.compile(r"h[tx]{2}ps?://|www\.", re.IGNORECASE)
_LAST = 60
_RECEIPT = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611221239 done date:2611221240 stat:DELIVRD err:000 text:Hi"
)


def run(opinions: int = OPINIONS) -> dict[str, object]:
    """Shares, savings, refusals among opinions, and speeds."""
    with (Path(os.environ["TANTAM_DATA"]) / "vn-sms/sms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    messages = [row["text"] for row in rows]
    return {
        "messages": len(messages),
        **_parts(messages),
        "advertising": _advertising([row["text"] for row in rows if row["marker"] == "ad"]),
        "taken_for": _taken(rows),
        "opinions_taken_for_a_refusal": _refusals(opinions),
        "a_second": _speeds(messages, [row["text"] for row in rows if not row["marker"]]),
    }


def _parts(messages: list[str]) -> dict[str, object]:
    """Codings and parts as written and without accents."""
    offers = [parts.offer(text) for text in messages]
    counts = Counter(min(len(offer.plan.parts), 5) for offer in offers)
    accented = [offer for offer in offers if offer.plan.coding == "ucs2"]
    return {
        "ucs2_share": round(len(accented) / len(offers), 4),
        "parts_share": {
            f"{n}" if n < 5 else "5 or more": round(counts[n] / len(offers), 4) for n in sorted(counts)
        },
        "parts": sum(len(offer.plan.parts) for offer in offers),
        "ucs2_parts": sum(len(offer.plan.parts) for offer in accented),
        "ucs2_parts_without_accents": sum(len(offer.plain.parts) for offer in accented),
        "ucs2_still_without_accents": sum(offer.plain.coding == "ucs2" for offer in accented),
        "parts_with_16_bit_references": sum(len(parts.plan(text, wide=True).parts) for text in messages),
    }


def _advertising(messages: list[str]) -> dict[str, int]:
    return {
        "messages": len(messages),
        "label_first": sum(bool(_LABEL.match(text)) for text in messages),
        "refusal_last": sum(bool(_REFUSE.search(fold(text[-_LAST:]))) for text in messages),
    }


def _taken(rows: list[dict[str, str]]) -> dict[str, int]:
    """How many messages of others would be refused here as they are written, and how many plainly hold a link."""
    ads = [row for row in rows if row["marker"] == "ad"]
    others = [row for row in rows if row["marker"] != "ad"]
    return {
        "own_label_of_marked_advertising": _refused(ads, "service", "sms_own_label"),
        "own_label_of_all_else": _refused(others, "service", "sms_own_label"),
        "all_else": len(others),
        "link_in_reply_of_all_else": _refused(others, "reply", "sms_link_in_reply"),
        "all_else_with_http_or_www": sum(bool(_PLAIN_LINK.search(row["text"])) for row in others),
    }


def _refused(rows: list[dict[str, str]], purpose: str, code: str) -> int:
    count = 0
    for row in rows:
        try:
            labels.label(row["text"], purpose, "", on=_DAY)
        except BadInput as error:
            count += error.code == code
    return count


def _refusals(opinions: int) -> dict[str, object]:
    different = list(dict.fromkeys(texts(opinions, _SEED).to_pylist()))
    taken = [text for text in different if labels.stop_word(text)]
    return {"different_opinions": len(different), "taken": len(taken), "which": " | ".join(taken)}


def _speeds(messages: list[str], unlabelled: list[str]) -> dict[str, int]:
    plans = [parts.plan(text) for text in messages]
    pieces = [
        [parts.read(message, plan.coding, header=len(plan.parts) > 1) for message in parts.messages(plan, 1)]
        for plan in plans
    ]
    septets = [
        alphabet.encode(parts.accentless(text)) for text in messages if alphabet.fits(parts.accentless(text))
    ]
    return {
        "plans": _rate(len(messages), lambda: [parts.plan(text) for text in messages]),
        "offers": _rate(len(messages), lambda: [parts.offer(text) for text in messages]),
        "short_messages_written": _rate(len(plans), lambda: [parts.messages(plan, 1) for plan in plans]),
        "messages_joined": _rate(len(pieces), lambda: [parts.join(some) for some in pieces]),
        "septets_decoded": _rate(len(septets), lambda: [alphabet.decode(some) for some in septets]),
        "labels": _rate(
            len(unlabelled), lambda: [labels.label(text, "care", "TC", on=_DAY) for text in unlabelled]
        ),
        "stop_words": _rate(len(messages), lambda: [labels.stop_word(text) for text in messages]),
        "receipts": _rate(1_000, lambda: [receipts.parse(_RECEIPT) for _ in range(1_000)]),
    }


def _rate(count: int, work: Callable[[], object]) -> int:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return round(count / statistics.median(seconds))


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
