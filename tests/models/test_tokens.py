"""Token counts: exact with a vocabulary at hand, estimated without, and never a download."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tiktoken.load
import tiktoken.registry

from chatbot.models.llm import tokens
from chatbot.models.llm.tokens import count_llm_tokens, estimate_tokens

URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
CACHED_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
"""What tiktoken calls the file of ``URL`` in its cache."""
TINY = b"".join(
    base64.b64encode(token) + b" " + str(rank).encode() + b"\n"
    for rank, token in enumerate([*(bytes([n]) for n in range(256)), b"he", b"ll", b"hell"])
)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty tiktoken cache, and tiktoken as it is in a process that has not used it."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    tokens._encoding.cache_clear()
    yield tmp_path
    tokens._encoding.cache_clear()


@pytest.fixture
def tiny_vocabulary(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real vocabulary of 259 tokens in the place of o200k_base, in the cache."""
    digest = hashlib.sha256(TINY).hexdigest()

    def constructor() -> dict[str, Any]:
        return {
            "name": "o200k_base",
            "pat_str": r"\S+|\s+",
            "mergeable_ranks": tiktoken.load.load_tiktoken_bpe(URL, expected_hash=digest),
            "special_tokens": {"<|endoftext|>": 259},
        }

    constructors: dict[str, Callable[[], dict[str, Any]]] = {"o200k_base": constructor}
    monkeypatch.setattr(tiktoken.registry, "ENCODING_CONSTRUCTORS", constructors)
    monkeypatch.setitem(tokens._VOCABULARIES, "o200k_base", digest)
    path = cache_folder / CACHED_NAME
    path.write_bytes(TINY)
    return path


def test_a_vocabulary_in_the_cache_counts_exactly(tiny_vocabulary: Path) -> None:
    assert count_llm_tokens("hello hello", "openai:gpt-5-mini") == 5
    assert count_llm_tokens("", "gpt-5-mini") == 0


def test_an_unknown_model_is_counted_with_the_newest_vocabulary(tiny_vocabulary: Path) -> None:
    assert count_llm_tokens("hell", "llama3.2:3b") == 1
    assert count_llm_tokens("hell", "ollama:llama3.2:3b") == 1
    assert count_llm_tokens("hell", "ft:gpt-4o:me::1") == 1


def test_special_tokens_in_a_text_are_text(tiny_vocabulary: Path) -> None:
    assert count_llm_tokens("<|endoftext|>", "gpt-5") == 13


def test_without_a_vocabulary_tokens_are_estimated_and_that_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="chatbot"):
        assert count_llm_tokens("Just twelve.", "gpt-5-mini") == 4
        assert count_llm_tokens("Just twelve.", "gpt-4o") == 4
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "estimated" in caplog.text


def test_a_damaged_vocabulary_is_left_alone_and_not_downloaded_again(
    tiny_vocabulary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_vocabulary.write_bytes(TINY[:-1])
    monkeypatch.setattr(tiktoken.load, "read_file", _no_download)
    assert count_llm_tokens("hello", "gpt-5") == 2
    assert tiny_vocabulary.read_bytes() == TINY[:-1]


@pytest.mark.parametrize("model", ["gpt-5", "gpt-4", "gpt-oss-20b", "davinci", "gpt2", "x"])
def test_nothing_is_downloaded_for_any_model(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiktoken.load, "read_file", _no_download)
    assert count_llm_tokens("four letters", model) == 3


def test_a_cache_that_is_turned_off_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    monkeypatch.setattr(tiktoken.load, "read_file", _no_download)
    assert count_llm_tokens("four letters", "gpt-5") == 3


def test_a_very_long_text_is_estimated_at_once(tiny_vocabulary: Path) -> None:
    assert count_llm_tokens("hell" * 50_000, "gpt-5") == 50_000


# Counts of o200k_base and cl100k_base, made with tiktoken 0.14.
@pytest.mark.parametrize(
    ("text", "newer", "older"),
    [
        ("日本はウクライナに車両101台を送った。これはとても重要なニュースです。", 24, 34),
        ("北京时间周三，日本向乌克兰提供了一百零一辆汽车。", 16, 28),
        ("일본은 우크라이나에 차량 101대를 보냈다.", 16, 24),
        ("Япония отправила в Украину сто один автомобиль.", 12, 22),
        ("जापान ने यूक्रेन को वाहन भेजे", 11, 29),
        ("😀🎉👍🏽 ok", 7, 12),
    ],
)
def test_the_estimate_is_on_the_safe_side_in_other_scripts(
    text: str, newer: int, older: int
) -> None:
    assert newer <= estimate_tokens(text) <= 3 * newer
    assert estimate_tokens(text) >= 0.9 * older


def _no_download(address: str) -> bytes:
    raise AssertionError(f"{address} was to be downloaded")
