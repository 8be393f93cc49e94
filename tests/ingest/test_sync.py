"""A folder that stays in step with the documents."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.errors import UnreadableFile


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Chatbot]:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data", corpus_dir=None)) as bot:
        yield bot


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    for name in ("a", "b", "deep/c"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text(f"The note {name} is about herons.")
    return folder


def titles(bot: Chatbot) -> list[str]:
    return sorted(document.title for document in bot.documents())


def test_what_is_new_changed_or_gone_is_added_replaced_and_removed(
    bot: Chatbot, folder: Path, tmp_path: Path
) -> None:
    bot.add_text("The herons stay.", title="Text")
    outside = tmp_path / "notes2.txt"
    outside.write_text("A note beside the folder.")
    bot.add(outside)
    assert len(bot.sync(folder).added) == 3
    (folder / "a.txt").write_text("The note a is about storks.")
    (folder / "deep" / "c.txt").unlink()
    (folder / "d.txt").write_text("The note d is new.")
    report = bot.sync(folder)
    assert sorted(one.title for one in report.added) == ["a", "d"]
    assert [one.title for one in report.unchanged] == ["b"]
    assert [one.title for one in report.removed] == ["c"]
    assert len(report.replaced) == 1
    assert titles(bot) == ["Text", "a", "b", "d", "notes2"]
    assert bot.search("note c herons", limit=1)[0].title != "c"


def test_a_text_that_has_another_source_stays(bot: Chatbot, folder: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.txt"
    shutil.copy(folder / "b.txt", same)
    bot.add(same)
    bot.sync(folder)
    (folder / "b.txt").unlink()
    bot.sync(folder)
    assert "same" in titles(bot)


def test_nothing_is_removed_where_the_folder_is_empty_or_away(bot: Chatbot, folder: Path) -> None:
    bot.sync(folder)
    shutil.rmtree(folder)
    with pytest.raises(UnreadableFile, match="There is no folder"):
        bot.sync(folder)
    folder.mkdir()
    report = bot.sync(folder)
    assert "There is no file" in report.failed[0].reason
    assert titles(bot) == ["a", "b", "c"]


def test_a_person_syncs_only_their_own(bot: Chatbot, folder: Path) -> None:
    anna = bot.for_owner("anna")
    anna.sync(folder)
    (folder / "a.txt").unlink()
    bot.for_owner("ben").sync(folder)
    assert titles(anna) == ["a", "b", "c"]
