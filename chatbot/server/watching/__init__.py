"""What is told of the server's work: metrics, a log line for each request, traces.

Nothing of this holds a question, an answer or a document above the level DEBUG, and no secret.
"""
