"""Networks that read two texts: the rows they are given, whatever body they have."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.processors import RobertaProcessing

from chatbot.errors import ModelError
from chatbot.models import model_files
from chatbot.models.model_files import BUILTIN
from chatbot.models.pair_model import PairTask, TextPair, load_task

PAIR = TextPair(asked="Who sails?", passage="Anna sails. Bo rows.")
ROWS = {
    "bert": "[CLS] who sails ? [SEP] anna sails . bo rows . [SEP]",
    "mpnet": "[PAD] who sails ? [UNK] [UNK] anna sails . bo rows . [UNK]",
}
"""The marks of the second are told by its tokenizer's file."""


class Session:
    """Says of each token its id and its number in the row, and keeps what it was given.

    The second task's numbers are the first one's, negative.
    """

    def __init__(self, *names: str) -> None:
        self._names = names
        self.given: dict[str, Any] = {}

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name) for name in self._names]

    def run(self, _: None, inputs: dict[str, Any]) -> list[Any]:
        self.given = inputs
        ids = inputs["input_ids"].astype(np.float32)
        places = np.broadcast_to(np.arange(ids.shape[1], dtype=np.float32), ids.shape)
        first = np.stack([ids, places, ids, places], axis=-1)
        return [np.concatenate([first, -first], axis=-1)]


def model_of(folder: Path, body: str, task: str = "reader") -> tuple[PairTask, Tokenizer]:
    tokenizer = Tokenizer.from_file(str(BUILTIN / "tokenizer.json"))
    if body == "mpnet":
        tokenizer.post_processor = RobertaProcessing(("[UNK]", 100), ("[PAD]", 0))
    words = tokenizer.to_str().encode()
    (folder / "tokenizer.json").write_bytes(words)
    about = {
        "name": body, "sha256": "0" * 64, "tokenizer_sha256": hashlib.sha256(words).hexdigest(),
        "max_tokens": 16, "final": True,
        "tasks": {name: {"window": 16, "fit": {}} for name in ("reader", "verifier")},
    }  # fmt: skip
    (folder / "MODEL.json").write_text(json.dumps(about), encoding="utf-8")
    return load_task(task, folder, threads=1), tokenizer


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("bert", ("input_ids", "attention_mask", "token_type_ids")),
        ("mpnet", ("input_ids", "attention_mask")),
    ],
)
def test_a_network_gets_the_marks_and_the_inputs_of_its_own_body(
    body: str, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, tokenizer = model_of(tmp_path, body)
    session = Session(*names)
    monkeypatch.setattr(model_files, "open_session", lambda *_, **__: session)

    said = model.read([PAIR])[0]

    ids = session.given["input_ids"][0]
    assert set(session.given) == set(names)
    assert [tokenizer.id_to_token(one) for one in ids] == ROWS[body].split()
    asked, passage = (model.tokens(text).ids for text in (PAIR.asked, PAIR.passage))
    assert said.whole[0] == ids[0]
    assert said.asked[:, 0].tolist() == asked
    assert said.passage[:, 0].tolist() == passage
    if "token_type_ids" in names:
        first = session.given["token_type_ids"][0].argmax()
        assert said.passage[0, 1] == first


def test_each_task_gets_its_own_numbers_of_one_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "open_session", lambda *_, **__: Session("input_ids"))
    first, second = (
        model_of(tmp_path, "bert", task)[0].read([PAIR])[0] for task in ("reader", "verifier")
    )
    assert first.passage.shape == second.passage.shape
    assert np.array_equal(first.passage, -second.passage)
    assert np.array_equal(first.whole, -second.whole)
    with pytest.raises(ModelError, match="it was not trained as a judge"):
        load_task("judge", tmp_path)


@pytest.mark.parametrize("body", sorted(ROWS))
def test_a_passage_too_long_is_cut_so_that_the_row_fits(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = model_of(tmp_path, body)
    session = Session("input_ids", "attention_mask")
    monkeypatch.setattr(model_files, "open_session", lambda *_, **__: session)
    long = TextPair(asked=PAIR.asked, passage="rows " * 40)
    said = model.read([long])[0]
    assert session.given["input_ids"].shape == (1, 16)
    assert len(said.passage) == 16 - 3 - (3 if body == "bert" else 4)
