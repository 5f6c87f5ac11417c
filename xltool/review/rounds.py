"""What one review found, book by book: as it is made, or read back from the folder of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xltool.batch.bounded import has_table
from xltool.batch.generated import DATABASE
from xltool.batch.parts import Batch
from xltool.core.problems import InputError, Problem
from xltool.core.texts import names_in, norm
from xltool.review.sheetnames import ATTACHED, SHEETS, has_sheets, parted

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

_COUNTED = ("必须相符", "需核实")
PROJECT = "项目名称"
"""The line of a 自评表 that names its project."""
_BOOK = ("文件", "单位名称", "年度", "版本", "结论", "表", "单位编码")
CARRIED = (
    "文件",
    "单位名称",
    "单位编码",
    "年度",
    "版本",
    "表",
    "项目",
    "规则",
    "规则表",
    "位置",
    "内容",
)
"""The columns of the findings that are still open of books that were not handed in again."""
_FINDING = ("文件", "规则", "级别", "结论", "表", "位置", "内容")
OUTCOME = ("文件", "规则", "通过", "不符", "尾差", "数据不足", "未执行")
NOT_GIVEN = "缺簿外"
"""The column of `outcomes` of a rule that was not compared only as the reviewer had not given what it stands against;
reviews of older versions lack it."""
_MESSAGE_BEFORE = "说明"
"""What 内容 was called before that word was kept for the clerk's explanation."""
_FACT = ("文件", "行", "文本")
_SHEETS = ("文件", SHEETS)
_REPLACED = """
SELECT s.文件 FROM submissions s WHERE NOT s.有效 AND EXISTS (
 SELECT 1 FROM submissions v WHERE v.有效 AND v.单位名称 = s.单位名称 AND v.种类 = s.种类
 AND v.单位编码 IS NOT DISTINCT FROM s.单位编码 AND v.主管部门 IS NOT DISTINCT FROM s.主管部门
 AND v.归年度 IS NOT DISTINCT FROM s.归年度)
"""
"""The books in whose place another of the same review counts."""
_TABLES = "(SELECT string_agg(DISTINCT 表, '；') FROM facts WHERE facts.文件 = books.文件) AS 表"
"""The tables of a book for a database that does not list them: those that hold anything."""


class FindingKey(NamedTuple):
    """What makes two findings the same: rule, table and place in words."""

    rule: str
    table: str
    where: str


