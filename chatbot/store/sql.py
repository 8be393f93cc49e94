"""Every SQL statement of the store: what a move to another database has to rewrite.

A document has a number. A chunk's id and a sentence's id are ``number << 22 | index``, so that the
rows of a document stand together and the full text's rowid says which sentence of which document
it is (a document of 2 million characters has fewer than 2**22 sentences). A text is stored once,
cut where the chunks begin: ``documents.head`` is what stands before the first chunk,
``chunks.passage`` what stands from one chunk's start to the next one's, and a sentence is a slice
of its chunk's passage. ``json_each(?)`` passes lists of any length as one parameter.
"""

from __future__ import annotations

from typing import Final

from chatbot.store.people_tables import PEOPLE

APPLICATION: Final = 0x43424F54
"""``PRAGMA application_id``: the letters CBOT, so that another program's file is recognised."""
VERSION: Final = 3
"""``PRAGMA user_version`` of the schema below."""
INDEX_BITS: Final = 22
INDEX_MASK: Final = (1 << INDEX_BITS) - 1
LAST_ID: Final = (1 << 63) - 1

SCHEMA: Final = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    head TEXT NOT NULL,
    sentence_count INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    added TEXT NOT NULL,
    warnings TEXT NOT NULL
);
CREATE TABLE sources (
    age INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (number),
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    added TEXT NOT NULL,
    UNIQUE (owner, key)
);
CREATE INDEX sources_of_a_document ON sources (document, age);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    start INTEGER NOT NULL,
    passage TEXT NOT NULL
);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
    vector BLOB NOT NULL
);
CREATE TABLE sentence_vectors (
    id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
    vectors BLOB NOT NULL
);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY,
    chunk INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    page INTEGER,
    heading TEXT,
    paragraph INTEGER NOT NULL,
    header TEXT
);
CREATE VIEW sentence_texts AS
    SELECT sentences.id AS id,
           substr(passage, sentences.start - chunks.start + 1, stop - sentences.start) AS text
    FROM sentences JOIN chunks ON chunks.id = sentences.chunk;
