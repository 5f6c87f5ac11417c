"""One task in a worker: each of its books is read (and validated), all of them make one part."""

from __future__ import annotations

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xltool.batch.checking import check
from xltool.batch.limits import at_work, noted, watched
from xltool.batch.parts import NESTED, PART, write_part
from xltool.batch.schemas import BOOK, FACT, ArrowColumn, struct
from xltool.batch.source import Source, content_of
from xltool.batch.task import Beside, Done, Options, Task
from xltool.checks import Validation
from xltool.core.caches import remembered
from xltool.core.collector import collecting_nothing
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.suffixes import ONLY_READ
from xltool.core.texts import in_one_cell
from xltool.editions import all_editions, find_edition
from xltool.ooxml import WorkbookError
from xltool.reading import Reading, examine
from xltool.reading.facts import facts, no_facts
from xltool.reading.misprints import misprint_problems
from xltool.reading.readworkbook import in_words
from xltool.reporting.rows import finding_rows, outcome_rows, totals
from xltool.rules.load import load_rules

_UNMATCHED = 1000
"""So many cells without a field are listed for a book; all are counted."""

_LONG = 2000
_CYCLIC = 100_000
"""From so many objects on that outlived their book, cycles are looked for: an .xls or a failure leaves some."""

_PASSING = frozenset({"missing", "locked", "no-permission", "no-space"})
"""Kinds of failure that may be gone at the next try."""

Rows = dict[str, list[tuple[object, ...]]]


class _Row:
    """A book on its way into a part."""

    def __init__(self, source: Source) -> None:
        self.book: dict[str, Any] = dict.fromkeys(BOOK.names)
        self.book |= {"文件": source.name, "事实数": 0, "状态": "失败"}
        self.again = False
        self.facts = no_facts()
        self.details: Rows = {name: [] for name in NESTED if name != "facts"}

    def fail(self, reason: str, *, again: bool = False) -> None:
        """The book could not be read."""
        told = reason[:_LONG].encode("utf-8", "backslashreplace").decode()
        kept = {name: self.book[name] for name in ("文件", "sha256", "大小")}
        self.book = {**dict.fromkeys(BOOK.names), **kept, "状态": "失败", "原因": told, "事实数": 0}
        self.again = again
        self.facts = no_facts()
        self.details = {name: [] for name in self.details}


def work(task: Task) -> Done:
    """Do a task and write its part.

    Books that are done are freed without the collector (`Workbook.release`); what they leave after all (`_CYCLIC`)
    is collected between them.
    """
    with at_work(), collecting_nothing():
        _prepare(task.options.edition, task.options.validate)
        return _work(task, watched)


def work_here(task: Task) -> Done:
    """As `work`, in the caller's own process: without limits, for they end the process that breaks them."""
    return _work(task, _unwatched)


@contextmanager
def _unwatched(source: Source, options: Options, notes: Path) -> Iterator[None]:
    yield


def _work(task: Task, guard: Callable[..., AbstractContextManager[None]]) -> Done:
    notes = task.work / "stopped"
    stopped = any(notes.iterdir())
    rows = []
    for source in task.sources:
        if gc.get_count()[0] > _CYCLIC or source.name.lower().endswith(ONLY_READ):
            gc.collect(0)
        row = _Row(source)
        if stopped and (reason := noted(notes, source)):
            row.fail(reason, again=True)
        elif task.dead:
            row.fail("处理这个文件的进程意外结束或不再反应，已跳过", again=True)
        else:
            with guard(source, task.options, notes):
                beside = task.beside.get(source.name)
                _do(row, source, task.options, beside or Beside())
                # whoever goes on later finds out anew what belongs to it
                row.again = row.again or beside is not None
        rows.append(row)
    part = f"{os.urandom(12).hex()}.arrow"
    write_part(task.work / "parts" / part, _whole_table(rows), task.made_by)
    return Done(part, tuple((row.book["状态"], row.book["原因"] or "") for row in rows))


@remembered(16)
def _prepare(edition: str | None, validate: bool) -> None:
    """Load editions and rules (once per process), so that no book is charged for it.

    What is loaded stays: the collector of cycles need not look at it again and again.
    """
    for found in [find_edition(edition)] if edition else all_editions():
        if validate:
            load_rules(found)
    gc.collect()
    gc.freeze()


def _do(row: _Row, source: Source, options: Options, beside: Beside) -> None:
    """Fill a row; whatever a book does becomes a reason in it."""
    try:
        content = content_of(source)
        row.book |= {"sha256": hashlib.sha256(content).hexdigest(), "大小": len(content)}
        if source.refusal:
            row.fail(source.refusal)
            return
        _read(row, content, source, options, beside)
    except WorkbookError as error:
        row.fail(str(error), again=error.kind in _PASSING)
    except InputError as error:
        row.fail("；".join(_told(problem) for problem in error.problems))
    except MemoryError:
        row.fail("内存不够，没有读完", again=True)
    except RecursionError:
        row.fail("内容嵌套太深，没有读")
    except OSError as error:
        row.fail(f"读写不了：{system_reason(error)}", again=True)
    except Exception as error:
        row.fail(f"程序出错：{type(error).__name__}: {error}")


def content_hash(source: Source) -> str | None:
    """The sha256 of a workbook as it is now, or None when it can't be read."""
    try:
        return hashlib.sha256(content_of(source)).hexdigest()
    except WorkbookError:
        return None


