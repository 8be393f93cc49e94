"""Words that are put in the place of others of their kind: months, countries, people."""

from __future__ import annotations

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
COUNTRIES = (
    "Japan China India Brazil Canada France Germany Italy Spain Mexico Russia Ukraine Poland "
    "Turkey Egypt Kenya Nigeria Australia Sweden Norway Finland Greece Portugal Ireland Austria "
    "Hungary Romania Vietnam Thailand Indonesia Malaysia Singapore Pakistan Iran Iraq Israel "
    "Argentina Chile Peru Colombia England Scotland Belgium Denmark Switzerland Netherlands "
    "Morocco Cuba"
).split()
CITIES = (
    "London Paris Berlin Madrid Rome Vienna Tokyo Beijing Delhi Moscow Cairo Boston Chicago Dallas "
    "Houston Seattle Denver Toronto Sydney Melbourne Dublin Lisbon Oslo Prague Warsaw Budapest"
).split()
PEOPLE = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Taylor Moore Martin "
    "Lee Thompson White Harris Clark Lewis Walker Tanaka Suzuki Kim Park Singh Patel Ivanov Müller "
    "Rossi Silva Novak Kowalski Hansen Dubois"
).split()
DEMONYMS = (
    "Japanese Chinese Indian Brazilian Canadian French German Italian Spanish Mexican Russian "
    "Ukrainian Polish Turkish Egyptian Nigerian Australian Swedish Norwegian Greek Portuguese "
    "Irish Austrian Hungarian Vietnamese Thai Indonesian Iranian Iraqi Israeli British American "
    "English Scottish Dutch Belgian Danish Swiss African Asian European Korean Roman "
    "Jewish Christian Arab"
).split()
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
