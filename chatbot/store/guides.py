"""Guides to documents, kept as they were made. Reached as ``Store.guides``.

A guide is of a text, whoever has it, and goes with it.
"""

from __future__ import annotations

import json

from sqlalchemy import func, select

from chatbot.store import reading, tables
from chatbot.store.home import Home
from chatbot.store.tables import upsert
from chatbot.types import Guide
from chatbot.types.json_values import from_json, json_of

_G = tables.guides.c
_D = tables.documents.c


class KeptGuides:
    """The guides to the documents that one person sees; to all where there is no owner.

    A document that is not there, or not any more, raises ``DocumentNotFound``.
    """

    def __init__(self, home: Home, *, owner: str | None) -> None:
        self._home = home
        self._owner = owner

    def get(self, document_id: str, *, recipe: int) -> Guide | None:
        """Return the guide to a document, None where none was made by this recipe."""
        with self._home.reading() as connection:
            number = reading.number_of(connection, document_id, self._owner)
            wanted = select(_G.guide).where(_G.document == number, _G.recipe == recipe)
            found = connection.execute(wanted).scalar_one_or_none()
        return None if found is None else from_json(Guide, json.loads(found))

    def keep(self, guide: Guide, *, recipe: int) -> None:
        """Keep a guide, in the place of one by another recipe; not where nothing can be written."""
        if self._home.read_only:
            return
        values = {"recipe": recipe, "guide": json.dumps(json_of(guide))}
        with self._home.writing() as connection:
            number = reading.number_of(connection, guide.document_id, self._owner)
            made = upsert(connection, tables.guides).values(document=number, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["document"], set_=values))

    def added_after(self, number: int | None) -> tuple[int, str | None]:
        """Return the number and id of the first document that was added after another one.

        Args:
            number: of the other one; None, and where none was added since, gives the number of the
                newest one, and no id.
        """
        if number is None:
            [(newest,)] = self._home.rows(select(func.coalesce(func.max(_D.number), 0)))
            return newest, None
        later = select(_D.number, _D.id).where(_D.number > number).order_by(_D.number)
        found = self._home.rows(later.limit(1))
        return (found[0].number, found[0].id) if found else (number, None)
