"""Reading and writing the text of a data document: JSON or YAML with exact numbers (`Decimal`)."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.core.amounts import plain
from xltool.core.hints import Hint
from xltool.core.problems import InputError, Problem, raise_if, system_reason
from xltool.core.yamlfaults import DoubledKey, Unfolded, YAMLError
from xltool.core.yamlfile import load_yaml, wide_colon
from xltool.core.yamlfile import where as fault_place

Raw = dict[str, Any]

_SKELETON = Hint(
    "样子见 xltool new --kind 数据 做出的骨架", "样子见上方“空表、填数表…”里的数据文档骨架"
)
AS_UTF8 = "用记事本打开，另存为，编码选 UTF-8"
_TAB = re.compile(" *\t")


def read_document(path: Path) -> Raw:
    """The document in a .json, .yaml or .yml file, numbers as Decimal.

    Raises `InputError` for a missing file, bad syntax or a key that stands twice in one object.
    """
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    return parse_text(read_text(path), str(path), is_yaml=is_yaml)


def read_text(path: Path) -> str:
    """The text of a file. Raises `InputError` when it is missing or none."""
    try:
        data = path.read_bytes()
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if wide else "utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件", code="missing")) from None
    except UnicodeDecodeError:
        raise InputError(
            Problem(str(path), "不是 UTF-8 编码的文本", AS_UTF8, code="unreadable")
        ) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"读不了：{system_reason(error)}", code="unreadable")
        ) from None


def parse_text(text: str, where: str, *, is_yaml: bool = False) -> Raw:
    """As `read_document`, from text."""
    if not text.strip():
        raise InputError(Problem(where, "文件是空的", _SKELETON, code="bad-syntax"))
    data = parse_yaml(text, where) if is_yaml else parse_json(text, where)
    if not isinstance(data, dict):
        hint = (_yaml_hint(text, None) if is_yaml else "") or _SKELETON
        message = "里面没有版本、单位名称、表这些项"
        raise InputError(Problem(where, message, hint, code="bad-syntax"))
    return data


def parse_json(text: str, where: str) -> Any:
    """What a JSON text holds, numbers as Decimal. Raises `InputError`, for doubled keys too."""
    twice: list[str] = []
    try:
        data = json.loads(
            text,
            parse_float=_exact,
            parse_int=_exact,
            parse_constant=str,
            object_pairs_hook=lambda pairs: _pairs(pairs, twice),
        )
    except json.JSONDecodeError as error:
        place = f"{where} 第{error.lineno}行第{error.colno}列"
        raise InputError(
            Problem(place, "不是合法的 JSON", _json_hint(error), code="bad-syntax")
        ) from None
    except RecursionError:
        raise InputError(Problem(where, "层次太深", code="bad-syntax")) from None
    raise_if(_doubled(where, key) for key in twice)
    return data


def parse_yaml(text: str, where: str) -> Any:
    """What a YAML text holds, numbers as Decimal. Raises `InputError`, for doubled keys too."""
    try:
        return load_yaml(text, exact=True)
    except DoubledKey as error:
        raise InputError(_doubled(where, str(error))) from None
    except YAMLError as error:
        place = f"{where} {fault_place(error)}".strip()
        hint = _yaml_hint(text, error) or (str(error) if isinstance(error, Unfolded) else "")
        raise InputError(Problem(place, "不是合法的 YAML", hint, code="bad-syntax")) from None


def _doubled(where: str, key: str) -> Problem:
    return Problem(where, f"“{key}”在同一处写了两次", code="doubled")


def _yaml_hint(text: str, error: YAMLError | None) -> str:
    """What people type in YAML that YAML does not know: 版本：2024-shanghai, lines that begin with a tab."""
    if number := wide_colon(text, error):
        return f"第{number}行的冒号要用半角“:”，后面空一格，如“版本: 2024-shanghai”"
    for number, line in enumerate(text.splitlines(), 1):
        if _TAB.match(line):
            return f"第{number}行用 Tab 缩进，要用空格"
    return ""


def _exact(text: str) -> Decimal | str:
    """The number, or the text of one that is beyond all bounds: it is refused at its field."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _json_hint(error: json.JSONDecodeError) -> str:
    line = error.doc.splitlines()[error.lineno - 1] if error.doc else ""
    if line.strip().startswith(("//", "/*", "#")):
        return "JSON 里不能写注释，删去这一行；要写注释的，用 YAML"
    if line[error.colno - 1 : error.colno] == "'":
        return "引号要用双引号"
    before, here = error.doc[: error.pos].rstrip(), error.doc[error.pos : error.pos + 1]
    if before.endswith(",") and here in ("]", "}"):
        return "上面最后一项后面多了一个逗号"
    if "，" in line or "：" in line or "“" in line:
        return "逗号、冒号、引号要用半角"
    return "常见原因：少了逗号或引号，最后一项后多了逗号"


def _pairs(pairs: list[tuple[str, Any]], twice: list[str]) -> Raw:
    result: Raw = {}
    for key, value in pairs:
        if key in result:
            twice.append(key)
        result[key] = value
    return result


def dumps(raw: object) -> str:
    """A raw document as JSON text: exact numbers, short objects on one line."""
    return "\n".join(_lines(raw, "")) + "\n"


def is_written(path: Path, *keys: str) -> bool:
    """Whether a file is as `dumps` writes it: an object with these keys, or a list of such objects."""
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        objects = found if isinstance(found, list) else [found]
        fitting = all(isinstance(one, dict) and one.keys() >= set(keys) for one in objects)
        return fitting and text == dumps(found)
    except (OSError, ValueError, ArithmeticError, RecursionError):
        return False


def is_document(path: Path) -> bool:
    """Whether a file is a data document as xltool writes them."""
    return is_written(path, "版本", "表")


def _lines(value: object, indent: str) -> Iterator[str]:
    flat = _flat(value)
    if len(flat) + len(indent) <= 110 or not isinstance(value, (dict, list)) or not value:
        yield flat
        return
    pairs = (
        [(json.dumps(key, ensure_ascii=False) + ": ", item) for key, item in value.items()]
        if isinstance(value, dict)
        else [("", item) for item in value]
    )
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield opening
    for n, (key, item) in enumerate(pairs):
        first, *rest = _lines(item, indent + " ")
        comma = "," if n < len(pairs) - 1 else ""
        body = [f" {key}{first}", *(f" {line}" for line in rest)]
        body[-1] += comma
        yield from body
    yield closing


def _flat(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        inner = (f"{json.dumps(k, ensure_ascii=False)}: {_flat(v)}" for k, v in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
