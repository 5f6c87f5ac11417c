"""YAML with exact numbers and no doubled keys: what both data documents and the tool's data files need."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from xltool.core.caches import remembered
from xltool.core.yamlfaults import DoubledKey, Unfolded, YAMLError

_PLAIN = r"[A-Z]{1,3}[0-9]+|[一-鿿][一-鿿A-Za-z0-9（）“”、，。；！《》—-]*"
"""Compiled by those who write YAML: the range of Chinese characters takes a while."""


def load_yaml(text: str, *, exact: bool = False) -> Any:
    """Parse a YAML text; `exact` as data documents need it. Raises `YAMLError`, `DoubledKey`, `Unfolded`."""
    # what comes with the tool was parsed before (`mapping/parsed.py`): few commands need the library
    from xltool.core.yamlparser import parse

    return parse(text, exact=exact)


def scalar(text: str) -> str:
    """A text as YAML, on one line: as it stands where it can mean nothing else."""
    return text if re.fullmatch(_PLAIN, text) else json.dumps(text, ensure_ascii=False)


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


def reason(error: YAMLError, text: str = "") -> str:
    """What is wrong, as far as that is known; `text` is what was parsed."""
    if isinstance(error, Unfolded):
        return str(error)
    if number := wide_colon(text, error):
        line = text.splitlines()[number - 1].strip()
        return f"“{line}”的冒号是全角的，改成半角的冒号，后面空一格"
    told = error.problem
    return next((words for part, words in _REASONS.items() if part in told), told)


def wide_colon(text: str, error: YAMLError | None = None) -> int:
    """The line, from 1, whose full-width colon after a key is what is wrong with a text; 0 where none is.

    `error`: what the parser said; None where it took the text for something else than keys and values.
    A label such as `- 其中：甲` is lawful: only where narrow colons bring the parser further, a wide one is to blame.
    """
    lines = text.splitlines()
    if error is not None and not error.line:
        return 0
    last = min(error.line, len(lines)) - 1 if error is not None else len(lines) - 1
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
    except DoubledKey:
        return math.inf
    except YAMLError as error:
        return error.line - 1 if error.line else math.inf
    return math.inf


def where(error: YAMLError) -> str:
    """Line and column of a fault, as far as known: `第3行第5列`."""
    if isinstance(error, DoubledKey):
        return f"第{error.line}行"
    return f"第{error.line}行第{error.column}列" if error.line else ""


KeyPath: TypeAlias = tuple[str | int, ...]


@remembered(4)
def lines_of(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, of every key and item of a YAML text that can be parsed, by its path.

    Remembered, for many lines of a file are asked for in turn, each with those of the files that it extends.
    """
    from xltool.core.yamlparser import lines

    return lines(text)


def line_of(file: Path, keys: Sequence[str | int], *, exact: bool = False) -> int:
    """The line of the deepest of nested keys that a file has; 0 where it has none of them, or cannot be read.

    `exact`: of the last key, or 0.
    """
    try:
        lines = lines_of(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return 0
    lengths = (len(keys),) if exact else range(len(keys), 0, -1)
    paths = (tuple(keys[:length]) for length in lengths)
    return next((lines[path] for path in paths if path in lines), 0)


def at_text(path: Path, text: str) -> str:
    """A file with the line in which a text stands first, for people; the file alone where it does not."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    number = next((n for n, line in enumerate(lines, 1) if text in line), 0)
    return f"{path} 第{number}行" if number else str(path)