def _told(problem: Problem) -> str:
    """A problem in the row of its book: the book, which was read from bytes, need not be named."""
    return problem.of("工作簿")


def _read(row: _Row, content: bytes, source: Source, options: Options, beside: Beside) -> None:
    edition = find_edition(options.edition) if options.edition else None
    reading = examine(content, edition)
    try:
        _enter(row, reading, source, options, beside)
    finally:
        reading.workbook.release()


def _enter(row: _Row, reading: Reading, source: Source, options: Options, beside: Beside) -> None:
    report, details = reading.report, row.details
    reading.workbook.path = source.shown
    row.facts = facts(reading)
    misprints = list(misprint_problems(reading))
    faults = [*reading.problems, *(fault.problem for fault in reading.faults), *misprints]
    unmatched = _problems(reading, misprints, details)
    row.book |= {
        "状态": "部分" if faults else "成功",
        "原因": "；".join(map(_told, faults))[:_LONG] or None,
        "版本": reading.edition.id,
        "版本状态": reading.edition.state,
        "单位名称": report.unit_name or None,
        "单位编码": report.heads.get("单位编码"),
        "年度": report.year or None,
        "金额单位": report.unit or None,
        "表": in_one_cell(dict.fromkeys(_tables(reading))) or None,
        "事实数": len(row.facts.cell),
        "未匹配": unmatched,
        "漂移": sum(1 for _ in reading.drift),
        "问题": len(faults),
    }
    validation = None
    if options.validate:
        validation = check(reading, source, options.given, beside, details["problems"])
        _validated(row, validation)
    if options.attach is not None:
        details["attachments"] += options.attach(source, reading, validation, beside)


def _tables(reading: Reading) -> Iterator[str]:
    return (s.mapping.table for s in reading.found_tables if not s.located.problems)


def _validated(row: _Row, validation: Validation) -> None:
    row.details["findings"] += finding_rows(validation)
    row.details["outcomes"] += outcome_rows(validation)
    row.book |= totals(validation)


def _problems(reading: Reading, misprints: Sequence[Problem], details: Rows) -> int:
    """Enter problems, faults, drift and cells without a field; how many of the last there are."""
    rows = details["problems"]
    rows += [("问题", None, None, _told(p), p.hint or None) for p in reading.problems]
    rows += [("错值", None, None, str(p), p.hint or None) for p in misprints]
    rows += [("错值", f.sheet, f.ref, str(f.problem), f.hint or None) for f in reading.faults]
    rows += [("漂移", sheet, None, str(drift), None) for sheet, drift in reading.drift]
    unmatched = reading.unmatched
    for sheet, ref, value in islice(unmatched, _UNMATCHED):
        rows.append(("未匹配", sheet, ref, in_words(value)[:_LONG], None))
    listed = Counter(row[0] for row in rows)["未匹配"]
    return listed + sum(1 for _ in unmatched)


def _whole_table(rows: list[_Row]) -> pa.Table:
    """The part of some rows; a book whose texts can't be stored becomes a failure."""
    try:
        return _table(rows)
    except (UnicodeError, pa.ArrowException, OverflowError):
        for row in rows:
            try:
                _table([row])
            except (UnicodeError, pa.ArrowException, OverflowError) as error:
                row.fail(f"内容里有存不了的文字或数字：{type(error).__name__}")
    return _table(rows)


def _table(rows: list[_Row]) -> pa.Table:
    """The part of some rows: each nested column is built flat, once for all books."""
    columns: list[pa.Array] = [
        pa.array([row.book[field.name] for row in rows], field.type) for field in BOOK
    ]
    columns.append(pa.array([row.again for row in rows], pa.bool_()))
    for name, schema in NESTED.items():
        counts, flat = _facts(rows) if name == "facts" else _details(rows, name)
        offsets = pa.array([0, *accumulate(counts)], pa.int32())
        columns.append(pa.ListArray.from_arrays(offsets, struct(flat, schema)))
    return pa.Table.from_arrays(columns, schema=PART)


_Flat = tuple[list[int], Sequence[ArrowColumn]]
"""How many rows each book has in a nested table, and the columns of all of them."""


def _facts(rows: list[_Row]) -> _Flat:
    """What a block has in common is repeated by Arrow and not value by value."""
    blocks, *columns = (list(chain(*parts)) for parts in zip(*(r.facts for r in rows), strict=True))
    tables, instances, sheets, counts = zip(*blocks, strict=True) if blocks else ((), (), (), ())
    offsets = pa.array([0, *accumulate(counts)], pa.int32())
    block = pc.list_parent_indices(pa.ListArray.from_arrays(offsets, pa.nulls(sum(counts))))
    types = (FACT.field(name).type for name in ("表", "份", "工作表"))
    table, instance, sheet = (
        pa.array(column, type_).take(block)
        for column, type_ in zip((tables, instances, sheets), types, strict=True)
    )
    *values, cells = columns
    return [len(row.facts.cell) for row in rows], [table, instance, *values, sheet, cells]


def _details(rows: list[_Row], name: str) -> _Flat:
    lists = [row.details[name] for row in rows]
    flat = list(zip(*chain(*lists), strict=True)) or [()] * len(NESTED[name])
    return list(map(len, lists)), flat
