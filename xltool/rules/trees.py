"""The expressions of the rules that come with the tool, parsed once for all: a fresh process need not do it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from xltool.core.caches import remembered
from xltool.core.resources import MAPPINGS
from xltool.rules.syntax import (
    GRAMMAR,
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Number,
    Piece,
    Reference,
    Select,
    Span,
    Text,
    Texts,
    parse,
)

FILE = MAPPINGS / "rules" / "trees.json"
"""Written by `tasks.py trees`."""

_CLASSES = (
    Number,
    Text,
    Texts,
    Piece,
    Span,
    Select,
    Reference,
    Call,
    Arithmetic,
    Comparison,
    Logic,
)
_BUILDERS: dict[str, Callable[..., Any]] = {
    "": lambda *items: items,
    "Decimal": Decimal,
    **{kind.__name__: kind for kind in _CLASSES},
}


def tree_of(text: str) -> Node:
    """As `parse`, which is not asked for what is known. Raises `ExpressionError`."""
    kept = _kept().get(text)
    return parse(text) if kept is None else _unpacked(kept)


@remembered(1)
def _kept() -> dict[str, Any]:
    """The trees of the file by their text; none when they are of another grammar."""
    if not FILE.is_file():
        return {}
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    trees: dict[str, Any] = kept["trees"] if kept["grammar"] == _grammar() else {}
    return trees


def _grammar() -> str:
    """What tells one state of the grammar from another."""
    return hashlib.sha256(GRAMMAR.read_text(encoding="utf-8").encode()).hexdigest()


def written(expressions: Iterable[str]) -> str:
    """The text of the file for these expressions. Raises `ExpressionError`."""
    trees = {text: _packed(parse(text)) for text in expressions}
    kept = {"grammar": _grammar(), "trees": trees}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    # one line for each expression: a change of one rule is a change of one line
    return text.replace('],"', '],\n"') + "\n"


def _packed(node: Any) -> Any:
    """A syntax tree as JSON has it: what it is, and its parts."""
    if isinstance(node, (str, int)):
        return node
    if isinstance(node, Decimal):
        return ["Decimal", str(node)]
    return [type(node).__name__ if isinstance(node, _CLASSES) else "", *map(_packed, node)]


def _unpacked(kept: Any) -> Any:
    """The syntax tree that was packed."""
    if not isinstance(kept, list):
        return kept
    kind, *parts = kept
    return _BUILDERS[kind](*map(_unpacked, parts))
