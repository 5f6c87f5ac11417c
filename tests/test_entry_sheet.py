"""The 填数表: typed, it gives the document that was typed; what cannot be right is named by its cell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.documents import make
from tests.support.libreoffice import recalculated
from tests.support.terminal import ended as run
from xltool.core.model import CODE, NAME, Report
from xltool.core.places import facts
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.entry.derive import derive
from xltool.entry.sheet.draw import draw
from xltool.entry.sheet.layout import layout
from xltool.entry.sheet.take import is_entry_sheet, take
from xltool.reading import read
from xltool.rules.load import load_rules

EDITIONS = ("2021-national", "2023-national", "2024-shanghai")
KEYS, FIRST = 1, 4


def blank(path: Path, edition: str, *tables: str, prior: Report | None = None) -> Path:
    path.write_bytes(draw(layout(find_edition(edition), tables), prior))
    return path


class Typist:
    """Types figures into a 填数表, by the addresses that a clerk sees as heads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book["填数表"]

    def line(self, key: str) -> int:
        keys = [self.sheet.cell(row, KEYS).value for row in range(1, self.sheet.max_row + 1)]
        return keys.index(key) + 1

    def single(self, key: str, value: object) -> None:
        self.sheet.cell(self.line(key), FIRST).value = value

    def place(self, table: str, code: str, column: str) -> Any:
        """The cell of a column in the row of a code, which is the first free one unless it is there."""
        key = f"{table}.明细.{column}"
        head = next(c for row in self.sheet.iter_rows() for c in row if c.value == key)
        row = head.row
        while self.sheet.cell(row, KEYS).value != "行|":
            row += 1
        while (there := str(self.sheet.cell(row, 2).value or "")) and there.split(maxsplit=1)[
            0
        ] != code:
            row += 1
        assert self.sheet.cell(row, KEYS).value == "行|"
        if not there:
            self.sheet.cell(row, 2).value = code
        return self.sheet.cell(row, head.column)

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def type_document(path: Path, raw: dict[str, Any]) -> Path:
    """Type of a whole document what the sheet asks for."""
    typist = Typist(path)
    edition = find_edition(raw["版本"])
    for head in ("单位名称", "年度", "金额单位"):
        typist.single(f"头|{head}", raw[head])
    for name in raw.get("无数据", ()):
        typist.single(f"无数据|{name}", "是")
    aliases = load_rules(edition).scope.aliases
    short = {table: alias for alias, tables in aliases.items() for table in tables}
    report, _ = from_raw(raw)
    asked = {str(cell.value) for row in typist.sheet.iter_rows() for cell in row if cell.value}
    for name, (table, *_) in report.tables.items():
        for address, value in table.fields.items():
            key = f"格|{'.'.join((short.get(name, name), *address))}"
            if key in asked:
                typist.single(key, value)
        codes = {str(row[CODE]) for row in table.lists.get("明细", [])}
        for row in table.lists.get("明细", []):
            code = str(row[CODE])
            if any(other != code and other.startswith(code) for other in codes):
                continue
            for column, value in row.items():
                if column in (CODE, NAME) or f"{short[name]}.明细.{column}" not in asked:
                    continue
                typist.place(short[name], code, column).value = value
    zero_for_blank_income(typist)
    return typist.save()


def zero_for_blank_income(typist: Typist) -> None:
    """What is spent of last year's money has no income this year: a clerk types 0."""
    for row in typist.sheet.iter_rows():
        code = str(row[1].value or "")
        if row[0].value == "行|" and len(code) == 7 and any(c.value for c in row[3:]):
            cell = typist.place("收入表", code, "财政拨款收入")
            if cell.row == row[0].row and cell.value is None:
                cell.value = 0


def figures(report: Report, edition: str) -> dict[tuple[str, ...], Decimal]:
    specs = find_edition(edition).specs
    return {
        (fact.table, fact.row, fact.code or "", fact.column): fact.value
        for _, fact in facts(report, specs)
        if fact.value and "自评" not in fact.table
    }


def calculated(typist: Typist, soffice: str) -> Worksheet:
    """The sheet as it stands once it is saved and calculated."""
    book = typist.save()
    (done,) = recalculated(soffice, [book], book.parent)
    sheet: Worksheet = openpyxl.load_workbook(done, data_only=True)["填数表"]
    return sheet


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("seed", [3, 8])
def test_what_is_asked_for_determines_all_tables(tmp_path: Path, edition: str, seed: int) -> None:
    raw = make(seed, edition, details=7, zeros=True)
    taken = take(type_document(blank(tmp_path / "填数.xlsx", edition), raw))
    report, found = from_raw(taken.raw)
    derived = derive(report, found, ["没有填的是零"])
    assert derived.contradictions == []
    made, whole = figures(derived.report, edition), figures(from_raw(raw)[0], edition)
    assert {k: v for k, v in whole.items() if made.get(k) != v} == {}
    assert made == whole


