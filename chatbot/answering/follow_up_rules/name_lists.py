"""Names that the rules for follow-up questions know: countries, months, given names.

General knowledge, not taken from any data set and from no document. Used by ``mentions`` and
``fragments``.
"""

from __future__ import annotations

from chatbot.models.demonyms import DEMONYMS

COUNTRIES = frozenset(DEMONYMS)
ADJECTIVES = frozenset(adjective.lower() for adjective in DEMONYMS.values() if adjective)

PLACES = COUNTRIES | frozenset(
    """
    alabama alaska arizona colorado florida hawaii illinois massachusetts michigan minnesota
    nevada ohio oregon pennsylvania utah virginia wisconsin queensland ontario quebec alberta
    london paris berlin rome madrid lisbon vienna prague budapest warsaw brussels amsterdam oslo
    stockholm copenhagen helsinki dublin athens istanbul ankara moscow kyiv kiev beijing shanghai
    tokyo osaka kyoto seoul delhi mumbai bangkok hanoi manila jakarta sydney melbourne canberra
    toronto vancouver montreal ottawa chicago boston seattle dallas houston miami detroit denver
    cairo lagos nairobi johannesburg munich hamburg frankfurt cologne zurich geneva milan naples
    venice barcelona manchester liverpool edinburgh glasgow beirut jerusalem baghdad tehran kabul
    antarctica oceania scandinavia siberia crimea catalonia kashmir tibet hong kong earth mars
    """.split()
)

MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
WEEKDAYS = frozenset(
    day + end
    for day in "monday tuesday wednesday thursday friday saturday sunday".split()
    for end in ("", "s")
)

FEMALE_NAMES = frozenset(
    """
    ada agatha agnes alice alicia amanda amelia amy andrea angela anita ann anna anne annie
    audrey barbara beatrice betty beth camilla carla carol caroline catherine charlotte chloe
    christina christine clara claire claudia cleopatra diana dorothy edith elena eleanor elisabeth
    elizabeth ella ellen emily emma emmeline erika esther eva eve fatima florence frances frida
    georgia gertrude giorgia grace greta hannah heather hedy helen helena hillary ida indira irene
    isabel isabella jane janet jennifer jessica joan joanna jodie julia juliet kamala karen kate
    katherine kathleen laura leah lily linda lisa louise lucy lydia margaret maria marie martha
    mary maya melania meghan melissa michelle monica nancy naomi natalie nicole nina olivia oprah
    pamela patricia paula penelope rachel rebecca rosa rosalind rose ruth sally samantha sandra
    sanna sara sarah serena sheila simone sofia sonia sophia sophie stephanie susan sylvia teresa
    theresa ursula valerie vera victoria virginia wendy whitney yoko zoe
    """.split()
)
MALE_NAMES = frozenset(
    """
    aaron abraham adam adolf akira alan albert alexander alfred ali andrew andy anthony antonio
    archimedes aristotle arnold arthur barack ben benjamin bernard bill bob boris brad brian bruce
    carl carlos charles charlie chris christian christopher claude clint daniel dante david denis
    dennis dick dmitry donald douglas dwight edgar edward edwin elon elvis emmanuel eric ernest
    erwin eugene felix ferdinand francis francisco frank franklin franz fred frederick friedrich
    galileo gary gen george gerald gordon graham greg gustav hans harold harry heinrich henry
    herbert herman homer hugh hugo ian igor isaac ivan jack jacob james jan jason jean jeff jeffrey
    jens jeremy jerry jesus jim jimmy joe joel john johann johannes johnny jonathan jorge jose
    joseph joshua juan julius justin karl keith ken kenneth kevin konrad kurt larry lars lee
    leonardo leonhard leo lewis linus lionel louis luca lucas ludwig luke mahatma malcolm marcel
    marcus mario mark martin matthew max michael michelangelo miguel mike mikhail mohammed moses
    muhammad napoleon narendra neil nelson niccolo nicholas nick niels nikola nikolai noah norman
    oliver olaf oscar otto pablo patrick paul pedro peter philip pierre plato ralph ray recep
    richard robert robin roger roland ronald rudolf rudy rustem ryan salvador sam samuel satoshi
    sean sebastian sergei shigeru shinzo sigmund simon socrates stalin stephen steve steven
    stuart ted theodore thomas tim timothy todd tom tony vincent vladimir volodymyr voltaire walter
    warren werner will wilhelm william winston wolfgang xavier yuri
    """.split()
)
GIVEN_NAMES = FEMALE_NAMES | MALE_NAMES

MALE_TITLES = frozenset("mr sir king prince pope lord emperor".split())
FEMALE_TITLES = frozenset("mrs ms miss queen princess lady empress dame".split())
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | frozenset(
        "dr doctor prof professor president minister chancellor general gen gov governor sen "
        "senator rep judge justice captain colonel admiral saint secretary mayor rabbi".split()
    )
)
