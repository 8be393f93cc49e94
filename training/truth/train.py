"""Train a network: ``python -m training.truth.train reader --windows FILE --out FOLDER``.

``--body mpnet --source FOLDER`` trains on all-mpnet-base-v2's body, five times as large; ``both``
trains one body for both tasks, with windows and a configuration of each, the reader's first.
``--teacher FILE`` (``average.pt`` of mpnet's whole body) makes it a student: it learns to agree
with the teacher, too, and one with some of the teacher's layers begins with them.

AdamW with warm-up and linear decay, a running average of the weights, a checkpoint every five
minutes; the same command goes on from the last one. With ``--minutes`` the decay ends by then even
if the epochs do not. Two runs differ by the noise that ``training/README.md`` states.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import yaml
from tokenizers import Tokenizer
from torch import Tensor

from training.embedder.export import source_folder
from training.truth.batches import collate, epoch
from training.truth.bodies import BODIES, Body
from training.truth.losses import TASKS, columns_of, loss_of
from training.truth.network import OUTPUTS, Network, published, taken
from training.truth.rounded import load_rounded
from training.truth.teacher import WEIGHT, Teacher, load_teacher
from training.truth.windows import Row, read, tokenise

_CHECKPOINT_SECONDS = 300
_LINE = 20
_HEAD_RATE = 5.0


@dataclass(slots=True)
class Run:
    """Everything that a checkpoint holds."""

    network: Network
    optimiser: torch.optim.AdamW
    average: dict[str, Tensor]
    step: int = 0
    spent: float = 0.0
    """Seconds of training before this process."""
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds of training in all."""
        return self.spent + time.monotonic() - self.began


def main() -> None:
    """Read the command line and train."""
    options = _arguments()
    tasks = TASKS[options.task]
    configs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in options.config]
    if not len(tasks) == len(configs) == len(options.windows):
        raise SystemExit(f"{options.task} takes windows and a configuration for each of {tasks}.")
    settings = configs[0]["training"] | configs[0]["training"]["bodies"][options.body]
    if options.rate is not None:
        settings["rate"] = options.rate
    seed = configs[0]["seed"] if options.seed is None else options.seed
    torch.manual_seed(seed)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    rows = {
        task: load_rows(
            path, options.source or source_folder(), BODIES[options.body],
            max_tokens=config["max_tokens"], limit=options.limit,
        )
        for task, path, config in zip(tasks, options.windows, configs, strict=True)
    }  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    run = _start(options, settings, outputs=OUTPUTS * len(tasks))
    teacher = None
    if options.teacher:
        source = options.teacher_source or options.source
        teacher = load_teacher(options.teacher, tokenizer(source), len(tasks))
    longest = {task: config["max_tokens"] for task, config in zip(tasks, configs, strict=True)}
    batches = [
        batch
        for number in range(options.epochs)
        for batch in _epoch(rows, size=settings["batch"], seed=seed, number=number)
    ]
    counts = ", ".join(f"{len(part)} rows of the {task}" for task, part in rows.items())
    print(f"{counts}, {len(batches)} steps, from step {run.step}", flush=True)
    _train(run, batches, options, settings, teacher, longest)
    _save(run, options.out / "checkpoint.pt")
    torch.save(run.average, options.out / "average.pt")
    print(f"done: {run.step} steps in {run.seconds / 60:.1f} minutes", flush=True)


def _epoch(
    rows: dict[str, list[Row]], *, size: int, seed: int, number: int
) -> list[tuple[str, list[Row]]]:
    """Return the batches of one epoch, each of one task, the tasks mixed."""
    batches = [
        (task, batch)
        for task, part in rows.items()
        for batch in epoch(part, size=size, seed=seed, number=number)
    ]
    if len(rows) > 1:
        random.Random(f"{seed} {number}").shuffle(batches)
    return batches


def load_rows(
    path: Path, source: Path, body: Body, *, max_tokens: int, limit: int | None = None
) -> list[Row]:
    """Return the training rows of a file: not of dev, nor those held for calibration."""
    found = (window for window in read(path) if not window.dev and window.kind != "held")
    windows = [window for window in found if window.sentences][:limit]
    rows = tokenise(windows, tokenizer(source), max_tokens=max_tokens, body=body)
    return [row for row in rows if all(_is_read(row, number) for number in row.window.gold)]


def _is_read(row: Row, number: int) -> bool:
    start, end = row.sentences[number]
    return end > start


