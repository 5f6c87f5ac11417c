"""A run of benchmarks/fuzz.py in a process of its own, as a person starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.support.terminal import ROOT

SEED = 20241231


def fuzzed(*options: str, count: int, seconds: float) -> list[dict[str, Any]]:
    """Insist that none of so many mutants is a fault, within so many seconds; what became of each."""
    line = ["benchmarks/fuzz.py", *options, "--seed", str(SEED)]
    done = subprocess.run(
        [sys.executable, *line, "--count", str(count), "--json"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    results: list[dict[str, Any]] = json.loads(done.stdout)
    faults = [r for r in results if r["outcome"] not in ("成功", "部分", "拒绝")]
    told = "\n".join(f"{r['number']} {r['how']} {r['outcome']}\n{r['reason']}" for r in faults)
    assert not faults, f"python {' '.join(line)} --first N --count 1\n{told}"
    assert len(results) == count
    return results