@dataclass(slots=True)
class ReviewedBook:
    """One book of a review. `places`: its failures with their words; `checked`: rules compared everywhere;
    `not_given`: rules that nobody could compare, as the reviewer had not given what they stand against.
    """

    file: str
    unit: str
    year: int | None
    edition: str
    read: bool
    tables: frozenset[str]
    projects: frozenset[str] = frozenset()
    places: dict[FindingKey, list[str]] = field(default_factory=dict)
    checked: frozenset[str] = frozenset()
    not_given: frozenset[str] = frozenset()
    code: str = ""
    """单位编码, where the book prints one."""
    sheets: frozenset[str] = frozenset()
    """The names of its sheets; none where they are not known."""

    @property
    def folder(self) -> str:
        """The folder of the file among those that were reviewed; "" at the top."""
        return self.file.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name of the file, without its folders."""
        return self.file.rpartition("/")[2]

    @property
    def failures(self) -> int:
        """How many places fail."""
        return sum(map(len, self.places.values()))

    def continues(self, earlier: ReviewedBook) -> bool:
        """Whether this book is the earlier one handed in again: of the same edition, forms and project."""
        return self.same_forms(earlier) and self.edition == earlier.edition

    def same_forms(self, earlier: ReviewedBook) -> bool:
        """Whether two books are of the same forms, and of the same project.

        One of which no table could be read is known by its name.
        """
        if self.tables and earlier.tables:
            same = not self.tables.isdisjoint(earlier.tables)
        else:
            same = self.name == earlier.name
        if self.projects and earlier.projects:
            same = same and not self.projects.isdisjoint(earlier.projects)
        return same

    def holds(self, place: FindingKey) -> bool:
        """Whether the table of a finding is in this book."""
        return not place.table or place.table in self.tables

    def settles(self, place: FindingKey, failed: ReviewedBook) -> bool:
        """Whether a place that does not fail here is right: its table is here, its rule was compared everywhere.

        `failed` is the book in which it failed.
        """
        return place.rule in self.checked and self._has(place, failed)

    def overlooks(self, place: FindingKey, failed: ReviewedBook) -> bool:
        """Whether nothing but what the reviewer did not give keeps a place from being judged again."""
        return place.rule in self.not_given and self._has(place, failed)

    def _has(self, place: FindingKey, failed: ReviewedBook) -> bool:
        """Whether what failed there is here too: none of its projects may be gone, nor any of its tables where
        the finding is of no table.
        """
        whole = not self.projects or failed.projects <= self.projects
        there = place.table in self.tables if place.table else failed.tables <= self.tables
        return whole and there and not self._may_be_renamed(place, failed)

    def _may_be_renamed(self, place: FindingKey, failed: ReviewedBook) -> bool:
        """Whether the sheet that a finding is about may have another name here: it is gone, and there are new ones."""
        gone = failed.sheets - self.sheets if self.sheets else frozenset()
        on_it = any(
            place.where == sheet or (not place.table and place.where.startswith(f"{sheet} "))
            for sheet in gone
        )
        return on_it and not self.sheets <= failed.sheets


class Round:
    """The books of a review, by file."""

    def __init__(self) -> None:
        self.books: dict[str, ReviewedBook] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        """Books with the same checked rules, or the same tables, share one set of them."""

    def add(self, batch: Batch, sheets: Mapping[str, str]) -> None:
        """All books of a batch; `sheets`: the names of their sheets, joined."""
        for row in batch.books.select(list(_BOOK)).to_pylist():
            self.book(row)
        for item in sheets.items():
            self.sheets(dict(zip(_SHEETS, item, strict=True)))
        for row in batch.detail("findings").select(list(_FINDING)).to_pylist():
            self.finding(row)
        self.outcomes(batch.detail("outcomes").select(list(OUTCOME)).to_pylist())
        facts = batch.detail("facts").select(list(_FACT))
        import pyarrow.compute as pc

        for row in facts.filter(pc.equal(facts.column("行"), PROJECT)).to_pylist():
            self.project(row)

    def book(self, row: Row) -> None:
        """A row of `books`."""
        found = frozenset(names_in(row["表"]))
        tables = self._sets.setdefault(found, found)
        file, unit = row["文件"], row["单位名称"] or row["文件"]
        read = row["结论"] is not None
        edition, code = row["版本"] or "", row.get("单位编码") or ""
        self.books[file] = ReviewedBook(file, unit, row["年度"], edition, read, tables, code=code)

    def carried(self, row: Row) -> None:
        """A finding of a book that this review did not have: it was open before and still is."""
        file = row["文件"]
        known = self.books.get(file)
        if known is not None and known.read and (known.code or "") != (row["单位编码"] or ""):
            file = f"{file}（{row['单位编码'] or '上次'}）"  # another unit's of the same name
            known = self.books.get(file)
        if known is None or not known.read:
            self.book({**row, "文件": file, "结论": "不合格"})
            self.books[file].projects |= frozenset(names_in(row["项目"]))
        place = FindingKey(row["规则"], row["规则表"], row["位置"])
        self.books[file].places.setdefault(place, []).append(row["内容"])

    def finding(self, row: Row) -> None:
        """A row of `findings`."""
        if row["结论"] == "不符" and row["级别"] in _COUNTED:
            place = FindingKey(row["规则"], row["表"] or "", row["位置"] or "")
            self.books[row["文件"]].places.setdefault(place, []).append(row["内容"] or "")

    def outcomes(self, rows: list[Row]) -> None:
        """Rows of `outcomes`."""
        checked: dict[str, set[str]] = {}
        for row in rows:
            if compared(row):
                checked.setdefault(row["文件"], set()).add(row["规则"])
        for file, rules in checked.items():
            found = frozenset(rules)
            self.books[file].checked = self._sets.setdefault(found, found)

    def sheets(self, row: Row) -> None:
        """A row of `attached`."""
        found = parted(row[SHEETS])
        if row["文件"] in self.books:
            self.books[row["文件"]].sheets = self._sets.setdefault(found, found)

    def leave_replaced(self, database: duckdb.DuckDBPyConnection) -> None:
        """Forget the books in whose place others count, as far as a database of this review tells that."""
        if has_table(database, "submissions"):
            for (file,) in database.execute(_REPLACED).fetchall():
                self.books.pop(file, None)

    def project(self, row: Row) -> None:
        """A row of `facts` that names a project."""
        self.books[row["文件"]].projects |= {norm(row["文本"] or "")}


def compared(outcome: Row) -> bool:
    """Whether a rule was compared, and wherever it says something; a row of `outcomes` with the `OUTCOME`."""
    somewhere = outcome["通过"] or outcome["不符"] or outcome["尾差"]
    return bool(somewhere) and not outcome["数据不足"] and not outcome["未执行"]


def earlier(folder: Path) -> Round:
    """The review in `folder`, without what only a new one needs. Raises `InputError` when there is none."""
    path = folder / DATABASE
    if not path.is_file():
        hint = "给出 xltool review 以前写的文件夹"
        raise InputError(
            Problem(str(folder), f"不是审核结果，里面没有 {DATABASE}", hint, code="not-ours")
        )
    return _read(path)


def _read(path: Path) -> Round:
    """The review in a database. Raises `InputError` when it cannot be read."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as database:
            return _round(database)
    except duckdb.Error as error:
        message = f"读不了：{str(error).splitlines()[0]}"
        raise InputError(
            Problem(str(path), message, "它是别的版本写的，或正被打开", code="unreadable")
        ) from error


