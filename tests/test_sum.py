"""`xltool sum`: the department is the sum of its units, cell by cell, and keeps the rules that they keep."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.departments import Raw, added, books, figures, units
from tests.support.documents import EDITIONS
from tests.support.statements import stated
from tests.support.terminal import xltool
from xltool.batch.sources import find_sources
from xltool.checks import validate
from xltool.documents.datafile import dumps, read_document
from xltool.documents.writing import to_raw
from xltool.editions import find_edition
from xltool.reading import read
from xltool.sums.addition import Addition, add
from xltool.sums.adjustments import load_adjustments
from xltool.sums.department import check_sum, write
from xltool.sums.units import load_units

FORMS = (("元", False), ("万元", False), ("万元", True))
SIZE = 3
OVERVIEW = "收入支出决算总表"


def summed(files: list[Path], unit: str | None = None) -> Addition:
    """The units in `files`, added."""
    loaded = load_units(find_sources(map(str, files)).sources, unit=unit)
    return add(loaded.units, loaded.unit)


def put(folder: Path, *raws: Raw) -> list[Path]:
    """Documents as files, named in their order."""
    files = []
    for number, raw in enumerate(raws, 1):
        path = folder / f"{number}.json"
        path.write_text(dumps(raw), encoding="utf-8")
        files.append(path)
    return files


def small(name: str, tables: Raw, **heads: object) -> Raw:
    """A document with these tables and little else."""
    given = {"版本": "2024-shanghai", "单位名称": name, "年度": Decimal(2024), "金额单位": "元"}
    return stated({**given, **heads, "表": tables})


@pytest.mark.parametrize(("unit", "printed"), FORMS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_department_is_the_sum_of_its_units(
    edition: str, unit: str, printed: bool, tmp_path: Path
) -> None:
    raws = units(edition, SIZE, unit=unit, printed=printed)
    result = summed(books(raws, tmp_path), unit)
    specs = find_edition(edition).specs
    placed = {k: v for k, v in added(raws).items() if k[1:] not in specs[k[0]].unplaced}
    assert figures(to_raw(result.report("某局"))) == placed

    (book, *others) = write(result, "某局", tmp_path / "部门.xlsx", force=False)
    assert others == []
    assert figures(to_raw(read(book, unit=unit).report)) == placed


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_exact_sums_pass_when_their_units_do(edition: str, unit: str, tmp_path: Path) -> None:
    raws = units(edition, SIZE, unit=unit)
    files = books(raws, tmp_path)
    (book,) = write(summed(files), "某局", tmp_path / "部门.xlsx", force=False)
    failing = {f.rule for file in files for f in validate(file).findings if f.level == "error"}
    assert {f.rule for f in validate(book).findings if f.level == "error"} <= failing


@pytest.mark.parametrize("edition", EDITIONS)
def test_printed_sums_miss_by_rounding_alone(edition: str, tmp_path: Path) -> None:
    raws = units(edition, 4, unit="万元", printed=True)
    check = check_sum(summed(books(raws, tmp_path)), "某局")
    assert check.failed == []
    assert check.printed == 4
    assert check.verdict == "合格"


def test_what_rounding_breaks_is_told_as_a_residue(tmp_path: Path) -> None:
    """Each unit's 总计 is a cent above its parts, as rounding makes it: five cents in all."""
    income = {"一般公共预算财政拨款收入": "1.01", "本年收入合计": "1.02", "总计": "1.02"}
    exact = {name: Decimal(value) for name, value in income.items()}
    spent = {"教育支出": Decimal("1.02"), "本年支出合计": Decimal("1.02"), "总计": Decimal("1.02")}
    tables = [{"收入": exact, "支出": spent}] * 5
    raws = []
    for n, table in enumerate(tables):
        more = {name: value + n for name, value in exact.items()}
        right = {name: value + n for name, value in table["支出"].items()}
        both = {OVERVIEW: {"收入": more, "支出": right}}
        raws.append(small(f"第{n}小学", both, 金额单位="万元"))
    check = check_sum(summed(put(tmp_path, *raws)), "某局")
    assert "T01-01" in {finding.rule for finding in check.residual}
    (book,) = write(summed(put(tmp_path, *raws)), "某局", tmp_path / "部门.xlsx", force=False)
    assert validate(book).verdict == "不合格"
    assert validate(book, summed=5).verdict != "不合格"
    assert "T01-01" not in {finding.rule for finding in check.failed}


