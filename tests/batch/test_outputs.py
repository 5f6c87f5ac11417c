"""What a run makes of a folder: the same facts in every kind of output, and a row for every book."""

from __future__ import annotations

import csv
import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.batch.support import converted, rows, write
from tests.support.editing import edited
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import FinishedRun, process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.documents.datafile import dumps
from xltool.documents.longtable import read_long_table
from xltool.documents.writing import to_raw
from xltool.ooxml import Editor
from xltool.reading import read
from xltool.reading.facts import facts

Row = dict[str, Any]
READ = ["丁县.zip!/丁县/乙局.xlsx", "丙区.xlsm", "乙局 - 副本.xlsx", "乙局.xlsx"]
READ += ["甲局/甲局所属学校.xlsx", "甲局/甲局本级.xlsx"]
REFUSED = ["坏.xlsx", "手工.et"]


def expected_facts(folder: Path) -> list[Row]:
    """The facts of the books that can be read, one workbook at a time, without the batch."""
    found: list[Row] = []
    for name in READ:
        path = folder / name.replace("丁县.zip!/丁县/", "")
        reading = read(path)
        report = reading.report
        head = {
            "文件": name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "版本": report.edition,
            "单位名称": report.unit_name,
            "年度": report.year,
            "金额单位": report.unit,
        }
        keys = (
            "表",
            "份",
            "行",
            "科目编码",
            "科目名称",
            "列",
            "类型",
            "值",
            "文本",
            "工作表",
            "单元格",
        )
        found += [{**head, **dict(zip(keys, fact, strict=True))} for fact in facts(reading).rows()]
    return found


def test_every_value_of_every_book_is_a_fact(finished: FinishedRun, submission: Path) -> None:
    assert rows(finished, "facts") == expected_facts(submission)


def test_facts_have_their_full_address(finished: FinishedRun) -> None:
    found = [row for row in rows(finished, "facts") if row["文件"] == "乙局.xlsx"]
    raw = next(
        r for r in found if r["表"] == "支出决算表" and r["科目编码"] and r["值"] is not None
    )
    assert raw["行"] == "明细"
    assert raw["类型"] == "金额"
    assert str(raw["工作表"]).endswith("支出决算表")
    assert raw["科目名称"]
    assert {row["版本"] for row in found} == {"2023-national"}


def test_every_book_has_a_row_in_order(finished: FinishedRun) -> None:
    books = rows(finished)
    assert [book["文件"] for book in books] == sorted([*READ, *REFUSED])
    states = {str(book["文件"]): book["状态"] for book in books}
    assert states == dict.fromkeys(READ, "成功") | dict.fromkeys(REFUSED, "失败")
    facts_of = [row["文件"] for row in rows(finished, "facts")]
    assert all(book["事实数"] == facts_of.count(book["文件"]) for book in books)


def test_books_that_cannot_be_read_say_why(finished: FinishedRun) -> None:
    books = {book["文件"]: book for book in rows(finished)}
    assert "不完整" in str(books["坏.xlsx"]["原因"])
    assert "另存为 .xlsx" in str(books["手工.et"]["原因"])
    assert books["坏.xlsx"]["大小"] == 3000
    assert books["坏.xlsx"]["版本"] is None


def test_validation_gives_findings_and_outcomes(finished: FinishedRun) -> None:
    books = [book for book in rows(finished) if book["状态"] == "成功"]
    outcomes = rows(finished, "outcomes")
    findings = rows(finished, "findings")
    for book in books:
        own = [row for row in outcomes if row["文件"] == book["文件"]]
        assert book["适用规则"] == sum(row["结论"] != "不适用" for row in own)
        assert len({row["规则"] for row in own}) == len(own) > 50
        failed = [r for r in findings if r["文件"] == book["文件"] and r["结论"] == "不符"]
        total = sum(int(str(book[key])) for key in ("不符", "待确认", "需核实", "提示"))
        assert len(failed) == total
        assert book["结论"] in ("合格", "不合格", "未完成审核")


