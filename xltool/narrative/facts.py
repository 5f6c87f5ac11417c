"""What a text needs and tables do not have: reasons, budgets, counts. A small YAML file, checked by a schema."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.schemas import schema_problems
from xltool.core.yamlfile import YAMLError, load_yaml
from xltool.narrative.vocabulary import FOLDER

SCHEMA = FOLDER / "facts.schema.json"


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
    try:
        raw = load_yaml(path.read_text(encoding="utf-8-sig"), exact=True)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件", code="missing")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(str(path), "读不了这个文件", "要用 UTF-8 保存", code="unreadable")
        ) from error
    except YAMLError as error:
        raise InputError(
            Problem(str(path), f"不是合法的 YAML：{error}", code="bad-syntax")
        ) from error
    raise_if(schema_problems(_numbered(raw or {}), SCHEMA, path.name))
    return NarrativeFacts(_texts(raw or {}))


def _numbered(value: Any) -> Any:
    """Decimals as JSON numbers, for the schema only."""
    if isinstance(value, dict):
        return {str(key): _numbered(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else 0.5
    return value


def _texts(value: Any) -> Any:
    """Keys as text: a 科目编码 is written without quotes."""
    if isinstance(value, dict):
        return {str(key): _texts(item) for key, item in value.items()}
    return value
