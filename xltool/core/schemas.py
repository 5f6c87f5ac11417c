"""JSON Schema faults of data files, as problems in Chinese."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problemcodes import ProblemCode
from xltool.core.problems import Problem


@remembered(8)
def _validator(schema: Path) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def schema_problems(
    data: object, schema: Path, name: str, code: ProblemCode = "bad-syntax"
) -> list[Problem]:
    """What in `data` (read from the file `name`) is not as `schema` wants it; each fault once."""
    import jsonschema

    problems = []
    faults = _validator(schema).iter_errors(_plain(data))
    for fault in sorted(faults, key=lambda f: [str(step) for step in f.absolute_path]):
        deepest = jsonschema.exceptions.best_match([fault])
        assert deepest is not None
        place = " › ".join(map(str, deepest.absolute_path))
        problems.append(Problem(f"{name} {place}".strip(), _sentence(deepest), code=code))
    return problems


def _plain(value: Any) -> Any:
    """YAML data as JSON has it: text keys."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _sentence(error: Any) -> str:
    """The fault in Chinese."""
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = shown if len(shown) < 60 else shown[:57] + "…"
    match error.validator:
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return f"缺少 {'、'.join(missing)}"
        case "additionalProperties" if error.validator_value is False:
            known = error.schema.get("properties", {})
            extra = [key for key in error.instance if key not in known]
            return f"不认识的项目 {'、'.join(extra)}"
        case "type":
            return f"{shown} 的类型不对，应为 {error.validator_value}"
        case "pattern" | "propertyNames":
            return f"{shown} 的写法不对（地址如 A1、A1:C1，列如 A、A:C）"
        case "enum" | "const":
            return f"{shown} 不在可用的值之列：{error.validator_value}"
    return f"{shown} 不合格式（{error.validator}）"
