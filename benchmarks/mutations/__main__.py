"""How many slips `validate` finds, and how often it cries wolf.

    python -m benchmarks.mutations [--documents N] [--mutated M] [--seed S] [--kind 名称] [-o FILE.json]

Validates the workbooks of N right documents, then puts every kind of slip into the books of the first M of them.
Same numbers and seed, same result. Needs the development extras: documents come from tests/support.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.mutations import tables
from benchmarks.mutations.changes import CHANGES
from benchmarks.mutations.figures import FIGURES
from benchmarks.mutations.trials import SEVERAL, clean_trials, slip_trials

_Of = TypeVar("_Of")


def options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    names = [*(s.name for s in FIGURES), *(c.name for c in CHANGES), SEVERAL]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutations", description="笔误查出率"
    )
    parser.add_argument("--documents", type=int, default=1000, help="无错的数据文档份数（1000）")
    parser.add_argument("--mutated", type=int, default=60, help="其中加入笔误的份数（60）")
    parser.add_argument("--seed", type=int, default=1, help="随机数种子（1）")
    parser.add_argument("--kind", action="append", default=[], choices=names, help="只做这种笔误")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="进程数")
    parser.add_argument("--markdown", action="store_true", help="表格用 Markdown")
    parser.add_argument("-o", "--output", type=Path, help="结果另存为 JSON")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """Run everything and print the tables."""
    chosen = options(arguments)
    with ProcessPoolExecutor(chosen.jobs) as pool:
        run = partial(_all, pool)
        cleans = run("无错的簿", partial(clean_trials, chosen.seed), chosen.documents)
        slip = partial(slip_trials, chosen.seed, kinds=frozenset(chosen.kind))
        trials = run("加入笔误", slip, chosen.mutated)
    shown = {
        "无错的簿": tables.clean_table(cleans),
        "无错的簿里的不符": tables.warnings_table(cleans),
        "各种笔误": tables.kinds_table(trials),
        "各条规则": tables.rules_table(trials),
    }
    form = tables.markdown if chosen.markdown else tables.text
    for title, lines in shown.items():
        if len(lines) > 1:
            sys.stdout.write(f"\n{title}\n\n{form(lines)}\n")
    if chosen.output:
        data: dict[str, Any] = {
            "arguments": {k: v for k, v in vars(chosen).items() if k not in ("output", "jobs")},
            "tables": shown,
            "right_books": tables.failed(cleans),
            "missed": tables.missed(trials, lambda t: t.covered is not False and not t.detected),
            "alarms": tables.missed(trials, lambda t: bool(t.alarms)),
            "wrongly_suspected": tables.missed(trials, lambda t: t.suspects > t.right),
            "trials": [tables.as_data(trial) for trial in trials],
        }
        content = json.dumps(data, ensure_ascii=False, indent=1)
        chosen.output.write_text(content + "\n", encoding="utf-8", newline="\n")


def _all(
    pool: ProcessPoolExecutor, what: str, job: Callable[[int], list[_Of]], count: int
) -> list[_Of]:
    """The results of a job for the numbers below `count`, in their order."""
    return [item for items in _watched(what, pool.map(job, range(count)), count) for item in items]


def _watched(what: str, results: Iterator[list[_Of]], count: int) -> Iterator[list[_Of]]:
    """The same results; on a terminal, it is told how far they are."""
    for n, items in enumerate(results, 1):
        if sys.stderr.isatty():
            end = "\n" if n == count else ""
            sys.stderr.write(f"\r{what} {n}/{count}{end}")
            sys.stderr.flush()
        yield items


if __name__ == "__main__":
    main(sys.argv[1:])
