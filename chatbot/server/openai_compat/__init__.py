"""``/v1``: the bot behind the protocol of OpenAI's chat completions, for clients that exist.

``messages`` understands what comes in, ``footnotes`` writes citations into a text, ``shapes`` has
what goes out, ``routes`` answers.
"""
