"""The shipped model is what training gives, and is worth shipping."""

from __future__ import annotations

from pathlib import Path

import pytest

from tantam.listen import heads, telecom
from tantam.listen.columns import FEELINGS, TOPICS, URGENCIES
from tantam.listen.heads.measure import measure
from tantam.listen.heads.training import encoded

ASIDE = telecom.opinions("aside.csv")
TEXTS = [row["text"] for row in ASIDE]


def test_it_answers_the_four_questions_in_our_words() -> None:
    model = heads.shipped()
    assert tuple(head.name for head in model.heads) == telecom.HEADS
    assert set(model.head("topic").labels) == set(TOPICS) and model.head("topic").several
    assert set(model.head("feeling").labels) == set(FEELINGS)
    assert set(model.head("urgency").labels) == set(URGENCIES)
    assert model.head("complaint").labels == ("false", "true")
    assert len({head.norm for head in model.heads}) == 1, "trained on the same texts: one norm column"
    assert telecom.MODEL.stat().st_size < 3_000_000


@pytest.mark.parametrize(
    ("head", "least"), [("topic", 0.58), ("feeling", 0.74), ("complaint", 0.83), ("urgency", 0.73)]
)
def test_on_the_opinions_set_aside(head: str, least: float) -> None:
    """Floors under the measured figures (bench/listen_heads.py): a fall of more than chance is a fault."""
    found = measure(heads.shipped(), TEXTS, [row[head] for row in ASIDE], head)
    assert found.weighted_f1 > least
    assert found.right_if_sure is not None and found.right_if_unsure is not None
    assert found.right_if_sure > found.right_if_unsure


@pytest.mark.parametrize(
    ("text", "feeling", "complaint", "topic"),
    [
        ("mất sóng cả xóm từ hôm qua, gọi tổng đài không ai nghe", "negative", "true", "network"),
        ("mat song ca xom tu hom qua, goi tong dai khong ai nghe", "negative", "true", "network"),
        ("nhân viên cửa hàng rất nhiệt tình, cảm ơn các bạn", "positive", "false", "service"),
        ("tự nhiên bị trừ 15.000đ, trả lại tiền cho tôi", "negative", "true", "charging"),
        ("cho hỏi đi Nhật thì đăng ký chuyển vùng thế nào", "neutral", "false", "roaming"),
    ],
)
def test_plain_cases(text: str, feeling: str, complaint: str, topic: str) -> None:
    model = heads.shipped()
    answers = heads.answer(model, encoded([text]))
    said = {name: model.head(name).labels[found.label[0]] for name, found in answers.items()}
    assert (said["feeling"], said["complaint"]) == (feeling, complaint)
    assert answers["topic"].on[0, model.head("topic").labels.index(topic)]


@pytest.mark.slow
def test_training_again_gives_the_shipped_file(tmp_path: Path) -> None:
    telecom.trained().save(tmp_path / "model.npz")
    assert (tmp_path / "model.npz").read_bytes() == telecom.MODEL.read_bytes(), (
        "`python -m tantam.listen.telecom` writes it anew"
    )