def mixed(residue: str, unit: str) -> list[Raw]:
    """A unit with exact figures and two with printed ones whose total is `residue` above its parts."""
    raws = [small("甲校", overview("1234567.89", "76543.21", "1311111.10"))]
    scale = Decimal(10000) if unit == "元" else Decimal(1)
    for more, name in enumerate(("乙校", "丙校")):
        first, other = Decimal("10.01") + more, Decimal("20.01")
        total = first + other + Decimal(residue)
        figures = (first * scale, other * scale, total * scale)
        raws.append(small(name, overview(*map(str, figures)), 金额单位=unit))
    return raws


def overview(first: str, other: str, total: str) -> Raw:
    income = {
        "一般公共预算财政拨款收入": first,
        "其他收入": other,
        "本年收入合计": total,
        "总计": total,
    }
    spent = {"教育支出": total, "本年支出合计": total, "总计": total}
    sides = {"收入": income, "支出": spent}
    return {
        OVERVIEW: {
            side: {name: Decimal(value) for name, value in cells.items()}
            for side, cells in sides.items()
        }
    }


@pytest.mark.parametrize(
    ("residue", "unit", "outcome"),
    [
        ("0.01", "万元", "residual"),  # what rounding of two units explains
        ("0.04", "万元", "failed"),  # three figures of each are 0.015 off at the most
        ("0.01", "元", "failed"),  # nobody rounded anything
    ],
)
def test_exact_and_printed_units_miss_by_what_the_printed_ones_rounded(
    residue: str, unit: str, outcome: str, tmp_path: Path
) -> None:
    for asked in ("元", "万元"):
        check = check_sum(summed(put(tmp_path, *mixed(residue, unit)), asked), "某局")
        found = {"residual": check.residual, "failed": check.failed}
        assert "T01-01" in {finding.rule for finding in found[outcome]}
    if outcome == "residual":
        (book,) = write(
            summed(put(tmp_path, *mixed(residue, unit))),
            "某局",
            tmp_path / "部门.xlsx",
            force=False,
        )
        assert check.printed == 2
        assert validate(book).verdict == "不合格"
        assert validate(book, summed=check.printed).verdict != "不合格"


def test_units_in_an_archive_and_in_a_folder_are_added_alike(tmp_path: Path) -> None:
    files = books(units("2024-shanghai", 2), tmp_path)
    (folder := tmp_path / "收").mkdir()
    with zipfile.ZipFile(folder / "报送.zip", "w") as archive:
        for file in files:
            archive.write(file, file.name)
    loaded = load_units(find_sources([str(folder)]).sources)
    assert {unit.file for unit in loaded.units} == {f"报送.zip!/{file.name}" for file in files}
    assert add(loaded.units, loaded.unit).cells == summed(files[::-1]).cells


def test_blank_and_zero_stay_apart(tmp_path: Path) -> None:
    def both(**income: str) -> Raw:
        return {OVERVIEW: {"收入": {name: Decimal(value) for name, value in income.items()}}}

    files = put(
        tmp_path,
        small("甲", both(事业收入="0", 经营收入="5")),
        small("乙", both(其他收入="7", 经营收入="-5")),
    )
    report = summed(files).report("某局")
    income = to_raw(report)["表"][OVERVIEW]["收入"]
    assert income["事业收入"] == 0  # blank and 0
    assert income["经营收入"] == 0
    assert income["其他收入"] == 7
    assert "上级补助收入" not in income  # blank and blank


def test_units_in_several_money_units_are_brought_together_exactly(tmp_path: Path) -> None:
    def table(value: str) -> Raw:
        return {OVERVIEW: {"收入": {"事业收入": Decimal(value)}}}

    files = put(tmp_path, small("甲", table("12.34")), small("乙", table("1.5"), 金额单位="万元"))
    for unit, value in ((None, "15012.34"), ("元", "15012.34"), ("万元", "1.501234")):
        result = summed(files, unit)
        income = to_raw(result.report("某局"))["表"][OVERVIEW]["收入"]
        assert (income["事业收入"], result.unit) == (Decimal(value), unit or "元")


