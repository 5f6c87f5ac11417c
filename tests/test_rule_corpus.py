"""Every rule has a document that passes it, and one that fails it and no other rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.rulecases import ALWAYS, Raw, case, failed, outcomes, run
from xltool.checks import Validation
from xltool.checks.findings import Finding
from xltool.documents.datafile import read_document
from xltool.editions import edition_ids, find_edition
from xltool.rules.load import load_rules

FOLDER = Path(__file__).parent / "data" / "rules"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
BOUNDARIES = "边界"
CASES = [name for name in FILES if name != BOUNDARIES]


def raw(name: str) -> Raw:
    return read_document(FILES[name])


def rule_of(name: str) -> str:
    """The rule of a file: its name, without the edition of an override."""
    return name.partition("@")[0]


def test_every_rule_has_a_file() -> None:
    wanted = set()
    for id_ in edition_ids():
        for rule_id, rule in load_rules(find_edition(id_)).rules.items():
            wanted.add(rule_id)
            if Path(rule.source).name == "rules.yaml":
                wanted.add(f"{rule_id}@{id_}")
    assert set(CASES) == wanted


@pytest.mark.parametrize("name", CASES)
def test_passes(name: str, tmp_path: Path) -> None:
    content = raw(name)
    validations = run(case(content, content.get("passes"), tmp_path), tmp_path)
    assert failed(validations, _besides(name)) == set(), messages(validations)
    assert "通过" in outcomes(validations, rule_of(name)), messages(validations)


@pytest.mark.parametrize("name", CASES)
def test_fails_and_nothing_else(name: str, tmp_path: Path) -> None:
    """`also` in a file names what fails by necessity together with its rule; its description says why."""
    content = raw(name)
    rule, change = rule_of(name), content["fails"]
    validations = run(case(content, change, tmp_path), tmp_path)
    wanted = change.get("outcome", "不符")
    assert wanted in outcomes(validations, rule), messages(validations)
    expected = {*change.get("also", []), *([rule] if wanted == "不符" else [])}
    assert failed(validations, _besides(name)) == expected, messages(validations)
    assert all(f.cells for f in _compared(validations, rule)), messages(validations)


def _compared(validations: Iterable[Validation], rule: str) -> Iterator[Finding]:
    """What a rule finds that is an expression over cells: a person must be told which."""
    for validation in validations:
        if not validation.context.rules.rules[rule].check:
            yield from (f for f in validation.findings if (f.rule, f.outcome) == (rule, "不符"))


def _besides(name: str) -> frozenset[str]:
    return ALWAYS - {name}


def messages(validations: Iterable[Validation]) -> str:
    return "\n".join(f"{f.rule} {f.outcome} {f.message}" for v in validations for f in v.findings)


def boundaries() -> list[Raw]:
    cases: list[Raw] = raw(BOUNDARIES)["cases"]
    return cases


@pytest.mark.parametrize("content", boundaries(), ids=lambda content: content["description"])
def test_boundary(content: Raw, tmp_path: Path) -> None:
    validations = run(case(content, None, tmp_path), tmp_path)
    found = {rule: outcomes(validations, rule) for rule in content["outcomes"]}
    wanted = {rule: {outcome} for rule, outcome in content["outcomes"].items()}
    assert found == wanted, messages(validations)
