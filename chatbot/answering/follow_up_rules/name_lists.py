"""Names that the rules for follow-up questions know: countries, months, given names.

General knowledge, not taken from any data set and from no document. ``DEMONYMS`` maps the name of
a country or continent to its adjective, so that "the Japanese minister … and Australia?" can become
"the Australian minister". Used by ``mentions`` and ``fragments``.
"""

from __future__ import annotations

_COUNTRIES = """
Afghanistan=Afghan Albania=Albanian Algeria=Algerian Angola=Angolan Argentina=Argentine
Armenia=Armenian Australia=Australian Austria=Austrian Azerbaijan=Azerbaijani
Bangladesh=Bangladeshi Belarus=Belarusian Belgium=Belgian Bolivia=Bolivian Bosnia=Bosnian
Botswana= Brazil=Brazilian Britain=British Bulgaria=Bulgarian Cambodia=Cambodian
Cameroon=Cameroonian Canada=Canadian Chad= Chile=Chilean China=Chinese Colombia=Colombian Congo=
Croatia=Croatian Cuba=Cuban Cyprus=Cypriot Czechia=Czech Denmark=Danish Ecuador=Ecuadorian
Egypt=Egyptian England=English Estonia=Estonian Ethiopia=Ethiopian Fiji= Finland=Finnish
France=French Georgia=Georgian Germany=German Ghana=Ghanaian Greece=Greek Guatemala=Guatemalan
Haiti=Haitian Honduras=Honduran Hungary=Hungarian Iceland=Icelandic India=Indian
Indonesia=Indonesian Iran=Iranian Iraq=Iraqi Ireland=Irish Israel=Israeli Italy=Italian
Jamaica=Jamaican Japan=Japanese Jordan=Jordanian Kazakhstan=Kazakh Kenya=Kenyan Kosovo=
Kuwait=Kuwaiti Laos= Latvia=Latvian Lebanon=Lebanese Libya=Libyan Liechtenstein=
Lithuania=Lithuanian Luxembourg= Madagascar= Malaysia=Malaysian Mali=Malian Malta=Maltese
Mexico=Mexican Moldova=Moldovan Mongolia=Mongolian Montenegro= Morocco=Moroccan
Mozambique=Mozambican Myanmar= Namibia=Namibian Nepal=Nepalese Netherlands=Dutch
Nicaragua=Nicaraguan Niger= Nigeria=Nigerian Norway=Norwegian Oman=Omani Pakistan=Pakistani
Palestine=Palestinian Panama=Panamanian Paraguay=Paraguayan Peru=Peruvian Philippines=Philippine
Poland=Polish Portugal=Portuguese Qatar=Qatari Romania=Romanian Russia=Russian Rwanda=Rwandan
Scotland=Scottish Senegal=Senegalese Serbia=Serbian Singapore=Singaporean Slovakia=Slovak
Slovenia=Slovenian Somalia=Somali Spain=Spanish Sudan=Sudanese Sweden=Swedish Switzerland=Swiss
Syria=Syrian Taiwan=Taiwanese Tanzania=Tanzanian Thailand=Thai Tunisia=Tunisian Turkey=Turkish
Uganda=Ugandan Ukraine=Ukrainian Uruguay=Uruguayan Uzbekistan=Uzbek Venezuela=Venezuelan
Vietnam=Vietnamese Wales=Welsh Yemen=Yemeni Zambia=Zambian Zimbabwe=Zimbabwean Africa=African
Asia=Asian Europe=European America=American Texas=Texan California=Californian Bavaria=Bavarian
"""
_LONG_COUNTRIES = {
    "south korea": "South Korean",
    "north korea": "North Korean",
    "new zealand": "New Zealand",
    "united states": "American",
    "united kingdom": "British",
    "saudi arabia": "Saudi",
    "south africa": "South African",
    "costa rica": "Costa Rican",
    "sri lanka": "Sri Lankan",
    "el salvador": "Salvadoran",
    "czech republic": "Czech",
    "ivory coast": "Ivorian",
    "south sudan": "South Sudanese",
    "the netherlands": "Dutch",
    "the philippines": "Philippine",
    "usa": "American",
    "us": "American",
    "u.s": "American",
    "uk": "British",
    "u.k": "British",
    "eu": "European",
    "uae": "Emirati",
}
DEMONYMS: dict[str, str] = {
    name.lower(): adjective
    for name, _, adjective in (pair.partition("=") for pair in _COUNTRIES.split())
} | _LONG_COUNTRIES
"""Country or continent in lower case -> its adjective, empty where there is no common one."""

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