def test_rows_merge_by_code_and_a_level_that_one_unit_left_out_is_added_up(tmp_path: Path) -> None:
    def unit(name: str, *rows: tuple[str, str]) -> Path:
        listing = [
            {"科目编码": code, "科目名称": "", "基本支出": Decimal(v), "本年支出合计": Decimal(v)}
            for code, v in rows
        ]
        path = tmp_path / f"{name}.json"
        path.write_text(dumps(small(name, {"支出决算表": {"明细": listing}})), encoding="utf-8")
        return path

    # documents are read as their filled forms: 类, 款 and 合计 are there for both
    result = summed([unit("甲", ("2010101", "3"), ("2010301", "4")), unit("乙", ("2010101", "5"))])
    table = to_raw(result.report("某局"))["表"]["支出决算表"]
    assert [(row["科目编码"], row["科目名称"], row["基本支出"]) for row in table["明细"]] == [
        ("201", "一般公共服务支出", 12),
        ("20101", "人大事务", 8),
        ("2010101", "行政运行", 8),
        ("20103", "政府办公厅（室）及相关机构事务", 4),
        ("2010301", "行政运行", 4),
    ]
    assert table["合计"]["基本支出"] == 12

    # a workbook may lack them: they are added up where the others have them
    second = result.units[1]
    for spot in [s for s in second.cells if s.path[1] in ("201", "20101") or s.path[0] == "合计"]:
        del second.cells[spot]
    again = add(result.units, "元")
    assert again.cells == result.cells
    assert any(second.name in note and "按它的下级科目相加" in note for note in again.notes)


def test_different_names_of_an_unknown_code_are_told(tmp_path: Path) -> None:
    def unit(name: str, title: str, value: int) -> Raw:
        row = {"科目编码": "2239901", "科目名称": title, "基本支出": Decimal(value)}
        upper = {"科目编码": "22399", "科目名称": "其他"}
        return small(name, {"支出决算表": {"明细": [upper, row]}})

    result = summed(put(tmp_path, unit("甲", "某项支出", 1), unit("乙", "某项开支", 2)))
    (note,) = (note for note in result.notes if "2239901" in note)
    assert "甲写“某项支出”" in note
    assert "乙写“某项开支”" in note
    rows = to_raw(result.report("某局"))["表"]["支出决算表"]["明细"]
    assert rows[-1]["科目名称"] == "某项支出"


def test_an_adjustment_is_added_with_its_totals_and_every_change_is_known(tmp_path: Path) -> None:
    def unit(name: str, value: str) -> Raw:
        row = {"科目编码": "2010101", "基本支出": Decimal(value)}
        return small(name, {"支出决算表": {"明细": [row]}})

    first, second = put(tmp_path, unit("甲", "30000"), unit("乙", "50000"))
    adjustment = tmp_path / "抵销.json"
    adjustment.write_text(dumps({**unit("抵销", "-1"), "金额单位": "万元"}), encoding="utf-8")
    loaded = load_units(find_sources([str(first), str(second)]).sources)
    result = add(loaded.units, "元", load_adjustments([adjustment], loaded.units, "元"))
    changed = {change.spot.path: (change.before, change.by) for change in result.changes}
    assert changed[("明细", "2010101", "基本支出")] == (80000, -10000)
    assert changed[("合计", "基本支出")] == (80000, -10000)
    assert all(change.by == -10000 for change in result.changes)
    assert result.cells[result.changes[0].spot] == 70000


def test_the_command_adds_adjusts_and_tells(tmp_path: Path) -> None:
    (tmp_path / "单位").mkdir()
    books(units("2023-national", 2), tmp_path / "单位")
    args = ("sum", "单位", "-o", "部门.xlsx", "-o", "部门.json", "--name", "某局")
    answer = xltool(*args, folder=tmp_path)
    assert answer.code == 0, answer.err
    assert "汇总 2 个单位" in answer.out
    assert "自评表" in answer.out
    assert "已汇总：部门.json" in answer.err
    document = read_document(tmp_path / "部门.json")
    assert document["单位名称"] == "某局"
    assert "部门整体绩效自评表" not in document["表"]

    agrees = xltool("sum", "单位", "--check", "部门.xlsx", "--format", "json", folder=tmp_path)
    assert agrees.code == 0, agrees.err
    check = json.loads(agrees.out)["check"]
    assert (check["agrees"], check["differences"]) == (True, [])


