"""``chatbot eval``: runs suites, and reports, compares and accepts their runs.

``chatbot eval SUITE…`` is ``chatbot eval run SUITE…``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from chatbot.cli import evaluation_output as output
from chatbot.cli.bench import bench
from chatbot.cli.terminal import clean, complain, console, counted_progress
from chatbot.errors import SettingsError, SuiteError
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.evaluation.claim_judge import ClaimJudge
    from chatbot.evaluation.runs import RunOptions
    from chatbot.evaluation.saved_run import Run
    from chatbot.evaluation.suites import Suite


class _RunIsImplied(TyperGroup):
    """A group whose first word may be a suite: the command is ``run`` then."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunIsImplied,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure answers on suites of cases. `chatbot eval SUITE` runs one.",
)

app.command()(bench)

_Json = Annotated[Path | None, typer.Option("--json", help="Write the run to this file.")]


@app.command()
def run(
    suites: Annotated[
        list[str],
        typer.Argument(
            help="Names of suites, folders or files of cases; 'all' is every bundled suite."
        ),
    ],
    *,
    model: output.Model = None,
    judge: Annotated[str | None, typer.Option(help="Let this model judge every claim too.")] = None,
    price: Annotated[str | None, typer.Option(help="Dollars for a million tokens: IN,OUT.")] = None,
    gate: Annotated[
        list[str] | None,
        typer.Option(help="One more bound, for example 'right>=0.8' (repeatable)."),
    ] = None,
    workers: output.Workers = None,
    resume: Annotated[bool, typer.Option(help="Continue the interrupted run.")] = False,
    verbose: Annotated[bool, typer.Option(help="List every case, not only wrong ones.")] = False,
    json_path: _Json = None,
    junit: output.Junit = None,
    markdown: output.Markdown = None,
    html: output.Html = None,
) -> int:
    """Ask the questions of suites, print the measures, exit 1 if a gate fails."""
    from chatbot.evaluation.compare import parse_gate
    from chatbot.evaluation.report import check_run
    from chatbot.evaluation.runs import RunOptions
    from chatbot.evaluation.suites import bundled_suites, load_suite

    settings = Settings(model=model) if model else Settings()
    names = bundled_suites() if suites == ["all"] else suites
    gates = dict(parse_gate(text) for text in gate or ())
    loaded = [load_suite(name) for name in names]
    options = RunOptions(price=_price(price), workers=workers)
    reports = []
    with _judging(judge, settings) as opinions:
        for suite in loaded:
            done = _run(suite, settings, replace(options, judge=opinions), resume=resume)
            report = check_run(done, suite, gates)
            output.print_run(report, verbose=verbose)
            reports.append(report)
            if not done.complete:
                complain(f"Interrupted; `chatbot eval {suite.name} --resume` goes on.")
                return 130
    output.write_reports(reports, json_path=json_path, junit=junit, markdown=markdown, html=html)
    return 1 if any(report.failures for report in reports) else 0


@app.command()
def report(
    runs: Annotated[
        list[str] | None,
        typer.Argument(help="Files of runs, or suites for their newest run (default: all suites)."),
    ] = None,
    *,
    against: Annotated[
        str | None, typer.Option(help="A run to compare with: a file, SUITE or SUITE@baseline.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="The page to write.")] = None,
    junit: output.Junit = None,
    markdown: output.Markdown = None,
) -> None:
    """Write a report of saved runs: one HTML page, Markdown or JUnit XML."""
    from chatbot.evaluation.report import Report, check_run
    from chatbot.evaluation.run_files import find_run, suites_with_runs
    from chatbot.evaluation.suites import bundled_suites, load_suite

    settings = Settings()
    names = runs or suites_with_runs(settings)
    if not names:
        raise SuiteError("There is no saved run yet. `chatbot eval article` makes one.")
    found = [find_run(name, settings) for name in names]
    if against:
        before, stem = find_run(against, settings), Path(against).stem
        reports = [Report(item, before=before, before_name=stem) for item in found]
    else:
        bundled, of = bundled_suites(), [item.head.suite for item in found]
        suites = [load_suite(name) if name in bundled else None for name in of]
        reports = list(map(check_run, found, suites))
    if not (html or junit or markdown):
        html = Path("report.html")
    output.write_reports(reports, junit=junit, markdown=markdown, html=html)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="A file of a run, SUITE or SUITE@baseline.")],
    new: Annotated[str, typer.Argument(help="The run to compare with it, named the same way.")],
) -> int:
    """Compare two runs case by case, with exact tests; exit 1 if something got clearly worse."""
    from chatbot.evaluation.compare import compare as compare_runs
    from chatbot.evaluation.compare import regressions
    from chatbot.evaluation.report.contents import change_lines, differences_table
    from chatbot.evaluation.run_files import find_run

    settings = Settings()
    found = compare_runs(find_run(old, settings), find_run(new, settings))
    said = (
        f"{found.pairs} cases are in both runs, {found.only_old} only in the old one, "
        f"{found.only_new} only in the new one."
    )
    table = differences_table(found.differences, "old", "new")
    output.show(Text(said), table, *change_lines((*found.worse, *found.better)))
    failures = regressions(found)
    for failure in failures:
        complain(failure)
    return 1 if failures else 0


