"""YAML with exact numbers and no doubled keys: what both data documents and the tool's data files need."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from xltool.core.caches import remembered

YAMLError = yaml.YAMLError


class DoubledKey(yaml.YAMLError):
    """A key that stands twice in one mapping; `str()` is the key, `line` counts from 1."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.line = line


class Unfolded(yaml.YAMLError):
    """A text that is small and stands for more than can be worked with; `str()` says why, in Chinese."""


_PLAIN = re.compile(r"[A-Z]{1,3}[0-9]+|[一-鿿][一-鿿A-Za-z0-9（）“”、，。；！《》—-]*")
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


def load_yaml(text: str, *, exact: bool = False) -> Any:
    """Parse a YAML text; `exact` as data documents need it. Raises `YAMLError`, `DoubledKey`, `Unfolded`."""
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


def scalar(text: str) -> str:
    """A text as YAML, on one line: as it stands where it can mean nothing else."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


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


_REASONS = {
    "found character '\\t'": "缩进里有制表符（Tab），改成空格",
    "found a tab character": "缩进里有制表符（Tab），改成空格",
    "cannot start any token": "这里不能是这个字符：缩进里有制表符（Tab）的改成空格，@、` 开头的文字加上引号",
    "mapping values are not allowed": "一行里有两个冒号，或缩进不对：文字里有冒号的，整段加上引号",
    "could not find expected ':'": "这一行或上一行缺冒号，冒号后面要有空格",
    "expected <block end>": "缩进不对：同一层的行要对齐",
    "did not find expected key": "缩进不对，或引号、括号没有配对",
    "did not find expected ',' or ']'": "方括号没有配对，或缺逗号",
    "did not find expected ',' or '}'": "花括号没有配对，或缺逗号",
    "unexpected end of stream": "引号没有配对",
    "found unexpected end": "引号没有配对",
    "unknown escape character": "双引号里的 \\ 要写成 \\\\，或改用单引号",
    "undefined alias": "以 * 开头的文字加上引号",
    "did not find expected alphabetic": "以 * 、& 开头的文字加上引号",
    "control characters are not allowed": "有看不见的控制字符，删掉它",
    "special characters are not allowed": "有看不见的控制字符，删掉它",
    "did not find expected node content": "方括号、花括号里多了逗号，或没有配对",
    "did not find expected '-' indicator": "缩进不对：同一层的“- ”要对齐",
    "expected a single document": "文件里有 ---，一个文件只写一份",
}
"""What the parser says, in English, by a part of it."""


_WIDE_COLON = re.compile(r"(\s*(?:- )?[^\s\"'#：:]+)：[ \t]*")


def reason(error: yaml.YAMLError, text: str = "") -> str:
    """What is wrong, as far as that is known; `text` is what was parsed."""
    if isinstance(error, Unfolded):
        return str(error)
    if number := wide_colon(text, error):
        line = text.splitlines()[number - 1].strip()
        return f"“{line}”的冒号是全角的，改成半角的冒号，后面空一格"
    told = str(getattr(error, "problem", "") or "")
    return next((words for part, words in _REASONS.items() if part in told), told)


def wide_colon(text: str, error: yaml.YAMLError | None = None) -> int:
    """The line, from 1, whose full-width colon after a key is what is wrong with a text; 0 where none is.

    `error`: what the parser said; None where it took the text for something else than keys and values.
    A label such as `- 其中：甲` is lawful: only where narrow colons bring the parser further, a wide one is to blame.
    """
    lines = text.splitlines()
    mark = getattr(error, "problem_mark", None)
    if error is not None and mark is None:
        return 0
    last = min(mark.line, len(lines) - 1) if mark is not None else len(lines) - 1
    wide = [n for n in range(last + 1) if _WIDE_COLON.match(lines[n])]
    if not wide or _fault_line(_narrowed(lines)) <= last:
        return 0
    return 1 + wide[-1]


def _narrowed(lines: Sequence[str]) -> str:
    return "\n".join(_WIDE_COLON.sub(r"\1: ", line, count=1) for line in lines)


def _fault_line(text: str) -> float:
    """The line, from 0, at which a text cannot be parsed further; beyond all lines where it can."""
    try:
        load_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line if mark is not None else math.inf
    return math.inf


def where(error: yaml.YAMLError) -> str:
    """Line and column of a fault, as far as known: `第3行第5列`."""
    if isinstance(error, DoubledKey):
        return f"第{error.line}行"
    if isinstance(error, Unfolded):
        return ""
    mark = getattr(error, "problem_mark", None)
    return f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""


KeyPath: TypeAlias = tuple[str | int, ...]


@remembered(4)
def lines_of(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, of every key and item of a YAML text that can be parsed, by its path.

    Remembered, for many lines of a file are asked for in turn, each with those of the files that it extends.
    """
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


def line_of(file: Path, keys: Sequence[str | int], *, exact: bool = False) -> int:
    """The line of the deepest of nested keys that a file has; 0 where it has none of them, or cannot be read.

    `exact`: of the last key, or 0.
    """
    try:
        lines = lines_of(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return 0
    lengths = (len(keys),) if exact else range(len(keys), 0, -1)
    paths = (tuple(keys[:length]) for length in lengths)
    return next((lines[path] for path in paths if path in lines), 0)


def at_text(path: Path, text: str) -> str:
    """A file with the line in which a text stands first, for people; the file alone where it does not."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    number = next((n for n, line in enumerate(lines, 1) if text in line), 0)
    return f"{path} 第{number}行" if number else str(path)
