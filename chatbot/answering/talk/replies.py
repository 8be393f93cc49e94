"""What the program says of itself, in English and Japanese."""

from __future__ import annotations

_REPLIES = {
    "en": {
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
    },
    "ja": {
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
    },
}


def reply(kind: str, language: str = "en") -> str:
    """Return what is said to a kind of message; a language without texts gets the English one."""
    return _REPLIES.get(language, _REPLIES["en"])[kind]
