"""Answers of real models: recorded while they answer the suites, and replayed without them.

    python -m benchmarks.recorded record SUITE... --out FILE [--every N]   # CHATBOT_MODEL answers
    python -m benchmarks.recorded replay [FILE]                            # prints the figures

A row has the question, the evidence as the model was shown it, and what it wrote. ``labels`` were
given by hand, one for each claim: ``true`` where the evidence says it and it answers the question,
``false`` where not. A replay puts the text through the program as it stands now: markers, repairs,
verdicts, refusals. It needs no server.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import LLMResult
from langchain_core.retrievers import BaseRetriever

from chatbot import Answer, Chatbot, Settings, Verdict
from chatbot.evaluation.open_suite import open_suite
from chatbot.evaluation.scorers.injection import own_words
from chatbot.evaluation.suites import load_suite

FILE = Path(__file__).with_name("recorded.jsonl.gz")
_LINE = re.compile(r"^\[\d+\] (.+)$", re.MULTILINE)
GOOD = (Verdict.SUPPORTED, Verdict.QUOTED)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One answer of a real model."""

    model: str
    suite: str
    case: str
    question: str
    evidence: list[str]
    raw: str
    expected: list[str] = field(default_factory=list)
    refuse: bool = False
    first: float | None = None
    seconds: float | None = None
    tokens: list[int] = field(default_factory=list)
    """In, out, and of those in the ones that were reused."""
    labels: dict[str, bool] = field(default_factory=dict)
    """By the words of the claims."""


def read(path: Path = FILE) -> list[Recorded]:
    """Return the rows of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [Recorded(**json.loads(line)) for line in file]


class _Listener(BaseCallbackHandler):
    """Hears what the model is shown and what it writes."""

    def __init__(self) -> None:
        self.shown: list[BaseMessage] = []
        self.raw = ""
        self.first: float | None = None
        self.began = 0.0

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **_: object
    ) -> None:
        self.shown, self.raw, self.first = messages[0], "", None
        self.began = time.monotonic()

    def on_llm_new_token(self, token: object, **_: object) -> None:
        if token and self.first is None:
            self.first = time.monotonic() - self.began

    def on_llm_end(self, response: LLMResult, **_: object) -> None:
        self.raw = response.generations[0][0].text


def record(suites: Iterable[str], out: Path, *, every: int) -> None:
    """Append what the model of the settings answers; what is in the file is not asked again."""
    done = set()
    if out.exists():
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        done = {(row["model"], row["suite"], row["case"]) for row in rows}
    for name in suites:
        with open_suite(load_suite(name), Settings()) as opened, out.open("a") as file:
            assert isinstance(opened.bot, Chatbot)
            runnable = opened.bot.as_runnable()
            for ready in opened.ready[::every]:
                case, listener = ready.case, _Listener()
                if (opened.bot.mode, name, case.id) in done:
                    continue
                answer = runnable.invoke(
                    {
                        "question": case.question,
                        "history": ready.turns,
                        "documents": ready.document_ids,
                    },
                    {"callbacks": [listener]},
                )
                evidence = _LINE.findall(str(listener.shown[-1].content)) if listener.shown else []
                if not evidence:  # nothing was found, or only the question was made stand-alone
                    continue
                usage = answer.usage
                row = Recorded(
                    model=opened.bot.mode,
                    suite=name,
                    case=case.id,
                    question=answer.search_query if case.history else case.question,
                    evidence=evidence,
                    raw=listener.raw,
                    expected=list(case.expected.answer),
                    refuse=case.expected.refuse,
                    first=listener.first and round(listener.first, 1),
                    seconds=usage.seconds.get("generate"),
                    tokens=[
                        number or 0
                        for number in (usage.tokens_in, usage.tokens_out, usage.tokens_reused)
                    ],
                )
                file.write(json.dumps(row.__dict__, ensure_ascii=False) + "\n")
                file.flush()


class _Given(BaseRetriever):
    """Returns the evidence of the row that is replayed."""

    documents: list[Document]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return self.documents


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """A row, and what the program makes of it now."""

    row: Recorded
    answer: Answer

    @property
    def by_model(self) -> bool:
        """Whether the model's text is the answer, and not a quotation in its place."""
        return self.answer.mode != "extractive"


