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
from chatbot.models.pair_model import BUILTIN
from chatbot.models.reader import load_reader
from chatbot.models.verifier import load_verifier

PAIR = ("Japan sent 101 trucks.", ["Japan sent 101 trucks to Ukraine."])


def changed(folder: Path, task: str, **fit: object) -> Path:
    """A copy of the network with some of what was fitted to it changed; None leaves a value out."""
    shutil.copytree(BUILTIN, folder)
    about = json.loads((folder / "MODEL.json").read_bytes())
    known = about["tasks"][task]
    known["fit"] = {k: v for k, v in (known["fit"] | fit).items() if v is not None}
    (folder / "MODEL.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def test_a_setting_puts_another_network_in_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    settings = Settings(
        reader_dir=changed(tmp_path / "reader", "reader", threshold=0.99),
        verifier_dir=changed(tmp_path / "verifier", "verifier", threshold=0.98),
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
        folder = changed(tmp_path / str(least), "verifier", contradicted=least)
        settings = Settings(verifier_dir=folder)
        verifier = load_verifier(settings, load_embedder(settings))
        assert verifier.judge([wrong])[0].contradicted is told


@pytest.mark.parametrize("fit", [{"sentence": {"inputs": ["others"]}}, {"threshold": None}])
def test_a_reader_whose_numbers_do_not_fit_is_named(tmp_path: Path, fit: dict[str, object]) -> None:
    settings = Settings(reader_dir=changed(tmp_path / "reader", "reader", **fit))
    with pytest.raises(ModelError, match=r"both-mpnet.* cannot be used"):
        Judge(load_reader(settings))


@pytest.mark.parametrize("fit", [{"slope": "steep"}, {"threshold": None}])
def test_a_verifier_whose_numbers_do_not_fit_is_named(
    tmp_path: Path, fit: dict[str, object]
) -> None:
    settings = Settings(verifier_dir=changed(tmp_path / "verifier", "verifier", **fit))
    with pytest.raises(ModelError, match=r"both-mpnet.* cannot be used"):
        load_verifier(settings, load_embedder(settings))


def test_a_folder_without_a_network_is_told_in_one_sentence(tmp_path: Path) -> None:
    settings = Settings(reader_dir=tmp_path, verifier_dir=tmp_path)
    embedder = load_embedder(settings)
    for load in (lambda: load_reader(settings), lambda: load_verifier(settings, embedder)):
        with pytest.raises(ModelError, match=r"MODEL\.json, cannot be read") as caught:
            load()
        assert "\n" not in str(caught.value)


def test_a_changed_weight_is_noticed_before_it_is_used(tmp_path: Path) -> None:
    folder = changed(tmp_path / "verifier", "verifier")
    part = sorted(folder.glob("model.onnx*"))[-1]
    weights = bytearray(part.read_bytes())
    weights[-1000] ^= 1
    part.write_bytes(weights)
    settings = Settings(verifier_dir=folder)
    with pytest.raises(ModelError):
        load_verifier(settings, load_embedder(settings)).judge([PAIR])
