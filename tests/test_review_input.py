"""What a clerk may hand to `fill` and `validate` that must not pass for something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xltool.checks import validate
from xltool.checks.prior import load_prior
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.documents.load import from_raw, load
from xltool.filling import fill


def small(**more: Any) -> dict[str, Any]:
    tables = {"收入支出决算总表": {"收入": {"其他收入": 5}, "支出": {"其他支出": 5}}}
    fixed = {"版本": "2024-shanghai", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    return {**fixed, "表": tables, **more}


def test_a_template_with_figures_in_it_is_refused(tmp_path: Path) -> None:
    report, edition = from_raw(small())
    with pytest.raises(InputError, match="不是空白的表样，已填了55个金额：“收入支出决算总表”B6"):
        fill(report, edition, tmp_path / "出.xlsx", template=SAMPLES / "sgb-2024.xlsx")


def test_a_template_that_the_data_has_no_table_of_is_refused(tmp_path: Path) -> None:
    """It was left aside without a word, and the edition's own other form filled under its name."""
    report, edition = from_raw(small(版本="2021-national", 年度=2021))
    form, out = TEMPLATES / "2021-national" / "项目支出绩效自评表.xlsx", tmp_path / "出.xlsx"
    with pytest.raises(
        InputError, match="数据里没有表样里的表（项目支出绩效自评表），这份表样填不进任何数"
    ):
        fill(report, edition, out, template=form)
    assert not out.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_template_with_sheets_that_are_not_recognised_is_refused_by_name(tmp_path: Path) -> None:
    """The edition's own form was filled in the stead of the tables that were not recognised."""
    report, edition = from_raw(small(版本="2023-national", 年度=2023))
    book = openpyxl.load_workbook(TEMPLATES / "2023-national" / "部门决算公开表.xlsx")
    first = book.worksheets[0]
    next(c for row in first for c in row if c.value == "收入支出决算总表").value = "本局收支总览"
    first.title = "总览"
    book.save(tmp_path / "表样.xlsx")
    told = f"没有认出数据里的这些表：收入支出决算总表；不认得的工作表：{first.title}"
    with pytest.raises(InputError, match=told):
        fill(report, edition, tmp_path / "出.xlsx", template=tmp_path / "表样.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["表样.xlsx"]


def test_a_folder_is_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report, edition = from_raw(small())
    for out in (Path(), tmp_path):
        with pytest.raises(InputError, match="是文件夹"):
            fill(report, edition, out)


def test_a_year_outside_the_edition_is_remarked(tmp_path: Path) -> None:
    report, edition = from_raw(small(年度=2022))
    notes = fill(report, edition, tmp_path / "旧.xlsx").notes
    assert notes == ["2024-shanghai 适用于2024—2025年度，数据是2022年度的，请核对版本"]


def test_an_edition_that_overrides_the_documents_own_is_remarked(tmp_path: Path) -> None:
    path = tmp_path / "数据.json"
    path.write_text(json.dumps(small(版本="2023-national")), encoding="utf-8")
    said: list[str] = []
    assert load(path, "2024-shanghai", said.append)[1].id == "2024-shanghai"
    assert said == ["文档写的版本是“2023-national”，照选的版本 2024-shanghai 的表样填"]
    load(path, "2023-national", said.append)
    load(path, None, said.append)
    assert len(said) == 1


def test_last_year_must_be_last_year(tmp_path: Path) -> None:
    report, edition = from_raw(small())
    same = tmp_path / "同年.json"
    same.write_text(json.dumps(small()), encoding="utf-8")
    with pytest.raises(InputError, match="是2024年度的，2024年度的上年应是2023年度"):
        load_prior(same, report)
    other = tmp_path / "上年.json"
    other.write_text(json.dumps(small(年度=2023, 单位名称="乙局")), encoding="utf-8")
    fill(report, edition, tmp_path / "本年.xlsx")
    found = validate(tmp_path / "本年.xlsx", prior=load_prior(other, report)).findings
    assert [f.message for f in found if f.rule == "P-00"] == ["上年数据是“乙局”的，本年是“某局”"]


def test_a_long_table_tells_everything_at_once_with_its_name(tmp_path: Path) -> None:
    table = tmp_path / "数.csv"
    head = "版本,单位名称,年度,金额单位,表,行,科目编码,列,值"
    lines = [
        head,
        "2024-shanghai,甲,2024,元,收入支出决算总表,其它收入,,收入,1",
        "2024-shanghai,乙,2024,元,收入支出决算总表,其他收入,,收入,十五万",
    ]
    table.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load(table)
    told = str(error.value)
    assert all(part in told for part in ("不同的值：乙、甲", "数.csv 第2行", "数.csv 第3行"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_long_tables_as_excel_saves_them(tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "数.csv"
    text = (
        "版本\t单位名称\t年度\t金额单位\t表\t行\t科目编码\t列\t值\r\n"
        "2024-shanghai\t某局\t2024\t元\t收入支出决算总表\t其他收入\t\t收入\t1,500.00\r\n"
    )
    table.write_bytes(text.encode(encoding))
    report, _ = load(table)
    assert report.unit_name == "某局"
    assert report.tables["收入支出决算总表"][0].fields["收入", "其他收入"] == 1500
