"""The texts of a review in its database, on its page and in its workbook: a row each, and a row per finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from xltool.batch.bounded import add_table, bounded
from xltool.review.extra import ExtraTable
from xltool.review.sheets import SheetColumn, SheetLink, numbers

Raw = dict[str, Any]
TEXTS, FINDINGS = "texts", "text_findings"
_T, _N = pa.string(), pa.int32()
TEXT = pa.schema(
    [
        *(("文字", _T), ("工作簿", _T), ("单位名称", _T), ("结论", _T)),
        *(("数", _N), ("核对", _N), ("不符", _N), ("需核实", _N), ("原因", _T), ("报告", _T)),
    ]
)
FINDING = pa.schema(
    [
        *(("文字", _T), ("工作簿", _T), ("单位名称", _T), ("规则", _T), ("级别", _T), ("结论", _T)),
        *(("章节", _T), ("段", _N), ("原文", _T), ("内容", _T), ("单元格", _T), ("提示", _T)),
    ]
)
_WORDS = {
    TEXTS: "每份说明文字一行：与哪份工作簿核对、结论；没有配上、读不了的写明原因",
    FINDINGS: "说明文字里的发现：原文、表里的单元格",
}
_LOOKS = {"不符": "red", "未能读取": "red", "未配上": "ochre", "未核对": "ochre", "相符": "green"}
_TEXT_COLUMNS = (
    *(SheetColumn("单位名称", 26, "long"), SheetColumn("文字", 40, "long")),
    SheetColumn("结论", 12),
    *numbers("数", "核对", "不符", "需核实"),
    *(SheetColumn("工作簿", 40, "long"), SheetColumn("原因", 50, "long")),
    SheetColumn("报告", 9, printed=False),
)
_FINDING_COLUMNS = (
    *(SheetColumn("单位名称", 24, "long"), SheetColumn("规则", 10), SheetColumn("级别", 10)),
    *(SheetColumn("内容", 49, "long"), SheetColumn("原文", 60, "long")),
    *(SheetColumn("单元格", 24, "long"), SheetColumn("提示", 34, "long")),
    *(SheetColumn("章节", 24, "long"), *numbers("段"), SheetColumn("文字", 40, "long")),
)


def write_texts(database: Path, rows: Iterable[Raw]) -> None:
    """Add the texts of a review to its database, where it has any."""
    listed = list(rows)
    if not listed:
        return
    found = [{**row, **finding} for row in listed for finding in row.get("发现", ())]
    with bounded(database) as db:
        for name, schema, made in ((TEXTS, TEXT, listed), (FINDINGS, FINDING, found)):
            values = ([row.get(column) for column in schema.names] for row in made)
            add_table(db, name, schema, values, _WORDS[name])


def text_tables(rows: Sequence[Raw]) -> list[ExtraTable]:
    """The texts and what does not hold in them, for page and workbook; the worst first."""
    if not rows:
        return []
    ordered = sorted(rows, key=lambda row: (list(_LOOKS).index(row["结论"]), row["文字"]))
    counts = Counter(row["结论"] for row in rows)
    note = "，".join(f"{verdict} {counts[verdict]} 份" for verdict in _LOOKS if counts[verdict])
    found = [
        {**row, **finding}
        for row in ordered
        for finding in row.get("发现", ())
        if finding["结论"] == "不符"
    ]
    return [
        ExtraTable("说明文字", note, _TEXT_COLUMNS, _values(ordered, _TEXT_COLUMNS), _LOOKS),
        ExtraTable(
            "说明文字的问题",
            f"{len(found)} 处",
            _FINDING_COLUMNS,
            _values(found, _FINDING_COLUMNS),
            {"必须相符": "red", "需核实": "ochre"},
        ),
    ]


def _values(rows: Sequence[Raw], columns: Sequence[SheetColumn]) -> list[list[object]]:
    return [[_value(row, column.title) for column in columns] for row in rows]


def _value(row: Raw, title: str) -> object:
    value = row.get(title)
    return SheetLink(value, "打开") if title == "报告" and value else value
