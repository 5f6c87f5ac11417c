"""The editions of provinces and years beside the three that most tests are about: filled, read, checked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.documents import Raw
from tests.support.terminal import ROOT, xltool
from xltool.checks import validate
from xltool.documents.document import to_raw
from xltool.documents.load import from_raw
from xltool.editions import bundled_editions, find_edition
from xltool.filling import fill
from xltool.forms.check import check_edition
from xltool.forms.init import make_edition
from xltool.livechecks import add_checks_sheet
from xltool.ooxml import Editor
from xltool.reading import examine, read

MORE = [
    e.id
    for e in bundled_editions()
    if e.id not in ("2021-national", "2023-national", "2024-shanghai")
]
BY_WORDS = [id_ for id_ in MORE if find_edition(id_).recognise]
TEN, EIGHT, TWO = Decimal("10.5"), Decimal("8.5"), Decimal(2)
LEVELS = ("213", "21303", "2130301")


def rows(**figures: Decimal) -> list[Raw]:
    return [{"科目编码": code, **figures} for code in LEVELS]


def amounts(**figures: Decimal) -> Raw:
    return {"合计": figures, "明细": rows(**figures)}


MONEY: Raw = {"一般公共预算财政拨款": TEN, "合计": TEN}
TABLES: Raw = {
    "收入支出决算总表": {
        "收入": {"一般公共预算财政拨款收入": TEN, "本年收入合计": TEN, "总计": TEN},
        "支出": {"农林水支出": TEN, "本年支出合计": TEN, "总计": TEN},
    },
    "收入决算表": amounts(本年收入合计=TEN, 财政拨款收入=TEN),
    "支出决算表": amounts(本年支出合计=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "财政拨款收入支出决算总表": {
        "收入": {"一般公共预算财政拨款": TEN, "本年收入合计": TEN, "总计": TEN},
        "支出": {"农林水支出": MONEY, "本年支出合计": MONEY, "总计": MONEY},
    },
    "一般公共预算财政拨款支出决算表": amounts(合计=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "一般公共预算财政拨款基本支出决算表": {
        "明细": [
            {"科目编码": "301", "金额": EIGHT},
            {"科目编码": "30101", "金额": EIGHT},
        ],
        "合计": {"人员经费合计": EIGHT},
    },
    "支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "收入支出决算表": amounts(本年收入=TEN, 本年支出=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "资产负债简表": {
        "资产": {"资产合计": {"年末数": TEN}, "货币资金": {"年末数": TEN}},
        "负债和净资产": {"净资产合计": {"年末数": TEN}, "负债和净资产总计": {"年末数": TEN}},
    },
    "财政拨款支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "一般公共预算财政拨款支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "一般公共预算财政拨款项目支出决算明细表": amounts(合计=TWO, 商品和服务支出=TWO, 办公费=TWO),
    "一般公共预算财政拨款收入支出决算表": amounts(
        本年收入=TEN,
        本年收入基本支出=EIGHT,
        本年收入项目支出=TWO,
        本年支出=TEN,
        基本支出=EIGHT,
        人员经费=EIGHT,
        项目支出=TWO,
    ),
    "一般公共预算财政拨款项目支出决算表": {
        "合计": {"合计": TWO},
        "明细": [{"科目编码": "2130301", "合计": TWO}],
    },
    "项目收入支出决算表": {
        "合计": {"本年收入": TWO, "本年支出": TWO},
        "明细": [{"科目编码": "2130301", "项目名称": "甲", "本年收入": TWO, "本年支出": TWO}],
    },
    "财政拨款“三公”经费及会议费、培训费支出决算表": {
        "决算数": {"合计": TEN, "“三公”经费": EIGHT, "公务接待费": EIGHT, "会议费": TWO},
    },
    "一般公共预算财政拨款“三公”经费支出决算表": {"决算数": {"合计": TWO, "公务接待费": TWO}},
    "财政拨款“三公”经费支出决算表": {"决算数": {"合计": TWO, "公务接待费": TWO}},
    "机构运行信息表": {"“三公”经费": {"支出合计": {"统计数": TWO}, "公务接待费": {"统计数": TWO}}},
    "一般公共预算财政拨款“三公”经费情况表": {
        "“三公”经费": {"支出合计": {"统计数": TWO}, "公务接待费": {"统计数": TWO}}
    },
    "部门整体绩效自评表": {"部门名称": "某单位", "总分": Decimal(95)},
}


def document(id_: str) -> Raw:
    edition = find_edition(id_)
    tables = {name: content for name, content in TABLES.items() if name in edition.specs}
    year, unit = Decimal(edition.years[0]), "万元"
    return {"版本": id_, "单位名称": "某单位", "年度": year, "金额单位": unit, "表": tables}


@pytest.mark.parametrize("id_", MORE)
def test_fits_its_form(id_: str) -> None:
    assert check_edition(find_edition(id_)) == []


@pytest.mark.parametrize("id_", BY_WORDS)
def test_every_cell_of_its_form_is_known_and_takes_a_figure(id_: str) -> None:
    edition = find_edition(id_)
    (book,) = edition.workbooks
    made = make_edition(book.template, "试")
    assert made.proved and made.proved.figures > 100 and made.unread == () and made.unbound == ()
    assert [t.mapping.table for t in made.tables] == [t.table for t in book.tables]


@pytest.mark.parametrize("id_", MORE)
def test_filled_read_and_checked(id_: str, tmp_path: Path) -> None:
    report, edition = from_raw(document(id_))
    (book,) = fill(report, edition, tmp_path / "报.xlsx").files
    reading = examine(book)
    assert reading.edition.id in (id_, "2021-national")  # that of 2020 has the same form
    again = to_raw(read(book, edition, unit="万元").report)
    given = document(id_)["表"]
    tables = {**again["表"], **again.get("附表", {})}
    for table, content in given.items():
        assert contains(tables[table], content), table
    found = validate(book).findings
    assert [
        f.message
        for f in found
        if f.level == "error" and f.outcome == "不符" and f.rule[0] not in "SA"
    ] == []
    editor = Editor(examine(book).workbook)
    add_checks_sheet(editor, examine(book))


def contains(found: object, wanted: object) -> bool:
    """Whether all that is wanted is there; what the tool supplied may be too."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(contains(found.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(contains(f, w) for f in found) for w in wanted)
    return found == wanted


def test_a_rule_is_shown_without_addresses(tmp_path: Path) -> None:
    shown = xltool("rules", "show", "T02-01", "-e", "2023-sichuan", folder=tmp_path)
    assert shown.code == 0 and "收入决算表" in shown.out, shown.err


def test_each_says_where_it_comes_from() -> None:
    for id_ in BY_WORDS:
        assert "source:" in (ROOT / "mappings" / id_ / "edition.yaml").read_text(encoding="utf-8")