def test_blank_is_blank_and_zero_is_zero(tmp_path: Path) -> None:
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    typist.single("头|单位名称", "某局")
    typist.place("支出表", "2010301", "基本支出").value = 0
    typist.place("支出表", "2010301", "项目支出").value = Decimal("12.30")
    typist.place("收入表", "2010301", "其他收入").value = None
    typist.single("格|三公.决算数.公务接待费", 0)
    raw = take(typist.save()).raw
    assert raw["表"] == {
        "支出决算表": {
            "明细": [{"科目编码": "2010301", "基本支出": Decimal(0), "项目支出": Decimal("12.3")}]
        },
        "财政拨款“三公”经费支出决算表": {"决算数": {"公务接待费": Decimal(0)}},
    }


def test_from_typing_to_what_is_handed_in(tmp_path: Path) -> None:
    sheet, book, out = (tmp_path / name for name in ("填数.xlsx", "报表.xlsx", "上报稿.xlsx"))
    run("new", "-e", "2023-national", "--kind", "填数表", "-o", sheet)
    assert is_entry_sheet(sheet)
    typist = Typist(sheet)
    typist.single("头|单位名称", "某县水文站")
    typist.single("头|年度", 2024)
    for name in ("没有结转", "只有一般公共预算", "没有填的是零"):
        typist.single(f"前提|{name}", "是")
    for row in range(1, typist.sheet.max_row):
        if str(typist.sheet.cell(row, KEYS).value).startswith("无数据|"):
            typist.sheet.cell(row, FIRST).value = "是"
    for code, column, value in (
        ("2130314", "基本支出", 813000.55),
        ("2130305", "项目支出", 64000),
        ("2080505", "基本支出", 90000),
        ("2210201", "基本支出", 70000),
    ):
        typist.place("支出表", code, column).value = value
    typist.place("收入表", "2130314", "其他收入").value = 3000.55
    for code, value in (("30101", 700000), ("30108", 90000), ("30113", 70000), ("30201", 110000)):
        typist.place("基本支出", code, "金额").value = value
    typist.save()
    done = run("fill", sheet, "-o", book)
    assert done.stderr.count("推算：") > 60 and done.stderr.count("前提：") == 3
    assert "说明“本表无数据”" in done.stderr
    assert "结论：合格" in run("finish", book, "-o", out).stdout
    assert len(read(out).report.no_data) == 3


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        (("支出表", "2010301", "基本支出"), "八万", "“八万”不是数"),
        (("支出表", "类别", "基本支出"), 5, "不是科目"),
        (("支出表", "2010301", "基本支出"), "=1+1", "公式没有存储值"),
    ],
)
def test_faults_name_their_cells(
    tmp_path: Path, cell: tuple[str, str, str], value: object, words: str
) -> None:
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    typist.single("头|单位名称", "某局")
    place = typist.place(*cell)
    place.value = value
    with pytest.raises(InputError) as raised:
        take(typist.save())
    assert words in str(raised.value)
    assert f"填数表!{place.coordinate}" in str(raised.value) or f"填数表!B{place.row}" in str(
        raised.value
    )


def test_a_typed_figure_that_prints_as_another_is_refused(tmp_path: Path) -> None:
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    typist.single("头|单位名称", "某局")
    place = typist.place("支出表", "2010301", "基本支出")
    place.value, place.number_format = 1500000, "0.00,"
    with pytest.raises(InputError, match=r"印出来是“1500\.00”，存的是 1500000") as raised:
        take(typist.save())
    assert f"填数表!{place.coordinate}" in str(raised.value)


def test_nothing_typed_elsewhere_is_lost_in_silence(tmp_path: Path) -> None:
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    place = typist.place("支出表", "2010301", "基本支出")
    typist.sheet.cell(place.row, typist.sheet.max_column + 3).value = 5
    typist.sheet.cell(typist.sheet.max_row + 2, 4).value = 7
    twice = typist.sheet.cell(place.row + 1, 2)
    twice.value = "2010301 行政运行"
    with pytest.raises(InputError) as raised:
        take(typist.save())
    assert str(raised.value).count("这里不是填数的地方") == 2
    assert "重复" in str(raised.value)


