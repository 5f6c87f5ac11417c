"""What a filled workbook looks like where values alone do not tell: high enough rows, nothing out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.editing import edited
from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.ooxml import open_workbook
from xltool.reading import examine

GOAL = "完成全部年度任务，群众满意度不低于百分之九十五。" * 20
PROJECT = {
    "项目名称": "信息化项目",
    "主管部门": "某局",
    "实施单位": "某局",
    "年度总体目标": {"预期目标": GOAL},
    "绩效指标": [
        {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "建成系统"},
        {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "培训", "偏差原因": "改进" * 80},
    ],
}  # fmt: skip
SHEET = "信息化项目"


def project() -> dict[str, Any]:
    return {
        "版本": "2021-national",
        "单位名称": "某局",
        "年度": 2021,
        "金额单位": "万元",
        "表": {"项目支出绩效自评表": [PROJECT]},
    }


def test_rows_grow_with_the_texts_in_them(tmp_path: Path) -> None:
    out = tmp_path / "自评.xlsx"
    report, edition = from_raw(project())
    fill(report, edition, out)
    sheet = open_workbook(out).sheet(SHEET)
    width = sum(sheet.column_width(column) or 0 for column in range(2, 6))
    wanted = 14 * (2 * len(GOAL) / float(width))
    heights = {row: float(sheet.row_height(row) or 0) for row in (11, 12, 13, 14)}
    assert wanted < heights[11] < 1.4 * wanted
    assert heights[14] > 2 * heights[13]
    empty = open_workbook(edition.workbooks[1].template).sheets[0]
    assert heights[12] == float(empty.row_height(12) or 0)


def test_sheets_of_one_name_are_counted(tmp_path: Path) -> None:
    raw = project()
    raw["表"]["项目支出绩效自评表"] = [PROJECT, PROJECT, PROJECT]
    report, edition = from_raw(raw)
    fill(report, edition, tmp_path / "自评.xlsx")
    names = [sheet.name for sheet in open_workbook(tmp_path / "自评.xlsx").sheets]
    assert [name for name in names if SHEET in name] == [SHEET, f"{SHEET}(2)", f"{SHEET}(3)"]


def test_a_formula_that_cannot_be_calculated_keeps_no_old_value(tmp_path: Path) -> None:
    edition = find_edition("2023-national")
    table = next(iter(edition.tables.values()))
    empty = edition.workbooks[0].template.read_bytes()

    def own_formula(editor):  # type: ignore[no-untyped-def]
        editor.set_formula(table.sheet, "Z1", "YEAR(NOW())+D8")
        editor.set_cached(table.sheet, "Z1", 1999)

    template = tmp_path / "自有表样.xlsx"
    template.write_bytes(edited(empty, own_formula))
    raw = {**project(), "版本": "2023-national", "年度": 2024}
    raw["表"] = {table.table: {"收入": {"其他收入": 5}}}
    report, edition = from_raw(raw)
    filled = fill(report, edition, tmp_path / "决算.xlsx", template=template)
    assert any(f"{table.sheet}!Z1" in note and "Excel" in note for note in filled.notes)
    workbook = open_workbook(filled.files[0])
    assert workbook.sheet(table.sheet).formula("Z1") == "YEAR(NOW())+D8"
    assert not workbook.sheet(table.sheet).has_cached("Z1")
    assert b'fullCalcOnLoad="1"' in workbook.package.read("xl/workbook.xml")
    assert not examine(filled.files[0]).problems
