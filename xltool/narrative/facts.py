"""What a text needs and tables do not have: reasons, budgets, counts. A small YAML file, checked by a schema."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.core.problems import raise_if
from xltool.core.schemas import schema_problems
from xltool.documents.datafile import parse_yaml, read_text
from xltool.narrative.vocabulary import FOLDER

SCHEMA = FOLDER / "facts.schema.json"
_LONG = 30
"""Digits before the point; more is no figure."""


class NarrativeFacts:
    """The facts of one file; without a file there are none. Numbers are Decimal."""

    def __init__(self, raw: dict[str, Any] | None = None) -> None:
        self._raw = raw or {}

    def number(self, *path: str) -> Decimal | None:
        """A number, or None when it is not given."""
        value = self._at(path)
        return value if isinstance(value, Decimal) else None

    def text(self, *path: str) -> str:
        """A text, or "" when it is not given."""
        value = self._at(path)
        return value.strip() if isinstance(value, str) else ""

    def group(self, *path: str) -> dict[str, Any]:
        """A group of facts, {} when there is none."""
        value = self._at(path)
        return value if isinstance(value, dict) else {}

    def _at(self, path: tuple[str, ...]) -> object:
        value: object = self._raw
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def numbers(self) -> list[tuple[tuple[str, ...], Decimal]]:
        """Every number with its path."""
        return list(_numbers(self._raw, ()))


def _numbers(value: object, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Decimal]]:
    if isinstance(value, Decimal):
        return [(path, value)]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _numbers(item, (*path, str(key)))]
    return []


def load_facts(path: Path | None) -> NarrativeFacts:
    """Read the facts. Raises `InputError` with every fault of the file."""
    if path is None:
        return NarrativeFacts()
    raw = parse_yaml(read_text(path), str(path))
    raise_if(schema_problems(_numbered(raw or {}), SCHEMA, path.name))
    return NarrativeFacts(_texts(raw or {}))


def _numbered(value: Any) -> Any:
    """Decimals as JSON numbers, for the schema only."""
    if isinstance(value, dict):
        return {str(key): _numbered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbered(item) for item in value]
    if isinstance(value, Decimal):
        if value.adjusted() > _LONG:
            return str(value)  # which is none
        return int(value) if value == value.to_integral_value() else 0.5
    return value


def _texts(value: Any) -> Any:
    """Keys as text: a 科目编码 is written without quotes."""
    if isinstance(value, dict):
        return {str(key): _texts(item) for key, item in value.items()}
    return value
