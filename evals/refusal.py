"""Inspect task of the suite refusal: ``inspect eval evals/refusal.py --model none/none``."""

from inspect_ai import Task, task

from chatbot.evaluation.inspect_tasks import suite_task


@task
def refusal(model: str | None = None) -> Task:
    """Return the task; ``-T model=openai:NAME`` lets a model answer."""
    return suite_task("refusal", model=model)
