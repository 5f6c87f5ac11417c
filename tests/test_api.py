"""`import xltool`, as people who program use it."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import xltool
from xltool.core.resources import SAMPLES

ROOT = Path(__file__).resolve().parent.parent
BOOK, DATA = SAMPLES / "sgb-2024.xlsx", SAMPLES / "sgb-2024.json"
SPENDING = "支出决算表"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The sample with a figure that lost a digit."""
    report, edition = xltool.load(DATA)
    row = next(row for row in report[SPENDING]["明细"] if row["科目编码"] == "2013901")
    row["基本支出"] = Decimal("1.32")
    return xltool.fill(report, edition, tmp_path / "错.xlsx", totals="given").files[0]


def test_every_public_name_is_there_and_dir_says_so() -> None:
    for name in xltool.__all__:
        assert getattr(xltool, name) is not None
    assert sorted(xltool.__all__) == dir(xltool)
    with pytest.raises(AttributeError):
        _ = xltool.nothing  # type: ignore[attr-defined]


def test_importing_costs_nothing() -> None:
    code = "import sys, xltool; print(*(m for m in sys.modules if m.startswith('xltool')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["xltool"]


def test_types_are_known_outside(tmp_path: Path) -> None:
    from mypy import api as mypy

    script = tmp_path / "script.py"
    script.write_text(
        """
from pathlib import Path
from typing import Any, Literal
from typing_extensions import assert_type

import pandas
import xltool

report, edition = xltool.load("数据.json")
assert_type(report, xltool.Report)
assert_type(edition, xltool.Edition)
assert_type(xltool.fill(report, edition, "决算.xlsx").files, list[Path])
assert_type(xltool.fill(pandas.DataFrame(), out=Path("决算.xlsx")).notes, list[str])
assert_type(xltool.read(b"").to_frame(), pandas.DataFrame)
cells = xltool.read("决算.xlsx", "2023-national").cells("支出决算表")
assert_type(cells, dict[tuple[str | int, ...], xltool.CellRef])
checked = xltool.validate(Path("决算.xlsx"), prior="上年.xlsx", rules=["本局.yaml"])
assert_type(checked.verdict, Literal["合格", "不合格", "未完成审核"])
assert_type(checked.findings, list[xltool.Finding])
assert_type(xltool.validate(open("决算.xlsx", "rb")).to_dict(), dict[str, Any])
assert_type(xltool.frame("报送"), pandas.DataFrame)
xltool.fill(report, edition)
xltool.validate(7)
""",
        encoding="utf-8",
    )
    options = ("--config-file", ROOT / "pyproject.toml", "--cache-dir", ROOT / ".mypy_cache")
    out, _, _ = mypy.run([*map(str, options), str(script)])
    errors = [line for line in out.splitlines() if " error: " in line]
    assert len(errors) == 2, out
    assert "No overload variant" in errors[0] and "arg-type" in errors[1]


def test_a_report_is_looked_into_by_name() -> None:
    report, _ = xltool.load(str(DATA))
    assert SPENDING in report and "明细" in report[SPENDING]
    assert report[SPENDING]["明细"][0]["科目编码"] == "201"
    assert report[SPENDING]["合计"]["本年支出合计"] == Decimal("307.82")
    assert report["收入支出决算总表"]["收入", "本年收入合计"] == Decimal("307.82")
    assert "不存在" not in report[SPENDING]
    with pytest.raises(KeyError, match="是不是“支出决算表”"):
        _ = report["支出决算"]
    table = report["收入支出决算总表"]
    table["收入", "其他收入"] = 5
    assert table["收入"]["其他收入"] == Decimal(5)
    table["收入", "其他收入"] = None
    assert "其他收入" not in table["收入"]
    assert repr(report).startswith("<Report 2024-shanghai ") and len(repr(report)) < 80


def test_filling_takes_all_kinds_of_data(tmp_path: Path) -> None:
    report, edition = xltool.load(DATA)
    books = [
        xltool.fill(report, edition, str(tmp_path / "一.xlsx"), totals="given"),
        xltool.fill(str(DATA), out=tmp_path / "二.xlsx", totals="given"),
        xltool.fill(report, out=tmp_path / "三.xlsx", totals="given"),
    ]
    first, *others = (book.files[0].read_bytes() for book in books)
    assert [first == other for other in others] == [True, True]
    raw = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "万元",
        "表": {"收入支出决算总表": {"收入": {"其他收入": 0.1}, "支出": {"其他支出": 0.1}}},
    }
    found, _ = xltool.load(raw)
    assert found["收入支出决算总表"]["收入"]["其他收入"] == Decimal("0.1")
    with pytest.raises(TypeError, match="out"):
        xltool.fill(raw)  # type: ignore[call-overload]


def test_a_frame_can_be_filled_again(tmp_path: Path) -> None:
    reading = xltool.read(BOOK)
    frame = reading.to_frame()
    assert set(frame["单位名称"]) == {reading.report.unit_name}
    filled = xltool.fill(frame, out=tmp_path / "again.xlsx", totals="given")
    again = xltool.read(filled.files[0]).to_frame()
    assert again.drop(columns="文件").equals(frame.drop(columns="文件"))


