"""Inspect task of the article copy: ``inspect eval evals/article_copy.py --model none/none``."""

from inspect_ai import Task, task

from chatbot.evaluation.inspect_tasks import suite_task


@task
def article_copy(model: str | None = None) -> Task:
    """Return the task; ``-T model=openai:NAME`` lets a model answer."""
    return suite_task("article-copy", model=model)
