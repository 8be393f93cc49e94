"""Inspect task of the suite followup: ``inspect eval evals/followup.py --model none/none``."""

from inspect_ai import Task, task

from chatbot.evaluation.inspect_tasks import suite_task


@task
def followup(model: str | None = None) -> Task:
    """Return the task; ``-T model=openai:NAME`` lets a model answer."""
    return suite_task("followup", model=model)
