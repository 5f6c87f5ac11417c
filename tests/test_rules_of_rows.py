"""What is told of all rows of a list at once is what each row says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import yaml

import xltool
from xltool.core.model import CODE, Report
from xltool.core.places import RowPlace
from xltool.core.resources import SAMPLES
from xltool.rules.env import Env
from xltool.rules.evaluate import evaluate, evaluate_instance
from xltool.rules.load import RuleSet, load_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import Result

AMOUNTS = (None, Decimal(0), Decimal("0.005"), Decimal("-3.1"), Decimal("12.34"), "见附注")
OWN = {
    "rules": {
        "OWN-1": {
            "name": "各种写法",
            "parts": [
                {
                    "each": {"行": "rows(支出表.明细)"},
                    "if": "blank(parent($行).基本支出) or not filled($行.项目支出)",
                    "expr": "$行.基本支出 - 一般公共.明细[code($行)].基本支出 >= 0 - $行.项目支出",
                },
                {
                    "each": {"行": "parents(支出表.明细)"},
                    "if": "within(code($行), 基金科目) or $行.基本支出 <> 0",
                    "expr": "$行.本年支出合计 <> sum(children($行).基本支出, $行.项目支出)",
                },
                {
                    "each": {"行": "rows(支出表.明细, 项)"},
                    "expr": "$行.项目支出 = 上年.支出表.明细[code($行)].项目支出",
                },
            ],
        }
    }
}


def _changed(report: Report, rng: Random) -> Iterator[RowPlace]:
    """Cells that were changed: figures, blanks, words, codes that come twice or are unknown."""
    for name, copies in report.tables.items():
        for listed, rows in copies[0].lists.items():
            for n, row in enumerate(rows):
                for column in [c for c in row if rng.random() < 0.1 and c != CODE]:
                    RowPlace(name, 0, listed, n, column).put(report, rng.choice(AMOUNTS))
                    yield RowPlace(name, 0, listed, n, column)
                if rng.random() < 0.05 and CODE in row:
                    row[CODE] = rng.choice((*(str(r.get(CODE, "")) for r in rows), "999", "20101"))


def _one_by_one(rules: RuleSet, env: Env) -> Iterator[Result]:
    for rule_id, rule in rules.rules.items():
        if not rule.check and rule.out_of_force(env.this.report.year) is None:
            for instance in rules.instances[rule_id]:
                yield from evaluate_instance(instance, env)


def _told(result: Result) -> tuple[object, ...]:
    sides = [(s.value, s.blank, s.missing, s.leaves) for s in (result.left, result.right) if s]
    said = (result.rule.id, result.outcome, result.reason, result.operator)
    return (*said, sides, result.tolerance, result.variables, result.asked)


@pytest.mark.parametrize("sample", ["beiguan-2021.json", "sgb-2024.json"])
@pytest.mark.parametrize("seed", range(6))
def test_rows_told_together_end_as_each_by_itself(sample: str, seed: int, tmp_path: Path) -> None:
    own = tmp_path / "rules.yaml"
    own.write_text(yaml.safe_dump(OWN, allow_unicode=True), encoding="utf-8")
    rng = Random(seed)
    report, edition = xltool.load(SAMPLES / sample)
    prior, _ = xltool.load(SAMPLES / sample)
    changed = list(_changed(report, rng)) if seed else []
    rules = load_rules(edition, (own,))
    lookup = Lookup(report, edition.specs, faulty=rng.sample(changed, len(changed) // 4))
    env = Env(lookup, Lookup(prior, edition.specs, prior=True) if seed % 2 else None)
    alone = list(map(_told, _one_by_one(rules, env)))
    found = [r for r in evaluate(rules, env) if rules.instances[r.rule.id]]
    in_force = [r for r in found if r.rule.out_of_force(report.year) is None]
    outcomes = [(r.rule.id, r.outcome, r.reason) for r in in_force]  # before more is asked
    assert outcomes == [told[:3] for told in alone]
    assert list(map(_told, in_force)) == alone