@app.command()
def accept(
    suites: Annotated[
        list[str] | None,
        typer.Argument(help="Suites (default: every bundled one with a saved run)."),
    ] = None,
    *,
    run_path: Annotated[
        Path | None, typer.Option("--run", help="This run instead of the suite's newest.")
    ] = None,
) -> None:
    """Make the newest run of a suite the baseline that later runs are compared with."""
    from chatbot.evaluation.run_files import accept as accept_run
    from chatbot.evaluation.run_files import find_run, is_of_today, suites_with_runs
    from chatbot.evaluation.suites import bundled_suites, load_suite

    settings = Settings()
    if run_path is not None and len(suites or ()) != 1:
        raise SuiteError("With --run, name exactly one suite.")
    names = suites or [name for name in suites_with_runs(settings) if name in bundled_suites()]
    if not names:
        raise SuiteError("There is no saved run to accept. `chatbot eval article` makes one.")
    for name in names:
        suite = load_suite(name)
        accepted = find_run(str(run_path) if run_path else name, settings)
        if not is_of_today(accepted, suite):
            raise SuiteError(
                f"The cases of {suite.name} have changed since that run. "
                f"Run `chatbot eval {name}` first."
            )
        console().print(f"{suite.name}: {clean(str(accept_run(accepted, suite)))}")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Where the suite is written.")],
    *,
    model: Annotated[
        str | None, typer.Option(help="Let this model write the questions (default: rules).")
    ] = None,
    count: Annotated[int, typer.Option(min=0, max=1000, help="The most drafts to write.")] = 20,
) -> None:
    """Draft a suite from your documents, and from answers that got a thumbs-down in the page."""
    from chatbot.bot import Chatbot, PromptedModel
    from chatbot.evaluation.drafts import by_model, by_rule, write_suite

    settings = Settings(model=model) if model else Settings()
    with ExitStack() as stack:
        bot = stack.enter_context(Chatbot.from_settings(settings, read_only=True))
        asked = stack.enter_context(PromptedModel(settings, "draft")) if settings.model else None
        draft = by_model(asked) if asked else by_rule
        made = write_suite(bot, folder, draft=draft, count=count)
    where = clean(str(folder))
    console().print(
        f"{where}: {made.drafts} drafts from {made.documents} documents and {made.feedback} from "
        f"thumbs-down. Read them, remove 'draft: true' from those you accept, then run "
        f"`chatbot eval {where}`."
    )


@app.command("list")
def list_suites() -> None:
    """List the bundled suites."""
    from chatbot.evaluation.suites import bundled_suites, load_suite

    for name in bundled_suites():
        suite = load_suite(name)
        console().print(f"{name}: {len(suite.accepted)} cases. {suite.description}")


def _run(suite: Suite, settings: Settings, options: RunOptions, *, resume: bool) -> Run:
    """Run a suite with a progress bar, kept on disk as it goes."""
    from chatbot.evaluation.run_files import keep, unfinished
    from chatbot.evaluation.runs import run_suite

    if not suite.accepted:
        drafts = len(suite.cases)
        hint = f" Its {drafts} cases are drafts. Remove 'draft: true' from those that you accept."
        raise SuiteError(f"Suite {suite.name} has no accepted case.{hint if drafts else ''}")
    before = unfinished(suite.name, settings) if resume else None
    if resume and before is None:
        complain(f"No run of {suite.name} was interrupted, so it starts from the first case.")

    keep_so_far = partial(keep, settings=settings)
    with counted_progress(suite.name) as step:
        full = replace(options, resume=before, progress=step, keep=keep_so_far)
        done = run_suite(suite, settings, full)
    keep(done, settings)
    return done


def _price(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        dollars_in, dollars_out = (float(part) for part in text.split(","))
    except ValueError as error:
        raise SettingsError(f"--price is {text!r}; write IN,OUT, for example 0.25,2.") from error
    return dollars_in, dollars_out


@contextmanager
def _judging(model: str | None, settings: Settings) -> Iterator[ClaimJudge | None]:
    if model is None:
        yield None
        return
    from chatbot.bot import PromptedModel
    from chatbot.evaluation.claim_judge import ClaimJudge
    from chatbot.evaluation.run_files import runs_dir

    with PromptedModel(settings.model_copy(update={"model": model}), "judge") as asked:
        judge = ClaimJudge(asked, runs_dir(settings) / "judge.jsonl")
        yield judge
        console(stderr=True).print(f"{judge.asked} claims were put to the judge {clean(model)}.")
