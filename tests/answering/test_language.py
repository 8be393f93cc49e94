"""Which language a question is in, and the sentences said in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering.language import Language, detect_language, notice_for, refusal_in
from chatbot.answering.language import detect as module
from chatbot.answering.language.messages import NOTICES, REFUSALS

FOREIGN = {
    "ja": [
        "日本はウクライナに何台の車両を送りましたか?",
        "NATOの事務総長は誰ですか",
        "会議はいつ開かれましたか?",
        "返品できますか",
    ],
    "zh": ["日本向乌克兰提供了多少辆车?", "北约秘书长是谁?", "会议在哪里举行?", "iPhone 15多少钱"],
    "ko": [
        "일본은 우크라이나에 차량을 몇 대 보냈습니까?",
        "회의는 언제 열렸나요?",
        "누가 참석했습니까",
    ],
    "fr": [
        "Combien de véhicules le Japon a-t-il envoyés à l'Ukraine ?",
        "Qui est le secrétaire général de l'OTAN ?",
        "Quand la réunion a-t-elle eu lieu ?",
        "Parle-moi de la guerre en Ukraine",
        "Est-ce que le magasin est ouvert le dimanche ?",
    ],
    "de": [
        "Wie viele Fahrzeuge hat Japan in die Ukraine geschickt?",
        "Wer ist der Generalsekretär der NATO?",
        "Wann fand das Treffen statt?",
        "Was bedeutet das für den Frieden in Europa?",
        "Erzähl mir etwas über die Ukraine",
        "Worauf einigten sich die Minister?",
    ],
    "es": [
        "¿Cuántos vehículos envió Japón a Ucrania?",
        "¿Quién es el secretario general de la OTAN?",
        "Dónde se celebró la reunión",
        "háblame de la guerra en Ucrania",
        "¿Cuándo?",
    ],
    "it": [
        "Quanti veicoli ha inviato il Giappone in Ucraina?",
        "Chi è il segretario generale della NATO?",
        "Dove si è svolta la riunione?",
        "Parlami della guerra in Ucraina",
    ],
    "pt": [
        "Quantos veículos o Japão enviou para a Ucrânia?",
        "Quem é o secretário-geral da OTAN?",
        "Onde foi realizada a reunião?",
        "Qual é a política de devolução?",
    ],
    "nl": [
        "Hoeveel voertuigen heeft Japan naar Oekraïne gestuurd?",
        "Wie is de secretaris-generaal van de NAVO?",
        "Wanneer vond de bijeenkomst plaats?",
        "Wat kost het abonnement per maand?",
    ],
    "ru": [
        "Сколько машин Япония отправила Украине?",
        "Кто генеральный секретарь НАТО?",
        "Когда состоялась встреча?",
    ],
    "uk": [
        "Скільки автомобілів Японія надіслала Україні?",
        "Хто є генеральним секретарем НАТО і коли відбулася зустріч?",
        "Де відбулася зустріч міністрів?",
    ],
    "pl": [
        "Ile pojazdów Japonia wysłała na Ukrainę?",
        "Kto jest sekretarzem generalnym NATO?",
        "Kiedy odbyło się spotkanie?",
        "Gdzie można zwrócić buty?",
    ],
    "tr": [
        "Japonya Ukrayna'ya kaç araç gönderdi?",
        "NATO genel sekreteri kimdir?",
        "Toplantı ne zaman yapıldı?",
        "Bu sözleşme için bildirim süresi ne kadar?",
    ],
    "ar": ["كم عدد المركبات التي أرسلتها اليابان إلى أوكرانيا؟", "من هو الأمين العام لحلف الناتو؟"],
    "he": ["כמה כלי רכב שלחה יפן לאוקראינה?", "מי מזכ״ל נאט״ו?"],
    "hi": ["जापान ने यूक्रेन को कितने वाहन भेजे?", "नाटो के महासचिव कौन हैं?"],
    "vi": [
        "Nhật Bản đã gửi bao nhiêu xe cho Ukraine?",
        "Tổng thư ký NATO là ai?",
        "Cuộc họp diễn ra khi nào?",
    ],
    "id": [
        "Berapa banyak kendaraan yang dikirim Jepang ke Ukraina?",
        "Siapa sekretaris jenderal NATO?",
        "Kapan pertemuan itu diadakan?",
        "Apa saja syarat untuk mengembalikan barang?",
    ],
    "sv": [
        "Hur många fordon skickade Japan till Ukraina?",
        "Vem är Natos generalsekreterare?",
        "När ägde mötet rum?",
        "Vad kostar det att säga upp avtalet?",
    ],
    "el": ["Πόσα οχήματα έστειλε η Ιαπωνία στην Ουκρανία;"],
    "fa": ["ژاپن چند خودرو به اوکراین فرستاد؟"],
    "th": ["ญี่ปุ่นส่งรถกี่คันไปยูเครน"],
    "cs": ["Kolik vozidel poslalo Japonsko na Ukrajinu?"],
    "ro": ["Câte vehicule a trimis Japonia în Ucraina?"],
    "hu": ["Hány járművet küldött Japán Ukrajnának, és mikor?"],
    "fi": ["Kuinka monta ajoneuvoa Japani on lähettänyt Ukrainaan?"],
    "bg": ["Къде се състоя срещата и кой беше там, въпреки дъжда?"],
}
QUESTIONS = [(code, text) for code, texts in FOREIGN.items() for text in texts]

ENGLISH = [
    "How many vehicles did Japan send to Ukraine?",
    "Who wrote Les Misérables?",
    "When did Otto von Bismarck die?",
    "How are ergänzungsschulen funded?",
    "Was Japan in NATO?",
    "What does 'Wie geht es dir' mean?",
    'Who said "Ich bin ein Berliner"?',
    "What does 日本 mean?",
    "Who is Володимир Зеленський and where does he live?",
    "japan ukraine trucks 2023",
    "Volkswagen Golf GTI",
    "tour de france winners",
    "São Paulo population",
    "machu picchu altitude",
    "jakarta hotel prices",
    "la casa de papel cast",
    "real madrid stadium capacity",
    "die hard 2 plot",
    "Rio de Janeiro olympics",
    "Ludwig van Beethoven symphonies",
    "Leonardo da Vinci inventions",
    "de facto vs de jure",
    "déjà vu explanation",
    "Côte d'Ivoire capital",
    "Der Spiegel circulation",
    "error 404",
    "ＷＨＯ ＩＳ ＨＥ",
    "πr²",
    "why",
    "?",
    "",
]


@pytest.mark.parametrize(("code", "question"), QUESTIONS, ids=[text for _, text in QUESTIONS])
def test_a_question_in_another_language_is_recognised(code: str, question: str) -> None:
    assert detect_language(question) == Language(code=code, confident=True)


@pytest.mark.parametrize("question", ENGLISH)
def test_an_english_question_stays_english_whatever_names_are_in_it(question: str) -> None:
    assert detect_language(question).code == "en"
    assert notice_for(detect_language(question)) is None
    assert refusal_in(detect_language(question)) is None


def test_a_plain_english_question_never_loads_the_statistical_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never() -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(module, "_identifier", never)

    for question in ENGLISH:
        if question not in {"Der Spiegel circulation", "la casa de papel cast"}:
            detect_language(question)


def test_every_language_has_both_sentences_and_no_two_share_one() -> None:
    assert NOTICES.keys() == REFUSALS.keys()
    assert len({*NOTICES.values(), *REFUSALS.values()}) == len(NOTICES) + len(REFUSALS)
    wanted = "ja zh ko fr de es it pt nl ru uk pl tr ar he hi vi id sv".split()
    assert not set(wanted) - NOTICES.keys()


@pytest.mark.parametrize("code", sorted(NOTICES))
def test_no_sentence_is_taken_for_another_foreign_language(code: str) -> None:
    near = {code, "en", "da" if code == "nb" else code}
    assert detect_language(NOTICES[code]).code in near
    assert detect_language(REFUSALS[code]).code in near


def test_a_script_without_a_sentence_gets_the_english_notice() -> None:
    georgian = detect_language("რამდენი მანქანა გაგზავნა იაპონიამ?")

    assert georgian == Language(code="und", confident=False)
    assert notice_for(georgian) == (
        "The built-in models read English only; please ask the question in English."
    )
    assert refusal_in(georgian) is None


@given(st.text(max_size=300))
def test_any_text_has_a_language(text: str) -> None:
    assert detect_language(text).code
