"""txtai: a hybrid index (dense and BM25) of the paragraphs, with their content, kept on disk."""

from __future__ import annotations

from pathlib import Path

from common import Side, packaged_model, run


class Txtai(Side):
    """One row for each paragraph: it does not split texts itself."""

    def load(self) -> None:
        """Load the embedding model."""
        from txtai import Embeddings

        self._index = Embeddings(path=packaged_model(), hybrid=True, content=True)
        self._index.index(["warm"])

    def build(self, texts: dict[str, str], index: Path) -> None:
        """Embed, index, save."""
        self._index.index([part for text in texts.values() for part in text.split("\n\n")])
        self._index.save(str(index))

    def open(self, index: Path) -> None:
        """Load the index, with the model that is loaded already."""
        self._index.load(str(index))

    def search(self, question: str, limit: int) -> list[str]:
        """Return paragraphs."""
        return [row["text"] for row in self._index.search(question, limit)]


if __name__ == "__main__":
    run(Txtai())