def tokenizer(source: Path) -> Tokenizer:
    """Return the tokenizer published in a folder, without padding and truncation."""
    found = Tokenizer.from_file(str(source / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def _start(options: argparse.Namespace, settings: dict[str, Any], *, outputs: int) -> Run:
    source = options.source or source_folder()
    body = BODIES[options.body]
    network = published(source / "model.safetensors", body, outputs)
    kept = options.out / "checkpoint.pt"
    if options.teacher and body.taken and not kept.exists():
        whole = torch.load(options.teacher, weights_only=True)
        network.load_state_dict(taken(whole, body, layers="layers."))
    if options.start and not kept.exists():
        frozen = settings["frozen_layers"]
        _load(network, options.start, frozen=frozen, head=options.head)
    network.freeze(settings["frozen_layers"])
    own = [p for n, p in network.named_parameters() if p.requires_grad and "head" not in n]
    optimiser = torch.optim.AdamW(
        [{"params": own, "scale": 1.0}, {"params": network.head.parameters(), "scale": _HEAD_RATE}],
        lr=settings["rate"],
        weight_decay=settings["decay"],
        fused=True,
    )
    run = Run(
        network=network,
        optimiser=optimiser,
        average={name: value.clone() for name, value in network.state_dict().items()},
    )
    if kept.exists():
        data = torch.load(kept, weights_only=True)
        network.load_state_dict(data["network"])
        optimiser.load_state_dict(data["optimiser"])
        run.average, run.step, run.spent = data["average"], data["step"], data["spent"]
    return run


def _load(network: Network, start: Path, *, frozen: int, head: bool) -> None:
    """Take the body of another run, with its head if asked, or all of a rounded model."""
    if start.is_dir():
        load_rounded(network, start, frozen=frozen)
    else:
        state = torch.load(start, weights_only=True)
        state = {k: v for k, v in state.items() if head or not k.startswith("head")}
        network.load_state_dict(state, strict=False)


def _train(
    run: Run,
    batches: list[tuple[str, list[Row]]],
    options: argparse.Namespace,
    settings: dict[str, Any],
    teacher: Teacher | None,
    longest: dict[str, int],
) -> None:
    tasks = TASKS[options.task]
    recent: dict[str, float] = {}
    rows_done, line_began, saved = 0, time.monotonic(), time.monotonic()
    first = run.step
    for number in range(first, len(batches)):
        share = number / len(batches)
        if options.minutes:
            share = max(share, run.seconds / (60 * options.minutes))
            if share >= 1:
                break
        rate = settings["rate"] * min(share / settings["warm_up"], (1 - share), 1.0)
        for group in run.optimiser.param_groups:
            group["lr"] = max(rate, 1e-7) * group["scale"]
        task, batch_rows = batches[number]
        batch = collate(batch_rows)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings["bfloat16"]):
            logits = run.network(batch.ids, batch.segments, batch.mask)
        loss = loss_of(logits.float(), batch, task, tasks)
        if teacher:
            columns = columns_of(task, tasks)
            loss = loss + WEIGHT * teacher.loss(
                logits.float(), batch, columns=columns, max_tokens=longest[task]
            )
        run.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
        run.optimiser.step()
        run.step += 1
        _add_to_average(run, settings["average"])
        value = float(loss.detach())
        recent[task] = 0.97 * recent.get(task, value) + 0.03 * value
        rows_done += len(batch.rows)
        if run.step % _LINE == 0:
            speed = rows_done / (time.monotonic() - line_began)
            losses = " ".join(f"{name} {recent[name]:.3f}" for name in sorted(recent))
            print(
                f"{time.strftime('%H:%M:%S')} step {run.step}/{len(batches)} {share:.1%} "
                f"loss {losses} {speed:.1f} rows/s rate {rate:.2e}",
                flush=True,
            )
            rows_done, line_began = 0, time.monotonic()
        if time.monotonic() - saved > _CHECKPOINT_SECONDS:
            _save(run, options.out / "checkpoint.pt")
            saved = time.monotonic()


@torch.no_grad()
def _add_to_average(run: Run, keep: float) -> None:
    keep = min(keep, run.step / (run.step + 10))
    for name, value in run.network.named_parameters():
        if value.requires_grad:
            run.average[name].lerp_(value, 1 - keep)


def _save(run: Run, path: Path) -> None:
    part = path.with_suffix(".part")
    torch.save(
        {
            "network": run.network.state_dict(),
            "optimiser": run.optimiser.state_dict(),
            "average": run.average,
            "step": run.step,
            "spent": run.seconds,
        },
        part,
    )
    part.replace(path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--windows", type=Path, required=True, nargs="+", help="files of windows")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--config", type=Path, required=True, nargs="+")
    parser.add_argument("--body", choices=sorted(BODIES), default="minilm")
    parser.add_argument("--source", type=Path, help="folder of the published body")
    parser.add_argument("--start", type=Path, help="average.pt, or a shipped folder")
    parser.add_argument("--teacher", type=Path, help="average.pt of mpnet's whole body")
    parser.add_argument("--teacher-source", type=Path, help="its published folder")
    parser.add_argument(
        "--head", action="store_true", help="--start is of the same tasks: all of it"
    )
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="end the decay by then")
    parser.add_argument("--limit", type=int, help="only the first windows")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, help="instead of the configuration's")
    parser.add_argument("--rate", type=float, help="instead of the configuration's")
    return parser.parse_args()


if __name__ == "__main__":
    main()
