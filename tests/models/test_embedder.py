"""The embedder that runs here: vectors, windows, late chunking, checked files, threads."""

from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot import Settings
from chatbot.errors import ModelError, SettingsError
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.models.model_files import BUILTIN, open_session
from chatbot.models.onnx_embedder import OnnxEmbedder
from chatbot.types import Span

GOLDEN = Path(__file__).parents[1] / "golden" / "embedder.jsonl"
TEXT = "The cat sat on the mat. Rain fell on Tokyo all day. The minister resigned in March."
SPANS = [Span(start=0, end=23), Span(start=24, end=51), Span(start=52, end=len(TEXT))]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the built-in model's folder that a test may damage."""
    return Path(shutil.copytree(BUILTIN, tmp_path / "my-model"))


def test_vectors_are_unit_length_float32_of_384_numbers(embedder: Embedder) -> None:
    vectors = embedder.embed([TEXT, "Short.", "How many vehicles did Japan send?"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384) == (3, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_are_those_of_the_original_model(embedder: Embedder) -> None:
    rows = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    original = np.array([row["vector"] for row in rows], dtype=np.float32)
    vectors = np.concatenate([embedder.embed([row["text"]]) for row in rows])
    cosines = (vectors * original).sum(axis=1)
    assert len(cosines) == 8
    assert cosines.mean() >= 0.995
    assert cosines.min() >= 0.98


def test_no_texts_give_an_array_without_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)
    found = embedder.embed_chunks([], [])
    assert found.chunks.shape == (0, 384)
    assert found.sentences == ()
    assert embedder.count_tokens([]) == []


def test_a_text_has_the_same_vector_whatever_it_is_embedded_with(embedder: Embedder) -> None:
    texts = [" ".join(["word", "island", "treaty"] * (1 + n % 7)) + f" {n}" for n in range(40)]
    together = embedder.embed(texts)
    assert np.array_equal(together, np.concatenate([embedder.embed([text]) for text in texts]))
    assert np.array_equal(together[::-1], embedder.embed(texts[::-1]))
    spans = [[Span(start=0, end=len(text))] for text in texts]
    assert np.array_equal(together, embedder.embed_chunks(texts, spans).chunks)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_text_has_a_vector(embedder: Embedder, texts: list[str]) -> None:
    texts = [*texts, "", " \n", "\x00", "a\ud800b", "\u200b"]
    vectors = embedder.embed(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    chunks = embedder.embed_chunks(texts, [[Span(start=0, end=len(text))] for text in texts])
    assert chunks.sentences is not None
    assert np.allclose(np.linalg.norm(np.concatenate(chunks.sentences), axis=1), 1, atol=1e-5)


def test_a_long_text_counts_with_its_beginning(embedder: Embedder) -> None:
    beginning = "harbour " * 254
    vectors = embedder.embed([beginning, beginning + "minister resigned " * 100])
    assert np.array_equal(vectors[0], vectors[1])


def test_tokens_are_counted_uncut_and_without_special_tokens(embedder: Embedder) -> None:
    assert embedder.count_tokens(["", "harbour", "harbour " * 1000, "It's 3."]) == [0, 1, 1000, 5]


def test_a_sentence_vector_is_the_mean_of_its_tokens_in_the_chunk(embedder: Embedder) -> None:
    from tokenizers import Tokenizer

    encoding = Tokenizer.from_file(str(BUILTIN / "tokenizer.json")).encode(TEXT)
    session = open_session(BUILTIN / "model.onnx", sha256=None, final=True)
    ids = np.array([encoding.ids])
    states = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
    found = embedder.embed_chunks([TEXT], [SPANS])
    assert found.sentences is not None
    for span, vector in zip(SPANS, found.sentences[0], strict=True):
        inside = [
            number
            for number, (start, end) in enumerate(encoding.offsets)
            if end > start and start >= span.start and end <= span.end
        ]
        mean = states[inside].mean(axis=0)
        assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-4)
    whole = states.mean(axis=0)
    assert np.allclose(found.chunks[0], whole / np.linalg.norm(whole), atol=1e-4)


def test_a_span_without_words_gets_the_vector_of_its_chunk(embedder: Embedder) -> None:
    found = embedder.embed_chunks([TEXT, "", TEXT], [[Span(start=23, end=24)], [], SPANS])
    assert found.sentences is not None
    assert np.array_equal(found.sentences[0][0], found.chunks[0])
    assert [len(part) for part in found.sentences] == [1, 0, 3]


def test_a_span_inside_a_token_takes_that_token(embedder: Embedder) -> None:
    text = "harbour treaty"
    found = embedder.embed_chunks([text], [[Span(start=0, end=7), Span(start=2, end=4)]])
    assert found.sentences is not None
    assert np.array_equal(found.sentences[0][0], found.sentences[0][1])


def test_a_sentence_behind_the_window_has_its_own_meaning(embedder: Embedder) -> None:
    filler = "The harbour was quiet. " * 80
    last = "The minister resigned in March."
    text = filler + last
    spans = [Span(start=0, end=22), Span(start=len(filler), end=len(text))]
    found = embedder.embed_chunks([text], [spans])
    assert found.sentences is not None
    own = embedder.embed(["The harbour was quiet.", last])
    similarity = found.sentences[0] @ own.T
    assert similarity[1, 1] > similarity[1, 0] + 0.2
    assert similarity[0, 0] > similarity[0, 1] + 0.2


def test_spans_behind_the_last_window_get_the_vector_of_their_chunk(embedder: Embedder) -> None:
    text = "harbour " * 6000
    spans = [Span(start=0, end=7), Span(start=8 * 5000, end=8 * 5000 + 7)]
    found = embedder.embed_chunks([text], [spans])
    assert found.sentences is not None
    assert np.array_equal(found.sentences[0][1], found.chunks[0])


@pytest.mark.slow
def test_many_threads_get_their_own_vectors(embedder: Embedder) -> None:
    texts = [[f"Sentence {m} of thread {n}." * (1 + m % 5) for m in range(40)] for n in range(8)]
    alone = [embedder.embed(part) for part in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.embed, texts))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_one_thread_and_many_give_the_same_vectors(embedder: Embedder) -> None:
    texts = [TEXT[: 5 + n] for n in range(100)]
    single = OnnxEmbedder(BUILTIN, threads=1)
    assert np.array_equal(single.embed(texts), OnnxEmbedder(BUILTIN, threads=3).embed(texts))


