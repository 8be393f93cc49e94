"""Names of countries and continents and their adjectives: "Laos", "Laotian".

General knowledge, not taken from any data set and from no document.
"""

from __future__ import annotations

_COUNTRIES = """
Afghanistan=Afghan Albania=Albanian Algeria=Algerian Angola=Angolan Argentina=Argentine
Armenia=Armenian Australia=Australian Austria=Austrian Azerbaijan=Azerbaijani
Bangladesh=Bangladeshi Belarus=Belarusian Belgium=Belgian Bolivia=Bolivian Bosnia=Bosnian
Botswana= Brazil=Brazilian Britain=British Bulgaria=Bulgarian Cambodia=Cambodian
Cameroon=Cameroonian Canada=Canadian Chad=Chadian Chile=Chilean China=Chinese Colombia=Colombian
Congo=Congolese Croatia=Croatian Cuba=Cuban Cyprus=Cypriot Czechia=Czech Denmark=Danish
Ecuador=Ecuadorian
Egypt=Egyptian England=English Estonia=Estonian Ethiopia=Ethiopian Fiji=Fijian Finland=Finnish
France=French Georgia=Georgian Germany=German Ghana=Ghanaian Greece=Greek Guatemala=Guatemalan
Haiti=Haitian Honduras=Honduran Hungary=Hungarian Iceland=Icelandic India=Indian
Indonesia=Indonesian Iran=Iranian Iraq=Iraqi Ireland=Irish Israel=Israeli Italy=Italian
Jamaica=Jamaican Japan=Japanese Jordan=Jordanian Kazakhstan=Kazakh Kenya=Kenyan Kosovo=Kosovar
Kuwait=Kuwaiti Laos=Laotian Latvia=Latvian Lebanon=Lebanese Libya=Libyan Liechtenstein=
Lithuania=Lithuanian Luxembourg= Madagascar= Malaysia=Malaysian Mali=Malian Malta=Maltese
Mexico=Mexican Moldova=Moldovan Mongolia=Mongolian Montenegro=Montenegrin Morocco=Moroccan
Mozambique=Mozambican Myanmar= Namibia=Namibian Nepal=Nepalese Netherlands=Dutch
Nicaragua=Nicaraguan Niger=Nigerien Nigeria=Nigerian Norway=Norwegian Oman=Omani Pakistan=Pakistani
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
