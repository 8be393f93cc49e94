"""Word lists for the rules at a full stop: abbreviations, sentence starters, speech verbs.

Plain data without logic. An entry is the word before the full stop, without the stop itself and in
lower case. A word that is in none of the lists is an ordinary word, and ordinary words end
sentences.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """
    mr mrs ms mx dr prof gen gov sen rep sens reps lt col sgt capt cpt adm cmdr cdr maj brig pvt cpl
    hon rev fr msgr pres supt det insp atty amb messrs mme mlle sra srta dra herr hr bros mt ft
    gens govs profs sig sigg dhr mevr mw dott ing
    """
)
"""A name follows: never the end of a sentence."""

ALWAYS_INSIDE = _words("e.g i.e cf viz vs v a.k.a bzw bspw z.b d.h u.a vgl ggf inkl zzgl p.ex")
"""Joins what stands before and behind it: never the end of a sentence."""

NUMBERED = _words(
    """
    no nos nr nrs num fig figs tab art arts sec secs sect ch chap vol vols p pp par para paras eq
    eqs ex pt pts app ver lot ext tel approx ca c circa cl reg § §§ v s ss b d r n op bd abs str st
    rd ave blvd rm apt ste hwy rte bldg fl ed eds min max sat sun mon tue tues wed thu thur thurs
    fri ser iss est dept div bk bks annex q al jr ur
    """
)
"""Before a number the stop belongs to the abbreviation; otherwise it is an ordinary word."""

MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")

ORDINAL_NOUNS = _words(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    jahrhundert januari februari maart mei augustus oktober desember mars maj
    """
)
"""After "3." these make an ordinal number of it (German and its neighbours), not a sentence end."""

COMPANIES = _words("inc ltd corp co llc plc cos gmbh s.a n.v")
"""Ends a sentence when the next words read like one ("Shares fell", not "Chief Executive")."""

SUFFIXES = _words(
    """
    jr sr esq ph.d ph.ds m.d b.a m.a b.sc m.sc ed.d st blvd ave rd al est
    proc natl intl acad univ assoc assn dept govt biol chem phys med sci
    """
)
"""Ends a sentence only before a word that can hardly continue a name."""

CLOCK = _words("a.m p.m")

AFTER_CLOCK = _words(
    """
    est edt et pst pdt pt cst cdt ct mst mdt mt gmt utc bst cet cest jst ist kst hkt aest eastern
    pacific central mountain monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december jan feb mar apr
    jun jul aug sept oct nov dec
    """
)
"""After "5 p.m." these go on with the time."""

STATES = _words(
    """
    ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev
    okla ore pa tenn tex va vt wash wis wyo ont que alta
    """
)
"""These are abbreviations behind a comma ("Oakland, Calif."), and ordinary words elsewhere."""

LETTERED = _words(
    """
    vitamin plan hepatitis type group grade option section appendix exhibit class series category
    team block route line war act part chapter volume phase figure table schedule case level
    """
)
"""Before a single letter these make a label of it ("plan B."), not an initial."""

STARTERS = _words(
    """
    the he she it they we you this that these those there then but and or in on at if when while
    although though after before as for from with without by to its his her their our my your what
    who why how where which however meanwhile moreover nevertheless thus therefore some many most
    such since both each also even only now today yesterday still yet once under during despite
    because not nobody nothing another here all any other others several according is are was were
    of again similarly additionally furthermore finally nonetheless otherwise instead indeed hence
    consequently accordingly overall recently later earlier perhaps maybe let suppose assume note
    consider between within among until unlike whether rather much more few every everyone someone
    has have had did does don't it's he's she's they're we're i'm that's there's yes
    der die das sie wir ich ein eine le les il elle nous un une el los las
    """
)
"""Function words: with a capital after a full stop they begin a sentence, hardly a name."""

SPEECH = _words(
    """
    said says say asked asks told tells added adds replied replies shouted shouts cried cries yelled
    whispered exclaimed demanded wondered wrote writes tweeted declared insisted answered responded
    continued noted stated remarked announced argued warned joked quipped screamed called explained
    snapped recalled concluded muttered admitted
    """
)

NAMES_WITH_MARK = _words("yahoo yum jeopardy guess panic wham")
"""Names that end in "!" or "?" ("Yahoo! Inc.")."""
