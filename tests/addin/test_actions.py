"""What the buttons do, in a file and in Excel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlwings as xw

from tests.addin.fakeexcel import App, start
from tests.addin.test_hosts import ours
from tests.addin.workbooks import INCOME, TOTALS, broken_book, locked_away, sound
from tests.reporting.books import SGB
from tests.support.filehost import FileHost
from xltool.addin.actions import ACTIONS
from xltool.addin.entry import act
from xltool.addin.hosts import excelreplace
from xltool.addin.hosts.contract import Host
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.addin.ribbon import buttons
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.documents.datafile import dumps, read_document
from xltool.documents.load import load
from xltool.filling import fill
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import open_workbook
from xltool.ooxml.edit.save import write_file
from xltool.ooxml.package.lockfile import locked
from xltool.reading import read

DOCUMENT = SAMPLES / f"{SGB}.json"
EMPTY = TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx"


class Desk:
    """A person with a workbook open in one of the two hosts."""

    def __init__(self, place: str, folder: Path) -> None:
        self.place, self.folder = place, folder
        self.excel: App | None = start() if place == "excel" else None

    def open(self, path: Path, *, yes: bool = False, chosen: tuple[Path, ...] = ()) -> Host:
        """The workbook, and what will be answered and chosen."""
        if self.excel is None:
            self.host: Host = FileHost(
                path, self.folder / f"标注-{path.name}", yes=yes, chosen=chosen
            )
        else:
            self.excel.answers = ["yes"] * 9 if yes else []
            self.excel.chosen = [str(one) for one in chosen]
            self.host = ExcelHost(xw.Book(impl=self.excel.open(path)))
        return self.host

    @property
    def told(self) -> list[str]:
        """What was said and asked."""
        if self.excel is not None:
            return self.excel.alerts
        assert isinstance(self.host, FileHost)
        return self.host.told

    @property
    def opened(self) -> list[str]:
        """The names of the workbooks that the actions opened, the one in front last."""
        if self.excel is not None:
            return [book.name for book in self.excel.books.items[1:]]
        assert isinstance(self.host, FileHost)
        return [path.name for path in self.host.opened]


@pytest.fixture(params=["file", "excel"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(request.param, tmp_path)


def answer(desk: Desk, host: Host, *, yes: bool) -> None:
    """From now on the person says yes, or no."""
    if desk.excel is not None:
        desk.excel.answers = ["yes"] * 3 if yes else []
    else:
        assert isinstance(host, FileHost)
        host.yes = yes


def original(path: Path) -> Callable[[], bool]:
    """Tells later whether a file is still what it is now."""
    before = path.read_bytes()
    return lambda: path.read_bytes() == before


def test_every_button_has_an_action_and_every_action_a_button() -> None:
    tags = [button.tag for button in buttons()]
    assert sorted(tags) == sorted(ACTIONS)
    assert len(set(tags)) == len(tags)


def test_validate_says_the_verdict_and_leads_to_the_result(desk: Desk, tmp_path: Path) -> None:
    path = broken_book(tmp_path / "决算.xlsx")
    unchanged = original(path)
    host = desk.open(path, yes=True)
    act("validate", host)
    (told,) = desk.told
    assert told.startswith("不合格　决算.xlsx")
    assert "现在去看“校验结果”表吗" in told
    assert host.here() == ("校验结果", "A1")
    assert unchanged()


def test_validate_a_sound_workbook(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    act("validate", desk.open(path))
    assert desk.told[0].startswith("合格　决算.xlsx")


def test_validate_what_is_no_report(desk: Desk, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "通讯录.xlsx"
    openpyxl.Workbook().save(path)
    act("validate", desk.open(path))
    (told,) = desk.told
    assert told.startswith("通讯录.xlsx：不是决算报表")


def test_clear(desk: Desk, tmp_path: Path) -> None:
    host = desk.open(broken_book(tmp_path / "决算.xlsx"))
    act("clear", host)
    assert desk.told.pop() == "工作簿里没有校验留下的标记、批注和结果表。"
    act("validate", host)
    act("clear", host)
    assert desk.told[-1] == "已清除校验的标记、批注和结果表，其余没有改动。"
    with host.snapshot() as path:
        assert result_sheet(open_workbook(path)) is None


def test_next_problem_goes_round(desk: Desk, tmp_path: Path) -> None:
    slips = [(INCOME, "D17"), (TOTALS, "F20")]
    host = desk.open(broken_book(tmp_path / "决算.xlsx", slips=slips))
    act("next", host)
    first = host.here()
    count = int(desk.told[0].split("　")[0].split("/")[1])
    seen = [first]
    for _ in range(count - 1):
        act("next", host)
        seen.append(host.here())
    assert len(set(seen)) == count >= 2
    assert (TOTALS, "F20") in seen and (INCOME, "D17") in seen
    act("next", host)
    assert host.here() == first
    told = dict(zip(seen, desk.told, strict=False))
    assert "二点二二" in told[INCOME, "D17"]
    assert desk.told[0].startswith(f"1/{count}　{first[0]} {first[1]}" if first else "")


def test_next_problem_when_there_is_none(desk: Desk, tmp_path: Path) -> None:
    from tests.addin.test_excel_host import sound_book
    from xltool.checks import validate
    from xltool.reporting.workbook.cellmarks import cell_marks

    host = desk.open(sound_book(tmp_path / "决算.xlsx"))
    act("next", host)
    expected = bool(cell_marks(validate(host.read())))
    assert desk.told[0].startswith("1/") == expected


def test_fill_makes_a_copy_and_opens_it(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "空表.xlsx"
    path.write_bytes(EMPTY.read_bytes())
    unchanged = original(path)
    document = dict(read_document(DOCUMENT), 单位名称="某某中心")
    del document["表"]["一般公共预算财政拨款基本支出决算表"]  # its totals are given as printed
    data, out = tmp_path / "数据.json", tmp_path / "填好.xlsx"
    data.write_text(dumps(document), encoding="utf-8")
    act("fill", desk.open(path, chosen=(data, out)))
    assert desk.told[0].startswith("把“数据.json”填进打开的“空表.xlsx”吗？")
    assert desk.told[-1].startswith("已填报，原工作簿没有改动：")
    assert desk.opened == ["填好.xlsx"]
    assert read(out).report.unit_name == "某某中心"
    assert unchanged()


def test_fill_goes_into_the_open_workbook(desk: Desk, tmp_path: Path) -> None:
    path, same = tmp_path / "空表.xlsx", tmp_path / "同样.xlsx"
    path.write_bytes(EMPTY.read_bytes())
    unchanged = original(path)
    host = desk.open(path, yes=True, chosen=(DOCUMENT,))
    act("fill", host)
    assert desk.told[-1].startswith("已填进“空表.xlsx”并保存，请核对。") and desk.opened == []
    report, edition = load(DOCUMENT)
    fill(report, edition, same, template=EMPTY, totals="given")
    with host.snapshot() as now:
        there, wanted = read(now), read(same)
        assert there.report.tables == wanted.report.tables
        for sheet in wanted.workbook.sheets:
            own = there.workbook.sheet(sheet.name)
            assert (own.formulas(), own.protected) == (sheet.formulas(), sheet.protected)
            assert sorted(own.merges) == sorted(sheet.merges)
    if desk.excel is not None:
        assert [book.fullname for book in desk.excel.books.items] == [str(path)]
        assert read(path).report.tables == wanted.report.tables
        assert desk.excel.journal.counts["open_book"] == 1
    else:
        assert unchanged()


def test_a_workbook_that_cannot_be_replaced_is_filled_into_a_copy(tmp_path: Path) -> None:
    desk = Desk("excel", tmp_path)
    path, out = tmp_path / "空表.xlsx", tmp_path / "填好.xlsx"
    path.write_bytes(EMPTY.read_bytes())
    host = desk.open(path, yes=True, chosen=(DOCUMENT, out))
    assert isinstance(host, ExcelHost)
    host.book.impl.read_only = True
    assert host.obstacle() == "工作簿是只读的"
    act("fill", host)
    assert desk.opened == ["填好.xlsx"] and path.read_bytes() == EMPTY.read_bytes()


def test_what_cannot_be_written_is_kept_beside_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk("excel", tmp_path)
    path = tmp_path / "空表.xlsx"
    path.write_bytes(EMPTY.read_bytes())

    def refuse(target: Path, chunks: object, *, overwrite: bool) -> None:
        if target == path:
            raise locked(target)
        write_file(target, [EMPTY.read_bytes()], overwrite=overwrite)

    monkeypatch.setattr(excelreplace, "write_file", refuse)
    act("fill", desk.open(path, yes=True, chosen=(DOCUMENT,)))
    assert f"内容在另存的 {tmp_path / '空表.另存.xlsx'} 里" in desk.told[-1]
    assert desk.excel is not None
    names = [book.name for book in desk.excel.books.items]
    assert names == ["空表.xlsx", "空表.另存.xlsx"] and path.read_bytes() == EMPTY.read_bytes()


def test_a_sheet_in_front_is_in_front_again(tmp_path: Path) -> None:
    desk = Desk("excel", tmp_path)
    path = broken_book(tmp_path / "决算.xlsx")
    host = desk.open(path, yes=True)
    host.goto((INCOME, "A1"))
    act("checks", host)
    assert isinstance(host, ExcelHost)
    assert host.book.sheets.active.name == INCOME
    assert host.book.sheet_names[-1] == "审核表"


def test_what_was_marked_goes_unmarked_into_copies(desk: Desk, tmp_path: Path) -> None:
    path, filled_out, checks_out = (tmp_path / f"{name}.xlsx" for name in ("决算", "填", "审"))
    broken_book(path)
    host = desk.open(path, chosen=(DOCUMENT, filled_out, checks_out))
    act("validate", host)
    answer(desk, host, yes=True)  # the workbook has figures: fill an empty form of its own
    act("fill", host)
    answer(desk, host, yes=False)
    act("checks", host)
    for out in (filled_out, checks_out):
        book = open_workbook(out)
        assert result_sheet(book) is None
        assert not any(s.notes for s in book.sheets)
        assert not ours(FileHost(out, out))


def test_nothing_is_written_over_without_asking(desk: Desk, tmp_path: Path) -> None:
    path, target = tmp_path / "决算.xlsx", tmp_path / "数据.json"
    path.write_bytes(sound())
    target.write_text("别的", encoding="utf-8")
    act("export", desk.open(path, chosen=(target,)))
    assert desk.told == ["数据.json 已存在，覆盖它吗？"]
    assert target.read_text(encoding="utf-8") == "别的"


def test_fill_asks_before_it_overrides_formulas(desk: Desk, tmp_path: Path) -> None:
    path, out = tmp_path / "空表.xlsx", tmp_path / "填好.xlsx"
    path.write_bytes(EMPTY.read_bytes())
    document = read_document(DOCUMENT)
    document["表"]["收入支出决算总表"]["收入"]["总计"] = Decimal("999.99")
    data = tmp_path / "数据.json"
    data.write_text(dumps(document), encoding="utf-8")
    act("fill", desk.open(path, chosen=(data, out)))
    assert "照文档填写这些合计吗" in desk.told[0]
    assert not out.exists() and desk.opened == []


def test_fill_with_a_wrong_document(desk: Desk, tmp_path: Path) -> None:
    data = tmp_path / "数据.json"
    data.write_text('{"版本": "2024-shanghai", "单位名称": "甲", "年度": "去年"}', encoding="utf-8")
    act("fill", desk.open(broken_book(tmp_path / "决算.xlsx"), chosen=(data, tmp_path / "x.xlsx")))
    assert "年度" in desk.told[0]
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("action", ["fill", "export", "checks"])
def test_nothing_happens_when_no_file_is_chosen(desk: Desk, tmp_path: Path, action: str) -> None:
    host = desk.open(broken_book(tmp_path / "决算.xlsx"))
    act(action, host)
    assert desk.told[action == "checks" :] == [] and desk.opened == []
    with host.snapshot() as path:
        assert "审核表" not in [sheet.name for sheet in open_workbook(path).sheets]


@pytest.mark.parametrize("name", ["数据.json", "长表.xlsx"])
def test_what_is_exported_can_be_filled_again(desk: Desk, tmp_path: Path, name: str) -> None:
    path, target = tmp_path / "决算.xlsx", tmp_path / name
    path.write_bytes(sound())
    act("export", desk.open(path, chosen=(target,)))
    assert f"个值：\n{target}" in desk.told[0]
    report, edition = load(target)
    there = read(path)
    assert edition is there.edition
    with_data = {
        name: tables
        for name, tables in there.report.tables.items()
        if any(not t.empty for t in tables)
    }
    assert report.tables == with_data
    assert (report.unit_name, report.year, report.unit) == (
        there.report.unit_name,
        there.report.year,
        there.report.unit,
    )


def test_what_cannot_be_read_for_certain_is_not_exported(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "数据.json"
    act("export", desk.open(broken_book(tmp_path / "决算.xlsx"), chosen=(target,)))
    assert "二点二二" in desk.told[0]
    assert not target.exists()


def test_checks_sheet_comes_into_the_open_workbook(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    host = desk.open(path, yes=True)
    act("checks", host)
    assert desk.told[-1] == "最后一张是“审核表”表，填数时结论随时变化。" and desk.opened == []
    with host.snapshot() as now:
        book = open_workbook(now)
    assert book.sheets[-1].name == "审核表" and book.sheets[-1].formulas()


def test_checks_sheet_comes_in_a_copy(desk: Desk, tmp_path: Path) -> None:
    path, out = tmp_path / "决算.xlsx", tmp_path / "审核.xlsx"
    path.write_bytes(sound())
    act("checks", desk.open(path, chosen=(out,)))
    assert desk.opened == ["审核.xlsx"]
    assert open_workbook(out).sheets[-1].name == "审核表"


def test_help_tells_what_every_button_does(desk: Desk, tmp_path: Path) -> None:
    act("help", desk.open(broken_book(tmp_path / "决算.xlsx")))
    (told,) = desk.told
    for button in buttons():
        assert f"【{button.label}】{button.supertip}" in told


def test_an_error_becomes_one_message_with_the_log(
    desk: Desk, tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(host: Host) -> None:
        raise RuntimeError("出了岔子")

    monkeypatch.setitem(ACTIONS, "validate", broken)  # type: ignore[arg-type]
    act("validate", desk.open(broken_book(tmp_path / "决算.xlsx")))
    (told,) = desk.told
    assert "RuntimeError：出了岔子" in told and str(logs / "addin.log") in told
    assert "Traceback" not in told
    log = (logs / "addin.log").read_text(encoding="utf-8")
    assert "Traceback" in log and "出了岔子" in log


def test_what_excel_says_of_an_error_is_told(tmp_path: Path) -> None:
    desk = Desk("excel", tmp_path)
    host = desk.open(broken_book(tmp_path / "决算.xlsx"))
    assert desk.excel is not None
    desk.excel.journal.fail_at = "add_rule"
    act("validate", host)
    (told,) = desk.told
    assert told.startswith("没有做成：add_rule 失败\n报表的数据没有改动。")


def test_protected_sheets_lead_to_a_marked_copy(tmp_path: Path) -> None:
    desk = Desk("excel", tmp_path)
    path = locked_away(broken_book(tmp_path / "决算.xlsx", protected=True))
    out = tmp_path / "标注.xlsx"
    unchanged = original(path)
    act("validate", desk.open(path, yes=True, chosen=(out,)))
    assert "受保护，没有标记" in desk.told[0]
    assert desk.opened == ["标注.xlsx"]
    marked = open_workbook(out)
    assert marked.sheet(INCOME).notes["D17"].startswith("xltool校验：")
    assert unchanged()
