"""Codes: every problem has one, and each that may occur is explained."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import xltool
from xltool.checks.findingcodes import FINDING_CODES, FindingCode
from xltool.core.problemcodes import CODES, ProblemCode
from xltool.rules.model import REASONS, ReasonCode

HOUSE = Path(xltool.__file__).parent


def test_every_code_is_explained() -> None:
    assert set(CODES) == set(get_args(ProblemCode))
    assert {"", *FINDING_CODES} == set(get_args(FindingCode))
    assert set(REASONS) == set(get_args(ReasonCode))


def test_the_page_names_every_code() -> None:
    page = (HOUSE.parent / "docs" / "json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.M))
    assert rows == {**REASONS, **CODES, **FINDING_CODES}


def test_every_problem_is_made_with_a_code() -> None:
    lacking = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in sorted(HOUSE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and not any(keyword.arg == "code" for keyword in node.keywords)
    ]
    assert lacking == []
