"""LlamaIndex's CitationQueryEngine with its mock LLM, over a VectorStoreIndex kept on disk."""

from __future__ import annotations

from pathlib import Path

from common import Side, packaged_model, run


class LlamaIndex(Side):
    """Its defaults: nodes of 1024 tokens with 200 overlapping, cited in sources of 512."""

    def load(self) -> None:
        """Load the embedding model and the mock LLM."""
        from llama_index.core import Settings
        from llama_index.core.llms import MockLLM
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.llm = MockLLM(max_tokens=64)  # it repeats its prompt, which would not fit
        Settings.embed_model = HuggingFaceEmbedding(model_name=packaged_model())
        Settings.embed_model.get_query_embedding("warm")

    def build(self, texts: dict[str, str], index: Path) -> None:
        """Split, embed, persist."""
        from llama_index.core import Document, VectorStoreIndex

        documents = [Document(text=text, doc_id=name) for name, text in texts.items()]
        VectorStoreIndex.from_documents(documents).storage_context.persist(str(index))

    def open(self, index: Path) -> None:
        """Load the index into memory, which is how it works."""
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.core.query_engine import CitationQueryEngine

        context = StorageContext.from_defaults(persist_dir=str(index))
        self._engine = CitationQueryEngine.from_args(
            load_index_from_storage(context), similarity_top_k=5
        )

    def search(self, question: str, limit: int) -> list[str]:
        """Return nodes."""
        from llama_index.core import QueryBundle

        found = self._engine.retrieve(QueryBundle(question))
        return [node.node.get_content() for node in found[:limit]]

    def answer(self, question: str) -> str:
        """Return what the engine makes of the sources with the mock LLM."""
        return str(self._engine.query(question))


if __name__ == "__main__":
    run(LlamaIndex())
