"""Word lists by which ``claims`` tells headings and glue from statements. English."""

from __future__ import annotations

GLUE = frozenset(
    """
    a about above according additional all am an and answer answers any anything apologies apologize
    are article articles as ask at available based be been below better briefly but by can certainly
    clarification clear conclusion content context could course day dear details do document
    documents else evidence excerpt excerpts fact facts few find first following follows for found
    free from further given glad good great greetings happy have hello help helpful helps here
    here's hey hi hope hopefully i i'd i'll i'm if in include included information is it it's itself
    just key know learn me let let's like main make mention mentioned mentions more morning my need
    nice note note: now of ok okay on one or other our out overview page pages passage passages
    please point points pleasure provide provided provides providing question questions quick read
    reading reference references regarding relevant report reports respond response retrieved
    sentence
    say saying says section see short sir source sources stated states steps such sum summary sure
    take tell text thank thanks that the their them there these this those to topic topics up us use
    used useful want we we'll welcome what which will with would you you'd you're your
    summarise summarize summarized evening afternoon bye goodbye cheers sorry wish luck best
    regards sincerely feel hesitate don't not
    """.split()
)
"""A sentence of these words alone says nothing of the world outside the conversation."""

HEADING_WORDS = frozenset(
    """
    analysis answer appendix background basics benefits causes challenges chronology comparison
    conclusion conclusions considerations consequences context date dates definition definitions
    description details disclaimer discussion examples explanation facts features final findings
    general highlights history impact implications important information introduction issues key
    limitations list location locations meaning method methods names next notes objectives
    observations optional organizations other outcome outlook overview participants people places
    points preparation problem procedure process purpose question questions reasons recap
    recommendations references related remarks requirements response result results role roles
    section short significance solution sources specific statement statements step steps summary
    takeaways terms timeline tips title topics type types usage warning warnings
    """.split()
)
"""Words of generic headings: "Key findings", "Background"."""

COPY_VERBS = frozenset(
    """
    is are was were be been being am has have had do does did will would can could may might shall
    should must isn't aren't wasn't weren't
    """.split()
)

BEFORE_NOUNS = frozenset(
    """
    a an the this these those my your his her its our their of for in on at by with from about as
    into over under after before during against between no any some each every new
    """.split()
)
"""After one of these a word that could be a verb is a noun: "the attack", "reasons for support"."""

VERBS = frozenset(
    """
    agree agrees aim aims allow allows announce announces appear appears approve approves arrest
    arrests arrive arrives ask asks attack attacks attend attends ban bans beat beats became become
    becomes began begin begins believe believes bomb bombs boost boosts bought break breaks bring
    brings broke brought build builds built buy buys call calls came cancel cancels cause causes
    change changes choose chooses chose claim claims close closes collapse collapses come comes
    conduct conducts confirm confirms conquer conquers contain contains continue continues cost
    costs create creates cut cuts declare declares decline declines defeat defeats defend defends
    deliver delivers demand demands denies deny deploy deploys destroy destroys die dies discuss
    discusses donate donates drop drops drove dissolve dissolves elect elects end ends endorse
    endorses enter enters exceed exceeds exit exits expand expands explain explains export exports
    face faces fail fails fall falls fear fears fell fight fights fire fires fled flee flees flew
    flies force forces fought gain gains gave get gets give gives go goes got grew grow grows grown
    halt halts happen happens held help helps hire hires hit hits hold holds include includes
    increase increases intend intends invade invades invite invites join joins keep keeps kept kill
    kills know knows launch launches lead leads leave leaves led left lie lies live lives lose loses
    lost made make makes mean means meet meets met move moves need needs occur occurs open opens
    oppose opposes order orders outlaw outlaws own owns paid pass passes pay pays plan plans play
    plays pledge pledges prevent prevents produce produces promise promises protect protects prove
    proves provide provides publish publishes quit quits raise raises ran reach reaches receive
    receives recover recovers reduce reduces refuse refuses reject rejects release releases remain
    remains repel repels replace replaces require requires resign resigns retire retires return
    returns reveal reveals rise rises rose run runs said sat saw say says see sees seize seizes seem
    seems sell sells send sends sent serve serves set sets shot show shows shrank sign signs sink
    sinks sold speak speaks spend spends spent split splits spoke spread spreads stand stands start
    starts stay stays stood stop stops strike strikes struck succeed succeeds suffer suffers support
    supports surrender surrenders take takes talk talks tell tells think thinks threaten threatens
    threw told took travel travels tries try turn turns urge urges use uses visit visits vote votes
    vow vows warn warns went win wins withdraw withdraws withdrew won work works worked write writes
    wrote
    """.split()
)
"""Finite forms of common verbs: with one of them a short line may be a statement."""
