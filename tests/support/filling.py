"""A blank form filled from a document, as a clerk fills the form of a province."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.terminal import Answer, xltool

UNIT = "某县水务站"


def fill_form(
    folder: Path,
    form: bytes,
    tables: dict[str, Any],
    *,
    year: int = 2022,
    unit: str = "元",
    out: str = "出.xlsx",
    more: tuple[str, ...] = (),
) -> Answer:
    """Run `fill --template` in `folder`, with these tables of UNIT in the edition of `year`, and `out` to be made.

    `more`: further words of the command.
    """
    document = {"版本": f"{year}-national", "单位名称": UNIT, "年度": year, "金额单位": unit}
    (folder / "空表.xlsx").write_bytes(form)
    (folder / "数据.json").write_text(json.dumps(document | {"表": tables}), encoding="utf-8")
    return xltool("fill", "数据.json", "--template", "空表.xlsx", "-o", out, *more, folder=folder)


def spending_form(path: Path, unit: str = "", year: str = "    ") -> None:
    """Write a form of one short table, blank or with the heads of a unit."""
    book = openpyxl.Workbook()
    for row in [
        ["支出决算表"],
        [f"部门：{unit}", None, f"{year}年度", None, "金额单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计"],
        *([[]] * 3),
        ["注：本表反映各项支出情况。"],
    ]:
        book.active.append(row)
    book.active.title = "公开03"
    book.save(path)