def _round(database: duckdb.DuckDBPyConnection) -> Round:
    """The review in a database; those of older versions lack some columns and tables. Raises `duckdb.Error`."""
    found = Round()
    known = {name for name, *_ in database.execute("DESCRIBE books").fetchall()}
    instead = {"表": _TABLES, "单位编码": "NULL AS 单位编码"}
    books = [column if column in known else instead[column] for column in _BOOK]
    told = {name for name, *_ in database.execute("DESCRIBE findings").fetchall()}
    texts = [c if c in told else f"{_MESSAGE_BEFORE} AS {c}" for c in _FINDING]
    for row in _rows(database, f"SELECT {', '.join(books)} FROM books", _BOOK):
        found.book(row)
    for row in _rows(database, f"SELECT {', '.join(texts)} FROM findings", _FINDING):
        found.finding(row)
    projects = f"SELECT {', '.join(_FACT)} FROM facts WHERE 行 = ?"
    for row in _rows(database, projects, _FACT, PROJECT):
        found.project(row)
    if has_sheets(database):
        for row in _rows(database, f"SELECT {', '.join(_SHEETS)} FROM {ATTACHED}", _SHEETS):
            found.sheets(row)
    found.leave_replaced(database)
    if has_table(database, "carried"):
        for row in _rows(database, "SELECT * FROM carried", CARRIED):
            found.carried(row)
    return found


def _rows(
    database: duckdb.DuckDBPyConnection, query: str, columns: Sequence[str], *values: object
) -> Iterator[Row]:
    """The rows of a query, fetched some at a time."""
    answer = database.execute(query, list(values))
    while rows := answer.fetchmany(10_000):
        for row in rows:
            yield dict(zip(columns, row, strict=True))
