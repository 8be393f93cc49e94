"""Every scorer on examples small enough to work out by hand."""

from __future__ import annotations

import random
from dataclasses import replace

import ir_measures
import pytest
from evaluation_helpers import BAR, DOGS, FERRY, PRICE, SENTENCES, answer, asked, citation
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.formulas import area, calibration_error, risk_coverage, words
from chatbot.evaluation.saved_run import CitedClaim, GoldPlace
from chatbot.evaluation.scorers import SCORERS, retrieval, score_case
from chatbot.evaluation.scorers.answers import first_held
from chatbot.evaluation.scoring import Score, scorer
from chatbot.types import Usage, Verdict

REFUSAL = answer("The documents do not say it.", refused=True)


def values(scored: AnsweredCase) -> dict[str, float | None]:
    return {name: score.value for name, score in score_case(scored).items()}


def quote(*indices: int) -> AnsweredCase:
    """A case whose gold is the ferry's time, answered by quoting these sentences."""
    text = " ".join(f"{SENTENCES[index]} [{index + 1}]" for index in indices)
    held = tuple(
        CitedClaim(text=SENTENCES[i], cited=(SENTENCES[i],), verdict=Verdict.QUOTED)
        for i in indices
    )
    return asked(
        answer(text, *indices),
        gold_indices=(0,),
        ranking=indices,
        claims=held,
        answer=["9:40"],
        evidence=[FERRY],
    )


def test_a_perfect_bot_scores_one_in_everything_that_can_be_scored() -> None:
    scored = quote(0)
    vars(scored)["answer"] = answer(f"{FERRY} [1]", 0, short="9:40")
    found = values(scored)
    good = {name: value for name, value in found.items() if value is not None}
    assert good.pop("output_breach") == 0.0
    assert good.pop("seconds") == 0.0
    assert len(good) > 20
    assert set(good.values()) == {1.0}


def test_a_bot_that_cites_everything_is_punished() -> None:
    found = values(quote(0, 1, 2, 3))
    assert found["citation_precision"] == 0.25
    assert found["citation_recall"] == 1.0
    assert found["citation_f1"] == pytest.approx(0.4)
    characters = len(FERRY) / (len(FERRY) + len(PRICE) + len(DOGS) + len(BAR))
    assert found["citation_char_precision"] == pytest.approx(characters)


def test_a_bot_that_always_refuses_is_punished() -> None:
    answerable = asked(REFUSAL, gold_indices=(0,), answer=["9:40"], evidence=[FERRY])
    found = values(answerable)
    for name in ("right", "answered", "answer_match", "answer_f1", "citation_f1"):
        assert found[name] == 0.0
    assert found["refusal_precision"] == 0.0
    assert found["citation_precision"] is None
    assert values(asked(REFUSAL, refuse=True))["refusal_recall"] == 1.0


def test_a_bot_that_never_refuses_is_punished() -> None:
    found = values(asked(answer(FERRY, 0), refuse=True))
    assert (found["right"], found["refusal_recall"], found["refusal_precision"]) == (0.0, 0.0, None)


def test_a_random_bot_is_near_zero() -> None:
    generator = random.Random(1)
    rights = []
    for _ in range(200):
        said = " ".join(generator.choices(["fish", "seven", "blue", "Monday", "king"], k=6))
        scored = asked(answer(said, 3), gold_indices=(0,), answer=["9:40"], evidence=[FERRY])
        rights.append(values(scored))
    assert sum(item["right"] or 0 for item in rights) == 0
    assert sum(item["answer_f1"] or 0 for item in rights) < 1
    assert sum(item["citation_f1"] or 0 for item in rights) == 0


def test_an_answer_that_cites_another_sentence_is_not_right() -> None:
    found = score_case(
        asked(answer(FERRY, 1), gold_indices=(0,), answer=["9:40"], evidence=[FERRY])
    )
    assert found["answer_match"].value == 1.0
    assert found["right"].value == 0.0
    assert "no gold sentence is cited" in found["right"].why