def test_the_name_holds_the_version_of_the_weights(embedder: Embedder) -> None:
    digest = hashlib.sha256((BUILTIN / "model.onnx").read_bytes()).hexdigest()
    assert embedder.name == f"all-MiniLM-L6-v2-int8@{digest[:12]}"


def test_the_model_card_names_the_files_that_are_there() -> None:
    card = (BUILTIN / "README.md").read_text(encoding="utf-8")
    for name in ("model.onnx", "tokenizer.json"):
        assert hashlib.sha256((BUILTIN / name).read_bytes()).hexdigest() in card


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_byte_in_the_weights_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=rf"{name} is not the one .* install the package again"):
        OnnxEmbedder(folder).embed(["text"])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_missing_weights_are_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be read .No such file"):
        OnnxEmbedder(folder).embed(["text"])


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "x"}', '{"name": "x", "sha256": 1}'])
def test_a_damaged_description_is_named(folder: Path, content: str) -> None:
    (folder / "MODEL.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"MODEL\.json, cannot be read"):
        OnnxEmbedder(folder)


def test_a_folder_without_description_is_used_as_it_is(embedder: Embedder, folder: Path) -> None:
    (folder / "MODEL.json").unlink()
    own = load_embedder(Settings(embedder_dir=folder))
    assert own.name == "my-model@" + embedder.name.partition("@")[2]
    assert own.dimension == 384
    assert (own.embed([TEXT]) * embedder.embed([TEXT])).sum() > 0.999


def test_a_model_with_other_inputs_is_refused(folder: Path) -> None:
    (folder / "MODEL.json").unlink()
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes().replace(b"attention_mask", b"attention_musk"))
    with pytest.raises(ModelError, match="needs the inputs attention_musk, but"):
        OnnxEmbedder(folder)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx cannot be read"):
        load_embedder(Settings(embedder_dir=tmp_path))


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07\x12"])
def test_a_file_that_is_no_model_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"onnxruntime cannot run the model file .*\.$") as caught:
        open_session(path, sha256=None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "openai:", "word2vec", "builtin:x"])
def test_an_unknown_embedding_model_is_a_settings_error(name: str) -> None:
    with pytest.raises(SettingsError, match=r"CHATBOT_EMBEDDING_MODEL"):
        load_embedder(Settings(embedding_model=name))


def test_bots_of_one_process_share_the_networks_of_the_package(tmp_path: Path) -> None:
    first, second = (Settings(data_dir=tmp_path / name) for name in ("a", "b"))
    assert load_embedder(first) is load_embedder(second)
    assert load_embedder(Settings(embedder_dir=BUILTIN)) is not load_embedder(first)
