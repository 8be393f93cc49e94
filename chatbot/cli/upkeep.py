"""Commands that look after the store: doctor, move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatbot.bot.model_doctor import examine_model
from chatbot.cli.terminal import clean, complain, console
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from chatbot.store import Place, Store
from chatbot.store import doctor as store_doctor
from chatbot.store import moving as store_moving
from chatbot.store import repair as store_repair


def doctor(
    *,
    repair: Annotated[bool, typer.Option(help="Rebuild the vector index from the tables.")] = False,
    reembed: Annotated[
        bool, typer.Option(help="Make all vectors again with the embedding model of now.")
    ] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Test the chat model instead of the store.")
    ] = False,
) -> int:
    """Check that the store's tables and vector index agree. Exit 1 if they do not."""
    settings = Settings()
    if model:
        report = examine_model(settings)
        for line in (*report.lines, report.line):
            console().print(clean(line))
        return 0 if report.unfit is None else 1
    embedder = load_embedder(settings)
    out = console()
    if repair or reembed:
        with _open(settings, embedder, for_repair=True) as store:
            if reembed:
                store_repair.embed_again(store.parts, embedder)
                out.print(f"All vectors were made again with {embedder.name}.")
            else:
                store_repair.rebuild(store.parts)
                out.print("The vector index and the full text were rebuilt from the tables.")
    with _open(settings, embedder, for_repair=True) as store:
        found, where = store_doctor.examine(store), store.parts.home.where
    out.print(
        f"{where}: {found.documents} documents, {found.sentences} sentences, "
        f"{found.chunks} chunks, {found.vectors} vectors"
    )
    for problem in found.problems:
        complain(problem)
    if not found.problems:
        out.print("No problems found.")
    return 1 if found.problems else 0


def _open(settings: Settings, embedder: Embedder, *, for_repair: bool = False) -> Store:
    name, dimension = embedder.name, embedder.dimension
    return Store.open(Place.of(settings), embedder=name, dimension=dimension, for_repair=for_repair)


def move(
    *,
    to: Annotated[str, typer.Option(help="postgresql://… or a new directory.")],
    chroma: Annotated[str | None, typer.Option(help="The Chroma server that goes with it.")] = None,
) -> None:
    """Copy the store to another place and check the copy. Run it again if it was interrupted."""
    settings = Settings()
    embedder = load_embedder(settings)
    address: dict[str, object] = {"database_url": None, "data_dir": Path(to)}
    if "://" in to:
        address = {"database_url": to}
    target = Settings(**(settings.model_dump() | {"chroma_url": chroma} | address))
    out = console()
    with _open(settings, embedder) as source, _open(target, embedder) as copy:
        moved = store_moving.move(source, copy, tell=out.print)
    out.print(
        f"Copied {moved.documents} documents, {moved.sentences} sentences and "
        f"{moved.conversations} conversations; {moved.asked} sentences were searched for in both."
    )
    out.print("The old store is unchanged. Set CHATBOT_DATABASE_URL, CHATBOT_CHROMA_URL or")
    out.print("CHATBOT_DATA_DIR to use the new one.")
