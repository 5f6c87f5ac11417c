"""The units of one review, as letters see them: from the database in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.batch.generated import DATABASE
from xltool.core.problems import InputError, Problem
from xltool.core.texts import names_in
from xltool.review.rounds import ReviewedBook
from xltool.review.sheetnames import ATTACHED
from xltool.review.units import Units
from xltool.season.letters.lines import letter_lines, unchecked_line
from xltool.season.letters.model import LetterBook, LetterUnit
from xltool.season.model import DISMISSED

if TYPE_CHECKING:
    import duckdb

Raw = dict[str, Any]
_NEEDED = frozenset({"关系", "现为", "应为", "标识", "可说明"})


def review_units(folder: Path) -> list[LetterUnit]:
    """The units of a review with their books and lines, in the order of names. Raises `InputError`."""
    import duckdb

    path = folder / DATABASE
    if not path.is_file():
        hint = "给出 xltool review 写的文件夹"
        raise InputError(
            Problem(str(folder), f"不是审核结果，里面没有 {DATABASE}", hint, code="not-ours")
        )
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            return _units(database, folder)
    except duckdb.Error as error:
        told = f"读不了：{str(error).splitlines()[0]}"
        raise InputError(
            Problem(str(path), told, "它是别的版本写的，或正被打开", code="unreadable")
        ) from error


def _tables(database: duckdb.DuckDBPyConnection, folder: Path) -> set[str]:
    """The tables of a review's database. Raises `InputError` when it lacks what letters need."""
    tables = {name for (name,) in database.execute("SHOW TABLES").fetchall()}
    columns = {row[0] for row in database.execute("DESCRIBE findings").fetchall()}
    if not columns >= _NEEDED or ATTACHED not in tables:
        message, hint = "是旧版的 xltool 写的，缺少写信要的内容", "用现在的 xltool 重新审核一遍"
        raise InputError(Problem(str(folder / DATABASE), message, hint, code="not-ours"))
    return tables


def _units(database: duckdb.DuckDBPyConnection, folder: Path) -> list[LetterUnit]:
    tables = _tables(database, folder)
    marked = {
        row["文件"]: folder / row["标注本"]
        for row in _rows(database, f"SELECT * FROM {ATTACHED} WHERE 标注本 <> ''")
    }
    failed = "SELECT * FROM findings WHERE 结论 IN ('不符', '数据不足') ORDER BY 文件"
    by_file = groupby(_rows(database, failed), key=lambda row: row["文件"])
    findings = {file: list(rows) for file, rows in by_file}
    books: dict[str, Raw] = {
        row["文件"]: row for row in _rows(database, "SELECT * FROM books ORDER BY 文件")
    }
    if "submissions" in tables:
        _whose(books, database)
    units = list(_by_unit(books))
    for unit in units:
        start = 1
        for book in unit.books:
            book.marked = marked.get(book.file)
            book.lines = letter_lines(findings.get(book.file, ()), book, start)
            if not book.lines and book.verdict == "未完成审核":
                book.lines = [unchecked_line(book, start)]
            start += len(book.lines)
    return units


def _whose(books: dict[str, Raw], database: duckdb.DuckDBPyConnection) -> None:
    """Enter whose the books are by the list of units; leave out those that do not count."""
    for row in _rows(database, "SELECT * FROM submissions"):
        book = books[row["文件"]]
        known = bool(row["归属"])
        if row["归属"] == DISMISSED or (known and not row["有效"] and book["结论"] is not None):
            del books[row["文件"]]
        elif known:
            book["主管部门"] = row["主管部门"]
            if row["单位编码"]:  # without one, namesakes are told apart by their folders
                book["清单上"] = (row["单位名称"], row["单位编码"])


def _by_unit(books: dict[str, Raw]) -> Iterator[LetterUnit]:
    """The units and their books; a file that names no unit stands for itself."""
    listed: dict[tuple[str, str], list[Raw]] = {}
    for row in books.values():
        if "清单上" in row:
            listed.setdefault(row["清单上"], []).append(row)
    for (name, code), rows in sorted(listed.items()):
        shown = f"{name}（{code}）" if code else name
        files = [_book(row) for row in rows]
        yield LetterUnit(name, code, _department(rows[0]), shown=shown, books=files)
    rest = {file: row for file, row in books.items() if "清单上" not in row}
    named = [_reviewed(row) for row in rest.values() if row["单位名称"]]
    names = Units((), named)
    for key, same in sorted(names.of(named).items(), key=lambda item: names.shown(item[0])):
        code = next((book.code for book in same if book.code), "")
        rows = [rest[book.file] for book in same]
        files = [_book(row) for row in rows]
        department = _department(rows[0])
        yield LetterUnit(rows[0]["单位名称"], code, department, shown=names.shown(key), books=files)
    for file, row in rest.items():
        if not row["单位名称"]:
            yield LetterUnit(file.rpartition("/")[2].rpartition(".")[0], books=[_book(row)])


def _book(row: Raw) -> LetterBook:
    return LetterBook(
        row["文件"],
        row["sha256"] or "",
        row["结论"],
        row["原因"] or "",
        row["年度"],
        row["单位名称"] or "",
        row["单位编码"] or "",
    )


def _department(row: Raw) -> str:
    return str(row.get("主管部门") or "")


def _reviewed(row: Raw) -> ReviewedBook:
    tables = frozenset(names_in(row["表"]))
    return ReviewedBook(
        row["文件"],
        row["单位名称"],
        row["年度"],
        row["版本"] or "",
        row["结论"] is not None,
        tables,
        code=row["单位编码"] or "",
    )


def _rows(database: duckdb.DuckDBPyConnection, query: str) -> Iterator[Raw]:
    answer = database.execute(query)
    assert answer.description is not None
    names = [column[0] for column in answer.description]
    return iter([dict(zip(names, row, strict=True)) for row in answer.fetchall()])
