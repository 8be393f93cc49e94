"""The public API: what `import chatbot` gives and costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import chatbot

HEAVY = ("gradio", "fastapi", "chromadb", "langchain", "langchain_core", "onnxruntime", "openai")


def test_all_is_sorted_and_every_name_loads() -> None:
    assert chatbot.__all__ == sorted(chatbot.__all__)
    for name in chatbot.__all__:
        assert getattr(chatbot, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = chatbot.nonsense


@pytest.mark.parametrize("statement", ["import chatbot", "from chatbot import Settings, Chatbot"])
def test_importing_stays_light(statement: str) -> None:
    code = f"{statement}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
