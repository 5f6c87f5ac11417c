"""Reviews as a season reads them, made without a workbook: only the database of the review is there."""

from __future__ import annotations

import io
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.support.alone import wants_one, without_workers
from tests.support.terminal import Answer
from xltool.batch.generated import DATABASE
from xltool.batch.schemas import BOOK, DETAILS, full
from xltool.cli.app import run
from xltool.review.sheetnames import joined
from xltool.season import deciding, store
from xltool.season.entering import enter
from xltool.season.unitlist import ListedUnit

Book = dict[str, Any]
RULES = "abc"


def command(*args: str | Path) -> Answer:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    words = list(map(str, args))
    workers = without_workers() if wants_one(words) else nullcontext()
    with redirect_stdout(out), redirect_stderr(err), workers:
        code = run(arguments=words)
    return Answer(code, out.getvalue(), err.getvalue())


def review(folder: Path, *books: Book) -> Path:
    """The folder of a review. A book: `name`, `file`, `code`, `year`, `edition`, `tables`, `fails` (a letter for
    each rule that fails), `open` (rules that were not compared), `unasked` (rules for which nobody gave what they
    stand against), `read`, `text` (its content), `why` (its 说明), `confirm` (whether one would settle it),
    `left` (the figure on the left of its failures), `at` (the table of its failures), `place` (where they are),
    `sheets` (their names, between spaces), `total` (its only figure, in 元).
    """
    folder.mkdir(parents=True)
    tables: dict[str, list[dict[str, Any]]] = {"books": [], **{name: [] for name in DETAILS}}
    for book in books:
        read = book.get("read", True)
        file = book.get("file", f"{book['name']}.xlsx")
        fails = book.get("fails", "") if read else ""
        row = {"文件": file, "sha256": book.get("text", f"{file}{fails}{book.get('year')}")}
        row |= {"状态": "成功" if read else "失败", "原因": None if read else "打不开"}
        if read:
            row |= {"单位名称": book["name"], "单位编码": book.get("code")}
            row |= {"年度": book.get("year", 2024), "版本": book.get("edition", "全国")}
            row |= {"表": book.get("tables", "总表"), "结论": "不合格" if fails else "合格"}
            row |= {"金额单位": "元"}
            _checked(tables, row, book, fails)
            if "total" in book:
                place = {"表": "总表", "行": "合计", "列": "金额", "类型": "金额"}
                tables["facts"].append({**row, **place, "值": book["total"]})
        tables["books"].append(row)
    with duckdb.connect(str(folder / DATABASE)) as db:
        for name, found in tables.items():
            schema = BOOK if name == "books" else full(DETAILS[name])
            columns = {field.name: [row.get(field.name) for row in found] for field in schema}
            rows = pa.table(columns, schema=schema)
            db.register("rows", rows)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
            db.unregister("rows")
        if any("sheets" in book for book in books):
            db.execute("CREATE TABLE attached (文件 VARCHAR, 工作表 VARCHAR)")
            named = [
                (book.get("file", f"{book['name']}.xlsx"), joined(book["sheets"].split()))
                for book in books
                if "sheets" in book
            ]
            db.executemany("INSERT INTO attached VALUES (?, ?)", named)
    return folder


def _checked(tables: dict[str, list[Book]], row: Book, book: Book, fails: str) -> None:
    for rule in fails:
        finding = {"规则": rule, "级别": "必须相符", "结论": "不符"}
        finding |= {"表": book.get("at", "总表"), "位置": book.get("place", rule)}
        finding |= {"可说明": book.get("confirm", False)}
        finding |= {"内容": f"{rule} 不符", "说明": book.get("why"), "左值": book.get("left")}
        tables["findings"].append({**row, **finding})
    for rule in RULES:
        wanting, unasked = (rule in book.get(key, "") for key in ("open", "unasked"))
        outcome = {"规则": rule, "通过": int(not wanting and not unasked), "不符": 0, "尾差": 0}
        outcome |= {"数据不足": int(wanting), "未执行": int(unasked), "缺簿外": unasked}
        tables["outcomes"].append({**row, **outcome})


class Season:
    """A season to which rounds are added."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._reviews = folder / "季", folder
        self._count = 0

    def round(
        self,
        *books: Book,
        listed: list[ListedUnit] | None = None,
        times: Mapping[str, str] | None = None,
        out: str = "",
    ) -> None:
        """Add a review of these books."""
        self._count += 1
        made = review(self._reviews / f"审核{self._count}", *books)
        with store.writing(self.folder, make=True) as db:
            enter(db, made / DATABASE, Path(out or made), times or {}, listed or ())

    def say(self, what: Callable[..., str], file: str, *said: str, **more: bool) -> str:
        """What the reviewer says (a function of `deciding`) of the last submission of that name."""
        with store.writing(self.folder) as db:
            return what(db, deciding.submission(db, file), *said, **more)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with sqlite3.connect(self.folder / store.SEASON) as db:
            found = db.execute(sql, values).fetchall()
        db.close()
        return found

    def states(self) -> dict[str, str]:
        """Unit and place -> state."""
        sql = "SELECT 单位名称 || 文件夹 || ' ' || 位置, 状态 FROM 问题 JOIN 单位 USING (单位)"
        return dict(self.rows(sql))

    def totals(self) -> Counter[str]:
        """How many findings are in which state."""
        return Counter(self.states().values())

    def valid(self) -> set[str]:
        """The files that count."""
        return {file for (file,) in self.rows("SELECT 文件 FROM 报送 WHERE 有效")}

    def told(self) -> set[tuple[str, str]]:
        """Kind and file of what is to be looked at."""
        return set(self.rows("SELECT 类别, 文件 FROM 提醒"))
