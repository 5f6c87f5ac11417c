"""The mutation benchmark on a small scale: nothing is missed, nobody is blamed wrongly, right books stay right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.mutations.__main__ import main
from benchmarks.mutations.changes import CHANGES
from benchmarks.mutations.figures import FIGURES
from benchmarks.mutations.measure import Trial
from benchmarks.mutations.trials import SEVERAL, clean_trials, slip_trials

SEED = 27
DOCUMENTS = ((4, 2), (27, 1), (104, 2), (90, 8))
"""Seeds and numbers of documents: small ones, then such with several 项 under one 款."""
KINDS = {slip.name for slip in (*FIGURES, *CHANGES)} | {SEVERAL}


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    """Every kind of slip twice at least: in the first document, and where that is not enough, in others."""
    found: list[Trial] = []
    for seed, number in DOCUMENTS:
        rare = frozenset(KINDS - {kind for kind, times in _made(found).items() if times > 1})
        found += slip_trials(seed, number, rare) if rare else []
    return found


def _made(trials: list[Trial]) -> Counter[str]:
    return Counter(trial.kind for trial in trials)


def test_every_kind_of_slip_is_made_at_least_twice(trials: list[Trial]) -> None:
    made = _made(trials)
    assert [kind for kind in KINDS if made[kind] < 2] == []
    assert made.keys() == KINDS


def test_slips_that_a_rule_can_see_are_found(trials: list[Trial]) -> None:
    seen = [t for t in trials if t.covered is not False]
    assert [t for t in seen if not t.detected] == []
    assert len(seen) > len(trials) * 0.8


def test_nothing_else_is_called_wrong(trials: list[Trial]) -> None:
    assert [t for t in trials if t.alarms] == []


def test_suspects_are_the_wrong_cells_and_mostly_named_by_their_slip(trials: list[Trial]) -> None:
    figures = [t for t in trials if t.covered and t.kind in {slip.name for slip in FIGURES}]
    suspected = [t for t in figures if t.suspects]
    assert len(suspected) > len(figures) / 2
    assert sum(t.suspects == t.right for t in suspected) >= 0.95 * len(suspected)
    assert sum(t.named for t in suspected) > 0.7 * len(suspected)


@pytest.mark.parametrize("first", [0, 12])
def test_right_books_have_no_error(first: int) -> None:
    books = [book for n in range(first, first + 12) for book in clean_trials(SEED, n)]
    assert {book.style for book in books} == {"公式簿", "数值簿", "混合簿"}
    assert [
        (b.name, b.failures) for b in books if any(level == "error" for _, level in b.failures)
    ] == []
    assert "不合格" not in {book.verdict for book in books}


def test_the_run_prints_its_tables_and_writes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "结果.json"
    kind = "正负号反了"
    arguments = ["--documents", "1", "--mutated", "1", "--seed", str(SEED), "--jobs", "1"]
    main([*arguments, "--kind", kind, "-o", str(out)])
    printed, told = capsys.readouterr()
    assert told == ""
    assert kind in printed
    assert "无错的簿" in printed
    data = json.loads(out.read_text(encoding="utf-8"))
    assert [t["kind"] for t in data["trials"]] == [kind, kind]
    assert data["missed"] == data["alarms"] == []
    main([*arguments, "--kind", kind, "-o", str(out)])
    assert json.loads(out.read_text(encoding="utf-8")) == data
