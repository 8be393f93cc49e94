"""Another reader or verifier by a setting, and one that cannot be used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from chatbot import Settings
from chatbot.answering.judging import Judge
from chatbot.errors import ModelError
from chatbot.models.embedders import load_embedder
from chatbot.models.reader import BUILTIN as READER
from chatbot.models.reader import load_reader
from chatbot.models.verifier import load_verifier
from chatbot.models.verifier.model import BUILTIN as VERIFIER

PAIR = ("Japan sent 101 trucks.", ["Japan sent 101 trucks to Ukraine."])


def changed(folder: Path, source: Path, **fit: object) -> Path:
    """A copy of a network with some of what was fitted to it changed; None leaves a value out."""
    shutil.copytree(source, folder)
    about = json.loads((folder / "MODEL.json").read_bytes())
    about["fit"] = {k: v for k, v in (about["fit"] | fit).items() if v is not None}
    (folder / "MODEL.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def test_a_setting_puts_another_network_in_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    settings = Settings(
        reader_dir=changed(tmp_path / "reader", READER, threshold=0.99),
        verifier_dir=changed(tmp_path / "verifier", VERIFIER, threshold=0.98),
    )
    embedder = load_embedder(settings)
    assert Judge(load_reader(settings)).threshold == 0.99
    verifier = load_verifier(settings, embedder)
    assert verifier.threshold == 0.98
    assert verifier.judge([PAIR])[0].score == pytest.approx(
        load_verifier(Settings(), embedder).judge([PAIR])[0].score
    )


def test_a_network_that_tells_contradictions_gives_them_where_a_claim_is_not_supported(
    tmp_path: Path,
) -> None:
    wrong = ("Japan sent 7 trucks.", PAIR[1])
    for least, told in ((-99.0, True), (99.0, False), (None, False)):
        folder = changed(tmp_path / str(least), VERIFIER, contradicted=least)
        settings = Settings(verifier_dir=folder)
        verifier = load_verifier(settings, load_embedder(settings))
        assert verifier.judge([wrong])[0].contradicted is told


@pytest.mark.parametrize("fit", [{"sentence": {"inputs": ["others"]}}, {"threshold": None}])
def test_a_reader_whose_numbers_do_not_fit_is_named(tmp_path: Path, fit: dict[str, object]) -> None:
    settings = Settings(reader_dir=changed(tmp_path / "reader", READER, **fit))
    with pytest.raises(ModelError, match=r"reader-minilm.* cannot be used"):
        Judge(load_reader(settings))


@pytest.mark.parametrize("fit", [{"features": ["others"]}, {"threshold": None}])
def test_a_verifier_whose_numbers_do_not_fit_is_named(
    tmp_path: Path, fit: dict[str, object]
) -> None:
    settings = Settings(verifier_dir=changed(tmp_path / "verifier", VERIFIER, **fit))
    with pytest.raises(ModelError, match=r"verifier-minilm.* cannot be used"):
        load_verifier(settings, load_embedder(settings))


def test_a_folder_without_a_network_is_told_in_one_sentence(tmp_path: Path) -> None:
    settings = Settings(reader_dir=tmp_path, verifier_dir=tmp_path)
    embedder = load_embedder(settings)
    for load in (lambda: load_reader(settings), lambda: load_verifier(settings, embedder)):
        with pytest.raises(ModelError, match=r"MODEL\.json, cannot be read") as caught:
            load()
        assert "\n" not in str(caught.value)


def test_a_changed_weight_is_noticed_before_it_is_used(tmp_path: Path) -> None:
    folder = changed(tmp_path / "verifier", VERIFIER)
    weights = bytearray((folder / "model.onnx").read_bytes())
    weights[-1000] ^= 1
    (folder / "model.onnx").write_bytes(weights)
    settings = Settings(verifier_dir=folder)
    with pytest.raises(ModelError):
        load_verifier(settings, load_embedder(settings)).judge([PAIR])
