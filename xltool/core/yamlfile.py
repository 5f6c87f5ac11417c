"""YAML with exact numbers and no doubled keys: what both data documents and the tool's data files need."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import yaml

YAMLError = yaml.YAMLError


class DoubledKey(yaml.YAMLError):
    """A key that stands twice in one mapping; `str()` is the key, `line` counts from 1."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.line = line


_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """Safe; keys must be different."""


class _ExactLoader(_Loader):
    """Numbers as Decimal, dates as they are written, keys as texts."""


def _mapping(loader: Any, node: Any) -> dict[Hashable, Any]:
    loader.flatten_mapping(node)
    result: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            raise DoubledKey(str(key), key_node.start_mark.line + 1)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _exact_mapping(loader: Any, node: Any) -> dict[Hashable, Any]:
    return {str(key): value for key, value in _mapping(loader, node).items()}


def _number(loader: Any, node: Any) -> object:
    try:
        return Decimal(node.value.replace("_", ""))
    except ArithmeticError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _exact_mapping)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _number)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _number)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def load_yaml(text: str, *, exact: bool = False) -> Any:
    """Parse a YAML text; `exact` as data documents need it. Raises `YAMLError`, `DoubledKey`."""
    return yaml.load(text, _ExactLoader if exact else _Loader)


def where(error: yaml.YAMLError) -> str:
    """Line and column of a fault, as far as known: `第3行第5列`."""
    if isinstance(error, DoubledKey):
        return f"第{error.line}行"
    mark = getattr(error, "problem_mark", None)
    return f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
