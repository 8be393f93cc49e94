"""The parts as LangChain knows them: a retriever of sentences and a runnable that answers.

Imported only when a LangChain user asks for them: langchain_core costs 0.7 s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from chatbot.types import Answer, RetrievedSentence


class SentenceRetriever(BaseRetriever):
    """Retrieved sentences as LangChain documents; ``metadata`` holds the exact place of each."""

    search: Callable[..., list[RetrievedSentence]]
    limit: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        del run_manager
        return [_to_langchain(item) for item in self.search(query, limit=self.limit)]


def answer_runnable(
    ask: Callable[[str], Answer], aask: Callable[[str], Awaitable[Answer]]
) -> Runnable[str, Answer]:
    """Return a runnable from a question to an Answer."""
    runnable: RunnableLambda[str, Answer] = RunnableLambda(ask, afunc=aask, name="chatbot")
    return runnable


def _to_langchain(item: RetrievedSentence) -> LangChainDocument:
    metadata: dict[str, Any] = {
        "document_id": item.document_id,
        "title": item.title,
        "source": item.source,
        "index": item.index,
        "start": item.start,
        "end": item.end,
        "score": item.score,
        "page": item.page,
        "heading": item.heading,
    }
    return LangChainDocument(page_content=item.text, metadata=metadata)
