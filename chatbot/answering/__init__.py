"""From a question to an Answer: follow-ups, retrieval, generation, citations, grounding.

Knows nothing of servers, pages or command lines.
"""
