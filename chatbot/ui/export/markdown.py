"""Export as Markdown: each answer with the sentences it cites as footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.types import SavedTurn
from chatbot.ui.footnotes import escaped, markdown_footnotes
from chatbot.ui.summary import summary
from chatbot.ui.texts import Texts


def to_markdown(title: str, turns: Sequence[SavedTurn], texts: Texts, *, alone: bool) -> str:
    """Return the text of the file. ``alone``: it is one answer, whose question is the title."""
    parts = [f"# {_line(title)}"]
    for number, turn in enumerate(turns, start=1):
        if not alone:
            parts.append(f"## {_line(turn.question)}")
        # Footnotes are numbered through a whole file, so each answer's have a name of their own.
        parts += _answer(turn, texts, prefix="" if alone else f"{number}-")
    return "\n\n".join(parts) + "\n"


def _answer(turn: SavedTurn, texts: Texts, *, prefix: str) -> Iterator[str]:
    answer = turn.answer
    if answer.refused:
        yield f"**{texts.text('refusal_title')}**"
    yield markdown_footnotes(answer, texts, prefix=prefix)
    if answer.notice:
        yield f"> {_line(answer.notice)}"
    outcome = None if answer.refused else summary(answer, texts)
    mode = texts.text("mode_extractive") if answer.mode == "extractive" else answer.mode
    facts = [outcome["text"] if outcome else "", mode, f"{turn.asked[:16].replace('T', ' ')} UTC"]
    yield f"*{' · '.join(_line(fact) for fact in facts if fact)}*"


def _line(words: str) -> str:
    return escaped(" ".join(words.split()))