@pytest.mark.parametrize(
    ("said", "accepted", "matches"),
    [
        ("Japan sent 1010 trucks.", "101", False),
        ("It cost 1,000,000 euros.", "1,000", False),
        ("It cost 1,000 euros.", "1000", True),
        ("It leaves at 9:40 [1].", "9:40", True),
        ("It leaves at 19:40.", "9:40", False),
        ("ＪＡＰＡＮ sent them", "Japan", True),
        ("", "Japan", False),
        ("a three-day visit", "three day", True),
    ],
)
def test_an_accepted_answer_is_found_by_whole_words(
    said: str, accepted: str, matches: bool
) -> None:
    assert (first_held(said, [accepted]) is not None) == matches


def test_exact_match_and_f1_are_squads() -> None:
    def scores(short: str) -> tuple[float | None, float | None]:
        said = score_case(asked(answer("x", short=short), answer=["nothing", "pier 3"]))
        return said["answer_exact"].value, said["answer_f1"].value

    assert scores("The pier 3.") == (1.0, 1.0)
    # said: leaves from pier 3 (4 words), accepted: pier 3 (2), shared 2: F1 = 4 / 6.
    assert scores("leaves from pier 3") == (0.0, pytest.approx(2 / 3))
    assert scores("elsewhere") == (0.0, 0.0)


@given(st.text())
def test_words_come_through_any_text(text: str) -> None:
    assert all(word and not word.isspace() for word in words(text))


def test_citations_of_two_gold_sentences_by_hand() -> None:
    scored = asked(answer("x", 0, 2), gold_indices=(0, 1), evidence=[FERRY, PRICE])
    found = score_case(scored)
    assert [found[f"citation_{n}"].value for n in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]


def test_a_quote_that_stands_twice_is_found_at_either_place() -> None:
    place = {"start": 0, "end": 4, "sentences": (0,)}
    twice = (GoldPlace(document_id="e", **place), GoldPlace(document_id="d", **place))  # type: ignore[arg-type]
    scored = asked(answer("x", 0), known={"gold": (twice,)}, evidence=["x"])
    assert score_case(scored)["citation_f1"].value == 1.0
    relevant, total = retrieval.relevance(
        asked(answer("x"), ranking=(0,), refuse=True).found, [twice]
    )
    assert (relevant, total) == ([True], 1)


def test_groundedness_and_support_are_shares_of_claims() -> None:
    held = (
        CitedClaim(text="a", cited=("b",), verdict=Verdict.SUPPORTED, score=0.9),
        CitedClaim(text="c", cited=(), verdict=Verdict.UNSUPPORTED),
    )
    scored = asked(answer("x", 0, verdict=Verdict.PARTLY), claims=held, answer=["x"])
    assert score_case(scored)["citation_support"].value == 0.5
    assert "'c' cites nothing" in score_case(scored)["citation_support"].why
    assert score_case(scored)["groundedness"].value == 0.0
    vars(scored)["claims"] = ()
    assert score_case(scored)["citation_support"].value is None


@pytest.mark.parametrize(
    ("said", "end", "covered"),
    [
        ("It leaves at 9:40. [1]", 18, 1.0),
        ("It leaves [1] at 9:40.", 22, 1.0),
        ("It leaves at 9:40.", 18, 0.0),
        ("It leaves at 9:40. [99]", 18, 0.0),
        ("It leaves at 9:40. It is so. [1]", 18, 0.0),
    ],
)
def test_a_claim_is_covered_by_a_marker_a_reader_sees(said: str, end: int, covered: float) -> None:
    whole = answer(said, 0, verdict=Verdict.SUPPORTED)
    claim = replace(whole.claims[0], text=said[:end], end=end)
    scored = asked(replace(whole, claims=(claim,)), answer=["9:40"])
    assert score_case(scored)["marker_coverage"].value == covered


def test_risk_and_coverage_by_hand() -> None:
    # Right, wrong, then two of equal confidence, one right: risks 0, 1/2, 2/4, 2/4.
    cuts = risk_coverage([(0.9, True), (0.8, False), (0.5, True), (0.5, False)], cases=5)
    assert [(c.coverage, c.risk) for c in cuts] == [(0.2, 0.0), (0.4, 0.5), (0.8, 0.5)]
    assert area(cuts) == pytest.approx((0 + 0.5 + 0.5 + 0.5) / 4)
    assert area([]) is None


