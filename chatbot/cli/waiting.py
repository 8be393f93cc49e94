"""The line that a terminal shows while a model reads: a slow one is not a dead one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from chatbot.cli.terminal import console
from chatbot.types import AnswerEvent, ReadingPrompt


def with_waiting(events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
    """Yield the events; say on standard error, on a terminal, what a model reads, and how long."""
    with ExitStack() as shown:
        for event in events:
            if not isinstance(event, ReadingPrompt):
                shown.close()
                yield event
                continue
            columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
            line = Progress(*columns, console=console(stderr=True), transient=True)
            part = f" (part {event.part} of {event.parts})" if event.parts > 1 else ""
            line.add_task(f"The model reads {event.tokens:,} tokens{part} …", total=None)
            shown.close()
            shown.enter_context(line)
