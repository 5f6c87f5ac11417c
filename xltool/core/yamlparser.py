"""YAML texts, parsed. Whoever imports this pays for the library; all errors are those of `yamlfaults`."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import yaml

from xltool.core.yamlfaults import DoubledKey, Unfolded, YAMLError

_UNFOLDED = 100_000
"""So many nodes may a text with aliases stand for."""
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """Safe; keys must be different, dates are as they are written."""


class _ExactLoader(_Loader):
    """Numbers as Decimal, keys as texts."""


def _mapping(loader: Any, node: Any) -> dict[Hashable, Any]:
    loader.flatten_mapping(node)
    result: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key is None:
            raise yaml.MarkedYAMLError(
                problem="冒号前面空着，写上名称", problem_mark=key_node.start_mark
            )
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
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _exact_mapping)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _number)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _number)


@contextmanager
def _our_errors() -> Iterator[None]:
    """The errors of the library in our own class, so that nobody else needs to know it."""
    try:
        yield
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark is not None else ()
        raise YAMLError(str(getattr(error, "problem", "") or ""), *place) from None


@_our_errors()
def parse(text: str, *, exact: bool) -> Any:
    """See `yamlfile.load_yaml`."""
    loader = (_ExactLoader if exact else _Loader)(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if "*" in text:  # without it there is no alias
            _refuse_bomb(node)
        return loader.construct_document(node)
    except RecursionError:
        raise Unfolded("层次太深") from None
    except (TypeError, ValueError, ArithmeticError):
        raise Unfolded("有一个键或值不能用") from None
    finally:
        loader.dispose()


@_our_errors()
def lines(text: str) -> dict[tuple[str | int, ...], int]:
    """See `yamlfile.lines_of`."""
    found: dict[tuple[str | int, ...], int] = {}

    def enter(node: yaml.Node, path: tuple[str | int, ...]) -> None:
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
