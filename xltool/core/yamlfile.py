"""YAML with exact numbers and no doubled keys: what both data documents and the tool's data files need."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any, TypeAlias

import yaml

YAMLError = yaml.YAMLError


class DoubledKey(yaml.YAMLError):
    """A key that stands twice in one mapping; `str()` is the key, `line` counts from 1."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.line = line


class Unfolded(yaml.YAMLError):
    """A text that is small and stands for more than can be worked with; `str()` says why, in Chinese."""


_UNFOLDED = 100_000
"""So many nodes may a text with aliases stand for."""
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
    """Parse a YAML text; `exact` as data documents need it. Raises `YAMLError`, `DoubledKey`, `Unfolded`."""
    loader = (_ExactLoader if exact else _Loader)(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_bomb(node)
        return loader.construct_document(node)
    except RecursionError:
        raise Unfolded("层次太深") from None
    except (TypeError, ValueError, ArithmeticError):
        raise Unfolded("有一个键或值不能用") from None
    finally:
        loader.dispose()


def _refuse_bomb(root: yaml.Node) -> None:
    """Nodes that stand for themselves many times over, by aliases within aliases, or hold themselves."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        key = id(node)
        if key in sizes:
            return sizes[key]
        if key in open_nodes:
            raise Unfolded("有一处引用了自己")
        open_nodes.add(key)
        inner = node.value if isinstance(node, (yaml.SequenceNode, yaml.MappingNode)) else ()
        parts = (
            part for entry in inner for part in (entry if isinstance(entry, tuple) else [entry])
        )
        sizes[key] = 1 + sum(map(size, parts))
        open_nodes.discard(key)
        return sizes[key]

    if (whole := size(root)) > _UNFOLDED and whole > len(sizes):
        raise Unfolded(f"引用（&、*）展开以后超过 {_UNFOLDED:,} 项")


def reason(error: yaml.YAMLError) -> str:
    """What is wrong, as far as that is known."""
    return str(error) if isinstance(error, Unfolded) else str(getattr(error, "problem", "") or "")


def where(error: yaml.YAMLError) -> str:
    """Line and column of a fault, as far as known: `第3行第5列`."""
    if isinstance(error, DoubledKey):
        return f"第{error.line}行"
    if isinstance(error, Unfolded):
        return ""
    mark = getattr(error, "problem_mark", None)
    return f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""


KeyPath: TypeAlias = tuple[str | int, ...]


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key and item of a YAML text that can be parsed, by its path."""
    found: dict[KeyPath, int] = {}

    def enter(node: yaml.Node, path: KeyPath) -> None:
        found.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*path, str(key.value))
                found[inner] = key.start_mark.line + 1
                enter(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for n, item in enumerate(node.value):
                enter(item, (*path, n))

    node = _Loader(text).get_single_node()
    if node is not None:
        _refuse_bomb(node)
        enter(node, ())
    return found