CREATE VIRTUAL TABLE full_text USING fts5 (
    text, content = 'sentence_texts', content_rowid = 'id',
    tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE TABLE pending (document_id TEXT PRIMARY KEY) WITHOUT ROWID;{PEOPLE};
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""
"""``pending`` names documents whose vectors may stand in Chroma without a committed text."""

MIGRATIONS: Final[dict[int, str]] = {
    1: PEOPLE,
    2: "ALTER TABLE sentences ADD COLUMN header TEXT",
}
"""Version -> the script that makes the next version of it. Each runs in one transaction."""

SET_WRITER: Final = (
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
"""The page size works for a new file only. With the default of 4096 and the sentences' vectors in
the same table it took 175 ms to read 20,000 vectors, with this 35."""
SET_READER: Final = ("PRAGMA query_only = ON", "PRAGMA cache_size = -16000")
BEGIN_READING: Final = "BEGIN"
BEGIN_WRITING: Final = "BEGIN IMMEDIATE"
COMMIT: Final = "COMMIT"
ROLLBACK: Final = "ROLLBACK"
GET_APPLICATION: Final = "PRAGMA application_id"
GET_VERSION: Final = "PRAGMA user_version"
SET_VERSION: Final = "PRAGMA user_version = {version:d}"
COUNT_TABLES: Final = "SELECT count(*) FROM sqlite_schema"

GET_META: Final = "SELECT name, value FROM meta"
GET_META_VALUE: Final = "SELECT value FROM meta WHERE name = ?"
SET_META: Final = (
    "INSERT INTO meta (name, value) VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
NEXT_GENERATION: Final = (
    "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'generation'"
)

# Writing
ADD_PENDING: Final = "INSERT OR IGNORE INTO pending (document_id) VALUES (?)"
DROP_PENDING: Final = "DELETE FROM pending WHERE document_id = ?"
DROP_ALL_PENDING: Final = "DELETE FROM pending"
GET_PENDING: Final = (
    "SELECT document_id, EXISTS (SELECT 1 FROM documents WHERE id = document_id) FROM pending"
)
ADD_DOCUMENT: Final = (
    "INSERT INTO documents (id, kind, head, sentence_count, chunk_count, added, warnings) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number"
)
ADD_CHUNK: Final = "INSERT INTO chunks (id, first, last, start, passage) VALUES (?, ?, ?, ?, ?)"
SET_VECTOR: Final = "INSERT OR REPLACE INTO vectors (id, vector) VALUES (?, ?)"
SET_SENTENCE_VECTORS: Final = "INSERT OR REPLACE INTO sentence_vectors (id, vectors) VALUES (?, ?)"
DROP_VECTORS: Final = "DELETE FROM vectors"
DROP_SENTENCE_VECTORS: Final = "DELETE FROM sentence_vectors"
ADD_SENTENCE: Final = (
    "INSERT INTO sentences (id, chunk, start, stop, page, heading, paragraph, header) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
ADD_FULL_TEXT: Final = (
    "INSERT INTO full_text (rowid, text) "
    "SELECT id, text FROM sentence_texts WHERE id BETWEEN ? AND ?"
)
DROP_FULL_TEXT: Final = (
    "INSERT INTO full_text (full_text, rowid, text) "
    "SELECT 'delete', id, text FROM sentence_texts WHERE id BETWEEN ? AND ?"
)
DROP_SENTENCES: Final = "DELETE FROM sentences WHERE id BETWEEN ? AND ?"
DROP_CHUNKS: Final = "DELETE FROM chunks WHERE id BETWEEN ? AND ?"
DROP_SOURCES: Final = "DELETE FROM sources WHERE document = ?"
DROP_DOCUMENT: Final = "DELETE FROM documents WHERE number = ?"
SAME_SOURCE: Final = (
    "UPDATE sources SET title = ?, source = ?, fingerprint = ? "
    "WHERE owner = ? AND key = ? AND document = ?"
)
DROP_SOURCES_OF_OWNER: Final = "DELETE FROM sources WHERE document = ? AND owner = ?"
HIDE: Final = (
    "INSERT OR IGNORE INTO hidden (owner, document) "
    "SELECT ?, document FROM sources WHERE document = ? AND owner = '' LIMIT 1"
)
DROP_SOURCE: Final = "DELETE FROM sources WHERE owner = ? AND key = ? RETURNING document"
ADD_SOURCE: Final = (
    "INSERT INTO sources (title, source, fingerprint, owner, key, document, added) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
WITHOUT_SOURCE: Final = (
    "SELECT number, id FROM documents WHERE number IN (SELECT value FROM json_each(?)) "
    "AND NOT EXISTS (SELECT 1 FROM sources WHERE document = number) ORDER BY number"
)

# Reading. ``:owner`` is a person, who sees their own sources and everybody's but for the hidden
# ones, or NULL, which sees all. A document that cannot be seen is as if it were not there.
_SEEN: Final = """
SELECT age FROM sources WHERE document = number AND (
    :owner IS NULL OR owner = :owner OR owner = '' AND NOT EXISTS (
        SELECT 1 FROM hidden WHERE hidden.owner = :owner AND hidden.document = number
    )
)
"""
_INFO: Final = f"""
SELECT number, id, kind, sentence_count, sources.added, warnings, title, source, owner
FROM documents
JOIN sources ON age = ({_SEEN} ORDER BY :owner IS NOT NULL AND owner = '', age LIMIT 1)
"""
GET_DOCUMENTS: Final = f"{_INFO} ORDER BY number"
GET_DOCUMENT: Final = f"{_INFO} WHERE documents.id = :id"
GET_DOCUMENTS_OF: Final = (
    f"{_INFO} WHERE documents.id IN (SELECT value FROM json_each(:ids)) ORDER BY number"
)
GET_HEAD: Final = "SELECT head FROM documents WHERE number = ?"
GET_KNOWN: Final = (
    f"SELECT id FROM documents WHERE EXISTS ({_SEEN}) AND id IN (SELECT value FROM json_each(:ids))"
)
COUNT_DOCUMENTS: Final = "SELECT count(*) FROM documents"
GET_NUMBER: Final = f"SELECT number FROM documents WHERE id = :id AND EXISTS ({_SEEN})"
GET_NUMBERS: Final = (
    "SELECT number FROM documents WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number"
)
GET_SIZES: Final = (
    "SELECT number, id, chunk_count, sentence_count FROM documents WHERE number > ? ORDER BY number"
)
GET_SIZES_OF: Final = (
    "SELECT number, id, chunk_count FROM documents WHERE id IN (SELECT value FROM json_each(?))"
)
GET_SOURCES: Final = "SELECT age, owner, document FROM sources WHERE age > ? ORDER BY age"
COUNT_SOURCES: Final = "SELECT count(*) FROM sources"
GET_HIDDEN: Final = "SELECT document FROM hidden WHERE owner = ?"
GET_PASSAGES: Final = "SELECT id, passage FROM chunks WHERE id BETWEEN ? AND ? ORDER BY id"
GET_SOURCE: Final = (
    "SELECT sources.key, owner, documents.id, fingerprint "
    "FROM sources JOIN documents ON number = document WHERE owner = ? AND key = ?"
)
GET_SENTENCES: Final = """
SELECT sentences.id, chunks.id, sentences.start, stop, page, heading, paragraph, header,
       chunks.start, passage
FROM sentences JOIN chunks ON chunks.id = sentences.chunk
WHERE sentences.id BETWEEN ? AND ? ORDER BY sentences.id
"""
GET_SENTENCES_OF_CHUNKS: Final = f"""
SELECT sentences.id, chunks.id, sentences.start, stop, page, heading, paragraph, header,
       chunks.start, passage
FROM json_each(?) AS wanted
JOIN chunks ON chunks.id = wanted.value
JOIN sentences ON sentences.id BETWEEN (chunks.id & ~{INDEX_MASK}) + first
                                   AND (chunks.id & ~{INDEX_MASK}) + last
ORDER BY sentences.id
"""
GET_SENTENCE_VECTORS: Final = (
    "SELECT id, vectors FROM sentence_vectors WHERE id IN (SELECT value FROM json_each(?))"
)
GET_VECTORS: Final = "SELECT id, vector FROM vectors WHERE id BETWEEN ? AND ? ORDER BY id"
GET_VECTORS_OF: Final = (
    "SELECT vectors.id, vector FROM json_each(?) AS wanted "
    f"JOIN vectors ON vectors.id BETWEEN wanted.value << {INDEX_BITS} "
    f"AND (wanted.value << {INDEX_BITS}) + {INDEX_MASK} ORDER BY vectors.id"
)
GET_SOME_VECTORS: Final = "SELECT vector FROM vectors WHERE id IN (SELECT value FROM json_each(?))"
COUNT_CHUNKS: Final = "SELECT coalesce(sum(chunk_count), 0) FROM documents"
COUNT_SENTENCES: Final = "SELECT coalesce(sum(sentence_count), 0) FROM documents"
COUNT_MATCHES: Final = (
    "SELECT count(*) FROM full_text WHERE full_text MATCH ? AND rowid BETWEEN ? AND ?"
)
MATCH: Final = """
SELECT rowid, -bm25(full_text) AS score FROM full_text WHERE full_text MATCH ?
ORDER BY score DESC, rowid LIMIT ?
"""
MATCH_IN: Final = f"""
SELECT rowid, -bm25(full_text) AS score FROM full_text
WHERE full_text MATCH ? AND rowid BETWEEN ? AND ?
  AND rowid >> {INDEX_BITS} IN (SELECT value FROM json_each(?))
ORDER BY score DESC, rowid LIMIT ?
"""
"""Not ``ORDER BY rank``: FTS5 then sorts all rows before it gives the first, a third slower."""
GET_CHUNKS_OF_SENTENCES: Final = (
    "SELECT id, chunk FROM sentences WHERE id IN (SELECT value FROM json_each(?))"
)

# Examining
CHECK_FILE: Final = "PRAGMA quick_check(5)"
CHECK_FULL_TEXT: Final = "INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)"
COUNT_MISSING_VECTORS: Final = (
    "SELECT count(*) FROM chunks WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE id = chunks.id)"
)
REBUILD_FULL_TEXT: Final = "INSERT INTO full_text (full_text) VALUES ('rebuild')"
