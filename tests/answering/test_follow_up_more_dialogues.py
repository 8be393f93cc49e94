"""The dialogues of ``golden/follow_ups.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest
from follow_up_dialogues import Dialogue

from tests.answering.test_follow_up_dialogues import check, title

GOLDEN = Path(__file__).parents[1] / "golden" / "follow_ups.txt"


def read_dialogues(text: str) -> list[Dialogue]:
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return [read_dialogue(block) for block in plain.strip().split("\n\n")]


def read_dialogue(block: str) -> Dialogue:
    talk, question, expected = (line.strip() for line in block.splitlines())
    sign, _, rest = expected.partition(" ")
    wants, _, bans = rest.partition(" - ")
    return Dialogue(
        talk=tuple(part.strip() for part in talk.split("|")),
        question=question,
        equals=rest if sign == "=" else None,
        wants=wants if sign == "+" else None,
        bans=bans if sign == "+" else "",
    )


DIALOGUES = read_dialogues(GOLDEN.read_text(encoding="utf-8"))


def test_the_file_has_all_its_dialogues() -> None:
    assert len(DIALOGUES) == 94


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=title)
def test_an_unforeseen_follow_up_becomes_a_question_that_stands_alone(dialogue: Dialogue) -> None:
    check(dialogue)
