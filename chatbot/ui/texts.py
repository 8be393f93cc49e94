"""Every word of the page, in one file. Knows nothing else; Python and the script both read it.

A text with ``{name}`` is filled in with ``str.format``; a ``_one``/``_many`` pair is chosen by
``counted``.
"""

from __future__ import annotations

TEXTS: dict[str, str] = {
    # page
    "title": "Ask your documents",
    "new_conversation": "New conversation",
    "documents": "Documents",
    "conversation": "Conversation",
    "skip": "Skip to the question",
    "close": "Close",
    # mode
    "mode_extractive": "Extractive",
    "mode_extractive_title": "Answers by quoting",
    "mode_extractive_body": (
        "No model is set, so every answer is made of sentences taken word for word from your "
        "documents. Nothing leaves this machine."
    ),
    "mode_extractive_hint": "To let a model write the answers, start the program with:",
    "mode_extractive_code": "CHATBOT_MODEL=openai:gpt-5-mini OPENAI_API_KEY=… chatbot serve",
    "mode_model_title": "Answers by {model}",
    "mode_model_body": (
        "Your question and the passages found for it are sent to this model. Each sentence of its "
        "answer is then checked here against your documents."
    ),
    # asking
    "welcome_title": "What would you like to know?",
    "welcome_body": (
        "Every sentence of an answer points to the sentence it rests on. Click a number to see it "
        "in the document."
    ),
    "welcome_empty": "There is no document yet. Add one to ask about it.",
    "ask_label": "Your question",
    "ask_placeholder": "Ask about your documents",
    "ask": "Ask",
    "stop": "Stop",
    "ask_empty": "Type a question first.",
    "ask_untaken": "The server did not take the question. Try again in a moment.",
    "lost": "The server does not answer. Is the program still running?",
    "ask_hint": "Enter asks, Shift+Enter makes a new line.",
    # an answer
    "state_waiting": "Reading the documents",
    "state_streaming": "Answering",
    "state_stopped": "Stopped. What stands above is unfinished and was not checked to its end.",
    "state_stopped_empty": "Stopped before there was an answer.",
    "said_done": "The answer: {text} {summary}",
    "searched": "Searched for: {query}",
    "restarted": "What had been written so far was withdrawn: {reason}",
    "refusal_title": "Not in the documents",
    "closest": "Closest passages",
    "closest_note": "They were read, but they do not answer the question.",
    "closest_label": "Closest passage in {title}: {text}",
    "marker_label": "source {marker}: {text}",
    "marker_unknown": "marker {marker} points to no sentence that was read",
    "marker_found": "source {marker}, found by the check: {text}",
    "page": "page {page}",
    # verdicts, in words
    "verdict_quoted": "Quoted: word for word from the document",
    "verdict_supported": "Supported: the cited sentence says this",
    "verdict_partly": "Supported in part: the documents say only some of this",
    "verdict_unsupported": "Not supported: no sentence of the documents was found that says this",
    "verdict_unknown_marker": "it also cites {markers}, which points to nothing",
    "summary_quoted_one": "Quoted from 1 sentence",
    "summary_quoted_many": "Quoted from {count} sentences",
    "summary_supported": "{count} of {total} statements supported",
    "summary_supported_single": "The statement is supported by the documents",
    "summary_partly_one": "1 only in part",
    "summary_partly_many": "{count} only in part",
    "summary_unsupported_one": "1 statement is not supported by the documents",
    "summary_unsupported_many": "{count} statements are not supported by the documents",
    # documents
    "sentences_one": "1 sentence",
    "sentences_many": "{count} sentences",
    "add_title": "Add a document",
    "add_file": "Choose a file",
    "add_drop": "or drop it here",
    "add_kinds": "txt, md, html, pdf or docx, up to 10 MB",
    "add_text": "Paste text",
    "add_text_title": "Title",
    "add_text_body": "Text",
    "add_text_untitled": "Pasted text",
    "add_submit": "Add",
    "adding": "Adding {name} …",
    "cancel": "Cancel",
    "remove": "Remove",
    "remove_label": "Remove {title}",
    "remove_question": "Remove this document? It is no longer used for any answer.",
    "keep": "Keep",
    "read_label": "Read {title}",
    "added": "Added: {title}",
    "unchanged": "{title} is already there, unchanged.",
    "removed": "Removed: {title}",
    "upload_too_large": "{name} is larger than 10 MB, the most that can be added.",
    "upload_failed": "{name} could not be sent to the server.",
    "upload_gone": "The file did not arrive; choose it again.",
    "text_empty": "Paste some text first.",
    # the source
    "source": "Source",
    "source_empty": "Add a document to read it here.",
    "source_loading": "Opening …",
    "source_cited_label": "cited as {markers}",
    "source_removed": "This document was removed. The answer quoted:",
    "back": "Back to the answer",
}


def text(key: str, **values: object) -> str:
    """Return one text, filled in.

    Raises:
        KeyError: if there is no such text, or a value for it is missing.
    """
    return TEXTS[key].format(**values)


def counted(key: str, count: int) -> str:
    """Return ``key_one`` or ``key_many``, filled in with ``count``."""
    return text(f"{key}_one" if count == 1 else f"{key}_many", count=count)
