"""Three hundred of the spoilt workbooks that benchmarks/fuzz.py makes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

from tests.hostile.mutations import mutant
from tests.support.terminal import ROOT

COUNT, SEED = 300, 20241231


def test_every_mutant_is_converted_or_refused_with_a_reason() -> None:
    program = str(ROOT / "benchmarks" / "fuzz.py")
    done = subprocess.run(
        [
            sys.executable,
            program,
            "--count",
            str(COUNT),
            "--seed",
            str(SEED),
            "--validate-every",
            "4",
            "--json",
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    results = json.loads(done.stdout)
    faults = [r for r in results if r["outcome"] not in ("成功", "部分", "拒绝")]
    told = "\n".join(f"{r['number']} {r['how']} {r['outcome']}\n{r['reason']}" for r in faults)
    assert not faults, f"python benchmarks/fuzz.py --seed {SEED} --first N --count 1\n{told}"
    assert len(results) == COUNT
    assert Counter(r["outcome"] for r in results).keys() == {"成功", "部分", "拒绝"}


def test_a_mutant_is_always_the_same() -> None:
    assert all(mutant(SEED, number) == mutant(SEED, number) for number in range(20))
    assert len({mutant(SEED, number).content for number in range(20)}) == 20
