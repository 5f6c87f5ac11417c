"""Mapping files as written: YAML, merged with those that they extend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.resources import MAPPINGS
from xltool.core.yamlfaults import DoubledKey, YAMLError
from xltool.core.yamlfile import reason, where
from xltool.mapping.parsed import parsed

Raw = dict[str, Any]


def read_yaml(path: Path) -> Raw:
    """The mapping at the top of a YAML file. Raises `InputError` for a missing or malformed one."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        data = _parsed(text)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件", code="missing")) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"读不了：{system_reason(error)}", code="unreadable")
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            Problem(str(path), "不是 UTF-8 编码的文本", "另存为 UTF-8", code="unreadable")
        ) from None
    except DoubledKey as error:
        place = f"{path} {where(error)}"
        raise InputError(Problem(place, f"“{error}”在同一处写了两次", code="doubled")) from None
    except YAMLError as error:
        place = f"{path} {where(error)}".strip()
        told = Problem(place, "不是合法的 YAML", reason(error, text), code="bad-syntax")
        raise InputError(told) from None
    if not isinstance(data, dict):
        raise InputError(Problem(str(path), "文件顶层应是“键: 值”", code="bad-syntax"))
    return dict(data)


@remembered(256)
def _parsed(text: str) -> Any:
    """What a text says. Nobody changes it: an edition is read again for each that extends it."""
    return parsed(text)


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> Raw:
    """`base` overridden by `change`: mappings merge key by key, null deletes, all else replaces."""
    result = dict(base)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def read_raw(path: Path, within: tuple[Path, ...] = ()) -> Raw:
    """A mapping file with what it `extends` (`edition/file`, relative to the folder of editions).

    `within` are those that extend this one.
    """
    if path in within:
        raise InputError(Problem(str(path), "extends 绕了一圈又回到自己", code="bad-mapping"))
    raw = read_yaml(path)
    base = raw.pop("extends", None)
    if base is None:
        return raw
    return merged(read_raw(related_file(path, base), (*within, path)), raw)


def base_of(path: Path) -> Path | None:
    """The file that a mapping file extends; None for one that extends nothing, or cannot be read."""
    try:
        base = read_yaml(path).get("extends")
        return None if base is None else related_file(path, base)
    except InputError:
        return None


def related_file(path: Path, name: str) -> Path:
    """The mapping file that another one names: `edition/file`. Raises `InputError`."""
    found = (root / f"{name}.yaml" for root in (path.parent.parent, MAPPINGS))
    file = next((f for f in found if f.is_file()), None)
    if file is None:
        raise InputError(Problem(str(path), f"extends 所指的“{name}”不存在", code="bad-mapping"))
    return file
