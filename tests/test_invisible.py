"""Characters that nobody sees: wherever one stands, a book or a long table reads as if it were not there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.editing import edited
from xltool.checks import validate
from xltool.core.resources import SAMPLES
from xltool.core.texts import norm, visible
from xltool.documents.load import load
from xltool.documents.writing import to_raw
from xltool.ooxml import Editor
from xltool.ooxml.package.xmltext import cell_text
from xltool.reading import examine

UNSEEN = [
    *"\u200b\ufeff\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069",
    *"\xad\ufe0f\ufe0e\u180e\u2061\u2063\u206a\u034f\u061c\u115f\u3164\u2800\ue000\uf8ff\U000f0000\U000e0020",
    *("_x0001_", "_x200B_", "\x7f"),
]
SHANGHAI, NATIONAL = SAMPLES / "sgb-2024.xlsx", SAMPLES / "beiguan-2021.xlsx"


def inserted(text: str, char: str) -> str:
    return text[:2] + char + text[2:]


def as_read(book: bytes) -> object:
    reading = examine(book)
    assert not reading.problems and not reading.faults
    return to_raw(reading.report), [str(drift) for _, drift in reading.drift]


def with_char(book: Path, cells: list[tuple[str, str]], char: str) -> bytes:
    """The book with the character in the texts of some cells."""

    def edit(editor: Editor) -> None:
        for sheet, ref in cells:
            text = inserted(str(editor.sheet(sheet).value(ref)), char)
            if char.startswith("_x"):
                text = cell_text(text)
            editor.set(sheet, ref, text, over_formula=True)

    return edited(book.read_bytes(), edit)


def places() -> dict[str, tuple[Path, list[tuple[str, str]]]]:
    """Where in a book a character may have crept in: a book and cells."""
    found: dict[str, tuple[Path, list[tuple[str, str]]]] = {}
    first, income, basic = "收入支出决算总表", "收入决算表", "一般公共预算财政拨款基本支出决算表"
    reading = examine(SHANGHAI)
    located = {s.mapping.table: s.located for s in reading.found_tables}
    labels = list(located[first].labels)
    found["labels"] = SHANGHAI, [(first, ref) for ref in labels if ref not in ("A1", "A3")]
    found["unit name and year"] = SHANGHAI, [(first, "A1")]
    found["money unit"] = SHANGHAI, [(s.name, "A2") for s in reading.workbook.sheets[1:3]]
    found["titles"] = SHANGHAI, [(income, "A1")]
    found["heads"] = SHANGHAI, [(income, "A3"), (income, "C3"), (income, "D3")]
    rows = located[income].lists["明细"]
    found["codes"] = SHANGHAI, [(income, rows.ref(row, "科目编码")) for row in rows.rows]
    found["names"] = SHANGHAI, [(income, rows.ref(row, "科目名称")) for row in rows.rows]
    total = next(r for r, text in located[income].labels.items() if norm(text) == "合计")
    found["totals"] = SHANGHAI, [(income, total)]
    codes = [ref for ref, text in located[basic].labels.items() if text.isdigit()]
    found["listed codes"] = SHANGHAI, [(basic, ref) for ref in codes[:4]]
    overview = examine(NATIONAL).found_tables[0].located
    sheet = overview.sheet.name
    found["year"] = (
        NATIONAL,
        [(sheet, ref) for ref, text in overview.labels.items() if "年度}" in text],
    )
    amount = located[first].fields["收入", "一般公共预算财政拨款收入"]
    found["amounts"] = SHANGHAI, [(first, amount)]
    return found


PLACES = places()


@pytest.mark.parametrize("place", PLACES)
def test_a_book_reads_as_without_it(place: str) -> None:
    book, cells = PLACES[place]
    expected = as_read(book.read_bytes())
    for char in UNSEEN:
        assert as_read(with_char(book, cells, char)) == expected, f"{char!r} in {place}"


@pytest.mark.parametrize("char", ["\u200b", "\xad", "\ue000"])
def test_names_of_sheets(char: str) -> None:
    def edit(editor: Editor) -> None:
        for sheet in editor.workbook.sheets:
            editor.rename_sheet(sheet.name, inserted(sheet.name, char))

    assert as_read(edited(SHANGHAI.read_bytes(), edit)) == as_read(SHANGHAI.read_bytes())


@pytest.mark.parametrize("char", ["\u200b", "\u202d", "\ufe0f", "_x0001_"])
def test_where_excel_minds_the_character_is_named(char: str) -> None:
    """SUM passes over the amount, SUMIF over the code: the book is not sound, and what it is stands there."""
    for place in ("amounts", "codes"):
        book, cells = PLACES[place]
        validation = validate(with_char(book, cells[:1], char))
        rule = "ALL-06" if place == "amounts" else "ALL-01"
        (found,) = [f for f in validation.findings if f.rule == rule]
        code = "U+0001" if char == "_x0001_" else f"U+{ord(char):04X}"
        assert code in found.message + found.hint
        assert validation.verdict == "不合格"


HEAD = ["版本", "单位名称", "年度", "金额单位", "表", "行", "科目编码", "科目名称", "列", "值"]
LINE = [
    "2023-national",
    "某市某局",
    "2024",
    "万元",
    "支出决算表",
    "明细",
    "2010301",
    "行政运行",
    "基本支出",
    "15.25",
]


@pytest.mark.parametrize("column", range(len(HEAD)))
@pytest.mark.parametrize("in_head", [True, False])
def test_long_tables(column: int, in_head: bool, tmp_path: Path) -> None:
    path = tmp_path / "长表.csv"
    for char in UNSEEN:
        rows = [list(HEAD), list(LINE)]
        rows[not in_head][column] = inserted(rows[not in_head][column], char)
        path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        report, _ = load(path)
        assert (report.unit_name, report.year, report.unit) == ("某市某局", 2024, "万元")
        (row,) = report.tables["支出决算表"][0].lists["明细"]
        assert row == {"科目编码": "2010301", "科目名称": "行政运行", "基本支出": Decimal("15.25")}


def test_keys_of_documents(tmp_path: Path) -> None:
    path = tmp_path / "数据.json"
    for char in UNSEEN:
        text = (
            '{"@版本": "2023-@national", "单@位名称": "某@局", "年@度": "20@24", "金额@单位": "万@元", "@表": '
            '{"支出@决算表": {"明@细": [{"科目@编码": "2010@301", "基本@支出": "1@5.25"}]},'
            ' "收入支出@决算总表": {"收@入": {"一、一般公共@预算财政拨款收入": 3}}}}'
        )
        path.write_text(text.replace("@", char), encoding="utf-8")
        report, _ = load(path)
        assert (report.unit_name, report.year, report.unit) == ("某局", 2024, "万元")
        assert report.tables["支出决算表"][0].lists["明细"] == [
            {"科目编码": "2010301", "基本支出": Decimal("15.25")}
        ]
        income = report.tables["收入支出决算总表"][0].fields
        assert income == {("收入", "一般公共预算财政拨款收入"): Decimal(3)}


def test_what_is_seen_stays() -> None:
    for text in ("某局", "a b\tc\n", "①②", "é", "\ue863", "_x_", "_x0041_", "𠮷"):
        assert visible(text) == text
