"""Commands on the tokens that let people in from other machines: create, list, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from chatbot.cli.remote import opened
from chatbot.cli.terminal import clean, console

app = typer.Typer(
    help="Let people in when the server listens to other machines.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Whose token it is: letters, digits, dots, dashes.")]


@app.command()
def create(name: Name) -> None:
    """Make a token for somebody and print it; it is not shown again."""
    with opened() as bot:
        token = bot.tokens.create(name)
    console().print(token)
    console(stderr=True).print(
        "Keep the token: only its hash is stored, so it cannot be shown again."
    )


@app.command("list")
def list_tokens() -> None:
    """List the names of the tokens."""
    with opened(read_only=True) as bot:
        rows = bot.tokens.list()
    for row in rows:
        console().print(f"{clean(row.name):<24}  created {row.created[:10]}")
    if not rows:
        console().print("There are no tokens; make one with `chatbot token create NAME`.")


@app.command()
def revoke(name: Name) -> None:
    """Revoke a token; browsers that logged in with it are logged out."""
    with opened() as bot:
        bot.tokens.revoke(name)
    console().print(f"revoked    {clean(name)}")
