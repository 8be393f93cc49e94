"""What a message asks of the program itself: an overview, the list of documents, or just a reply.

A message that names a document ("summarise the lease") is known by its form, and only where the
store has such a document: "What is the summary judgment about?" stays a question to the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from chatbot.answering.talk.manners import QUESTION, Manners
from chatbot.models.word_stems import content_stems, stems
from chatbot.types import DocumentInfo, Turn


class Wanted(StrEnum):
    """What is wanted."""

    OVERVIEW = "overview"
    LIST = "list"
    COUNT = "count"
    AUTHOR = "author"
    BY = "by"
    ADDED = "added"
    DAY = "day"
    NEWEST = "newest"
    OLDEST = "oldest"
    MENTION = "mention"
    PAGE = "page"
    SECTION = "section"
    PAGES = "pages"
    HAVE = "have"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a message asks of the program."""

    wanted: Wanted
    documents: tuple[DocumentInfo, ...] = ()  # the documents that it is about, the oldest first
    topic: str = ""
    """A word or a name that is looked for; of a reply, what kind of message it answers."""


_DOCS = r"(?:documents?|docs?|files?|texts?|papers?|pdfs?|sources?|articles?|books?|uploads?)"
_ASK = (
    r"^(?:(?:please|now|and|so|ok(?:ay)?|can you|could you|would you|i want|i(?:'d| would) like)"
    r"[\s,]+)*"
)
_END = (
    r"(?:\s*,?\s*(?:please|for me|briefly|in (?:short|brief)|"
    r"in (?:a few|\w+) (?:sentences|words|lines)))*\W*$"
)
_POINTS = r"(?:main|key) (?:points?|takeaways?|facts|ideas|message)"
_SAID = r"(?: (?:mentioned|appear|occur|described|named|discussed|stand))?"


def _form(wanted: Wanted, *pattern: str) -> tuple[Wanted, re.Pattern[str]]:
    return wanted, re.compile(_ASK + "".join(pattern) + _END, re.IGNORECASE)


_FORMS = (
    _form(
        Wanted.OVERVIEW,
        r"(?:(?:give|write|show|tell|make)(?: me| us)?\s+)?(?:(?:an?|the)\s+)?",
        r"(?:(?:short|brief|quick)\s+)?(?:list (?:me )?(?:the )?)?",
        rf"(?:summari[sz]e|sum up|summary|overview|outline|gist|digest|{_POINTS}|highlights?|",
        r"takeaways|tl;?dr)(?:\s+(?:of|on|from|about))?(?P<name>\s+(?!for\b).*?)?",
        r"(?:\s+for (?:an?|my|our|the) .+?)?",
    ),
    _form(
        Wanted.OVERVIEW,
        rf"what (?:are|were|is|was) (?:the )?{_POINTS}(?:\s+(?:of|in|from))?(?P<name>\s+.*?)?",
    ),
    _form(Wanted.OVERVIEW, r"what(?:'s| is| are| was| were)\s+(?P<name>.+?)\s+(?:all )?about"),
    _form(Wanted.OVERVIEW, r"what (?:does|do)\s+(?P<name>.+?)\s+deal with"),
    _form(Wanted.OVERVIEW, r"describe\s+(?P<name>.+?)"),
    _form(Wanted.OVERVIEW, r"what kind of \w+ is (?P<name>this|it)\b.*"),
    _form(
        Wanted.OVERVIEW,
        r"(?:この|その|すべての|全ての|全部の)?"
        r"(?:文書|資料|記事|ファイル|本|論文|契約書|回覧|[ァ-ヶー]+)?(?:全体)?"
        r"(?:[のはをに]|について)?(?:内容を?)?"
        r"(?:要約|概要|要点|まとめ|何が書いて|何について|どんな内容).{0,14}",
    ),
    _form(Wanted.PAGES, r"how many pages (?:does|do|has|are in) (?P<name>.+?)(?:\s+have)?"),
    _form(
        Wanted.COUNT,
        r"how many (?P<name>\w+) (?:do (?:you|i|we) have|(?:have|did) (?:you|i|we) ",
        r"(?:got|\w*load(?:ed)?|add(?:ed)?)|are (?:there|here|loaded|stored|you \w+))",
        r"(?: (?:right )?(?:now|here|in total|so far|already))*",
    ),
    _form(
        Wanted.MENTION,
        r"(?:list |show (?:me )?)?(?:(?:in )?(?:which|what)|the|all(?: the)?)(?: of)?",
        rf"(?: the| my| your)? {_DOCS} (?:that )?(?:does |do )?(?:the (?:word|name|term) )?",
        r"(?:mentions?|talks? about|speaks? (?:about|of)|contains?|discuss(?:es)?|",
        r"refers? to|covers?|deals? with|(?:is|are) about|says? (?:any|some)thing about|",
        r"(?P<early>.+?) (?:occurs?|appears?|stands?|mentioned|named)\b)(?P<topic>\s+.+?)?",
    ),
    _form(
        Wanted.MENTION,
        r"where (?:is|are|do|does) (?P<topic>.+?) (?:mentioned|named|occur|appear)",
    ),
    _form(
        Wanted.HAVE,
        r"(?:do you (?:have|know)|have you(?: got)?|is there|are there)(?: any| some| a| an)?",
        rf"(?:thing| {_DOCS}| information)? (?:about|on|regarding|concerning)",
        rf"(?P<topic>\s+.+?)(?: (?:in|among) (?:the|my|your|these) {_DOCS})?",
    ),
    _form(Wanted.HAVE, r"(?:do you have|have you(?: got)?)(?P<name>\s+.+?)"),
    _form(
        Wanted.PAGE,
        r"on (?:which|what) pages?(?: (?:of|in) (?P<name>.+?))? ",
        rf"(?:is|are|do|does|can i find) (?P<topic>.+?){_SAID}",
    ),
    _form(
        Wanted.SECTION,
        r"(?:in|under) (?:which|what) (?:section|chapter|heading|part|paragraph)s?",
        r"(?: of (?P<name>.+?))? (?:(?:do|does) (?P<more>.+?) (?:mention|describe|discuss|",
        r"(?:speak|talk|say something) (?:about|of)) (?P<early>.+?)|",
        rf"(?:is|are|do|does) (?P<topic>.+?){_SAID})",
    ),
    _form(
        Wanted.BY,
        rf"(?:which|what)(?: of the| of my)?(?: {_DOCS})?(?: do you have| were| was| are| is)?",
        r"(?: written| published| made)? by (?P<topic>.+?)",
    ),
    _form(
        Wanted.AUTHOR,
        r"who (?:(?:was|were|is|are) the (?:author|writer)s?(?: of)?|wrote|authored)",
        r"(?P<name>\s+.+?)",
    ),
    _form(
        Wanted.ADDED,
        r"(?:when|on (?:what|which) (?:day|date)) (?:(?:was|were|did i|have i) (?P<name>.+?) ",
        r"(?:added|uploaded|loaded|stored)|(?:did i|have i) (?:add|upload|load)(?:ed)? ",
        r"(?P<more>.+?))",
    ),
    _form(Wanted.DAY, r"(?:what is|what's) the date of (?P<name>.+?)"),
    _form(
        Wanted.NEWEST,
        r"(?:what|which)(?: \w+)? is the (?:newest|latest|most recent|more recent|newer)",
        r"(?: of)?(?P<name>\s+.+?)?",
    ),
    _form(
        Wanted.OLDEST,
        r"(?:what|which)(?: \w+)? is the (?:oldest|earliest|older)(?: of)?(?P<name>\s+.+?)?",
    ),
    _form(Wanted.LIST, rf"(?:which|what) {_DOCS} (?:are|is) from (?P<topic>\d{{4}})"),
)
"""The first that fits a message, and names documents that there are, says what it asks."""
_ALL = frozenset(
    "document doc file text paper pdf sourc articl book upload all everyth whole thing on it this "
    "these them that one ones both two three four five my your our any have here memo sheet "
    "leaflet".split()
)
"""Stems of words that name no document in particular."""
_MORE_OF = re.compile(r"^(?:and|what about|how about)\s+(?P<name>.+?)\W*$", re.IGNORECASE)
_WHICH = re.compile(r"^(?:and )?which(?: ones?)?\W*$", re.IGNORECASE)


