"""Haystack: its in-memory document store, filled by a pipeline and saved to disk."""

from __future__ import annotations

from pathlib import Path

from common import Side, packaged_model, run


class Haystack(Side):
    """Splitter (200 words, 20 overlapping), document embedder, writer; embedding retriever."""

    def load(self) -> None:
        """Load the embedding model, for texts and for questions."""
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        self._documents = SentenceTransformersDocumentEmbedder(
            model=packaged_model(), progress_bar=False
        )
        self._questions = SentenceTransformersTextEmbedder(
            model=packaged_model(), progress_bar=False
        )
        self._questions.warm_up()
        self._documents.warm_up()
        self._questions.run("warm")

    def build(self, texts: dict[str, str], index: Path) -> None:
        """Split, embed, write, save."""
        from haystack import Document, Pipeline
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        pipeline = Pipeline()
        pipeline.add_component(
            "split", DocumentSplitter(split_by="word", split_length=200, split_overlap=20)
        )
        pipeline.add_component("embed", self._documents)
        pipeline.add_component("write", DocumentWriter(document_store=store))
        pipeline.connect("split", "embed")
        pipeline.connect("embed", "write")
        documents = [Document(content=text, meta={"name": name}) for name, text in texts.items()]
        pipeline.run({"split": {"documents": documents}})
        index.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(index / "store.json"))

    def open(self, index: Path) -> None:
        """Load the store into memory."""
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
        self._retriever = InMemoryEmbeddingRetriever(document_store=store)

    def search(self, question: str, limit: int) -> list[str]:
        """Return splits."""
        vector = self._questions.run(question)["embedding"]
        found = self._retriever.run(query_embedding=vector, top_k=limit)["documents"]
        return [document.content for document in found]


if __name__ == "__main__":
    run(Haystack())
