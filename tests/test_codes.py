"""Codes: every problem has one, and each that may occur is explained."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import xltool
from xltool.core.problemcodes import CODES, ProblemCode

HOUSE = Path(xltool.__file__).parent


def test_every_code_of_a_problem_is_explained() -> None:
    assert set(CODES) == set(get_args(ProblemCode))


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
