"""Commands on collections, the named sets of documents: list, create, rename, delete, put, take."""

from __future__ import annotations

from typing import Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.cli.documents import find_document
from chatbot.cli.remote import RemoteBot, opened
from chatbot.cli.terminal import clean, console
from chatbot.types import Collection

app = typer.Typer(
    help="Named sets of documents. `chatbot ask --in NAME` asks only one of them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="The collection's name.")]
Documents = Annotated[list[str], typer.Argument(help="Ids of documents, or their first digits.")]


@app.command("list")
def list_collections() -> None:
    """List the collections with the number of their documents."""
    with opened(read_only=True) as bot:
        found = bot.collections.list()
    for one in found:
        _tell("", one)
    if not found:
        console().print("There are no collections; make one with `chatbot add PATH --in NAME`.")


@app.command()
def create(name: Name) -> None:
    """Make a collection; `chatbot add PATH --in NAME` makes one too."""
    with opened() as bot:
        _tell("created", bot.collections.create(name))


@app.command()
def rename(name: Name, new_name: Annotated[str, typer.Argument(help="The new name.")]) -> None:
    """Give a collection another name."""
    with opened() as bot:
        _tell("renamed", bot.collections.change(name, rename=new_name))


@app.command()
def delete(name: Name) -> None:
    """Delete a collection; its documents stay."""
    with opened() as bot:
        found = bot.collections.get(name)
        bot.collections.delete(found.id)
    _tell("deleted", found)


@app.command()
def put(name: Name, documents: Documents) -> None:
    """Put documents into a collection."""
    with opened() as bot:
        _tell("changed", bot.collections.change(name, put=_ids(bot, documents)))


@app.command()
def take(name: Name, documents: Documents) -> None:
    """Take documents out of a collection; they stay in the store."""
    with opened() as bot:
        _tell("changed", bot.collections.change(name, take=_ids(bot, documents)))


def _ids(bot: Chatbot | RemoteBot, documents: list[str]) -> list[str]:
    return [find_document(bot, digits).id for digits in documents]


def _tell(word: str, collection: Collection) -> None:
    count = len(collection.documents)
    known = f"{count:>5,} document{'s' * (count != 1)}"
    console().print(f"{word:10} {known:16} {clean(collection.name)}".strip())