def test_last_year_stands_beside(tmp_path: Path) -> None:
    raw = make(5, "2023-national", details=6, zeros=False)
    prior, _ = from_raw(raw)
    path = blank(tmp_path / "填数.xlsx", "2023-national", prior=prior)
    sheet = openpyxl.load_workbook(path)["填数表"]
    codes = {str(row[CODE]) for row in prior["支出决算表"]["明细"] if len(str(row[CODE])) == 7}
    rows: dict[str, Any] = {}
    for line in sheet.iter_rows():
        rows.setdefault(str(line[1].value).split()[0], line)
    assert codes <= rows.keys()
    for code in codes:
        values = {cell.value for cell in rows[code][21:]}
        row = next(r for r in prior["支出决算表"]["明细"] if r[CODE] == code)
        assert {float(row[c]) for c in ("基本支出", "项目支出") if row.get(c)} <= values
        assert not any(isinstance(cell.value, (int, float)) for cell in rows[code][3:18])
    left = prior["收入支出决算总表"]["支出", "年末结转和结余"]
    line = Typist(path).line("格|总表.收入.年初结转和结余")
    assert sheet.cell(line, FIRST).value == pytest.approx(float(left))
    assert "上年" not in str(take(path).raw)


def test_chosen_tables_ask_for_their_own_fields(tmp_path: Path) -> None:
    path = blank(tmp_path / "填数.xlsx", "2023-national", "收入支出决算总表")
    typist = Typist(path)
    typist.single("头|单位名称", "某局")
    typist.single("格|总表.收入.其他收入", 5)
    assert take(typist.save()).raw["表"] == {"收入支出决算总表": {"收入": {"其他收入": 5}}}
    with pytest.raises(ValueError, match="行"):
        typist.line("行|")


def test_texts_of_a_review_table(tmp_path: Path) -> None:
    path = blank(tmp_path / "填数.xlsx", "2023-national", "部门整体绩效自评表")
    typist = Typist(path)
    typist.single("头|单位名称", "某局")
    typist.single("格|整体自评.年度履职目标.预期目标", "办好事")
    row = typist.line("栏|序号") + 2
    typist.sheet.cell(row, 2).value = "任务甲"
    typist.sheet.cell(row + 2, 2).value = "任务乙"
    taken = take(typist.save()).raw["表"]["部门整体绩效自评表"]
    assert taken["年度主要任务"] == [{"任务名称": "任务甲"}, {"任务名称": "任务乙"}]
    assert taken["年度履职目标"] == {"预期目标": "办好事"}