def plain(row: Row) -> Row:
    """A row as texts, without blanks: what every kind of output can hold."""
    return {
        key: format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
        for key, value in row.items()
        if value is not None
    }


def test_parquet(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "parquet", tmp_path / "out")
    tables = {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}
    assert set(tables) == {"books", "facts", "problems", "findings", "outcomes"}
    assert tables["books"] == rows(finished)
    for name in ("facts", "problems", "findings", "outcomes"):
        assert tables[name] == rows(finished, name)


def test_csv(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "csv", tmp_path / "out")
    assert (out / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in ("books", "facts", "problems", "findings", "outcomes"):
        with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]
        assert found == [
            {
                k: f"'{v}" if v[0] in "=+-@" and not number(v) else _csv_word(v)
                for k, v in plain(row).items()
            }
            for row in rows(finished, name)
        ]


def test_csv_can_be_filled_again(finished: FinishedRun, submission: Path, tmp_path: Path) -> None:
    one = [source for source in finished.sources if source.name == "丙区.xlsm"]
    out = write(FinishedRun(finished.work, one, finished.where), "csv", tmp_path / "out")
    report, edition = read_long_table(out / "facts.csv")
    expected = read(submission / "丙区.xlsm").report
    assert (edition.id, report.unit_name, report.unit) == ("2024-shanghai", "丙区", "元")
    assert to_raw(report)["表"] == to_raw(expected)["表"]


def _csv_word(text: str) -> str:
    """A yes or no as CSV has it."""
    return text.lower() if text in ("True", "False") else text


def number(text: str) -> bool:
    return text.lstrip("-").replace(".", "").isdigit()


def test_jsonl(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "jsonl", tmp_path / "out")
    for name in ("books", "facts", "findings"):
        lines = (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines]
        assert [plain(row) for row in found] == [plain(row) for row in rows(finished, name)]


def test_json_gives_the_documents(finished: FinishedRun, submission: Path, tmp_path: Path) -> None:
    out = write(finished, "json", tmp_path / "out")
    documents = {path.name: path.read_text(encoding="utf-8") for path in out.glob("*.json")}
    assert len(documents) == len(READ)
    expected = dumps(to_raw(read(submission / "甲局" / "甲局本级.xlsx").report))
    assert documents["甲局_甲局本级.xlsx.json"] == expected
    assert documents["丁县.zip!_丁县_乙局.xlsx.json"] == documents["乙局.xlsx.json"]
    assert (out / "books.csv").exists()


def test_duckdb(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "duckdb", tmp_path / "out.duckdb")
    with duckdb.connect(str(out), read_only=True) as db:
        for name in ("books", "facts", "problems", "findings", "outcomes"):
            assert db.execute(f"FROM {name}").fetchall() == [
                tuple(row.values()) for row in rows(finished, name)
            ]


def test_duckdb_has_all_amounts_in_one_unit(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "duckdb", tmp_path / "out.duckdb")
    amounts = [row for row in rows(finished, "facts") if row["类型"] == "金额"]
    factor = {"元": Decimal("0.0001"), "万元": Decimal(1)}
    in_one_unit = (Decimal(str(r["值"])) * factor[str(r["金额单位"])] for r in amounts)
    total = sum(value.quantize(Decimal("0.000001"), ROUND_HALF_UP) for value in in_one_unit)
    assert {row["金额单位"] for row in amounts} == {"元", "万元"}
    with duckdb.connect(str(out), read_only=True) as db:
        assert db.execute("SELECT count(*), sum(万元) FROM amounts").fetchone() == (
            len(amounts),
            total,
        )


