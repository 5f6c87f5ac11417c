"""What `xltool sum` refuses, by name, and leaves no file behind."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.departments import books, units
from tests.support.terminal import assert_refused
from xltool.batch.sources import find_sources
from xltool.core.problems import InputError
from xltool.documents.datafile import dumps
from xltool.editions import find_edition
from xltool.sums.addition import add
from xltool.sums.adjustments import load_adjustments
from xltool.sums.cells import additive
from xltool.sums.department import write
from xltool.sums.units import load_units

Raw = dict[str, Any]


def document(name: str, value: str = "5", **heads: object) -> Raw:
    """A unit with one figure."""
    tables = {"收入支出决算总表": {"收入": {"事业收入": Decimal(value)}}}
    given = {"版本": "2024-shanghai", "单位名称": name, "年度": Decimal(2024), "金额单位": "元"}
    return {**given, **heads, "表": tables}


def load(folder: Path, *raws: Raw) -> str:
    """What is said when these units are added."""
    for number, raw in enumerate(raws, 1):
        (folder / f"{number}.json").write_text(dumps(raw), encoding="utf-8")
    files = [str(path) for path in sorted(folder.iterdir())]
    with pytest.raises(InputError) as error:
        load_units(find_sources(files).sources)
    return str(error.value)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"年度": Decimal(2025)}, "2025年度"),
        ({"版本": "2023-national"}, "2023-national 版"),
    ],
)
def test_another_edition_or_year_is_refused_by_name(other: Raw, said: str, tmp_path: Path) -> None:
    message = load(tmp_path, document("甲"), document("乙", "6"), document("丙", "7", **other))
    assert "丙（3.json）" in message
    assert said in message
    assert "甲" not in message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (" 甲 ", "6", "数字不同"),
        ("乙", "5", "同一份表交了两次"),
    ],
)
def test_a_unit_given_twice_is_refused(name: str, value: str, said: str, tmp_path: Path) -> None:
    message = load(tmp_path, document("甲"), document(name, value))
    assert said in message
    assert "1.json" in message
    assert "2.json" in message


def test_the_way_out_of_two_differing_books_is_named(tmp_path: Path) -> None:
    message = load(tmp_path, document("甲"), document("甲", "6"))
    assert "--season" in message


def test_namesakes_with_the_same_figures_and_other_codes_are_refused(tmp_path: Path) -> None:
    codes = (document("甲", 单位编码="101"), document("甲", 单位编码="102"))
    assert "单位编码不同" in load(tmp_path, *codes)


def test_a_copy_is_added_once(tmp_path: Path) -> None:
    for number, raw in enumerate([document("甲"), document("乙", "6"), document(" 甲")], 1):
        (tmp_path / f"{number}.json").write_text(dumps(raw), encoding="utf-8")
    loaded = load_units(find_sources(sorted(map(str, tmp_path.iterdir()))).sources)
    assert [unit.name for unit in loaded.units] == ["甲", "乙"]
    (told,) = loaded.copies
    assert "3.json 没有加" in told
    assert "1.json" in told


def test_the_departments_own_sum_among_its_units_is_refused(tmp_path: Path) -> None:
    """It would be counted twice, and the sum would still be 合格."""
    raws = units("2023-national", 3, unit="万元", printed=True)
    files = books(raws, tmp_path)
    total = add(load_units(find_sources(map(str, files)).sources).units, "万元")
    (book,) = write(total, "某局", tmp_path / "部门.xlsx", force=False)
    with pytest.raises(InputError, match="像是部门的汇总表，不是一个单位") as error:
        load_units(find_sources([str(tmp_path)]).sources)
    assert "某局（部门.xlsx）" in str(error.value)
    assert len(error.value.problems) == 1
    assert len(load_units(find_sources(map(str, files)).sources).units) == 3
    assert book.exists()


def test_units_without_any_figure_are_not_taken_for_one_another(tmp_path: Path) -> None:
    for name in "甲乙":
        (tmp_path / f"{name}.json").write_text(dumps(document(name, "0")), encoding="utf-8")
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    assert len(load_units(find_sources(files).sources).units) == 2


def test_every_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    (tmp_path / "旧.et").write_bytes(b"")
    message = load(tmp_path, document("甲"))
    assert "坏.xlsx" in message
    assert "旧.et" in message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"年度": Decimal(2025)}, "同版本、同年度"),
        ({"金额单位": "角"}, "只能是“元”或“万元”"),
        ({"表": {"没有这张表": {}}}, "本版本没有这张表"),
    ],
)
def test_an_adjustment_that_does_not_fit_is_refused(change: Raw, said: str, tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(dumps(document("甲")), encoding="utf-8")
    given = load_units(find_sources([str(tmp_path / "1.json")]).sources).units
    path = tmp_path / "抵销.json"
    path.write_text(dumps({**document("抵销"), **change}), encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        load_adjustments([path], given, "元")
    assert "调整表 抵销.json" in str(error.value)


def test_a_file_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "单位 1").mkdir()
    (tmp_path / "单位 1" / "甲.json").write_text(dumps(document("甲")), encoding="utf-8")
    (tmp_path / "单位 1" / "乙.json").write_text("{", encoding="utf-8")
    for args, said in (
        (("单位 1/甲.json", "--adjust", "单位 1/无.json"), "错误：单位 1/无.json：没有这个文件\n"),
        (("单位 1/甲.json", "--check", "单位 1/无.xlsx"), "错误：单位 1/无.xlsx：没有这个文件\n"),
        (("单位 1/乙.json",), "错误：乙.json 第1行第2列：不是"),
        (("单位 1/甲.json", "--adjust", "单位 1/乙.json"), "错误：调整表 乙.json 第1行第2列：不是"),
        (("单位 1/甲.json", "--check", "单位 1/乙.json"), "错误：部门工作簿 乙.json：这不是"),
    ):
        told = said.replace("单位 1/", f"单位 1{os.sep}")
        answer = assert_refused(tmp_path, "sum", *args, "-o", "部门.json", said=(told,))
        assert len(answer.err.splitlines()) == 1


def test_self_assessments_are_not_added() -> None:
    specs = find_edition("2021-national").specs
    apart = {name for name, spec in specs.items() if not additive(spec)}
    assert apart == {"部门整体绩效自评表", "项目支出绩效自评表"}


def test_the_command_refuses_before_it_writes(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(dumps(document("甲")), encoding="utf-8")
    (tmp_path / "有.json").write_text("{}", encoding="utf-8")
    assert_refused(tmp_path, "sum", "1.json", said=("没有说写到哪里",))
    assert_refused(tmp_path, "sum", "1.json", "-o", "有.json", said=("没有覆盖",))
    assert_refused(tmp_path, "sum", "1.json", "-o", "部门.txt", said=("扩展名",))
    assert_refused(tmp_path, "sum", "没有", "-o", "部门.json", said=("没有这个文件",))
    (tmp_path / "调整").mkdir()
    assert_refused(tmp_path, "sum", "调整", "-o", "部门.json", said=("调整：没有可以汇总的工作簿",))
    for args, said in (
        (("-o", "部门.json", "-o", "部门.json"), "部门.json：写了两次"),
        (("-o", "部门.json", "--adjust", "有.json", "--adjust", "有.json"), "有.json：写了两次"),
        (("-o", "有.json", "--force", "--adjust", "有.json"), "输出不能又是输入"),
        (("-o", "部门.json", "--adjust", "调整"), "调整：是文件夹，不是文件"),
        (("-o", "部门.json", "--name", " "), "--name：部门名称是空白"),
        (("-o", "部门.json", "-e", "1999"), "错误：版本：没有“1999”这个版本"),
        (("-o", "有.json", "-o", "无/部门.json"), "有.json：文件已存在"),
        (("-o", "有.json", "-o", "无/部门.json"), "无：没有这个文件夹"),
    ):
        assert_refused(tmp_path, "sum", "1.json", *args, said=(said,))
