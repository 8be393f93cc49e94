"""How claims get their verdicts, with a verifier whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering.check import check_text
from chatbot.answering.claim_evidence import Quotes
from chatbot.answering.claims import bare, is_no_claim, same_words
from chatbot.answering.grounding import ClaimToCheck, ClaimVerdict, Grounder
from chatbot.answering.opinion import Opinion
from chatbot.models.embedder import Vectors
from chatbot.models.llm.chunks import TokenUsage
from chatbot.models.verifier import Judgement, Pair
from chatbot.types import Verdict

TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
TALKS = "Nakatani held talks with Umerov."
SUMMITS = "NATO has invited leaders from Asian countries to its summits since 2022."
SOURCE = {1: TRUCKS, 2: TALKS, 3: SUMMITS}


class WordVerifier:
    """Supports a claim whose words all stand in the evidence; remembers what it was asked."""

    threshold = 0.5
    fragment_threshold = 0.8

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        self.seen += [(claim, tuple(evidence)) for claim, evidence in pairs]
        return [self._one(claim, " ".join(evidence)) for claim, evidence in pairs]

    def _one(self, claim: str, evidence: str) -> Judgement:
        halves = claim.split(", and ")
        scores = [self._score(half, evidence) for half in halves]
        whole = self._score(claim.replace(", and ", " "), evidence)
        return Judgement(
            score=whole,
            partly=max(scores) if len(halves) > 1 else None,
            contradicted="never" in claim,
        )

    @staticmethod
    def _score(claim: str, evidence: str) -> float:
        known = set(evidence.lower().replace(".", "").split())
        words = claim.lower().replace(".", "").split()
        return 0.9 * sum(word in known for word in words) ** 9 / max(1, len(words)) ** 9

    def vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.ones((len(texts), 2), dtype=np.float32)
        return rows / np.float32(2**0.5)


def checked(grounder: Grounder, text: str, **more: Any) -> ClaimVerdict[int]:  # noqa: ANN401
    return grounder.check_claim(ClaimToCheck(text=text, **more))


@pytest.fixture
def verifier() -> WordVerifier:
    return WordVerifier()


@pytest.fixture
def grounder(verifier: WordVerifier) -> Grounder:
    return Grounder(verifier)


def test_a_sentence_of_the_source_is_quoted_and_needs_no_model(
    grounder: Grounder, verifier: WordVerifier
) -> None:
    found = checked(grounder, TRUCKS, cited={1: TRUCKS}, others=SOURCE)
    assert (found.verdict, found.score, found.support) == (Verdict.QUOTED, 1.0, (1,))
    assert verifier.seen == []


@pytest.mark.parametrize(
    "claim",
    [
        f'"{TRUCKS}"',
        f"“{TRUCKS}”",
        TRUCKS.replace(" ", "  \n "),
        TRUCKS.removesuffix(".") + " [1].",
        f"- {TRUCKS} [1]",
        f"2. {TRUCKS}[1]",
        TRUCKS.removesuffix("."),
    ],
)
def test_marks_white_space_and_outer_quotation_marks_do_not_unmake_a_quote(
    grounder: Grounder, claim: str
) -> None:
    assert checked(grounder, claim, cited={1: TRUCKS}, others={}).verdict is Verdict.QUOTED


@pytest.mark.parametrize(
    "claim",
    [
        TRUCKS.replace("101", "102"),
        TRUCKS.replace("sent", "sent,"),
        TRUCKS.replace("Japan", "japan"),
        TRUCKS[: TRUCKS.index(" between")] + ".",
        TRUCKS.removesuffix(".") + "?",
        TRUCKS + " " + TALKS + " Really.",
    ],
)
def test_a_changed_word_is_no_quote(claim: str) -> None:
    assert Quotes(SOURCE).find(claim) == ()


def test_a_run_of_whole_sentences_is_quoted_from_all_of_them() -> None:
    assert Quotes(SOURCE).find(f"{TRUCKS} {TALKS}") == (1, 2)
    assert Quotes(SOURCE).find(f"{TALKS} {SUMMITS}") == (2, 3)
    assert Quotes(SOURCE).find(f"{TRUCKS} {SUMMITS}") == ()
    assert Quotes(SOURCE).find(f"{TRUCKS} Nakatani held talks") == ()


def test_a_quote_of_a_sentence_that_is_not_cited_is_judged_by_the_cited_one(
    grounder: Grounder, verifier: WordVerifier
) -> None:
    found = checked(grounder, TRUCKS, cited={2: TALKS}, others={1: TRUCKS})
    assert found.verdict is Verdict.UNSUPPORTED
    assert verifier.seen == [(TRUCKS, (TALKS,))]


def test_a_claim_without_a_marker_that_quotes_gets_its_sentence(grounder: Grounder) -> None:
    found = checked(grounder, TRUCKS, cited={}, others=SOURCE)
    assert (found.verdict, found.support) == (Verdict.QUOTED, (1,))


def test_a_claim_with_a_marker_is_supported_by_the_cited_sentence_only(
    grounder: Grounder, verifier: WordVerifier
) -> None:
    found = checked(grounder, "Japan sent 101 trucks [1].", cited={1: TRUCKS}, others=SOURCE)
    assert (found.verdict, found.support) == (Verdict.SUPPORTED, (1,))
    assert verifier.seen == [("Japan sent 101 trucks.", (TRUCKS,))]
    wrong = checked(grounder, "Japan sent 101 trucks [2].", cited={2: TALKS}, others=SOURCE)
    assert wrong.verdict is Verdict.UNSUPPORTED


def test_an_unknown_marker_makes_any_claim_unsupported(grounder: Grounder) -> None:
    for text in (TRUCKS, "According to the article:", "Japan sent 101 trucks."):
        found = checked(grounder, text, cited={1: TRUCKS}, others={}, unknown_marker=True)
        assert (found.verdict, found.score, found.support) == (Verdict.UNSUPPORTED, None, ())


def test_a_claim_without_a_marker_gets_the_one_sentence_that_supports_it(
    grounder: Grounder,
) -> None:
    found = checked(grounder, "Japan sent 101 trucks.", cited={}, others=SOURCE)
    assert (found.verdict, found.support) == (Verdict.SUPPORTED, (1,))


def test_a_claim_that_joins_two_facts_gets_both_sentences(grounder: Grounder) -> None:
    claim = "Japan sent 101 trucks, and Nakatani held talks."
    found = checked(grounder, claim, cited={}, others=SOURCE)
    assert found.verdict is Verdict.SUPPORTED
    assert set(found.support) == {1, 2}


def test_supported_means_that_the_verifier_saw_the_claim_with_exactly_its_support(
    grounder: Grounder, verifier: WordVerifier
) -> None:
    claim = "Japan sent 101 trucks, and Nakatani held talks."
    found = checked(grounder, claim, cited={}, others=SOURCE)
    assert (claim, tuple(SOURCE[key] for key in found.support)) in verifier.seen


def test_a_claim_with_one_true_half_is_partly_supported_and_points_to_it(
    grounder: Grounder,
) -> None:
    claim = "Japan sent 101 trucks, and Umerov wept."
    found = checked(grounder, claim, cited={}, others=SOURCE)
    assert (found.verdict, found.support) == (Verdict.PARTLY, (1,))
    cited = checked(grounder, claim + " [1]", cited={1: TRUCKS}, others=SOURCE)
    assert (cited.verdict, cited.support) == (Verdict.PARTLY, (1,))


def test_a_claim_that_nothing_supports_has_a_score_and_no_support(grounder: Grounder) -> None:
    found = checked(grounder, "Water boils at 100 degrees.", cited={}, others=SOURCE)
    assert (found.verdict, found.support) == (Verdict.UNSUPPORTED, ())
    assert found.score is not None
    assert found.score < 0.5


GERMAN = "Die Mühle wurde im Jahr 1911 von einem Schmied aus dem Nachbardorf gebaut."


@pytest.mark.parametrize(
    ("claim", "cited", "others"),
    [
        ("Der Schmied hat die alte Mühle des Dorfes gebaut.", {1: TRUCKS}, {2: TALKS}),
        ("Der Schmied hat die alte Mühle des Dorfes gebaut.", {}, {2: TALKS}),
        ("Mühle Schmied Nachbardorf gebaut.", {1: GERMAN}, {}),
        ("A smith built the mill.", {1: GERMAN}, {2: TALKS}),
        ("A smith built the mill.", {}, {1: GERMAN, 2: TALKS}),
    ],
)
def test_what_is_not_english_or_rests_on_what_is_not_is_unchecked(
    grounder: Grounder, claim: str, cited: dict[int, str], others: dict[int, str]
) -> None:
    found = checked(grounder, claim, cited=cited, others=others)
    assert (found.verdict, found.score) == (Verdict.UNCHECKED, None)
    assert found.support == tuple(cited)


def test_a_quote_needs_nobody_who_reads_it(grounder: Grounder) -> None:
    found = checked(grounder, GERMAN, cited={1: GERMAN}, others={})
    assert found.verdict is Verdict.QUOTED


def test_what_english_sentences_support_is_supported_beside_others(grounder: Grounder) -> None:
    found = checked(
        grounder, "Nakatani held talks.", cited={}, others={1: GERMAN, 2: TALKS, 3: SUMMITS}
    )
    assert (found.verdict, found.support) == (Verdict.SUPPORTED, (2,))


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("With whom has Nakatani held talks?", Verdict.UNSUPPORTED),
        ("Has Nakatani held talks or written letters?", Verdict.UNSUPPORTED),
        ("Has Nakatani held talks?", Verdict.SUPPORTED),
        ("What did Nakatani do?", Verdict.SUPPORTED),
    ],
)
def test_what_only_repeats_its_question_answers_nothing(
    grounder: Grounder, question: str, verdict: Verdict
) -> None:
    found = checked(
        grounder, "Nakatani held talks.", cited={2: TALKS}, others={}, question=question
    )
    assert found.verdict is verdict


def test_with_no_sentences_at_all_nothing_is_scored(grounder: Grounder) -> None:
    found = checked(grounder, "Water boils at 100 degrees.", cited={}, others={})
    assert (found.verdict, found.score) == (Verdict.UNSUPPORTED, None)


def test_claims_checked_together_get_what_they_get_alone(grounder: Grounder) -> None:
    texts = [TRUCKS, "Hello!", "Japan sent 101 trucks.", "Umerov wept.", "Nakatani held talks [2]."]
    claims = [
        ClaimToCheck(text=text, cited={2: TALKS} if "[2]" in text else {}, others=SOURCE)
        for text in texts
    ]
    alone = [grounder.check_claims([claim])[0] for claim in claims]
    assert grounder.check_claims(claims) == alone


@pytest.mark.parametrize(
    "text",
    [
        "## Background",
        "## Japan's support for Ukraine",
        "**Key points**",
        "Summary:",
        "According to the article:",
        "Here is what the documents say:",
        "Here are the steps:",
        "Hello!",
        "Sure, I can help you with that!",
        "I hope this helps!",
        "Let me know if you have any other questions.",
        "Who is the prime minister of Japan?",
        "The documents do not say who the prime minister of Japan is.",
        "There is no information about tanks in the article.",
        "|---|:--|",
        "---",
        "…",
        "👍",
    ],
)
def test_headings_greetings_questions_and_glue_claim_nothing(
    grounder: Grounder, verifier: WordVerifier, text: str
) -> None:
    found = checked(grounder, text, cited={}, others=SOURCE)
    assert (found.verdict, found.score) == (Verdict.NO_CLAIM, None)
    assert verifier.seen == []


@pytest.mark.parametrize(
    "text",
    [
        "## Japan sends 102 trucks",
        "## Ukraine joins NATO",
        "**Zelenskyy resigned**",
        "According to the article, Japan sent 102 trucks:",
        "According to the article: Japan won.",
        "Here are the 102 trucks that Japan sent:",
        "Here is the country that attacked Japan:",
        "Did you know that Japan sent 102 trucks?",
        "Japan sent 102 trucks, right?",
        "The article does not give a date, but Japan sent 102 trucks.",
        "The documents do not mention it; Ukraine joined NATO.",
        "Hello, Japan sent 102 trucks!",
        "Yes.",
        "No, it did not.",
        "Thank you, Japan.",
        "Prices fell.",
        "asdf qwer zxcv",
        "Die Katze schläft.",
        "日本は戦車を送った。",
        "102",
    ],
)
def test_a_statement_never_passes_as_no_claim(text: str) -> None:
    assert not is_no_claim(text)


@given(st.text(max_size=200))
def test_any_text_has_a_verdict_and_a_score_between_0_and_1(text: str) -> None:
    found = checked(Grounder(WordVerifier()), text, cited={}, others=SOURCE)
    assert isinstance(found.verdict, Verdict)
    assert found.score is None or 0.0 <= found.score <= 1.0


@given(st.text(max_size=200))
def test_bare_words_and_quote_forms_stay_as_they_are_when_made_again(text: str) -> None:
    assert same_words(same_words(text)) == same_words(text)
    assert isinstance(bare(text), str)


def test_long_sources_do_not_make_the_model_read_more() -> None:
    answer = "The harbour has room for 60 boats. Ferries leave every hour in summer."
    counts = []
    for documents in (1, 40):
        verifier = WordVerifier()
        sources = [
            "\n".join(f"In town {n}.{m}, the harbour has ferries and boats." for m in range(60))
            for n in range(documents)
        ]
        check_text(answer, sources, grounder=Grounder(verifier))
        counts.append(len(verifier.seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("cited", [{}, SOURCE])
def test_what_is_not_supported_comes_with_the_sentence_that_comes_nearest(
    grounder: Grounder, cited: dict[int, str]
) -> None:
    claim = "Nakatani held secret talks with Umerov about trucks."
    found = checked(grounder, claim, cited=cited, others={} if cited else SOURCE)
    assert (found.verdict, found.nearest) == (Verdict.UNSUPPORTED, 2)
    against = checked(grounder, "Nakatani never held talks.", cited=cited, others=SOURCE)
    assert (against.verdict, against.nearest) == (Verdict.CONTRADICTED, 2)
    good = checked(grounder, "Nakatani held talks.", cited={2: TALKS}, others={})
    assert (good.verdict, good.nearest) == (Verdict.SUPPORTED, None)


def test_why_a_claim_is_not_supported_is_one_sentence(grounder: Grounder) -> None:
    [lacking, against] = check_text(
        "It was cold in Kyiv. Nakatani never held talks.", [TALKS], grounder=grounder
    ).claims
    assert lacking.why == (
        "No sentence was found that says this; the nearest sentence is: "
        "“Nakatani held talks with Umerov.”"
    )
    assert against.verdict is Verdict.CONTRADICTED
    assert against.why is not None
    assert against.why.startswith("The documents say otherwise; the nearest sentence is: “Nakat")
    assert check_text(TALKS, [TALKS], grounder=grounder).claims[0].why is None


def test_the_nearest_sentence_stays_whatever_its_key_where_a_model_judges(
    verifier: WordVerifier,
) -> None:
    class Says:
        def on(self, *_: object, **__: object) -> Opinion:
            return Opinion(verdict=Verdict.UNSUPPORTED, by="judge", usage=TokenUsage())

    grounder = Grounder(verifier, Says())  # type: ignore[arg-type]
    claim = "Nakatani held secret talks with Umerov about trucks."
    found = checked(grounder, claim, cited={}, others={5: SUMMITS, 0: TALKS})
    assert (found.verdict, found.nearest) == (Verdict.UNSUPPORTED, 0)
