"""Stores of other versions and of other programs: upgraded or refused, never damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from store_fakes import new_document, open_store, story

from chatbot.errors import StoreError, StoreVersionError
from chatbot.store import sql

FILE = "chatbot.sqlite3"


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path / FILE)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    change(tmp_path, f"PRAGMA user_version = {sql.VERSION + 1}")
    for read_only in (False, True):
        with pytest.raises(StoreVersionError, match="newer version"):
            open_store(tmp_path, read_only=read_only)


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
    with pytest.raises(StoreVersionError, match="not written by this program"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_an_older_store_is_upgraded_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path) as store:
        store.add([new_document(story("alpha"))])
    monkeypatch.setattr(sql, "VERSION", sql.VERSION + 2)
    steps = {
        sql.VERSION - 2: "CREATE TABLE step_one (x);\nINSERT INTO step_one VALUES (1)",
        sql.VERSION - 1: "CREATE TABLE step_two AS SELECT x + 1 AS x FROM step_one",
    }
    monkeypatch.setattr(sql, "MIGRATIONS", steps)
    with pytest.raises(StoreVersionError, match="open it once for writing"):
        open_store(tmp_path, read_only=True)
    for read_only in (False, True):
        with (
            open_store(tmp_path, read_only=read_only) as store,
            store.parts.connections.reading() as connection,
        ):
            assert connection.execute("SELECT x FROM step_two").fetchall() == [(2,)]
            assert connection.execute(sql.GET_VERSION).fetchone() == (sql.VERSION,)
    with open_store(tmp_path) as store:
        assert store.match_sentences(["alpha1"], limit=1)


def test_an_upgrade_that_fails_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path).close()
    with monkeypatch.context() as patch:
        patch.setattr(sql, "VERSION", sql.VERSION + 1)
        script = "CREATE TABLE half (x);\nINSERT INTO nowhere VALUES (1)"
        patch.setattr(sql, "MIGRATIONS", {sql.VERSION - 1: script})
        with pytest.raises(StoreError, match="could not be used: no such table"):
            open_store(tmp_path)
    open_store(tmp_path).close()
