"""JSON Schema of the data document of an edition, made from its mappings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xltool.core.model import CODE, HEADS, RECOGNISED, FieldSpec, Kind, ListSpec, TableSpec

Schema = dict[str, Any]

_NUMBER_TEXT = r"^[\s0-9０-９.．,，+＋()（）¥￥万元—–−－-]*$"
"""The signs of an amount as people write it; whether they make a number is for reading to say."""
_DEFINITIONS: dict[str, Schema] = {
    "amount": {
        "description": "金额；null 或不写为空白，0 为零",
        "anyOf": [{"type": ["number", "null"]}, {"type": "string", "pattern": _NUMBER_TEXT}],
    },
    "number": {
        "description": "数字，如分值、得分",
        "anyOf": [{"type": ["number", "null"]}, {"type": "string", "pattern": _NUMBER_TEXT}],
    },
    "ratio": {"description": '比率：0.95 或 "95%"', "type": ["number", "string", "null"]},
    "text": {"description": "文字", "type": ["string", "number", "null"]},
    "name": {"description": "名称；科目表里有的可以不写", "type": ["string", "null"]},
}


_UNREAD: Schema = {
    "type": "object",
    "properties": {key: {"type": "string"} for key in ("工作表", "表", "原因")},
}


_WRITTEN_BY_READING: Schema = {
    "表样": {"description": "识别：读出时表样不是自带的；填报时不看", "enum": [RECOGNISED]},
    "未读": {
        "description": "读出时没有读的表；填报时不看",
        "type": "array",
        "items": _UNREAD,
    },
    "版本信息": {
        "description": "读出时用的自己的版本是哪一版；填报时不看",
        "type": "object",
        "properties": {key: {"type": "string"} for key in ("版次", "校验码")},
    },
    "没有的版本": {
        "description": "工作簿里写着、读的电脑上没有的版本；填报时不看",
        "type": "string",
    },
}


def _heads(edition: str) -> Schema:
    """What stands above the tables of a document."""
    return {
        "$schema": {"description": "编辑器用的，填报时不看", "type": "string"},
        "版本": {"description": "填哪一套表", "const": edition},
        "单位名称": {"description": "表上印的单位名称", "type": "string", "minLength": 1},
        "年度": {
            "description": "决算年度，四位",
            "type": "integer",
            "minimum": 1990,
            "maximum": 2100,
        },
        "金额单位": {
            "description": "本文档里全部金额的单位；表上印的单位另算，自动换算",
            "enum": ["元", "万元"],
        },
        **{head: _head(head) for head in HEADS},
    }


def document_schema(edition: str, title: str, specs: Mapping[str, TableSpec]) -> Schema:
    """The schema of a whole document (JSON Schema 2020-12): of the edition with this id, name and tables."""
    tables = {name: _table(spec) for name, spec in specs.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{title} 数据文档",
        "type": "object",
        "properties": {
            **_heads(edition),
            "无数据": {
                "description": "没有数、表下要写“本表无数据”的表；不写在这里的不写",
                "type": ["array", "null"],
                "items": {"enum": list(specs)},
            },
            **_WRITTEN_BY_READING,
            "表": {
                "description": "表名: 内容；没有数据的表不写",
                "type": "object",
                "properties": tables,
                "additionalProperties": False,
            },
            **({"附表": _aside(specs, tables)} if any(s.likely for s in specs.values()) else {}),
        },
        "required": ["版本", "单位名称", "年度", "金额单位", "表"],
        "additionalProperties": False,
        "$defs": _DEFINITIONS,
    }


def _aside(specs: Mapping[str, TableSpec], tables: Schema) -> Schema:
    return {
        "description": "样式没有出处、按最可能的样式认的表",
        "type": "object",
        "properties": {name: tables[name] for name, spec in specs.items() if spec.likely},
        "additionalProperties": False,
    }


def dumps_schema(schema: Schema) -> str:
    """A schema as text."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def is_schema(path: Path) -> bool:
    """Whether a file is a schema as xltool writes them."""
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
        return isinstance(found, dict) and "$schema" in found and text == dumps_schema(found)
    except (OSError, ValueError, RecursionError):
        return False


def _head(name: str) -> Schema:
    return {"description": f"{name}；可不写，表样里有位置的才印", "type": ["string", "null"]}


def _ref(kind: Kind) -> Schema:
    return {"$ref": f"#/$defs/{kind}"}


def _table(spec: TableSpec) -> Schema:
    schema = {"description": "，".join((*spec.also[:1], spec.name)), **_object()}
    for path, field in spec.fields.items():
        node = schema
        for key in path[:-1]:
            node = node["properties"].setdefault(key, _object())
        words = {"description": _field(field)} if field.kind == "amount" else {}
        node["properties"][path[-1]] = {**_ref(field.kind), **words}
    for name, rows in spec.lists.items():
        schema["properties"][name] = _list(rows)
    for synonym, path in spec.synonyms.items():
        node = schema
        for key in path[:-1]:
            node = node["properties"][key]
        node["properties"].setdefault(synonym[-1], node["properties"][path[-1]])
    if spec.many:
        return {"anyOf": [schema, {"type": "array", "items": schema}]}
    return schema


def _field(field: FieldSpec) -> str:
    return f"{field.row}·{field.column}，金额；不写为空白，0 为零"


def _object() -> Schema:
    return {"type": ["object", "null"], "properties": {}, "additionalProperties": False}


def _list(spec: ListSpec) -> Schema:
    properties: Schema = {}
    for name, kind in spec.columns.items():
        properties[name] = _code(spec) if kind == "code" else _ref(kind)
    row: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if spec.codes is not None:
        row["required"] = [CODE]
    words = "一行一个科目，只写最低一级就够" if spec.codes is not None else "一行一项"
    return {"description": words, "type": ["array", "null"], "items": row}


_LEVELS = (3, 5, 7)
"""The lengths of codes in lists that are no list of 科目, as those of projects."""


def _code(spec: ListSpec) -> Schema:
    if spec.listed:
        codes = [*spec.listed, *map(int, spec.listed)]
        return {"description": "科目编码；表样上有的", "enum": codes}
    levels = spec.codes.levels if spec.codes is not None else _LEVELS
    lengths = "|".join(f"\\d{{{n}}}" for n in levels)
    shown = "、".join(map(str, levels))
    return {
        "description": f"科目编码，{shown}位数字",
        "type": ["string", "integer"],
        "pattern": f"^({lengths})$",
        "minimum": 10 ** (levels[0] - 1),
        "maximum": 10 ** levels[-1] - 1,
    }
