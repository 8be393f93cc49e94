"""Overviews in quoted sentences beside the lead and chance, on public texts with human summaries.

    python -m benchmarks.overviews DATA [--split held] [--limit 100]

DATA has one or both of
    scisumm-corpus/   ScisummNet (Yasunaga et al. 2019), papers of computational linguistics with a
                      summary by a human, CC BY 4.0, https://github.com/WING-NUS/scisumm-corpus;
                      the papers are taken without their abstracts, which the summaries repeat
    qmsum/            QMSum (Zhong et al. 2021), meetings with a summary by a human, MIT,
                      https://github.com/Yale-LILY/QMSum: data/ALL/jsonl/val.jsonl, test.jsonl

"lead" are the first sentences of prose, "chance" drawn ones, as many as the overview has; "lead 3"
the first three. "Sections" is the share of the sections (seven at most) of which something is
told. The split is by the papers' ids, of QMSum the official one; what is tuned is tuned on dev.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean

from chatbot import Answer, Chatbot, Sentence, Settings
from evals.benchmarks.formulas import rouge_l, rouge_n

_SETS = ("ScisummNet", "QMSum")
_PAPERS = "data/Training-Set-2019/Task2/From-ScisummNet-2019/*/"
_DEV = 3
"""Of so many papers one is for tuning."""
MEASURES: dict[str, Callable[[str, str], float]] = {
    "ROUGE-1": lambda said, gold: rouge_n(said, gold, 1),
    "ROUGE-2": lambda said, gold: rouge_n(said, gold, 2),
    "ROUGE-L": lambda said, gold: rouge_l(said, [gold]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document and what a human says that it is about."""

    name: str
    markdown: str
    summary: str
    dev: bool


def papers(folder: Path) -> Iterator[Text]:
    """Yield the papers of ScisummNet, without abstract, each section under its title."""
    for number, paper in enumerate(sorted((folder / "scisumm-corpus").glob(_PAPERS))):
        summary = (paper / "summary" / f"{paper.name}.scisummnet_human.txt").read_text("utf-8")
        xml = (paper / "Reference_XML" / f"{paper.name}.xml").read_text("utf-8", errors="replace")
        try:
            root = ElementTree.fromstring(xml)
        except ElementTree.ParseError:
            continue  # a few are no XML
        parts = [f"# {root.findtext('S') or paper.name}"]
        for section in root.findall("SECTION"):
            body = " ".join(" ".join((one.text or "").split()) for one in section.findall("S"))
            parts += [f"## {section.get('title') or 'Section'}", body]
        _, _, told = summary.strip().partition("\n")  # the first line is the title
        if len(parts) > 4 and told.strip():
            markdown = "\n\n".join(parts)
            yield Text(name=paper.name, markdown=markdown, summary=told, dev=number % _DEV == 0)


def meetings(folder: Path) -> Iterator[Text]:
    """Yield the meetings of QMSum, each turn a paragraph."""
    for split in ("val", "test"):
        path = folder / "qmsum" / f"{split}.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        for number, line in enumerate(filter(str.strip, lines)):
            row = json.loads(line)
            turns = [f"{one['speaker']}: {one['content']}" for one in row["meeting_transcripts"]]
            yield Text(
                name=f"{split}-{number}",
                markdown="\n\n".join(turns),
                summary=row["general_query_list"][0]["answer"],
                dev=split == "val",
            )


def quoted(answer: Answer) -> list[str]:
    """Return the sentences of an overview."""
    return [" ".join(one.text.split()) for one in answer.citations]


def sections_told(answer: Answer, sentences: Sequence[Sentence]) -> float:
    """Return the share of the sections with prose of which an overview tells something."""
    there = {one.heading for one in sentences if not one.is_heading and one.heading}
    told = {one.heading for one in answer.citations} & there
    return len(told) / min(len(there), 7) if there else 1.0


def measure(texts: Sequence[Text]) -> dict[str, dict[str, float]]:
    """Return the mean of each measure by the way sentences were chosen."""
    scores: dict[str, dict[str, list[float]]] = {}
    draw = random.Random(0)
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.from_settings(Settings(data_dir=Path(folder), corpus_dir=None)) as bot,
    ):
        for text in texts:
            (document,) = bot.add_bytes(text.markdown.encode(), name=f"{text.name}.md").added
            answer = bot.ask("Summarise it.", documents=[document.id])
            ours, sentences = quoted(answer), bot.sentences(document.id)
            prose = [" ".join(s.text.split()) for s in sentences if not s.is_heading]
            ways = {
                "overview": ours,
                "lead": prose[: len(ours)],
                "lead 3": prose[:3],
                "chance": draw.sample(prose, min(len(ours), len(prose))),
            }
            for way, chosen in ways.items():
                row = scores.setdefault(way, {})
                for name, of in MEASURES.items():
                    row.setdefault(name, []).append(of(" ".join(chosen), text.summary))
                row.setdefault("sentences", []).append(len(chosen))
            more = scores["overview"]
            more.setdefault("sections", []).append(sections_told(answer, sentences))
            more.setdefault("twice", []).append(len(ours) - len(set(ours)))
            bot.remove(document.id)
    return {way: {name: mean(each) for name, each in row.items()} for way, row in scores.items()}


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", choices=("dev", "held"), default="held")
    parser.add_argument("--limit", type=int, default=100, help="texts of a set")
    given = parser.parse_args()
    for name, read in zip(_SETS, (papers, meetings), strict=True):
        wanted = (one for one in read(given.data) if one.dev is (given.split == "dev"))
        texts = list(islice(wanted, given.limit))
        if not texts:
            continue
        found = measure(texts)
        columns = list(found["overview"])
        print(f"\n{name}, {given.split}, {len(texts)} texts\n")
        print("| |", " | ".join(columns), "|")
        print("|---|" + "---|" * len(columns))
        for way, row in found.items():
            cells = (f"{row[column]:.3f}" if column in row else "" for column in columns)
            print(f"| {way} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
