"""Stores of other versions and of other programs: upgraded or refused, never damaged."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from servers import Servers
from sqlalchemy import inspect
from store_fakes import new_document, open_store, story

from chatbot.errors import StoreError, StoreVersionError
from chatbot.store import Place, doctor, repair, schema, tables, writing

FILE = "chatbot.sqlite3"
OLD = Path(__file__).parent / "old_stores"
"""Stores that earlier versions wrote, without their Chroma directories: two documents, one of them
Anna's, a removed one, and a document that Ben has hidden from himself."""


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path / FILE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def old_store(path: Path, version: int) -> None:
    """Unpack a store of an earlier version; the first one had no tables of people."""
    data = gzip.decompress((OLD / f"v{max(version, 2)}.sqlite3.gz").read_bytes())
    (path / FILE).write_bytes(data)
    if version == 1:
        people = ("turns", "conversations", "hidden", "tokens", "usage")
        change(path, *(f"DROP TABLE {table}" for table in people), "PRAGMA user_version = 1")


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_store_of_an_earlier_version_is_upgraded(tmp_path: Path, version: int) -> None:
    old_store(tmp_path, version)
    with pytest.raises(StoreVersionError, match="open it once for writing"):
        open_store(tmp_path, read_only=True)
    for _ in range(2):
        with open_store(tmp_path) as store:
            assert not store.is_new
            assert [document.title for document in store.documents()] == ["Alpha", "Beta"]
            assert doctor.examine(store).problems == ()
            hits = store.match_sentences(["truck"], limit=5)
            assert [(hit.index, hit.chunk.index) for hit in hits] == [(1, 0), (0, 0)]
            assert store.match_sentences(["1,000"], limit=5)[0].index == 0
            assert store.term_counts(["trucks", "gamma1", "beta"]) == {
                "trucks": 2,
                "gamma1": 0,
                "beta": 5,
            }
            anna, ben = store.for_owner("anna"), store.for_owner("ben")
            query = new_document(story("beta", 5)).vectors.chunks[0]
            assert anna.nearest_chunks(query, limit=1)[0].score == pytest.approx(1)
            assert len(ben.documents()) == (1 if version == 1 else 0)
            assert (store.tokens.list() != []) == (version > 1)
            before = len(store.documents())
            store.add([new_document(story("new"), key="new", original=b"a file")])
            assert store.original(store.documents()[-1].id) == b"a file"
            store.remove(store.documents()[-1].id)
            assert len(store.documents()) == before


def test_an_upgraded_store_takes_collections_and_links(tmp_path: Path) -> None:
    old_store(tmp_path, 4)
    with open_store(tmp_path) as store:
        anna = store.for_owner("anna")
        [talk] = anna.conversations.list()
        assert (talk.title, talk.collection) == ("Trucks", None)
        alpha, beta = (document.id for document in anna.documents())
        made = anna.collections.create("Mine", [alpha, beta])
        [turn] = anna.conversations.turns(talk.id)
        anna.conversations.append(talk.id, question="And?", answer=turn.answer, collection=made.id)
        assert anna.conversations.get(talk.id).collection == made.id
        assert len(store.links.open(anna.links.create(talk.id).token).turns) == 2
        anna.remove(beta)
        assert anna.collections.get("mine").documents == (alpha,)
        store.remove(alpha)
        assert anna.collections.get("mine").documents == ()


def test_an_upgraded_store_finds_words_of_scripts_without_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before, open_store(tmp_path) as store:
        before.setattr(writing, "index_stems", lambda text: [text])
        store.add([new_document(["港の灯台は七月に閉まります。"])])
    change(
        tmp_path,
        "DROP TABLE guides",
        "UPDATE alembic_version SET version_num = '6'",
        "PRAGMA user_version = 6",
    )
    with open_store(tmp_path) as store:
        assert store.match_sentences(["灯台"], limit=1)


def test_a_store_on_a_server_is_upgraded(servers: Servers, tmp_path: Path) -> None:
    place = servers.new_place(tmp_path / "data")
    before = (
        "ALTER TABLE conversations DROP COLUMN collection",
        "DROP TABLE guides, members, links, collections",
        "UPDATE sentences SET stems = strip(stems)",
        "DELETE FROM terms WHERE term LIKE '%%*%%'",
        "UPDATE alembic_version SET version_num = '5'",
    )
    with open_store(place) as store:
        alpha = store.add([new_document(["Alpha, alpha and alpha.", "An alpha."])]).added[0].id
        scores = [hit.score for hit in store.match_sentences(["alpha"], limit=2)]
        with store.parts.home.writing() as connection:
            for statement in before:
                connection.exec_driver_sql(statement)
    for _ in range(2):
        with open_store(place) as store:
            name = f"Mine {len(store.collections.list())}"
            assert store.collections.create(name, [alpha]).documents == (alpha,)
            assert store.conversations.start("Rent").collection is None
            assert doctor.examine(store).problems == ()
            assert [hit.score for hit in store.match_sentences(["alpha"], limit=2)] == scores


def test_an_upgraded_store_has_the_schema_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old_store(tmp_path / "old", 1)
    found = []
    for name in ("old", "new"):
        with open_store(tmp_path / name) as store, store.parts.home.reading() as connection:
            seen = inspect(connection)
            found.append(
                {
                    table: (
                        {column["name"]: str(column["type"]) for column in seen.get_columns(table)},
                        sorted(str(index["column_names"]) for index in seen.get_indexes(table)),
                        sorted(str(key["referred_table"]) for key in seen.get_foreign_keys(table)),
                        seen.get_pk_constraint(table)["constrained_columns"],
                    )
                    for table in seen.get_table_names()
                    if table != "alembic_version"
                }
            )
    assert found[0] == found[1]
    assert found[1].keys() >= tables.METADATA.tables.keys()


def test_the_newest_step_is_the_version() -> None:
    config = Config()
    config.set_main_option("script_location", "chatbot.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [str(schema.VERSION)]


def test_a_newer_store_is_refused(place: Place | Path) -> None:
    open_store(place).close()
    if isinstance(place, Path):
        change(place, f"PRAGMA user_version = {schema.VERSION + 1}")
    else:
        with open_store(place) as store, store.parts.home.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '99'")
    for read_only in (False, True):
        with pytest.raises(StoreVersionError, match="newer version"):
            open_store(place, read_only=read_only)


def test_an_older_store_that_cannot_be_upgraded_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    change(tmp_path, "PRAGMA user_version = 0")
    for read_only in (False, True):
        with pytest.raises(StoreVersionError, match="too old to upgrade"):
            open_store(tmp_path, read_only=read_only)


def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreVersionError, match="written by another program"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_an_upgrade_that_fails_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_store(tmp_path, 2)
    before = (tmp_path / FILE).read_bytes()

    def fail(*_: object) -> None:
        raise StoreError("no power")

    with monkeypatch.context() as patch:
        patch.setattr(repair, "write_full_text", fail)
        with pytest.raises(StoreError, match="no power"):
            open_store(tmp_path)
    connection = sqlite3.connect(tmp_path / FILE)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    connection.close()
    assert "terms" not in names
    assert "full_text" in names
    assert before[:16] == (tmp_path / FILE).read_bytes()[:16]
    with open_store(tmp_path) as store:
        assert len(store.documents()) == 2
