"""The SQL statements of conversations; their tables stand in ``people_tables``.

``:owner`` is a person, or NULL for all people.
"""

from __future__ import annotations

from typing import Final

_MINE: Final = "(:owner IS NULL OR owner = :owner)"
_CONVERSATION: Final = f"""
SELECT id, title, created, updated,
       (SELECT count(*) FROM turns WHERE conversation = conversations.number)
FROM conversations WHERE {_MINE}
"""
LIST: Final = f"{_CONVERSATION} ORDER BY updated DESC, number DESC"
SEARCH: Final = f"""
{_CONVERSATION} AND (
    title LIKE :like ESCAPE '\\' OR EXISTS (
        SELECT 1 FROM turns WHERE conversation = conversations.number AND (
            question LIKE :like ESCAPE '\\'
            OR json_extract(answer, '$.text') LIKE :like ESCAPE '\\'
        )
    )
) ORDER BY updated DESC, number DESC
"""
GET: Final = f"{_CONVERSATION} AND id = :id"
NUMBER: Final = f"SELECT number FROM conversations WHERE {_MINE} AND id = :id"
ADD: Final = (
    "INSERT INTO conversations (id, owner, title, created, updated) "
    "VALUES (:id, :owner, :title, :now, :now)"
)
RENAME: Final = "UPDATE conversations SET title = :title, updated = :now WHERE number = :number"
TOUCH: Final = "UPDATE conversations SET updated = :now WHERE number = :number"
DELETE: Final = "DELETE FROM conversations WHERE number = :number"

_TURN: Final = f"""
SELECT turns.id, conversations.id, question, answer, asked, documents, rating, remark
FROM turns JOIN conversations ON conversations.number = conversation WHERE {_MINE}
"""
TURNS: Final = f"{_TURN} AND conversations.id = :id ORDER BY turns.number"
RATED: Final = f"{_TURN} AND rating = :rating ORDER BY turns.number"
ADD_TURN: Final = (
    "INSERT INTO turns (id, conversation, question, answer, documents, asked) "
    "VALUES (:id, :number, :question, :answer, :documents, :now)"
)
TURN_NUMBER: Final = f"""
SELECT turns.number FROM turns JOIN conversations ON conversations.number = conversation
WHERE {_MINE} AND turns.id = :turn
"""
TRUNCATE: Final = "DELETE FROM turns WHERE conversation = :number AND number >= :from"
RATE: Final = "UPDATE turns SET rating = :rating, remark = :remark WHERE number = :number"
