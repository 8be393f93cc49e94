"""English words that the rules for follow-up questions tell apart: closed classes and a few nouns.

General knowledge, not taken from any data set and from no document. All words are in lower case.
Used by ``mentions``, ``question_shape``, ``references`` and ``fragments``; knows no questions.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WH = _words("who whom whose what which when where why how")

BE = _words("is are was were am be been being 's isn't aren't wasn't weren't")
DO = _words("do does did don't doesn't didn't")
HAVE = _words("has have had hasn't haven't hadn't")
MODAL = _words(
    "can could will would shall should may might must can't cannot couldn't won't wouldn't "
    "shouldn't"
)
AUXILIARIES = BE | DO | HAVE | MODAL

DETERMINERS = _words("the a an some any all each every no both this that these those")
POSSESSIVES = _words("his her its their my your our")
DEMONSTRATIVES = _words("this that these those")
PRONOUNS = _words(
    "i you he she it we they me him us them mine yours hers ours theirs himself herself itself "
    "themselves myself yourself there one ones someone somebody anyone anybody everyone everybody "
    "nobody something anything everything nothing"
)
PREPOSITIONS = _words(
    "of in on at to from for with without by about against between among into through during "
    "before after since until till under over above below near behind beside besides beyond per "
    "across along around towards toward upon within outside inside despite like than as via off "
    "up down out onto regarding concerning versus vs"
)
CONJUNCTIONS = _words("and or but nor so if because while whereas although though unless whether")
ADVERBS = _words(
    "not also too still ever never now currently usually often always only just even else much "
    "many more most less least very exactly actually really again together later earlier once yet "
    "already then here please either neither instead far soon well back away ago originally "
    "initially eventually finally normally generally approximately roughly"
)
FUNCTION_WORDS = (
    WH
    | AUXILIARIES
    | DETERMINERS
    | POSSESSIVES
    | PRONOUNS
    | PREPOSITIONS
    | CONJUNCTIONS
    | ADVERBS
    | _words("such own same other another few several enough yes ok okay")
)

HOW_DEGREE = _words(
    "many much long often far old tall big large high deep wide heavy fast hot cold expensive "
    "soon well quickly small short late early strong good bad hard come"
)
"""Words that make one phrase with a ``how`` before them."""

FIRST_WORDS = _words("and but or so also then ok okay yes no well oh hmm now please right alright")
"""Words in front of a question that say nothing themselves."""

VERBS = _words(
    "accept accuse achieve acquire act add admit adopt affect agree aid allow announce answer "
    "appear apply appoint approve argue arrest arrive ask assist attack attend avoid ban base "
    "beat become begin believe belong block blame boost border break bring build burn buy call "
    "cancel carry catch cause celebrate change charge check choose claim close collect come "
    "compare compete complain complete compose conclude condemn conduct confirm connect conquer "
    "consider consist contain continue contribute control cost cover crash create cure deal "
    "debate decide declare defeat defend define deliver demand deny depend describe design "
    "destroy detect develop devour die differ direct disappear discover discuss divide donate "
    "double draw drink drive drop earn eat elect emerge employ enable encourage end enforce "
    "ensure enter establish estimate evolve exist expand expect explain explode explore export "
    "express extend face fail fall fear feel fight file fill find finish fix fly follow force "
    "form found fund gain gather get give go graduate grant grow happen hate have hear help hide "
    "hire hit hold host hunt hurt identify import improve include increase inherit inspire "
    "install invade invent invest invite involve join keep kill know land last launch lay lead "
    "learn leave let lie like link live locate look lose love maintain make manage marry mean "
    "measure meet merge mention move name need negotiate notice obtain occur offer open operate "
    "oppose orbit order organise organize own paint participate pay perform plan plant play "
    "pledge predict prefer prepare prevent produce promise promote propose protect prove provide "
    "publish purchase pursue put raise ratify reach read receive recognise recognize recommend "
    "record reduce refer refuse regulate reject release rely remain remember remove renew repair "
    "repeat replace reply report represent require resign respond return reveal rise rule run "
    "save say score see seem sell send serve set settle share show sign sing sink sit sleep solve "
    "speak spend split spread stand start state stay steal stop store strike struggle study "
    "succeed suffer suggest supply support surrender survive take talk teach tell think threaten "
    "trade train travel treat try turn uninstall understand unite update upgrade urge use visit "
    "vote vow wait walk want warn watch wear weigh win wish withdraw work worry write"
)
"""Base forms of common verbs; many are nouns too, so position decides (see ``mentions``)."""

PAST_FORMS = _words(
    "ate became began beat been begun broke broken brought built bought caught chose chosen came "
    "cut dealt did done drank drawn drew driven drove eaten fallen fell felt fought flew flown "
    "forbidden forgot found gave given gone got grew grown heard held hid hit hurt kept knew "
    "known laid lain lasted led left lent lost made meant met paid put ran read risen rode rose "
    "sang sank said sat saw seen sent set shot shown shut slept sold sought spent spoke spoken "
    "spread stole stolen stood struck sung sunk swam swore sworn taken taught thought threw "
    "thrown told took understood went woke won wore worn written wrote born based located"
)

SAYING_VERBS = _words(
    "say says said think thinks thought believe believes believed know knows knew claim claims "
    "claimed argue argues argued suggest suggests suggested show shows showed shown mean means "
    "agree agrees agreed state states stated report reported announce announced ensure ensures "
    "find finds found discover discovered prove proves proved proven hope hoped fear feared true "
    "sure fact so such except likely possible demand demanded confirm confirmed tell told meant "
    "evidence idea phrase"
)
"""Words after which ``that`` opens a clause."""

EVENT_VERBS = _words("happen happened occur occurred take start started begin began work")

LIGHT_VERBS = _words(
    "happen happens happened occur occurs occurred take takes took taken place start starts "
    "started begin begins began end ends ended make makes made do does done get gets got go goes "
    "went gone come comes came give gives gave given say says said tell tells told mean means "
    "meant know known use used work works worked cost costs die died react reacted respond "
    "responded involve involved involves call called change changed last lasted lasting find "
    "found follow followed following next cause caused matter help"
)
"""Verbs that say little about what a question is about."""

ABSTRACT_NOUNS = _words(
    "advantage advantages disadvantage disadvantages benefit benefits drawback drawbacks pro pros "
    "con cons difference differences similarity similarities feature features characteristic "
    "characteristics fact facts example examples type types kind kinds origin origins history "
    "role importance significance purpose purposes goal goals aim aims objective objectives "
    "impact meaning definition findings application applications use uses theme themes background "
    "function functions influence influences implication implications contribution contributions "
    "basics process details information overview creation founding invention development"
)
"""Nouns that are about something else and seldom what a later "it" or "they" means."""

COMPLEMENT_NOUNS = ABSTRACT_NOUNS | _words(
    "cause causes reason reasons result results effect effects consequence consequences outcome "
    "outcomes risk risks symptom symptoms sign signs exception exceptions price prices cost costs "
    "size length height width weight depth age area population capital total deadline date "
    "duration ingredients steps stages phases limits limitations requirements alternatives "
    "alternative conditions treatment treatments members winner winners author owner founder "
    "leader leaders name names location plot cast character characters part parts component "
    "components element elements source sources challenge challenges problem problems issue "
    "issues criticism criticisms variant variants option options method methods technique "
    "techniques principles properties achievement achievements rules conclusion conclusions"
)
"""Nouns that name something *of* something: alone they leave open of what."""

GENERIC_WORDS = _words(
    "people person persons man woman men women year years date day days month time times place "
    "places country countries city thing things way ways number amount responsible important "
    "involved first second main major biggest largest different similar possible available "
    "exactly next afterwards afterward there overall casualties victims deaths wrong right good "
    "bad side common key best better worst modern natural typical famous popular well-known "
    "interesting new current recent primary basic general specific long-term short-term positive "
    "negative successful great real known related long early"
)
"""Words that alone say nothing of a topic."""

IMPERATIVES = _words(
    "tell describe explain list give show compare summarise summarize name discuss define elaborate"
)
"""Verbs that open a request."""

TIME_NOUNS = _words(
    "day week weekend month year century decade time morning afternoon evening night summer "
    "winter spring autumn season quarter moment point today tomorrow yesterday tonight"
)

PREDICATE_ADJECTIVES = _words(
    "open closed free safe true false available possible allowed legal illegal famous popular "
    "important different similar expensive cheap big large small tall high long old new young hot "
    "cold dangerous poisonous alive dead married real good bad worth necessary common rare "
    "responsible based located called likely able full empty visible successful ready healthy "
    "toxic contagious hereditary treatable reversible mandatory deductible late early far"
)
"""Adjectives that end a clause like ``is it open``: no part of a name before them."""

PERSON_NOUNS = _words(
    "minister president chancellor king queen prince princess emperor empress pope general "
    "captain colonel admiral senator governor mayor secretary ambassador chairman chairwoman "
    "chair ceo cfo founder co-founder author writer poet novelist painter artist composer singer "
    "actor actress director player coach manager boss scientist physicist chemist mathematician "
    "philosopher economist engineer inventor architect doctor professor teacher student lawyer "
    "judge leader owner creator designer developer husband wife father mother brother sister son "
    "daughter man woman boy girl person spokesman spokeswoman spokesperson winner successor "
    "predecessor commander head candidate celebrity historian astronaut explorer employee tenant "
    "landlord customer patient"
)

PLACE_NOUNS = _words(
    "capital city town village country state province region island continent county district "
    "river lake sea ocean mountain valley desert forest park building tower castle palace museum "
    "library church cathedral temple school university hospital hotel station airport port street "
    "square stadium bridge house office headquarters planet moon beach"
)

ORGANISATION_NOUNS = _words(
    "company corporation firm university bank ministry council party agency association institute "
    "club committee army navy union court team group organisation organization government "
    "parliament senate congress federation foundation league alliance commission department "
    "college school band orchestra police inc inc. corp corp. ltd ltd. llc gmbh plc"
)

EVENT_NOUNS = _words(
    "war crisis meeting summit attack explosion earthquake election elections revolution invasion "
    "conference accident crash fire flood battle treaty agreement embargo strike protest protests "
    "outbreak pandemic storm hurricane eruption festival ceremony match game cup olympics trial "
    "project experiment incident event massacre collapse republic empire disaster blackout "
    "wedding murder assassination rebellion uprising merger expedition mission genocide genesis "
    "siege"
)

NUMBERS = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
    "former": 0,
    "latter": 1,
}
"""Words that pick one of several things in the answer before, as a list index."""