def intent_of(
    message: str,
    documents: Callable[[], Sequence[DocumentInfo]],
    history: Sequence[Turn],
    manners: Manners,
) -> Intent | None:
    """Return what a message asks of the program; None for a question to the documents.

    The documents are listed only where the message may be about them: most are plain questions.
    """
    plain = " ".join(message.split())
    if (formed := _formed(plain, documents)) is not None:
        return formed
    kind = manners.kind_of(plain)
    if kind == QUESTION:
        return _goes_on(plain, documents, history, manners)
    if kind in (Wanted.OVERVIEW, Wanted.LIST, Wanted.COUNT):
        return Intent(wanted=Wanted(kind), documents=tuple(documents()))
    return Intent(wanted=Wanted.REPLY, topic=kind)


def _goes_on(
    message: str,
    documents: Callable[[], Sequence[DocumentInfo]],
    history: Sequence[Turn],
    manners: Manners,
) -> Intent | None:
    """Return what "And the other one?" or "Which ones?" asks after such a message."""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), None)
    more = _MORE_OF.match(message)
    if asked is None or not (more or _WHICH.match(message)):
        return None
    before = intent_of(asked, documents, (), manners)
    if before is None or before.wanted is Wanted.REPLY:
        return None
    if more is None:
        return Intent(wanted=Wanted.LIST, documents=before.documents)
    named = documents_named(more["name"], documents())
    if not named:
        return None
    return Intent(wanted=before.wanted, documents=named, topic=before.topic)


def _formed(message: str, documents: Callable[[], Sequence[DocumentInfo]]) -> Intent | None:
    for wanted, form in _FORMS:
        if (found := form.match(message)) is None:
            continue
        parts = defaultdict(str, {name: text or "" for name, text in found.groupdict().items()})
        named = documents_named(f"{parts['name']} {parts['more']}", documents())
        if named:
            topic = (parts["topic"] or parts["early"]).strip(" \"'“”‘’?.")
            topic = re.sub(r"^(?:the|a|an|any|some)\s+", "", topic, flags=re.IGNORECASE)
            return Intent(wanted=wanted, documents=named, topic=topic)
        if wanted is Wanted.OVERVIEW or (wanted is Wanted.HAVE and not parts["topic"]):
            return None
    return None


def documents_named(name: str, documents: Sequence[DocumentInfo]) -> tuple[DocumentInfo, ...]:
    """Return the documents whose titles have all words of a name; all for "these documents"."""
    wanted = content_stems(name) - _ALL
    if not wanted:
        return tuple(documents)
    found = tuple(one for one in documents if wanted <= frozenset(stems(_title_words(one))))
    return found or (tuple(documents) if len(documents) == 1 and _points(name) else ())


def _title_words(document: DocumentInfo) -> str:
    return f"{document.title} {PurePath(document.source).stem} {document.kind}"


def _points(name: str) -> bool:
    """Whether a name points to the only document there is: "this contract"."""
    return re.match(r"\s*(?:this|that)\s+[^\W\d_]+\s*$", name, re.IGNORECASE) is not None