def test_xlsx(finished: FinishedRun, tmp_path: Path) -> None:
    out = write(finished, "xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(out, read_only=True)
    assert book.sheetnames == ["工作簿", "事实", "读取问题", "校验发现", "规则结论"]
    for sheet, name in (("工作簿", "books"), ("事实", "facts")):
        head, *lines = book[sheet].iter_rows(values_only=True)
        found = [dict(zip(head, line, strict=True)) for line in lines]
        shown = [
            {k: Decimal(str(v)) if isinstance(v, float) else v for k, v in row.items()}
            for row in found
        ]
        assert [plain(row) for row in shown] == [plain(row) for row in rows(finished, name)]
    book.close()


def test_texts_that_excel_would_calculate_stay_texts(finished: FinishedRun, tmp_path: Path) -> None:
    import pyarrow as pa

    from xltool.batch.sinks.csvfiles import guarded

    texts = ["=1+1", "+1", "-x", "@a", "a=1", "", None, "甲"]
    expected = ["'=1+1", "'+1", "'-x", "'@a", "a=1", "", None, "甲"]
    assert guarded(pa.chunked_array([texts])).to_pylist() == expected


@pytest.fixture(scope="module")
def by_two(books: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The outputs of a run with two processes."""
    return converted(books, tmp_path_factory.mktemp("two") / "out", jobs=2)


@pytest.mark.parametrize(("jobs", "reverse"), [(1, False), (2, True)])
def test_jobs_and_order_do_not_matter(
    books: Path, by_two: dict[str, object], tmp_path: Path, jobs: int, reverse: bool
) -> None:
    assert converted(books, tmp_path / "out", jobs=jobs, reverse=reverse) == by_two


def test_what_could_not_be_read_in_a_book_is_told(books: Path, tmp_path: Path) -> None:
    found = facts(read(books / "乙局.xlsx"))
    sheet, cell = next(
        (str(sheet), str(cell))
        for _, _, _, code, _, _, _, value, _, sheet, cell in found.rows()
        if value and len(str(code or "")) == 7
    )

    def spoil(editor: Editor) -> None:
        editor.set(sheet, cell, "约三万", over_formula=True)
        editor.set(sheet, "Z99", "备忘")

    folder = tmp_path / "报送"
    folder.mkdir()
    book = (books / "乙局.xlsx").read_bytes()
    (folder / "乙局.xlsx").write_bytes(edited(book, spoil))
    with WorkFolder(tmp_path / "out") as work:
        done = process(find_sources([str(folder)]).sources, work, Options(), here=True)
        (row,) = rows(done)
        problems = rows(done, "problems")
        cells = {fact["单元格"] for fact in rows(done, "facts") if fact["工作表"] == sheet}
    assert (row["状态"], row["问题"], row["未匹配"]) == ("部分", 1, 1)
    assert "约三万" in str(row["原因"])
    assert [(p["类别"], p["工作表"], p["单元格"]) for p in problems] == [
        ("错值", sheet, cell),
        ("未匹配", sheet, "Z99"),
    ]
    assert cell not in cells


def test_figures_in_an_unknown_unit_are_no_facts(books: Path, tmp_path: Path) -> None:
    """A book that is partly read: nothing of it is added up as 万元."""

    def print_thousands(editor: Editor) -> None:
        for sheet in editor.workbook.sheets:
            for ref, text in list(sheet.items()):
                if isinstance(text, str) and text.endswith("单位：万元"):
                    editor.set(sheet.name, ref, text.replace("万元", "千元"))

    folder = tmp_path / "报送"
    folder.mkdir()
    book = (books / "乙局.xlsx").read_bytes()
    (folder / "乙局.xlsx").write_bytes(edited(book, print_thousands))
    with WorkFolder(tmp_path / "out") as work:
        done = process(find_sources([str(folder)]).sources, work, Options(), here=True)
        (row,) = rows(done)
        file = write(done, "duckdb", tmp_path / "库.duckdb")
    assert (row["状态"], row["金额单位"]) == ("部分", None)
    assert "金额单位写作“千元”" in str(row["原因"])
    with duckdb.connect(str(file), read_only=True) as database:
        assert database.execute("SELECT count(万元) FROM amounts").fetchall() == [(0,)]