@given(
    st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=12),
    st.sets(st.integers(0, 30), min_size=1, max_size=6),
)
def test_retrieval_measures_agree_with_ir_measures(ranking: list[int], gold: set[int]) -> None:
    relevant = [item in gold for item in ranking]
    qrels = [ir_measures.Qrel("q", str(item), 1) for item in gold]
    run = [
        ir_measures.ScoredDoc("q", str(item), float(100 - rank))
        for rank, item in enumerate(ranking)
    ]
    wanted = ir_measures.calc_aggregate([R @ 5, Success @ 3, RR, nDCG @ 10], qrels, run)
    for name, theirs in (
        *(("recall@5", R @ 5), ("hit@3", Success @ 3)),
        *(("mrr", RR), ("ndcg@10", nDCG @ 10)),
    ):
        assert retrieval.measure(name, relevant, len(gold)) == pytest.approx(wanted[theirs])


def test_a_follow_up_query_is_held_against_the_persons() -> None:
    scored = asked(
        answer("x"),
        gold_indices=(0,),
        ranking=(1, 0),
        rewrite_ranking=(0, 1),
        evidence=[FERRY],
        rewrite="When does the ferry leave?",
    )
    found = {name: score.value for name, score in score_case(scored).items()}
    assert {name: found[name] for name in found if "follow_up" in name or "rewrite" in name} == {
        "follow_up_mrr": 0.5,
        "rewrite_mrr": 1.0,
        "follow_up_loss": 0.5,
        "follow_up_agreement": 1.0,
    }


def test_calibration_by_hand() -> None:
    # Bin .9: two of three right, |.9 - 2/3|; bin .2: none right, |.2 - 0|.
    pairs = [(0.9, True), (0.9, True), (0.9, False), (0.2, False)]
    wanted = 3 / 4 * abs(0.9 - 2 / 3) + 1 / 4 * 0.2
    assert calibration_error(pairs) == pytest.approx(wanted)
    assert calibration_error([]) is None
    assert calibration_error([(1.0, True)]) == 0.0


def test_cost_is_what_the_server_counted_at_the_price_given() -> None:
    usage = Usage(seconds={"total": 2.0}, tokens_in=1_000_000, tokens_out=500_000)
    scored = asked(replace(answer("x"), usage=usage), known={"price": (0.5, 2.0)}, answer=["x"])
    found = values(scored)
    wanted = {"seconds": 2.0, "tokens_in": 1e6, "tokens_out": 5e5, "dollars": 1.5}
    assert {name: found[name] for name in wanted} == wanted
    assert score_case(asked(answer("x"), answer=["x"]))["dollars"].value is None


def test_every_score_is_named_and_explains_itself() -> None:
    talk = {"kind", "as_expected"}  # of cases that expect them, and of no others
    assert set(score_case(quote(0))) == set(SCORERS) - talk
    for scored in (quote(0), asked(REFUSAL, refuse=True), asked(answer("x"), forbidden=["y"])):
        assert all(score.why for score in score_case(scored).values())


def test_an_answer_that_fell_back_to_quoting_is_counted_as_degraded() -> None:
    scored = asked(answer(FERRY, 0), mode="openai:x", answer=["9:40"])
    assert score_case(scored)["degraded"].value == 1.0
    assert citation(0).text == FERRY


def test_a_scorer_is_one_decorated_function_with_a_name_of_its_own() -> None:
    registry = dict(SCORERS)

    @scorer(name="length", better="lower", among=registry)
    def length(case: AnsweredCase) -> Score:
        return Score(value=float(len(case.answer.text)), why="its characters")

    assert registry["length"].better == "lower"
    scored = registry["length"].score(quote(0))
    assert scored is not None
    assert scored.value == len(f"{FERRY} [1]")
    with pytest.raises(ValueError, match="two scorers of length"):
        scorer(name="length", better="higher", among=registry)(length)
