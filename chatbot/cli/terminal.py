"""What the commands print: answers with their sources and verdicts, tables, progress.

Colour where the terminal has it. Text of documents and models is data: control characters are
taken out, so that no file can move the cursor or change the window's title.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from rich import progress
from rich.console import Console
from rich.text import Text

from chatbot.types import (
    Answer,
    AnswerEvent,
    Citation,
    IngestProgress,
    ProgressCallback,
    ReadingPrompt,
    Verdict,
)

VERDICTS = {
    Verdict.QUOTED: ("quoted", "green"),
    Verdict.SUPPORTED: ("supported", "green"),
    Verdict.CATALOGUE: ("from the list of documents", "green"),
    Verdict.COMPUTED: ("computed", "green"),
    Verdict.PARTLY: ("partly supported", "yellow"),
    Verdict.UNSUPPORTED: ("not supported", "red"),
    Verdict.CONTRADICTED: ("contradicted", "red"),
    Verdict.UNCHECKED: ("not checked", "yellow"),
    Verdict.NO_CLAIM: ("", "dim"),
}

_LOG_SECONDS = 15.0


def console(*, stderr: bool = False) -> Console:
    """Return a console that neither wraps nor reads markup in what it prints."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def complain(message: str) -> None:
    """Print one sentence on standard error."""
    console(stderr=True).print(Text("chatbot: ", style="bold red") + clean(message))


def clean(text: str) -> str:
    """Return the text without control and format characters; newlines and tabs stay."""
    return "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf")
    )


def print_answer(answer: Answer) -> None:
    """Print the answer, its numbered source sentences, and a verdict for each claim."""
    out = console()
    out.print(Text(clean(answer.text), style="" if answer.refused else "bold"))
    print_below(answer)


def print_below(answer: Answer) -> None:
    """Print what stands under an answer: verdicts, sources, choices by number, notice."""
    out = console()
    if answer.refused:
        _print_closest(answer)
    else:
        _print_verdicts(answer)
        for citation in answer.citations:
            out.print(Text(f"[{citation.marker}] ", style="cyan") + clean(citation.text))
            out.print(Text(f"    {place(citation)}", style="dim"))
    for number, choice in enumerate(answer.choices, start=1):
        out.print(Text(f"{number:>3}. ", style="cyan") + clean(choice.label))
    if answer.notice:
        out.print(Text(f"Note: {clean(answer.notice)}", style="yellow"))


def place(citation: Citation) -> str:
    """Return where a citation stands, in words."""
    parts = [citation.title]
    if citation.page is not None:
        parts.append(f"page {citation.page}")
    if citation.heading and citation.heading != citation.title:
        parts.append(citation.heading)
    if citation.header and citation.header != citation.text:
        parts.append(f"columns: {citation.header}")
    parts.append(f"sentence {citation.sentence_index + 1}")
    if citation.source != citation.title:
        parts.append(citation.source)
    return clean(" · ".join(parts))


def print_why(answer: Answer) -> None:
    """Print in three lines why it was answered or refused."""
    decision = answer.decision
    if decision is None:
        return
    out = console()
    anchors = [
        f"{anchor.text} ({anchor.where or ('elsewhere' if anchor.found else 'not found')})"
        for anchor in decision.anchors
    ]
    out.print(Text(f"P(the documents answer): {decision.p_answered:.2f}", style="dim"))
    out.print(Text(f"Named in the question: {clean(', '.join(anchors)) or 'nothing'}", style="dim"))
    weighed = [f"{one.index + 1} ({one.p:.2f})" for one in decision.considered[:5]]
    out.print(Text(f"Sentences weighed: {', '.join(weighed) or 'none'}", style="dim"))


def _print_verdicts(answer: Answer) -> None:
    out = console()
    verdicts = [claim for claim in answer.claims if claim.verdict is not Verdict.NO_CLAIM]
    if verdicts and all(claim.verdict is Verdict.QUOTED for claim in verdicts):
        count = len(answer.citations)
        out.print(Text(f"Quoted from {count} sentence{'s' * (count != 1)}.", style="green"))
    else:
        for claim in verdicts:
            words, style = VERDICTS[claim.verdict]
            markers = "".join(f"[{marker}]" for marker in claim.citations)
            line = Text(f"{words:>16}  ", style=style)
            out.print(
                line + clean(" ".join(claim.text.split())) + Text(f" {markers}", style="cyan")
            )
            if claim.why:
                out.print(f"{'':16}  {clean(claim.why)}")
    out.print()


def _print_closest(answer: Answer) -> None:
    if not answer.retrieved:
        return
    out = console()
    out.print()
    out.print(Text("Closest passages (they do not answer):", style="dim"))
    for item in answer.retrieved[:3]:
        out.print(Text(f"  · {clean(item.text)}  ({clean(item.title)})", style="dim"))


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """Show progress on standard error while files are added; a line now and then in a log."""
    with _bar("{task.fields[pace]}") as bar:
        task = bar.add_task("Adding", total=None, pace="")
        told = 0.0

        def show(step: IngestProgress) -> None:
            nonlocal told
            now, done, total = clean(step.source)[-40:], step.done, step.total
            bar.update(
                task, completed=done, total=total, description=f"Adding {now}", pace=pace(step)
            )
            if bar.disable and step.seconds >= told + _LOG_SECONDS:
                told = step.seconds
                bar.console.print(f"{done:,} of {total:,} files, {pace(step)}")

        yield show


@contextmanager
def counted_progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Give what takes (done, total) and shows it on standard error; only on a terminal."""
    with _bar(progress.TimeRemainingColumn()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _bar(last: str | progress.ProgressColumn) -> progress.Progress:
    return _line("{task.description}", progress.BarColumn(), progress.MofNCompleteColumn(), last)


def _line(*columns: str | progress.ProgressColumn) -> progress.Progress:
    out = console(stderr=True)
    return progress.Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def pace(step: IngestProgress) -> str:
    """Return in words what was added so far, how fast, and how long the rest will take."""
    if not step.sentences:
        return ""
    rate = step.sentences / max(step.seconds, 1e-9)
    words = f"{step.sentences:,} sentences, {rate:,.0f} a second"
    if step.seconds_left is None:
        return words
    return f"{words}, {timedelta(seconds=round(step.seconds_left))} left"


def with_waiting(events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
    """Yield the events; say on standard error, on a terminal, what a model reads, and how long."""
    with ExitStack() as shown:
        for event in events:
            if not isinstance(event, ReadingPrompt):
                shown.close()
                yield event
                continue
            elapsed = progress.TimeElapsedColumn()
            line = _line(progress.SpinnerColumn(), "{task.description}", elapsed)
            part = f" (part {event.part} of {event.parts})" if event.parts > 1 else ""
            line.add_task(f"The model reads {event.tokens:,} tokens{part} …", total=None)
            shown.close()
            shown.enter_context(line)
