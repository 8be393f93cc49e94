"""The typer application: collects the commands and turns errors into sentences and exit codes."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import typer

from chatbot.cli import answers, collections, documents, evaluation, export, serving, tokens, upkeep
from chatbot.cli.terminal import complain
from chatbot.errors import ChatbotError, known_errors

app = typer.Typer(
    name="chatbot",
    help="Answers from your documents: every sentence cited, every claim checked.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command()(answers.ask)
app.command()(answers.chat)
app.command()(documents.add)
app.command()(documents.sync)
app.command()(documents.refresh)
app.command("list")(documents.list_documents)
app.command()(documents.remove)
app.add_typer(collections.app, name="collections")
app.command()(export.export)
app.command()(serving.serve)
app.add_typer(evaluation.app, name="eval")
app.command()(answers.check)
app.command()(answers.verify)
app.command()(upkeep.doctor)
app.command()(upkeep.move)
app.command()(serving.mcp)
app.add_typer(tokens.app, name="token")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        with known_errors():
            return _invoke(arguments)
    except ChatbotError as error:
        complain(str(error))
        return 2
    except (KeyboardInterrupt, EOFError):
        return 130


def _invoke(arguments: Sequence[str]) -> int:
    try:
        status = app(list(arguments) or ["--help"], standalone_mode=False)
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        complain(f"{error.format_message().rstrip('.')}; see `chatbot --help`.")
        return 2
    return status if isinstance(status, int) else 0
