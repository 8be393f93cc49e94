"""Function words by which ``language`` tells languages in Latin letters apart.

General knowledge, not taken from any data set. ``ASKING`` are words that a question is made of
(question words, "is", "does", "how many"); ``PLAIN`` are other frequent short words. A word may
stand in several languages. All in lower case with their accents.
"""

from __future__ import annotations


def _table(text: str) -> dict[str, frozenset[str]]:
    lines = (line.partition(":") for line in text.strip().splitlines() if ":" in line)
    table: dict[str, frozenset[str]] = {}
    for code, _, words in lines:
        key = code.strip()
        table[key] = table.get(key, frozenset()) | frozenset(words.split())
    return table


ENGLISH = frozenset(
    """
    the of what who whom whose when where why how which does did are were and with from that has
    have had been this these those there their they it its he she his her you your my our we many
    much is be can could would should will for by if about into than then please tell me give show
    list explain describe between during after before because not or but some any all more most
    i'm what's who's it's don't doesn't isn't
    """.split()
)
"""Words of plain English, without those that another language has too ("was", "die", "in")."""

ASKING = _table(
    """
    fr: quand qui que quel quelle quels quelles combien pourquoi où quoi est-ce qu'est-ce qu'est
    fr: est sont était étaient ont peut peut-on fait faire a-t-il a-t-elle c'est y-a-t-il
    fr: quelles-sont lequel laquelle lesquels parle-moi dis-moi expliquez explique avez-vous
    fr: puis-je dois-je depuis
    de: wer wen wem wessen wann warum wieso weshalb wie wieviel wieviele welche welcher welches
    de: welchen welchem woher wohin wofür womit wodurch ist sind waren wurde wurden hat haben
    de: hatte kann können gibt heißt bedeutet erzähl erkläre nenne nennen muss darf soll wird
    de: werden was worauf worum worüber woran worin wovon wozu wobei wogegen wonach befindet
    de: befand gilt galt ging welch deren dessen liegt
    es: cuándo cuando quién quiénes quien qué cuál cuáles cuánto cuántos cuánta cuántas dónde cómo
    es: cuantos cuantas cuanto cual cuales está están son fue fueron tiene tienen hay puedo puede
    es: pueden hizo es dime explica háblame existe eran era nombre nombra acabó
    it: quando chi che cosa cos'è qual quale quali quanto quanti quanta quante perché perchè dove
    it: dov'è è sono era erano ha hanno c'è ci può possono fu furono parlami spiegami com'è viene
    pt: quando quem qual quais quanto quantos quanta quantas onde porquê porque é são foi foram
    pt: está estão tem têm há pode podem posso quê fale explique existe eram era
    nl: wie wat wanneer waar waarom hoe hoeveel welke welk waarheen waarvoor waarmee is zijn waren
    nl: heeft hebben had kan kunnen wordt worden werd werden bestaat vertel leg moet mag kwam komt
    sv: vem vad när var varför hur vilken vilket vilka är varit har hade kan finns blev heter
    sv: många vems vart berätta förklara kommer måste fick
    da: hvem hvad hvornår hvor hvorfor hvordan hvilken hvilket hvilke er var har havde kan findes
    da: blev hvis mange fortæl må skal
    nb: hvem hva når hvor hvorfor hvordan hvilken hvilket hvilke er var har hadde kan finnes ble
    nb: mange fortell må skal
    pl: kto kogo komu co czego czym kiedy gdzie dlaczego czemu jak jaki jaka jakie jakich ile ilu
    pl: czy która który które których jest są był była było były ma mają może można skąd dokąd
    pl: opowiedz wydano
    tr: kim kimin kime ne nedir neden niçin nasıl nerede nereye nereden hangi hangisi kaç mı mi mu
    tr: mü mıdır midir mudur müdür kimdir nelerdir var vardır yok oldu olan anlat olarak zaman
    tr: kadar neydi kimdi neye neyi neyin neler nelere kimler kimleri kaçı kaçta hangileri nasıldı
    tr: neresi neresidir kimi kimlerdir nelerdi
    id: siapa siapakah apa apakah kapan dimana mana mengapa kenapa bagaimana berapa berapakah
    id: adalah bisa ada dapat apa-apa jelaskan ceritakan
    vi: ai gì nào sao đâu khi bao nhiêu thế là có được tại vì mấy không hãy kể lần lâu xa
    cs: kdo koho co čeho kdy kde proč jak jaký jaká jaké kolik který která které je jsou byl byla
    cs: bylo má mají může odkud kam čí
    ro: cine ce când unde cum câți câte cât câtă care sunt este era au are poate avea fost există
    ro: spune numiți cui cărui cărei căror ale
    hu: ki kik mi mit mikor hol miért hogyan hány mennyi melyik milyen van vannak volt voltak
    hu: lehet hova honnan kit kinek
    fi: kuka ketkä kenen mikä mitä mitkä milloin missä miksi miten kuinka monta paljon onko on
    fi: ovat oli olivat mihin mistä minkä kumpi voiko voi millainen
    """
)

