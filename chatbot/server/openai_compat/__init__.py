"""``/v1``: the bot behind the protocol of OpenAI's chat completions, for clients that exist."""
