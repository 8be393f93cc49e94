"""The command that takes a saved conversation along: export."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.cli.documents import by_digits
from chatbot.cli.terminal import clean, console
from chatbot.errors import ConversationNotFound, ExportError
from chatbot.types import Conversation

MOST_LISTED = 50


def export(
    conversation: Annotated[
        str | None, typer.Argument(help="Its id or first digits; without it, all are listed.")
    ] = None,
    *,
    format_name: Annotated[
        str, typer.Option("--format", help="md, html, or json, which `chatbot verify` reads.")
    ] = "md",
    output: Annotated[
        Path | None, typer.Option(help="The file or folder to write to (default: print).")
    ] = None,
    query: Annotated[str, typer.Option(help="List only conversations with these words.")] = "",
) -> None:
    """Write a saved conversation as Markdown, web page or JSON. Without an id, list them."""
    from chatbot.ui.export import export as exported
    from chatbot.ui.texts import accepted_texts

    with Chatbot.from_settings(read_only=True) as bot:
        kept = [one for one in bot.conversations.list(query) if one.turn_count]
        if conversation is None:
            _list(kept)
            return
        found = by_digits(kept, conversation, "conversation", ConversationNotFound)
        turns = bot.conversations.turns(found.id)
    language = os.environ.get("LANG", "").partition("_")[0]
    made = exported(found, turns, format_name, accepted_texts(language))
    if output is None:
        # To a terminal like all other text; to a file or a program as it is.
        typer.echo(clean(made.text) if sys.stdout.isatty() else made.text, nl=False)
        return
    path = output / made.name if output.is_dir() else output
    try:
        path.write_text(made.text, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from error
    console().print(f"written    {clean(str(path))}")


def _list(kept: list[Conversation]) -> None:
    if not kept:
        console().print("There are no saved conversations; they are made in `chatbot serve`.")
    for one in kept[:MOST_LISTED]:
        turns = f"{one.turn_count} turn{'s' * (one.turn_count != 1)}"
        console().print(f"{one.id[:12]}  {one.updated[:10]}  {turns:>9}  {clean(one.title)}")
    if len(kept) > MOST_LISTED:
        rest = len(kept) - MOST_LISTED
        console().print(f"and {rest} older; find them with --query.")
