"""Kills every command that writes at each of its file events; after each kill, and after the next run, nothing is lost.

    python benchmarks/kill_writes.py [--every 1] [--only convert] [--jobs 1]

A scenario is a command or a sink, onto new names and onto its own earlier outputs. It runs in a fork of this
process that ends itself before its event number N: before a file is opened for writing, a name given, taken or
removed, a folder made, content sent to the disk. Then the files of the user must be as they were, and each output
as it was, or whole, or (a folder in the middle of a swap) whole beside its name. The command is run again: it must
succeed, and leave what an undisturbed run leaves. Events of DuckDB's and Arrow's own code are not seen; they fall
into drafts. Prints a line for each scenario; exit code 1 when anything was wrong. Needs fork: not for Windows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.killcommands import scenarios, try_scenario
from tests.support.warm import warm_up


def one(number: int, every: int) -> tuple[str, int, list[str], float]:
    """A scenario by its number: its name, kills, what was wrong, seconds."""
    warm_up()
    scenario = scenarios()[number]
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="xltool-kill-") as folder:
        kills, faults = try_scenario(scenario, Path(folder), every=every)
    return scenario.name, kills, faults, time.perf_counter() - begun


def main() -> int:
    """Kill; 1 when something was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--from", type=int, default=0, dest="start", help="number of a scenario")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    names = [scenario.name for scenario in scenarios()]
    wanted = [n for n, name in enumerate(names) if options.only in name and n >= options.start]
    kills, wrong = 0, 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for name, count, faults, seconds in pool.map(one, wanted, [options.every] * len(wanted)):
            kills, wrong = kills + count, wrong + len(faults)
            sys.stdout.write(f"{name}\t{count} kills\t{len(faults)} wrong\t{seconds:.0f} s\n")
            for fault in faults:
                sys.stdout.write(f"    {fault}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{kills} kills, {wrong} wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