def both_sides(name: str, income: str, spent: str) -> Raw:
    """A unit with nothing but its 总表."""
    sides = {"收入": {"事业收入": Decimal(income)}, "支出": {"教育支出": Decimal(spent)}}
    return small(name, {OVERVIEW: sides})


def test_a_sum_that_breaks_the_rules_ends_with_1(tmp_path: Path) -> None:
    raws = units("2023-national", 2)
    first = raws[0]["表"][OVERVIEW]["收入"]
    first["总计"] = first["总计"] + 5
    (tmp_path / "单位").mkdir()
    books(raws, tmp_path / "单位")
    answer = xltool("sum", "单位", "-o", "部门.json", folder=tmp_path)
    assert "汇总表校验：不合格" in answer.out
    assert answer.code == 1, answer.err
    assert (tmp_path / "部门.json").exists()


def test_a_sum_that_could_not_be_audited_says_which_rules_and_ends_with_1(tmp_path: Path) -> None:
    files = put(tmp_path, both_sides("甲", "5", "5"), both_sides("乙", "6", "6"))
    answer = xltool("sum", *files, "-o", "部门.json", "--format", "json", folder=tmp_path)
    assert answer.code == 1, answer.err
    rules = json.loads(answer.out)["rules"]
    assert rules["verdict"] == "未完成审核"
    assert "X-01" in rules["unaudited"]
    told = xltool("sum", *files, "-o", "部门.json", "--force", folder=tmp_path)
    assert "没能审核（" in told.out
    assert "X-01" in told.out


def test_money_units_that_differ_and_a_lone_unit_are_told(tmp_path: Path) -> None:
    files = put(
        tmp_path, both_sides("甲", "5", "5"), {**both_sides("乙", "6", "6"), "金额单位": "万元"}
    )
    mixed = xltool("sum", *files, "-o", "a.json", folder=tmp_path)
    assert "汇总用元；要用万元就加 --unit 万元" in mixed.out
    asked = xltool("sum", *files, "-o", "b.json", "--unit", "万元", folder=tmp_path)
    assert "汇总用元" not in asked.out
    alone = xltool("sum", files[0], "-o", "c.json", folder=tmp_path)
    assert alone.out.startswith("甲　")
    assert "只有一个单位" in alone.out


def test_an_adjustment_where_no_unit_has_a_figure_is_told(tmp_path: Path) -> None:
    """A mistyped code that the code list knows gives a row of its own."""

    def unit(name: str, code: str, value: str) -> Raw:
        row = {"科目编码": code, "基本支出": Decimal(value)}
        return small(name, {"支出决算表": {"明细": [row]}})

    first, second, adjustment = put(
        tmp_path,
        unit("甲", "2010101", "3"),
        unit("乙", "2010101", "5"),
        unit("抵销", "2010301", "-1"),
    )
    line = ("sum", first, second, "-o", "部门.json", "--adjust", adjustment)
    answer = xltool(*line, folder=tmp_path)
    assert "各单位都没有数（如 支出决算表·2010301 行政运行·" in answer.out


def test_what_does_not_agree_after_adding_is_said_in_words(tmp_path: Path) -> None:
    raws = units("2023-national", 2)
    income = raws[0]["表"][OVERVIEW]["收入"]
    income["总计"] = income["总计"] + 5
    answer = xltool("sum", *books(raws, tmp_path), "-o", "部门.json", folder=tmp_path)
    assert "  T01-03 收入支出决算总表" in answer.out
    assert "并核对调整表" not in answer.out


def test_of_recognised_tables_alone_the_form_is_that_of_the_nearest_edition(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["支出决算表"],
        ["部门：某局", None, "2023年度", "单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", None, 9, 9, None],
        ["205", "教育支出", 9, 9, None],
    ]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "某局.xlsx")
    answer = xltool("sum", "某局.xlsx", "-o", "和.json", "-o", "和.xlsx", folder=tmp_path)
    assert answer.code == 1  # 支出决算表 alone: most rules lack figures
    assert "汇总表校验：" in answer.out
    written = read(tmp_path / "和.xlsx").report
    assert written.unit == "元"  # as the form of 财决 has it
    assert written.tables["支出决算表"][0]["合计"]["基本支出"] == 90_000
    document = read_document(tmp_path / "和.json")
    assert document["表"]["支出决算表"]["合计"]["基本支出"] == 9
