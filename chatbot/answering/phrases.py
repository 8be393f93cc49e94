"""What the program says in words of its own, in English and Japanese.

Knows neither store nor model.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.types import Anchor, AnchorKind

_LONGEST = 160  # characters of a question that are repeated
_PHRASES = {
    "en": {
        "refusal": "The documents do not answer: “{}”",
        "missing": " The documents do not mention {}.",
        "comma": ", ",
        "nothing more": "The documents say nothing more about it.",
        "unread": "The built-in models read English only; please ask the question in English.",
        "differ": "The documents differ:",
        "depends": "It depends on which one is meant:",
        "which": "Which one do you mean?",
        "greeting": "Hello! Ask me about the documents; I answer with sentences from them.",
        "thanks": "You are welcome. Ask on whenever you like.",
        "goodbye": "Goodbye! The conversation is kept here.",
        "self": "I am a program that answers questions from the documents here. Each sentence I "
        "say points to the sentence it rests on; what the documents do not say, I do not say.",
        "help": "I answer questions from the documents here, sum them up, list them, and say which "
        "of them mention something. Click a number to see the sentence it stands for.",
        "insult": "I am sorry that I was of no help. Put the question in other words, or look at "
        "the passages I read.",
        "chat": "I only talk about the documents here. Ask me something that they may say.",
        "empty": "The documents here are none yet. Add one, and ask me about it.",
        "overview": "In short, in the documents’ own sentences:",
        "overview one": "“{}” in short, in its own sentences:",
        "nothing": "There is nothing to sum up: the documents have no text.",
        "left": "… and {} more documents.",
        "count": "There are {} documents:",
        "count 1": "There is 1 document:",
        "none": "There is no such document.",
        "added on": "added on {}",
        "added": "{title} was added on {value}.",
        "more": "… and {} more.",
        "told": "{title}: {value}.",
        "untold": "{title} does not say.",
        "newest": "newest",
        "oldest": "oldest",
        "by age": "The {word} is {title}, of {day}.",
        "undated": "No document bears a date; the {word} to be added is {title}.",
        "pages": "{title} has {} pages with text.",
        "pages 1": "{title} has 1 page with text.",
        "no pages": "{title} has no pages.",
        "no mention": "No document mentions “{topic}”.",
        "mention": "{} documents mention “{topic}”:",
        "mention 1": "1 document mentions “{topic}”:",
        "page": ", page {}",
        "sentences": "{} sentences",
        "sentences 1": "1 sentence",
    },
    "ja": {
        "refusal": "文書の中にこの質問への答えは見つかりませんでした：「{}」",
        "missing": "文書に{}は出てきません。",
        "comma": "、",
        "nothing more": "文書にはこれ以上のことは書かれていません。",
        "unread": "内蔵モデルは英語しか読めません。英語で質問してください。",
        "differ": "文書によって異なります：",
        "depends": "どれを指すかで変わります：",
        "which": "どれのことですか？",
        "greeting": "こんにちは。文書について質問してください。文書の文を引用して答えます。",
        "thanks": "どういたしまして。いつでも続けて質問してください。",
        "goodbye": "ありがとうございました。会話はここに残ります。",
        "self": "ここにある文書から質問に答えるプログラムです。どの文にも出典の文が付き、"
        "文書に書かれていないことは答えません。",
        "help": "文書についての質問に答え、要約し、一覧を示し、"
        "どの文書に何が書かれているかを探します。"
        "番号を押すと、もとの文が見られます。",
        "insult": "お役に立てず申し訳ありません。別の言い方で質問してみてください。",
        "chat": "ここにある文書についてだけお話しできます。文書について質問してください。",
        "empty": "まだ文書がありません。追加してから質問してください。",
        "overview": "文書の文をそのまま引いた要点です：",
        "overview one": "「{}」の要点を、その文のまま引きます：",
        "nothing": "要約する文がありません。",
        "left": "…ほかに文書が{}件あります。",
        "count": "文書は{}件あります：",
        "count 1": "文書は1件あります：",
        "none": "そのような文書はありません。",
        "added on": "{}に追加",
        "added": "{title}は{value}に追加されました。",
        "more": "…ほか{}件。",
        "told": "{title}：{value}",
        "untold": "{title}には書かれていません。",
        "newest": "新しい",
        "oldest": "古い",
        "by age": "一番{word}文書は{title}（{day}）です。",
        "undated": "日付のある文書はありません。追加が一番{word}のは{title}です。",
        "pages": "{title}は{}ページです。",
        "pages 1": "{title}は1ページです。",
        "no pages": "{title}にはページがありません。",
        "no mention": "「{topic}」に触れている文書はありません。",
        "mention": "「{topic}」に触れている文書は{}件あります：",
        "mention 1": "「{topic}」に触れている文書は1件あります：",
        "page": "、{}ページ",
        "sentences": "{}文",
        "sentences 1": "1文",
    },
}


def phrase(name: str, language: str = "en", *values: object, **named: object) -> str:
    """Return what is said, with its values; a language without texts gets the English one."""
    return _PHRASES.get(language, _PHRASES["en"])[name].format(*values, **named)


def refusal(question: str, *, missing: Sequence[Anchor] = (), language: str = "en") -> str:
    """Return the refusal of a question, with what it names and the documents lack."""
    plain = " ".join(question.replace("[", "(").replace("]", ")").split())
    if len(plain) > _LONGEST:
        plain = plain[: _LONGEST - 1].rstrip() + "…"
    told = [one.text for one in missing if one.kind is not AnchorKind.NUMBER]
    lacks = phrase("missing", language, phrase("comma", language).join(told)) if told else ""
    return phrase("refusal", language, plain) + lacks
