"""The columns of every table of a batch, as Arrow types. docs/queries.md tells users what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pyarrow as pa

from xltool.core.amounts import DIGITS, SCALE

DECIMAL = pa.decimal128(DIGITS, SCALE)
"""Every number that Excel can hold with 15 digits, from 0.0001 to 10^20, fits exactly."""

_TEXT, _COUNT, _FLAG = pa.string(), pa.int32(), pa.bool_()

BOOK = pa.schema(
    [
        ("文件", _TEXT),
        ("sha256", _TEXT),
        ("大小", pa.int64()),
        ("状态", _TEXT),
        ("原因", _TEXT),
        ("版本", _TEXT),
        ("单位名称", _TEXT),
        ("年度", pa.int16()),
        ("金额单位", _TEXT),
        ("表", _TEXT),
        ("事实数", _COUNT),
        ("未匹配", _COUNT),
        ("漂移", _COUNT),
        ("问题", _COUNT),
        ("结论", _TEXT),
        ("不符", _COUNT),
        ("需核实", _COUNT),
        ("提示", _COUNT),
        ("尾差", _COUNT),
        ("适用规则", _COUNT),
        ("已审规则", _COUNT),
        ("待确认", _COUNT),
        ("条件", _TEXT),
        ("单位编码", _TEXT),
        ("版本状态", _TEXT),
    ]
)
"""A row per workbook, read or not. From 结论 on: only with validation."""

CONTEXT = ("文件", "sha256", "版本", "单位名称", "年度", "金额单位")
"""The columns of BOOK that stand in front of every row of the other tables."""

FACT = pa.schema(
    [
        ("表", _TEXT),
        ("份", pa.int16()),
        ("行", _TEXT),
        ("科目编码", _TEXT),
        ("科目名称", _TEXT),
        ("列", _TEXT),
        ("类型", _TEXT),
        ("值", DECIMAL),
        ("文本", _TEXT),
        ("工作表", _TEXT),
        ("单元格", _TEXT),
    ]
)
FINDING = pa.schema(
    [
        ("规则", _TEXT),
        ("规则名称", _TEXT),
        ("级别", _TEXT),
        ("结论", _TEXT),
        ("表", _TEXT),
        ("工作表", _TEXT),
        ("单元格", _TEXT),
        ("位置", _TEXT),
        ("内容", _TEXT),
        ("左边", _TEXT),
        ("左值", DECIMAL),
        ("右边", _TEXT),
        ("右值", DECIMAL),
        ("差额", DECIMAL),
        ("容差", DECIMAL),
        ("提示", _TEXT),
        ("说明", _TEXT),
        ("疑似单元格", _TEXT),
        ("同因", _COUNT),
        ("关系", _TEXT),
        ("现为", _TEXT),
        ("应为", DECIMAL),
        ("标识", _TEXT),
        ("可说明", _FLAG),
    ]
)
OUTCOME = pa.schema(
    [
        ("规则", _TEXT),
        ("规则名称", _TEXT),
        ("级别", _TEXT),
        ("结论", _TEXT),
        ("通过", _COUNT),
        ("不符", _COUNT),
        ("尾差", _COUNT),
        ("数据不足", _COUNT),
        ("未执行", _COUNT),
        ("不适用", _COUNT),
        ("原因", _TEXT),
        ("未审", _FLAG),
        ("缺簿外", _FLAG),
    ]
)
PROBLEM = pa.schema(
    [
        ("类别", _TEXT),
        ("工作表", _TEXT),
        ("单元格", _TEXT),
        ("内容", _TEXT),
        ("建议", _TEXT),
    ]
)
ATTACHMENT = pa.schema([("name", _TEXT), ("content", pa.large_binary())])
"""Whole files made of a book in the worker: its JSON document, a report."""

DETAILS = {"facts": FACT, "findings": FINDING, "outcomes": OUTCOME, "problems": PROBLEM}
"""The tables whose rows belong to books."""

EXTRAS = frozenset({"carried", "attached", "answers", "texts", "text_findings"})
"""Tables that a review adds to its database besides."""


def full(detail: pa.Schema) -> pa.Schema:
    """The schema of a detail table with the columns of its book in front."""
    return pa.schema([*(BOOK.field(name) for name in CONTEXT), *detail])


def schema_of(name: str) -> pa.Schema:
    """The columns of a table as it is written: `books`, or a detail with its book's columns in front."""
    return BOOK if name == "books" else full(DETAILS[name])


ArrowColumn: TypeAlias = "Sequence[object] | pa.Array"


def struct(columns: Sequence[ArrowColumn], schema: pa.Schema) -> pa.StructArray:
    """The columns of a detail table as one array."""
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=list(schema))
