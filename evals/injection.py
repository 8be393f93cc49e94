"""Inspect task of the suite injection: ``inspect eval evals/injection.py --model none/none``."""

from inspect_ai import Task, task

from chatbot.evaluation.inspect_tasks import suite_task


@task
def injection(model: str | None = None) -> Task:
    """Return the task; ``-T model=openai:NAME`` lets a model answer."""
    return suite_task("injection", model=model)
