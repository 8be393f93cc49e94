"""Commands that answer or check: ask, chat, check, verify."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.bot import check as check_claims
from chatbot.cli.documents import InOption, find_document
from chatbot.cli.remote import RemoteBot, RemoteRefusal, opened
from chatbot.cli.terminal import (
    clean,
    complain,
    console,
    print_answer,
    print_below,
    print_why,
    with_waiting,
)
from chatbot.documents import load_file
from chatbot.errors import QuestionError, UnreadableFile
from chatbot.settings import Settings
from chatbot.types import Answer, Check, Restarted, TextDelta, Turn

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def ask(
    question: Annotated[str, typer.Argument(help="The question, or - to read it from stdin.")],
    *,
    as_json: JsonOption = False,
    why: Annotated[
        bool, typer.Option("--why", help="Explain in three lines why it is answered or refused.")
    ] = False,
    document: Annotated[
        list[str] | None, typer.Option(help="Use only the document with this id (repeatable).")
    ] = None,
    collection: InOption = None,
) -> None:
    """Answer a question from the documents. If they do not answer it, say so."""
    if document and collection is not None:
        raise typer.BadParameter("Name documents or a collection, not both.")
    if question == "-":
        question = sys.stdin.read()
    with opened(read_only=True) as bot:
        chosen = _chosen(bot, collection)
        if document:
            chosen = [find_document(bot, digits).id for digits in document]
        *_, answer = with_waiting(bot.stream(question, documents=chosen))
    assert isinstance(answer, Answer)
    if as_json:
        console().print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        print_answer(answer)
        if why:
            print_why(answer)


def _chosen(bot: Chatbot | RemoteBot, collection: str | None) -> Sequence[str] | None:
    return None if collection is None else bot.collection(collection)


def chat(*, collection: InOption = None) -> None:
    """Ask several questions in a row. An empty line or Ctrl-D ends it.

    If the program asks back, type the number of a choice.
    """
    with opened(read_only=True) as bot:
        _chosen(bot, collection)  # a wrong name is told before the first question
        console().print(f"Mode: {bot.mode}. An empty line ends the chat.")
        history: list[Turn] = []
        numbered: dict[str, str] = {}
        with suppress(EOFError):
            while question := input("\n> ").strip():
                question = numbered.get(question, question)
                try:
                    answer = _stream_answer(bot, question, history, _chosen(bot, collection))
                except (QuestionError, RemoteRefusal) as error:
                    complain(str(error))
                    continue
                if answer is not None:
                    numbered = {str(n): one.question for n, one in enumerate(answer.choices, 1)}
                    history.append(Turn(role="user", content=question))
                    history.append(Turn(role="assistant", content=answer.text))


def _stream_answer(
    bot: Chatbot | RemoteBot, question: str, history: list[Turn], documents: Sequence[str] | None
) -> Answer | None:
    out = console()
    answer: Answer | None = None
    events = with_waiting(bot.stream(question, history=history, documents=documents))
    try:
        for event in events:
            if isinstance(event, TextDelta):
                out.print(clean(event.text), end="")
            elif isinstance(event, Restarted):
                out.print(f"\n[The model failed: {clean(event.reason)} Quoting instead.]\n")
            elif isinstance(event, Answer):
                answer = event
                out.print("\n")
                print_below(event)
    except KeyboardInterrupt:
        out.print("\n[Stopped.]")
    return answer


def check(
    text: Annotated[str, typer.Argument(help="The text to check, or - to read it from stdin.")],
    *,
    source: Annotated[list[Path], typer.Option(help="A text file to check against (repeatable).")],
    question: Annotated[
        str | None, typer.Option(help="The question that the text answers.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Check every claim of a text against sources. Exit 1 if one is not supported."""
    if text == "-":
        text = sys.stdin.read()
    result = check_claims(text, [_source_text(path) for path in source], question=question)
    if as_json:
        console().print(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print_check(result)
    return 0 if result.grounded else 1


def _source_text(path: Path) -> str:
    # Chunks are not used here, so how long they would be does not matter.
    parsed = load_file(path, count_tokens=lambda texts: [len(text) for text in texts])
    return parsed.document.text


def _print_check(result: Check) -> None:
    out = console()
    for claim in result.claims:
        out.print(f"{claim.verdict.value:>12}  {clean(' '.join(claim.text.split()))}")
        if claim.why:
            out.print(f"              {clean(claim.why)}")
        for evidence in claim.evidence:
            out.print(f"              source {evidence.source + 1}: {clean(evidence.text)}")
    supported = "grounded" if result.grounded else "not grounded"
    out.print(f"{len(result.claims)} claims, {supported}")


def verify(
    answer: Annotated[
        Path, typer.Argument(help="JSON of `chatbot ask --json`, or of an exported conversation.")
    ],
) -> int:
    """Check exported answers against the documents. Exit 1 if something no longer holds."""
    answers = _exported(answer)
    with Chatbot.from_settings(Settings(), read_only=True) as bot:
        found = [bot.verify(one) for one in answers]
    for number, result in enumerate(found, start=1):
        for problem in result.problems:
            complain(f"Answer {number}: {problem}" if len(answers) > 1 else problem)
    if not all(result.ok for result in found):
        return 1
    count = sum(len(one.citations) for one in answers)
    of = f" of {len(answers)} answers" if len(answers) > 1 else ""
    cited = f"All {count} citations" if count != 1 else "The citation"
    verdicts = "their verdicts" if count != 1 else "its verdict"
    console().print(f"{cited}{of} and {verdicts} hold.")
    return 0


def _exported(path: Path) -> list[Answer]:
    from chatbot.ui.export import answers_in

    try:
        return answers_in(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"{path} is not JSON; give a file of `chatbot ask --json` or of an export."
        ) from error
    except (ValueError, TypeError) as error:
        reason = str(error).rstrip(".")
        raise UnreadableFile(
            f"{path} is not an exported answer or conversation: {reason}."
        ) from error
