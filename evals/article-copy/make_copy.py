"""Makes the article-copy suite from the article suite: other names, places, numbers and dates.

    python evals/article-copy/make_copy.py [--check]

``substitutions.yaml`` says what becomes what. The article's text and the questions, histories,
rewrites, accepted answers and evidence of its cases are changed; ids and tags are not. With
``--check`` nothing is written, and the exit status is 1 when a file is not what it should be.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEAD = """---
title: Norway and three Nordic-Baltic partners agree with SEATO to boost cooperation
source: Invented news article for evaluation; names, places, dates and numbers are made up
---
"""
_KEPT = re.compile(r"^(?:- id:|  tags:|\s*#)")


def load_substitutions() -> dict[str, str]:
    """Return the whole table, its groups put together.

    Raises:
        ValueError: if a word stands in two groups.
    """
    groups = yaml.safe_load((HERE / "substitutions.yaml").read_text(encoding="utf-8"))
    table: dict[str, str] = {}
    for group in groups.values():
        for word, other in group.items():
            if word in table:
                raise ValueError(f"substitutions.yaml has {word} twice.")
            table[word] = other
    return table


def substitute(text: str, table: Mapping[str, str]) -> str:
    """Return the text with every entry of the table replaced, as whole words and in one pass."""
    words = sorted(table, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
    return pattern.sub(lambda match: table[match[0]], text)


def copy_of_cases(cases: str, table: Mapping[str, str]) -> str:
    """Return the cases file changed line by line, so that its order and layout stay the same."""
    lines = cases.splitlines(keepends=True)
    return "".join(line if _KEPT.match(line) else substitute(line, table) for line in lines)


def copy_of_article(article: str, table: Mapping[str, str]) -> str:
    """Return the article's text under a front matter of its own."""
    _, _, body = article.split("---\n", 2)
    return HEAD + substitute(body, table)


def made_files() -> dict[Path, str]:
    """Return what the files of this suite should hold."""
    table = load_substitutions()
    article = (ROOT / "corpus" / "article.md").read_text(encoding="utf-8")
    cases = (ROOT / "evals" / "article" / "cases.yaml").read_text(encoding="utf-8")
    return {
        HERE / "article.md": copy_of_article(article, table),
        HERE / "cases.yaml": copy_of_cases(cases, table),
    }


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    check = parser.parse_args().check
    stale = 0
    for path, text in made_files().items():
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            sys.stderr.write(f"{path.name} is not what make_copy.py makes; run it.\n")
            stale = 1
        elif not check:
            path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
