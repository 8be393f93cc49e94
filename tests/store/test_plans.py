"""How SQLite looks things up: by keys and indexes, whatever a search asks of a large store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import event
from store_fakes import new_document, open_store, story, unit

from chatbot.store import ChunkKey

LARGE = re.compile(r"SCAN (sentences|chunks|vectors|sentence_vectors|terms)\b")


def test_no_search_looks_at_every_row_of_a_large_table(tmp_path: Path) -> None:
    items = [new_document(story(f"n{n}"), key=f"n{n}") for n in range(6)]
    asked: dict[str, Any] = {}
    with open_store(tmp_path / "data") as store:
        store.add(items)

        def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
            asked.setdefault(statement, values)

        store.nearest_chunks(unit("once"), limit=3)  # the first search looks at a sample
        event.listen(store.parts.home.readers, "before_cursor_execute", note)
        ids = [item.parsed.document.id for item in items]
        for person in (store, store.for_owner("anna")):
            for documents in (None, ids[:2]):
                person.nearest_chunks(unit("a question"), limit=3, documents=documents)
                person.match_sentences(["sentence", "n1", "tells of n11"], limit=3)
            person.term_counts(["sentence", "tells of"])
            person.read_chunks([ChunkKey(document_id=one, index=1) for one in ids])
            person.documents_with(ids[:2])
            person.document(ids[0])
            person.sentences(ids[0])
        plans = {}
        with store.parts.home.reading() as connection:
            for statement, values in list(asked.items()):
                if statement.lstrip().startswith("SELECT"):
                    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                    plans[statement] = [row[3] for row in rows]
    assert len(plans) > 10
    assert [plan for plan in plans.items() if any(map(LARGE.search, plan[1]))] == []
