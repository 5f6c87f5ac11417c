"""Three hundred of the spoilt workbooks that benchmarks/fuzz.py makes."""

from __future__ import annotations

from collections import Counter

from tests.hostile.fuzzing import SEED, fuzzed
from tests.hostile.mutations import mutant


def test_every_mutant_is_converted_or_refused_with_a_reason() -> None:
    results = fuzzed("--validate-every", "4", count=300, seconds=300)
    assert Counter(r["outcome"] for r in results).keys() == {"成功", "部分", "拒绝"}


def test_a_mutant_is_always_the_same() -> None:
    assert all(mutant(SEED, number) == mutant(SEED, number) for number in range(20))
    assert len({mutant(SEED, number).content for number in range(20)}) == 20
