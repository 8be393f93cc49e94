"""The past tense of an English verb: made questions become statements with it."""

from __future__ import annotations

import re

_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    arise:arose be:was bear:bore beat:beat become:became begin:began bend:bent bet:bet bid:bid
    bite:bit bleed:bled blow:blew break:broke breed:bred bring:brought build:built buy:bought
    cast:cast catch:caught choose:chose come:came cost:cost cut:cut deal:dealt dig:dug do:did
    draw:drew drink:drank drive:drove eat:ate fall:fell feed:fed feel:felt fight:fought find:found
    flee:fled fly:flew forbid:forbade forecast:forecast forget:forgot forgive:forgave freeze:froze
    get:got give:gave go:went grow:grew hang:hung have:had hear:heard hide:hid hit:hit hold:held
    hurt:hurt keep:kept know:knew lay:laid lead:led leave:left lend:lent let:let lie:lay lose:lost
    make:made mean:meant meet:met overcome:overcame pay:paid put:put quit:quit read:read ride:rode
    ring:rang rise:rose run:ran say:said see:saw seek:sought sell:sold send:sent set:set shake:shook
    shoot:shot show:showed shrink:shrank shut:shut sing:sang sink:sank sit:sat sleep:slept
    speak:spoke spend:spent split:split spread:spread spring:sprang stand:stood steal:stole
    stick:stuck strike:struck swear:swore swim:swam swing:swung take:took teach:taught tear:tore
    tell:told think:thought throw:threw understand:understood undergo:underwent undertake:undertook
    upset:upset wake:woke wear:wore win:won wind:wound withdraw:withdrew withstand:withstood
    write:wrote
    """.split()
)
_DOUBLED = re.compile(
    r"[^aeiou]*[aeiou][bdgklmnprt]|(?:ad|com|e|o|per|re|sub|trans)mit|(?:pre|re|con|trans|de)fer"
    r"|oc?cur|recur|incur|control|patrol|equip|regret|compel|expel|rebel|propel"
)


def past_tense(verb: str) -> str:
    """Return the past tense of a verb in its base form and in lower case."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ied"
    if _DOUBLED.fullmatch(verb):
        return verb + verb[-1] + "ed"
    return verb + "ed"