def test_codes_and_blanks_of_a_frame_are_understood() -> None:
    frame = pd.DataFrame(
        {
            "版本": "2023-national",
            "单位名称": "某局",
            "年度": 2024,
            "金额单位": "万元",
            "表": [SPENDING, SPENDING, "收入支出决算总表"],
            "行": ["明细", "明细", "其他收入"],
            "科目编码": [2013901, 2013901.0, None],
            "列": ["基本支出", "项目支出", "收入"],
            "值": [51.32, float("nan"), 51.32],
        }
    )
    report, edition = xltool.load(frame)
    assert edition.id == "2023-national"
    assert report[SPENDING]["明细"] == [{"科目编码": "2013901", "基本支出": Decimal("51.32")}]
    frame.loc[1, "列"] = "不存在"
    with pytest.raises(xltool.InputError, match="DataFrame 第2行"):
        xltool.load(frame)


def test_floats_in_a_report_are_refused(tmp_path: Path) -> None:
    report, edition = xltool.load(DATA)
    report[SPENDING]["明细"][0]["基本支出"] = 51.32
    with pytest.raises(xltool.InputError, match=r"明细第1行·基本支出.*float"):
        xltool.fill(report, edition, tmp_path / "x.xlsx")
    with pytest.raises(TypeError):
        report[SPENDING]["合计", "基本支出"] = 1.5  # type: ignore[assignment]


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """What the collector of cycles does, at the thresholds that Python has by itself; then all is as before."""
    ran: list[str] = []

    def note(phase: str, _: object) -> None:
        ran.append(phase)

    on, thresholds = gc.isenabled(), gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.callbacks.append(note)
    yield ran
    gc.callbacks.remove(note)
    gc.set_threshold(*thresholds)
    (gc.enable if on else gc.disable)()


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("job", [xltool.read, xltool.validate])
def test_a_program_keeps_its_collector_as_it_was(
    job: Callable[[Path | str], object], on: bool, collections: list[str]
) -> None:
    """It rests while a book is at work, through which it would go again and again."""
    (gc.enable if on else gc.disable)()
    job(BOOK)
    assert len(collections) <= 20
    with pytest.raises(xltool.InputError):
        job("没有这个文件.xlsx")
    assert gc.isenabled() is on
    assert gc.get_threshold() == (700, 10, 10)


def test_a_validation_shows_itself(wrong: Path, tmp_path: Path) -> None:
    checked = xltool.validate(str(wrong), "2024-shanghai")
    assert str(checked.verdict) == "不合格"
    assert repr(checked).startswith("<CheckedBook 错.xlsx 不合格：")
    assert checked.to_dict()["verdict"] == "不合格"
    frame = checked.to_frame()
    assert len(frame) == len(checked.findings) == checked.counts().total()
    assert set(frame["文件"]) == {"错.xlsx"}
    assert "<!DOCTYPE html>" in checked.to_html()
    assert "不合格" in checked._repr_html_()
    checked.annotate(str(tmp_path / "标注.xlsx"))
    again = xltool.validate(tmp_path / "标注.xlsx")
    assert [f.rule for f in again.findings] == [f.rule for f in checked.findings]
    xltool.clean(str(tmp_path / "标注.xlsx"), str(tmp_path / "清除.xlsx"))
    assert xltool.read(tmp_path / "清除.xlsx").to_frame()["值"].tolist() == (
        xltool.read(wrong).to_frame()["值"].tolist()
    )


def test_fields_lead_to_their_cells() -> None:
    reading = xltool.read(BOOK)
    book = openpyxl.load_workbook(BOOK)
    cells = reading.cells(SPENDING)
    for field, (sheet, ref) in cells.items():
        value = reading.report[SPENDING]
        try:
            for name in field:
                value = value[name]
        except KeyError:
            value = None
        shown = book[sheet][ref].value
        if isinstance(shown, (int, float)):
            assert value == Decimal(repr(shown)), field
    assert str(cells["合计", "本年支出合计"]) == "支出决算表!C5"
    with pytest.raises(xltool.InputError, match="支出决算表"):
        reading.cells("支出决算")
    form = reading.edition.cells("一般公共预算财政拨款基本支出决算表")
    assert form["明细", "30101", "金额"].ref == "C5"
    assert (
        reading.edition.cells(SPENDING)["明细", 0, "基本支出"].ref
        == cells["明细", 0, "基本支出"].ref
    )


def test_few_books_need_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    import xltool.batch.pools

    def no_pool(*_: object) -> None:
        raise AssertionError("a pool was started")

    monkeypatch.setattr(xltool.batch.pools, "LocalPool", no_pool)
    facts = xltool.frame(BOOK, validate=True)
    assert len(facts) == len(xltool.read(BOOK).to_frame())
    assert facts.attrs["books"][0]["结论"] == "合格"
    tables = xltool.frames([BOOK], validate=True)
    assert set(tables) == {"books", "facts", "problems", "findings", "outcomes"}
    assert str(tables["books"].loc[0, "事实数"]) == str(len(facts))


def test_many_books_become_a_database(tmp_path: Path) -> None:
    import duckdb

    done = xltool.convert([BOOK], tmp_path / "库.duckdb", validate=True, jobs=1)
    assert done.states["成功"] == 1 and done.verdicts["合格"] == 1
    with duckdb.connect(str(tmp_path / "库.duckdb"), read_only=True) as database:
        assert database.sql("SELECT count(*) FROM facts").fetchall() == [(done.facts,)]
    with pytest.raises(xltool.InputError, match="形式"):
        xltool.convert([BOOK], tmp_path / "库.什么")


def test_sources_need_not_be_files() -> None:
    content = BOOK.read_bytes()
    assert xltool.validate(io.BytesIO(content)).verdict == "合格"
    assert repr(xltool.read(content)).startswith("<Reading 工作簿 <Report")
    assert "支出决算表" in xltool.read(content)._repr_html_()
