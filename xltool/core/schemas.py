"""JSON Schema faults of data files, as problems in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problemcodes import ProblemCode
from xltool.core.problems import Problem
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import KeyPath, line_of


@remembered(8)
def _validator(schema: Path) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def schema_problems(
    data: object,
    schema: Path,
    name: str,
    code: ProblemCode = "bad-syntax",
    *,
    source: Path | None = None,
) -> list[Problem]:
    """What in `data` (read from the file `name`) is not as `schema` wants it; each fault once.

    `source`: the file itself, where the line is to be told.
    """
    import jsonschema

    validator = _validator(schema)
    found = list(validator.iter_errors(_plain(data)))
    own = validator.schema.get("$defs", {})
    strays = list(dict.fromkeys(stray for fault in found for stray in _strays(fault, own)))
    problems = [_too_deep(stray, name, code, source) for stray in strays]
    faults = (fault for fault in found if not _follows(fault, strays))
    for fault in sorted(faults, key=lambda f: [str(step) for step in f.absolute_path]):
        deepest = _misspelt(fault) or jsonschema.exceptions.best_match([fault])
        assert deepest is not None
        keys = tuple(deepest.absolute_path)
        place = _place(name, source, keys, (*keys, *_extra(deepest)[:1]))
        problems.append(Problem(place, _sentence(deepest), _hint(deepest), code=code))
    return problems


def _place(name: str, source: Path | None, keys: KeyPath, at: KeyPath) -> str:
    """The file, the line of the keys `at` where it is to be told, and the keys `keys`."""
    place = " › ".join(map(str, keys))
    if source is not None and (line := line_of(source, at)):
        place = f"第{line}行 {place}"
    return f"{name} {place}".strip()


def _strays(fault: Any, definitions: dict[str, Any]) -> Iterator[KeyPath]:
    """The keys that a thing lacks because they stand too deep, in what is above them and has no such key."""
    if fault.validator != "required":
        return
    missing = [key for key in fault.validator_value if key not in fault.instance]
    for outer, inner in fault.instance.items():
        form = fault.schema.get("properties", {}).get(outer, {})
        form = definitions.get(form.get("$ref", "").removeprefix("#/$defs/"), form)
        for key in missing:
            if isinstance(inner, dict) and key in inner and key not in form.get("properties", {}):
                yield (*fault.absolute_path, outer, key)


def _too_deep(stray: KeyPath, name: str, code: ProblemCode, source: Path | None) -> Problem:
    *above, outer, key = stray
    told = f"“{key}”缩进太深，成了“{outer}”里面的一项"
    hint = f"往左移，与“{outer}”对齐"
    return Problem(_place(name, source, tuple(above), stray), told, hint, code=code)


def _follows(fault: Any, strays: Sequence[KeyPath]) -> bool:
    """Whether a fault is only that a key stands too deep: it is missing where it belongs, and one too many there."""
    path = tuple(fault.absolute_path)
    if fault.validator == "required":
        there = {stray[-1] for stray in strays if path == stray[:-2]}
        return all(key in there or key in fault.instance for key in fault.validator_value)
    return any(path in (stray[:-1], stray) for stray in strays)


def _plain(value: Any) -> Any:
    """YAML data as JSON has it: text keys."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


_KINDS = {
    "array": "清单（[…] 或每项一行“- ”）",
    "object": "“键: 值”",
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": " true 或 false",
    "null": "空着",
}


def _extra(error: Any) -> list[str]:
    """The keys that are one too many."""
    if error.validator != "additionalProperties" or error.validator_value is not False:
        return []
    known = error.schema.get("properties", {})
    return [key for key in error.instance if key not in known]


def _hint(error: Any) -> str:
    """What is meant there, as far as the schema says it."""
    if extra := _extra(error):
        meant = (did_you_mean(key, error.schema.get("properties", {})) for key in extra)
        return "；".join(filter(None, meant))
    return str(error.schema.get("description", ""))


def _misspelt(fault: Any) -> Any:
    """Of what is wrong with a thing that may be of several forms, that it has a key that none of them has."""
    inner = list(fault.context or ())
    for error in inner:
        if error.validator == "additionalProperties" and _extra(error):
            return error
        inner += error.context or ()
    return None


def _sentence(error: Any) -> str:
    """The fault in Chinese."""
    shown = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = shown if len(shown) < 60 else shown[:57] + "…"
    match error.validator:
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"缺少 {'、'.join(missing)}"
        case "additionalProperties" if error.validator_value is False:
            return f"不认识的项目 {'、'.join(_extra(error))}"
        case "type":
            wanted = error.validator_value
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"{shown} 的类型不对，应为{'或'.join(_KINDS.get(kind, kind) for kind in kinds)}"
        case "pattern" | "propertyNames":
            return f"{shown} 的写法不对（地址如 A1、A1:C1，列如 A、A:C）"
        case "anyOf" | "oneOf":
            ways = (" 和 ".join(way.get("required", [])) for way in error.validator_value)
            if wanted := "、".join(filter(None, ways)):
                return f"缺少其中一样：{wanted}"
        case "uniqueItems":
            doubled = {str(item) for item in error.instance if error.instance.count(item) > 1}
            return f"{'、'.join(sorted(doubled))} 重复，只写一次"
        case "minimum":
            return f"{shown} 太小，至少是 {error.validator_value}"
        case "minLength" | "minItems" | "minProperties":
            return f"{shown} 是空的"
        case "enum" | "const":
            return f"{shown} 不在可用的值之列：{error.validator_value}"
    return f"{shown} 不合格式（{error.validator}）"
