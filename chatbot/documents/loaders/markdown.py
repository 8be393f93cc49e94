"""Reads Markdown: front matter, headings, lists, tables, quotes and code become plain blocks.

markdown-it makes the page of it, and the page is read as any html page is: what a visitor sees is
what is stored. Four habits of GitHub, wikis and notes are read too: notes, alerts, terms with their
meaning, and one point a line without blank lines between.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.layout import TextLine, group_lines
from chatbot.documents.loaders.html import write_markup
from chatbot.documents.loaders.marks import raised

_MATTER = re.compile(r"---[ \t]*\n((?:.*\n){0,100}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_FACTS = frozenset(
    """
    author authors date version updated revised revision status published created modified owner
    editor editors maintainer reviewer reviewers approved expires valid department
    """.split()
)
"""Entries of the front matter that are facts about the document, not settings of a program."""
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_REWRITTEN = (
    (re.compile(r"^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(?=\S)", re.MULTILINE), r"\nNote \1: "),
    (re.compile(r"(?<=\n\n)([^\n]+)\n {0,3}:[ \t]+(?=\S)"), r"\1: "),
)
"""A note, and a term over its meaning."""
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\][ \t]*\n(?: {0,3}>[ \t]?)*")
_OWN_MARK = re.compile(
    r"(?<=[A-Za-z0-9])\*+(?=[A-Za-z0-9])"
    r"|\[\[(?:[^\[\]|\n]*\|)?(?P<link>[^\[\]|\n]+)\]\]"
    r"|\[\^(?P<note>\d{1,40})\]"
    r"|(?P<nothing>)\[\^[^\[\]\s]{1,40}\]"
)
"""Stars as in "5*3 and 4*2", which are arithmetic; a link of a wiki; the mark of a note."""
_LOOSE_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\n]|\([^()\n]*\))*+\)")
"""A link whose address is none by the rules, since it has spaces in it."""
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|"
    r"figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small|span|strike|strong|sub|"
    r"summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)\b",
    re.IGNORECASE,
)
"""The tags that are markup; "x <y and z> w" is text."""


def read_markdown(data: bytes, *, name: str) -> Content:
    """Return the content of a Markdown file."""
    builder = ContentBuilder(name)
    matter, body = _front_matter(builder.cleaner.clean(builder.decoded(data)))
    builder.add_facts({key.capitalize(): matter[key] for key in matter if key in _FACTS})
    write_markdown(body, builder)
    title = matter.get("title", "") or builder.first_heading
    return builder.build(title=title, source=matter.get("source", ""))


def write_markdown(text: str, builder: ContentBuilder) -> None:
    """Write cleaned Markdown."""
    last = text.rfind("-->") + 3
    text = _COMMENT.sub("", text[:last]) + text[last:]
    for pattern, written in _REWRITTEN:
        text = pattern.sub(written, text)
    text = _ALERT.sub(lambda match: f"{match[1].capitalize()}: ", text)
    if text.strip():
        write_markup(_parser().render(text), builder)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split off the front matter. Plain values and lists of them are read, nothing else of YAML."""
    matter = _MATTER.match(text)
    try:
        entries = yaml.load(matter[1], Loader=yaml.BaseLoader) if matter else None
    except yaml.YAMLError:
        entries = None
    if matter is None or not isinstance(entries, dict):
        return {}, text
    found = {}
    for key, value in entries.items():
        values = value if isinstance(value, list) else [value]
        found[str(key).lower()] = ", ".join(one for one in values if isinstance(one, str))
    return found, text[matter.end() :]


def _parser() -> MarkdownIt:
    def lines_set(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        begins = state.bMarks[line] + state.tShift[line]
        return state.src.startswith("<pre", begins) and html_block(state, line, end, silent)

    def known_tag(state: StateInline, silent: bool) -> bool:
        return _TAG.match(state.src, state.pos) is not None and html_inline(state, silent)

    parser = MarkdownIt().enable(["table", "strikethrough"]).disable("code")
    parser.block.ruler.at("html_block", lines_set)
    parser.inline.ruler.at("html_inline", known_tag)
    parser.inline.ruler.before("emphasis", "own_marks", _literal(_OWN_MARK))
    parser.inline.ruler.after("image", "loose_links", _literal(_LOOSE_LINK))
    parser.core.ruler.push("lines", _keep_lines)
    return parser


def _literal(pattern: re.Pattern[str]) -> Callable[[StateInline, bool], bool]:
    """Return a rule that writes the group of a pattern which is found, as it is."""

    def rule(state: StateInline, silent: bool) -> bool:
        match = pattern.match(state.src, state.pos)
        if match is None:
            return False
        if not silent:
            text = match[match.lastindex or 0]
            state.pending += raised(text, "") if match.lastgroup == "note" else text
        state.pos = match.end()
        return True

    return rule


def _keep_lines(state: StateCore) -> None:
    """Make a break of each line end that is no wrapping (``layout``), and a row of each row."""
    for block in state.tokens:
        if block.type == "tr_open":
            block.attrSet("role", "row")
        for child in block.children or []:
            if child.type == "image" and child.content:
                child.type = "text"  # what is told of a picture is read like any other words
        breaks = [one for one in block.children or [] if one.type in ("softbreak", "hardbreak")]
        written = block.content.split("\n")
        if len(written) != len(breaks) + 1:
            continue  # the address of a link, or code, runs over a line end
        lines: list[TextLine | None] = []
        for n, line in enumerate(written):
            if n and breaks[n - 1].type == "hardbreak":
                lines.append(None)
            lines.append(TextLine(start=n, end=n, text=line.strip()) if line.strip() else None)
        for group in group_lines(lines):
            if group[0].start:
                breaks[group[0].start - 1].type = "hardbreak"