def test_only_what_is_typed_is_open(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(blank(tmp_path / "填数.xlsx", "2023-national"))
    assert [s.title for s in book if s.sheet_state == "visible"] == ["填数表"]
    sheet = book["填数表"]
    assert sheet.protection.sheet
    open_ = [c for row in sheet.iter_rows() for c in row if not c.protection.locked]
    assert open_ and all(c.fill.fgColor.rgb == "FFFFF8DC" for c in open_)
    assert not any(isinstance(c.value, str) and c.value.startswith("=") for c in open_)
    choices = {str(v.formula1) for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert any("科目!" in choice for choice in choices)
    listed = [row[2].value for row in book["科目"].iter_rows()]
    assert "2010301 行政运行" in listed and len(listed) > 400


def test_live_totals_and_what_does_not_add_up(tmp_path: Path, soffice: str) -> None:
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    typist.place("支出表", "2010301", "基本支出").value = 100.5
    typist.place("一般公共", "2010301", "基本支出").value = 120
    typist.place("支出表", "2010302", "项目支出").value = 1.005
    typist.place("基本支出", "30101", "金额").value = 110
    total = typist.place("支出表", "2010301", "基本支出")
    sheet = calculated(typist, soffice)
    assert sheet.cell(total.row - 1, total.column).value == 100.5
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "一般公共的基本支出大于支出表的基本支出" in texts
    assert "有不到一分的数" in texts
    assert any(text.startswith("对不上，差-10") for text in texts)
    assert any("对不上的有 3 处" in text for text in texts)
    assert any(text.endswith("—行政运行") for text in texts)


def test_the_least_typing_raises_no_alarm(tmp_path: Path, soffice: str) -> None:
    """Income that follows from spending is not called missing or wrong."""
    typist = Typist(blank(tmp_path / "填数.xlsx", "2023-national"))
    for name in ("没有结转", "只有一般公共预算", "没有填的是零"):
        typist.single(f"前提|{name}", "是")
    typist.place("支出表", "2010301", "基本支出").value = 100
    typist.place("收入表", "2010301", "其他收入").value = 10
    typist.place("基本支出", "30101", "金额").value = 90
    sheet = calculated(typist, soffice)
    assert str(sheet["B2"].value).endswith("没有对不上的")


def test_a_filled_book_is_no_entry_sheet() -> None:
    book = SAMPLES / "sgb-2024.xlsx"
    assert not is_entry_sheet(book)
    with pytest.raises(InputError, match="不是填数表"):
        take(book)


def test_imported_figures_are_typed_in_already(tmp_path: Path) -> None:
    rows = "科目编码,科目名称,基本支出,项目支出\n2130314,防汛,600000,\n2130305,水利,,70000\n合计,,600000,70000\n"
    income = "收入,金额\n财政拨款,640000\n其他收入,30000\n"
    source = tmp_path / "决算数.csv"
    source.write_text(f"某县水文站2024年决算数（单位：元）\n{rows}\n{income}", encoding="utf-8")
    sheet, book, out = (tmp_path / name for name in ("填数.xlsx", "报表.xlsx", "上报稿.xlsx"))
    run("import", source, "-e", "2023-national", "-o", sheet, "--yes")
    taken = take(sheet)
    assert taken.raw["表"]["支出决算表"]["明细"] == [
        {CODE: "2130305", "项目支出": 70000},
        {CODE: "2130314", "基本支出": 600000},
    ]
    assert taken.raw["表"]["收入支出决算总表"]["收入"]["其他收入"] == 30000
    assert len(taken.raw["无数据"]) == 3
    typist = Typist(sheet)
    for name in ("没有结转", "只有一般公共预算", "没有填的是零"):
        typist.single(f"前提|{name}", "是")
    typist.place("收入表", "2130314", "其他收入").value = 30000
    typist.place("基本支出", "30101", "金额").value = 500000
    typist.place("基本支出", "30201", "金额").value = 70000
    typist.save()
    run("fill", sheet, "-o", book)
    assert "结论：合格" in run("finish", book, "-o", out).stdout


def test_figures_without_a_cell_are_not_lost(tmp_path: Path) -> None:
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    rows = [{"科目编码": "2010301", "本年支出合计": 5}]
    report, edition = from_raw({**raw, "表": {"支出决算表": {"明细": rows}}})
    with pytest.raises(InputError, match="支出决算表 2010301·本年支出合计：填数表上没有这一格"):
        draw(layout(edition, given=report), given=report)


def test_several_projects_on_one_sheet(tmp_path: Path) -> None:
    table, out = "项目支出绩效自评表", tmp_path / "填数.xlsx"
    run(
        "new",
        "-e",
        "2023-national",
        "--kind",
        "填数表",
        "-o",
        out,
        "--tables",
        table,
        "--copies",
        3,
    )
    typist = Typist(out)
    for head, value in (("单位名称", "某局"), ("年度", 2024), ("金额单位", "万元")):
        typist.single(f"头|{head}", value)
    captions = [str(c.value) for c in typist.sheet["B"] if c.value]
    assert f"{table}（第3份）" in captions
    for copy, name in ((1, "信息化"), (3, "修缮")):
        mark = f"#{copy}" if copy > 1 else ""
        typist.single(f"格|项目自评{mark}.项目名称", name)
        typist.single(f"格|项目自评{mark}.项目资金.当年财政拨款.全年预算数", copy * 10)
        for column, value in (("三级指标", f"{name}完成率"), ("分值", 90)):
            key = f"{table}{mark}.绩效指标.{column}"
            head = next(c for row in typist.sheet.iter_rows() for c in row if c.value == key)
            typist.sheet.cell(head.row + 2, head.column).value = value
    taken = take(typist.save())
    first, second = taken.raw["表"][table]
    assert (first["项目名称"], second["项目名称"]) == ("信息化", "修缮")
    assert second["绩效指标"] == [{"三级指标": "修缮完成率", "分值": 90}]
    run("fill", out, "-o", tmp_path / "报表.xlsx")
    names = openpyxl.load_workbook(tmp_path / "报表.xlsx").sheetnames
    assert sum("自评" in name or "信息化" in name or "修缮" in name for name in names) >= 2


def test_a_label_of_two_lines_has_room_for_them(tmp_path: Path) -> None:
    """Programs give a row no height of its own for what wraps in merged cells."""
    sheet: Worksheet = openpyxl.load_workbook(blank(tmp_path / "空.xlsx", "2021-national"))[
        "填数表"
    ]
    rows = range(1, sheet.max_row + 1)
    labels = {
        row: str(sheet.cell(row, 2).value)
        for row in rows
        if str(sheet.cell(row, KEYS).value).startswith("前提|")
    }
    long = [row for row, text in labels.items() if len(text) > 45]
    assert long
    assert all((sheet.row_dimensions[row].height or 0) >= 30 for row in long)
