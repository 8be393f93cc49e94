"""This program: `chatbot add` of the same files, `search`, and an extractive answer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from common import Side, run

from chatbot import Chatbot, Settings


class Ours(Side):
    """A store with the model that is in the package, in 8 bits."""

    def load(self) -> None:
        """Load the model by adding and finding one sentence elsewhere."""
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder) / "data", corpus_dir=None, model=None)
            with Chatbot.from_settings(settings) as bot:
                bot.add_text("Warm.", title="warm")

    def build(self, texts: dict[str, str], index: Path) -> None:
        """Add the texts as files: reading them is part of the work."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            with Chatbot.from_settings(self._settings(index)) as bot:
                bot.add(folder)

    def open(self, index: Path) -> None:
        """Open the store."""
        self._bot = Chatbot.from_settings(self._settings(index))

    def search(self, question: str, limit: int) -> list[str]:
        """Return sentences."""
        return [sentence.text for sentence in self._bot.search(question, limit=limit)]

    def answer(self, question: str) -> str:
        """Return a whole answer with its citations and verdicts."""
        return self._bot.ask(question).text

    def _settings(self, index: Path) -> Settings:
        return Settings(data_dir=index, corpus_dir=None, model=None)


class OursOnce(Ours):
    """The same without warming up: for the process that answers once."""

    def load(self) -> None:
        """Load nothing before it is needed."""


if __name__ == "__main__":
    import sys

    run(OursOnce() if sys.argv[1] == "first" else Ours())
