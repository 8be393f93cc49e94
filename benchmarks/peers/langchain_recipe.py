"""LangChain's usual recipe: split by 1000/200 characters, HuggingFaceEmbeddings, Chroma on disk."""

from __future__ import annotations

import os
from pathlib import Path

from common import Side, packaged_model, run


class LangChain(Side):
    """The recipe, with sentence-transformers or, where PEER_ONNX names a folder, fp32 ONNX."""

    def load(self) -> None:
        """Load the embedding model."""
        from langchain_huggingface import HuggingFaceEmbeddings

        folder = os.environ.get("PEER_ONNX")
        if folder:
            if not (Path(folder) / "onnx" / "model.onnx").is_file():
                export(folder)
            options = {"provider": "CPUExecutionProvider", "file_name": "onnx/model.onnx"}
            self._embeddings = HuggingFaceEmbeddings(
                model_name=folder, model_kwargs={"backend": "onnx", "model_kwargs": options}
            )
        else:
            self._embeddings = HuggingFaceEmbeddings(model_name=packaged_model())
        self._embeddings.embed_query("warm")

    def build(self, texts: dict[str, str], index: Path) -> None:
        """Split, embed, store."""
        from langchain_chroma import Chroma
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        documents = [
            Document(page_content=text, metadata={"source": name}) for name, text in texts.items()
        ]
        store = Chroma(embedding_function=self._embeddings, persist_directory=str(index))
        store.add_documents(splitter.split_documents(documents))

    def open(self, index: Path) -> None:
        """Open the collection."""
        from langchain_chroma import Chroma

        self._store = Chroma(embedding_function=self._embeddings, persist_directory=str(index))

    def search(self, question: str, limit: int) -> list[str]:
        """Return chunks."""
        found = self._store.similarity_search(question, k=limit)
        return [document.page_content for document in found]


def export(folder: str) -> None:
    """Write the model as fp32 ONNX by sentence-transformers itself, once."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(packaged_model(), backend="onnx", model_kwargs={"export": True})
    model.save_pretrained(folder)


if __name__ == "__main__":
    run(LangChain())