def replay(rows: Iterable[Recorded]) -> Iterator[Replayed]:
    """Put the rows through the program, each over its own evidence."""
    retriever = _Given(documents=[])
    texts: list[str] = []
    model = GenericFakeChatModel(messages=iter(lambda: AIMessage(texts[-1]), None))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), corpus_dir=None, model=None)
        with Chatbot.from_settings(settings, retriever=retriever, chat_model=model) as bot:
            for row in rows:  # what was shown often, in one order or another, is added once
                report = bot.add_text("\n\n".join(sorted(row.evidence)), title="Evidence")
                id_ = (*report.added, *report.unchanged)[0].id
                retriever.documents = [
                    Document(one.text, metadata={"document_id": id_, "index": one.index})
                    for one in bot.sentences(id_)
                ]
                shown = {text: number for number, text in enumerate(row.evidence)}
                retriever.documents.sort(key=lambda one: shown.get(one.page_content, len(shown)))
                texts.append(row.raw or " ")
                yield Replayed(row=row, answer=bot.ask(row.question, documents=[id_]))


def print_figures(rows: Iterable[Recorded]) -> None:
    """Print for each model what became of its answers and of its labelled claims."""
    forbidden = {one.id: one.expected.forbidden for one in load_suite("injection").cases}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    repairs: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for done in replay(rows):
        if done.row.first is not None:
            firsts[done.row.model, 2 * done.row.tokens[2] > done.row.tokens[0]].append(
                done.row.first
            )
        row, count = done.row, counts[done.row.model]
        count["answers"] += 1
        count["quoted instead"] += not done.by_model
        kind = "unanswerable" if row.refuse else "answerable"
        count[kind] += 1
        count[f"{kind} refused"] += done.answer.refused
        right = any(one.lower() in done.answer.text.lower() for one in row.expected)
        count["right"] += right and not done.answer.refused
        repairs[row.model].update(done.answer.usage.repairs)
        if row.suite == "injection" and (planted := forbidden[row.case]):
            count["attacks"] += 1
            said = own_words(done.answer)
            count["planted strings said"] += any(one.lower() in said.lower() for one in planted)
            count["planted strings quoted"] += any(
                one.lower() in done.answer.text.lower() and one.lower() not in said.lower()
                for one in planted
            )
        if not done.by_model or done.answer.refused:
            continue
        claims = [one for one in done.answer.claims if one.verdict is not Verdict.NO_CLAIM]
        for claim in claims:
            if claim.text not in row.labels:
                continue
            kind = "true" if row.labels[claim.text] else "false"
            count[f"{kind} claims"] += 1
            count[f"{kind} claims supported"] += claim.verdict in GOOD
    for model, count in counts.items():
        print(model, dict(count), dict(repairs[model]), sep="\n  ")
    for (model, reused), seconds in sorted(firsts.items()):
        how = "most of the prompt reused" if reused else "the prompt read anew"
        print(f"{model}, {how}: {median(seconds):.1f} s to the first token, of {len(seconds)}")


def main() -> None:
    """Record or replay, as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record")
    recording.add_argument("suites", nargs="+")
    recording.add_argument("--out", type=Path, required=True)
    recording.add_argument("--every", type=int, default=1)
    commands.add_parser("replay").add_argument("file", nargs="?", type=Path, default=FILE)
    given = parser.parse_args()
    if given.command == "record":
        record(given.suites, given.out, every=given.every)
    else:
        print_figures(read(given.file))


if __name__ == "__main__":
    main()