PLAIN = _table(
    """
    fr: le la les un une des du de en dans sur pour par avec et ou ce cette ces il elle ils elles
    fr: on ne pas plus au aux d'un d'une se sa son ses leur nous vous je mon ma mes été entre
    fr: comme
    de: der die das den dem des ein eine einer eines einem einen und oder in im am an auf aus bei
    de: mit nach von vom zu zum zur für über unter zwischen nicht ich sie er es wir ihr mir mich
    de: sich durch dass auch nur noch als bis seit gegen ohne um viel viele
    es: el la los las un una unos unas de del en a al por para con y o se su sus lo no me te le
    es: más entre sobre desde hasta sin mi tu este esta estos según como ya
    it: il lo la i gli le un uno una di del dello della dei degli delle in nel nella nei a al alla
    it: ai da dal dalla per con su sul sulla e o si non mi ti ne più fra tra questo questa stato
    it: stata
    pt: o a os as um uma de do da dos das em no na nos nas por para com e ou se seu sua não me
    pt: mais entre sobre desde até sem este esta foi ao à pelo pela
    nl: de het een van in op aan met voor door bij naar uit over en of te niet er dat deze dit die
    nl: zich als om tot tussen mijn ik je hij ze ook nog veel
    sv: den det en ett och eller i på av för med till från om som inte jag du han hon de dem vi
    sv: att under mellan efter mot hos utan sig sin
    da: den det en et og eller i på af for med til fra om som ikke jeg du han hun de dem vi at
    da: under mellem efter mod hos uden sig sin
    nb: den det en et og eller i på av for med til fra om som ikke jeg du han hun de dem vi at
    nb: under mellom etter mot hos uten seg sin
    pl: w we z ze na do od po dla przez o u i a lub nie się to ten ta te tego tej tym przy nad pod
    pl: między za jego jej ich oraz że
    tr: bir ve ile için bu şu o da de en çok daha gibi sonra önce ama veya ya göre tarafından
    id: di ke dari yang dan atau untuk dengan pada dalam ini itu oleh tidak saya kami anda mereka
    id: antara tentang sebagai akan telah sudah para
    vi: của và cho với trong những các một này đó từ đến người nước năm ở bị về đã sẽ ra như
    cs: v ve z ze na do od po pro při o u i a nebo ne se si to ten ta tento mezi za nad pod jeho
    cs: její
    ro: în la de din pe cu pentru prin și sau nu un o unui unei al ale a se mai lui între după
    hu: a az egy és vagy nem hogy ez ezt azt is ban ben meg el között után előtt
    fi: ja tai ei se tämä joka että kun ovat sen niin myös kanssa jälkeen ennen välillä
    """
)

SHARED = frozenset(
    """
    são a an in on is as at to do no so so me he her him or per was war die des den am um man over
    under van had hat come dove chi che como qui on pour sur hoe wat vi i o e u y co jak do de la
    has le el les los las da di al ai ben ten ki mit son una del en et il es
    """.split()
)
"""Words of those lists that English sentences, names and titles have too: they prove nothing."""

LETTERS = {
    letter: code
    for code, letters in {
        "de": "ß", "es": "ñ", "pt": "ãõ", "fr": "œ", "pl": "łąężść", "tr": "ğış", "cs": "řěů",
        "ro": "țșă", "hu": "őű", "vi": "ơưđ",
    }.items()
    for letter in letters
}  # fmt: skip
"""Letters that one of these languages has and the others hardly."""
