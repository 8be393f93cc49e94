"""Makes a starter suite of the user's store, or adds new drafts to one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from chatbot.bot import Chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.drafts import Drafter, by_rule, draft_cases, file_name, from_feedback
from chatbot.evaluation.suite_files import case_text, load_suite
from chatbot.types import Document

DRAFTS = "drafts.yaml"
_HEAD = """\
# Drafts: read each, mend question and answer, then take "draft: true" out to accept it.
# Evidence must stay word for word. Add questions that the documents do not answer, too:
#   - {id: ..., question: ..., expected: {refuse: true}}

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDrafts:
    """What was written."""

    folder: Path
    drafts: int
    feedback: int
    documents: int


def write_suite(
    bot: Chatbot, folder: Path, *, draft: Drafter = by_rule, count: int = 20
) -> NewDrafts:
    """Write a suite of drafts over the documents of a store.

    The documents are copied as text, so that the suite means the same tomorrow and elsewhere. In a
    folder that holds a suite already, drafts that are new are added and nothing else is changed.

    Args:
        bot: the store, with its conversations.
        folder: made if it is not there.
        draft: makes a case of a passage.
        count: the most drafts, feedback aside.

    Raises:
        SuiteError: if there is no document, or the folder cannot be written or is in other use.
    """
    documents = [bot.document(known.id) for known in bot.documents()]
    if not documents:
        raise SuiteError("The store has no document to make cases of: `chatbot add` one first.")
    names = _names(documents)
    found = [(names[item.id], bot.sentences(item.id)) for item in documents]
    drafted = draft_cases(found, draft, count=count)
    disliked = from_feedback(bot, names)
    try:
        known = _prepare(folder, documents, names)
        added = [case for case in [*drafted, *disliked] if case.id not in known]
        with (folder / DRAFTS).open("a", encoding="utf-8") as file:
            file.writelines(f"{case_text(case)}\n" for case in added)
    except OSError as error:
        raise SuiteError(f"{folder} cannot be written: {error.strerror}.") from error
    load_suite(str(folder))
    return NewDrafts(
        folder=folder,
        drafts=sum(case in drafted for case in added),
        feedback=sum(case in disliked for case in added),
        documents=len(documents),
    )


def _names(documents: Sequence[Document]) -> dict[str, str]:
    taken: set[str] = set()
    return {item.id: f"documents/{file_name(item, taken)}" for item in documents}


def _prepare(folder: Path, documents: Sequence[Document], names: dict[str, str]) -> set[str]:
    """Make the folder a suite; return the ids of the cases it has."""
    head = folder / "suite.yaml"
    if head.is_file():
        suite = load_suite(str(folder))
        if not (folder / DRAFTS).is_file():
            raise SuiteError(f"{folder} holds a suite that was not made by `chatbot eval new`.")
        known = {case.id for case in suite.cases}
    elif folder.exists() and any(folder.iterdir()):
        raise SuiteError(f"{folder} is not empty and holds no suite.")
    else:
        known = set()
        (folder / "documents").mkdir(parents=True, exist_ok=True)
        head.write_text(_suite_text(folder), encoding="utf-8")
        (folder / DRAFTS).write_text(_HEAD, encoding="utf-8")
    for document in documents:
        path = folder / names[document.id]
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_text(document.text, encoding="utf-8")
    return known


def _suite_text(folder: Path) -> str:
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in folder.resolve().name)
    head = {
        "name": name.strip("-") or "mine",
        "description": "Questions about my documents.",
        "documents": ["documents/*"],
        "cases": [DRAFTS],
        "gates": {},
    }
    return str(yaml.safe_dump(head, sort_keys=False, allow_unicode=True))
