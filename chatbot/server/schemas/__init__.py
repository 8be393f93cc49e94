"""The JSON of the HTTP API: what may be sent, with its limits, and what comes back.

What comes back is described by the dataclasses of ``chatbot.types`` themselves, so that the schema
cannot say anything else than ``Answer.to_dict`` does.
"""
