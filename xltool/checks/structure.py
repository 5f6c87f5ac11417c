"""Structure: tables, titles, heads and labels against the edition; hidden and stray figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from xltool.checks import unaudited
from xltool.checks.context import Context
from xltool.checks.findingcodes import FindingCode
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.core.texts import norm
from xltool.core.years import years_in
from xltool.mapping.blocks import Form
from xltool.mapping.located import Drift, text_at
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.reading import FoundTable
from xltool.reading.found import UNIT_HEAD
from xltool.reading.heads import torn_line
from xltool.rules.model import NO_PRIOR, NO_YEAR, Reason

_SHOWN = 5
_BOOK = "工作簿"


def check(context: Context) -> Iterator[Finding]:
    """Every difference of a workbook's structure from its edition's form."""
    yield from _unlocated(context)
    yield from _blank(context)
    yield from _likely(context)
    yield from _drift(context)
    yield from _statements(context)
    yield from _heads(context)
    yield from unaudited.check(context)
    yield from _last_year(context)


def _last_year(context: Context) -> Iterator[Finding]:
    if context.prior is None:
        context.unchecked["P-00"] = ("未执行", NO_PRIOR)
        return
    then, now = context.prior.report.unit_name, context.report.unit_name
    if norm(then) != norm(now):
        message = f"上年数据是“{then}”的，本年是“{now}”"
        hint = "换成本单位的上年数据；单位改了名的，写明说明"
        yield context.finding("P-00", message, "上年数据", hint=hint)


def _unlocated(context: Context) -> Iterator[Finding]:
    told = {s.unit_fault.problem for s in context.reading.found_tables if s.unit_fault}
    for problem in context.reading.problems:
        if problem in told or problem.code == "units-differ":
            continue  # told by ALL-05
        # told of the table: its sheet may be renamed or deleted, the file may have another name next time
        place = problem.table or (_BOOK if problem.where == context.reading.file else problem.where)
        more = {"table": problem.table, "code": problem.code}
        yield context.finding("S-01", str(problem), place, **more)
    yield from _absent(context)
    report, edition = context.report, context.reading.edition
    if not report.year:
        context.unchecked["S-05"] = NO_YEAR
        if context.reading.recognised:
            yield _without_year(context)
    elif not edition.covers(report.year):
        first, last = edition.years
        message = f"{report.year}年度不在版本 {edition.id} 适用的{first}—{last}年度以内"
        rules = [r.id for r in context.rules.rules.values() if r.out_of_force(report.year)]
        if rules:
            message += f"，{'、'.join(rules)} 因此没有审核"
        hint = "核对表上的年度；年度无误的，换用当年的版本，或写明说明"
        yield context.finding("S-05", message, "年度", hint=hint, code="year-outside")
    elif report.year > date.today().year:
        message = f"{report.year}年度还没有到，不会有决算"
        yield context.finding("S-05", message, "年度", hint="核对表上的年度", code="year-outside")


def _without_year(context: Context) -> Finding:
    torn = torn_line(context.reading)
    cells, told = ((torn[0],), torn[1]) if torn else ((), "各表上都没有年度")
    hint = "只留决算的年度" if torn else "在表头写上年度，如 2023年度"
    return context.finding("S-05", told, "年度", hint=hint, cells=cells, code="year-missing")


def _absent(context: Context) -> Iterator[Finding]:
    """Tables that every return has, and that a form of nobody's edition lacks: somebody has to know."""
    reading = context.reading
    known = {t.table for t in vocabulary().tables if not (t.optional or t.likely)}
    here = known & {s.mapping.table for s in reading.found_tables}
    told_of = any(problem.code == "missing-table" for problem in reading.problems)
    if not reading.recognised or not here or told_of:
        return
    told = here | {unread.table for unread in context.report.unread}
    if missing := [table for table in vocabulary().always if table not in told]:
        message = f"没有找到{'、'.join(f'“{table}”' for table in missing)}，与它们有关的没有审核"
        hint = "补上这些表；确实不在这个工作簿里的，写明说明"
        yield context.finding("S-01", message, _BOOK, hint=hint, confirm=True, code="missing-table")


def _blank(context: Context) -> Iterator[Finding]:
    """A table that must be filled and holds no figure: nothing in it can be checked."""
    if not any(found_table.mapping.optional for found_table in context.reading.found_tables):
        context.unchecked["S-08"] = ("不适用", "本簿没有自评表")
    for found_table in context.reading.found_tables:
        mapping, located = found_table.mapping, found_table.located
        key = (mapping.table, found_table.instance)
        table = context.report.tables[mapping.table][found_table.instance]
        if mapping.empty or located.problems or key in context.statements or table.has_figures:
            continue
        if mapping.optional:
            message = "表空着，没有可以审核的内容"
            hint = "填上；不随决算报送的，删去这张工作表（做上报稿时会去掉），或写明说明"
            yield _here(context, "S-08", message, found_table, hint=hint)
        else:
            message = "表里没有数，没有可以审核的内容"
            hint = "填上数；确实没有的，在表下写明“说明：……，故本表无数据。”"
            finding = _here(context, "S-07", message, found_table, hint=hint)
            yield replace(finding, outcome="数据不足")


def _likely(context: Context) -> Iterator[Finding]:
    """A table that was read as it most likely is, for want of a source."""
    for found_table in context.reading.found_tables:
        table = context.report.tables[found_table.mapping.table][found_table.instance]
        if found_table.mapping.spec.likely and table.has_figures:
            message = "这张表的样式没有出处，按最可能的样式认的"
            if columns := _further_columns(found_table):
                message = f"这张表的{columns}没有出处，按最可能的样式认的"
            hint = "核对读出的数和栏目是否对得上"
            yield _here(context, "S-09", message, found_table, hint=hint)


def _further_columns(found_table: FoundTable) -> str:
    """The columns and blocks that stand on another table's sheet, where this is no table of its own."""
    words = next((t for t in vocabulary().tables if t.table == found_table.mapping.table), None)
    if words is None or words.beside is None:
        return ""
    base = {b.name for t in vocabulary().tables if t.table == words.beside for b in t.blocks}
    here = [block for block in found_table.mapping.blocks if isinstance(block, Form)]
    columns = [c.name for block in here if block.name in base for c in block.columns]
    own = [block.name for block in here if block.name not in base]
    return "、".join(dict.fromkeys(f"“{name}”" for name in (*columns, *own)))


_HEADS_COMPARED = ("单位名称", "年度")
"""Differences that ALL-04 and ALL-05 tell of."""


def _drift(context: Context) -> Iterator[Finding]:
    """Drift of one kind on one sheet is one finding: a block moved by a row is not fifty faults."""
    groups: dict[tuple[str, str], list[Drift]] = defaultdict(list)
    for sheet, drift in context.reading.drift:
        if drift.what in _HEADS_COMPARED:
            continue
        rule = "S-02" if drift.kind in ("多出", "缺少") else "S-06"
        groups[rule, sheet].append(drift)
    tables = _tables_of_sheets(context)
    for (rule, sheet), drifts in groups.items():
        shown = "；".join(map(str, drifts[:_SHOWN]))
        more = f"；等{len(drifts)}处" if len(drifts) > _SHOWN else ""
        table = tables.get(sheet, "")
        yield context.finding(rule, f"{shown}{more}", table or sheet, table=table, sheet=sheet)


def _tables_of_sheets(context: Context) -> Mapping[str, str]:
    """The table of each sheet that has one only, where no other sheet has that one, too."""
    pairs = [(s.located.sheet.name, s.mapping.table) for s in context.reading.found_tables]
    sheets, tables = (Counter(names) for names in zip(*pairs, strict=True)) if pairs else ({}, {})
    return {sheet: table for sheet, table in pairs if sheets[sheet] == tables[table] == 1}


def _statements(context: Context) -> Iterator[Finding]:
    for found_table in context.reading.found_tables:
        mapping = found_table.mapping
        key = (mapping.table, found_table.instance)
        table = context.report.tables[mapping.table][found_table.instance]
        sheet, ref = found_table.located.sheet.name, context.statements.get(key)
        if ref is not None and table.has_figures:
            message = "表里有数据，下面却写着“故本表无数据”"
            cell = CellRef(sheet, ref)
            yield _here(context, "ALL-03", message, found_table, cell, code="statement-with-data")
        elif ref is None and table.empty and mapping.empty is not None:
            message = "没有数据，表下应写明“说明：……，故本表无数据。”"
            yield _here(context, "ALL-03", message, found_table, code="statement-missing")


def _here(
    context: Context, rule: str, message: str, found_table: FoundTable, *cells: CellRef, **more: Any
) -> Finding:
    table, sheet = found_table.mapping.table, found_table.located.sheet.name
    return context.finding(rule, message, table, table=table, sheet=sheet, cells=cells, **more)


_DIFFERS: Mapping[str, FindingCode] = {
    "单位名称": "",
    "年度": "year-differs",
    UNIT_HEAD: "money-unit-differs",
}


def _heads(context: Context) -> Iterator[Finding]:
    """Unit name, year and money unit are the same on every sheet; each 表号 is its table's."""
    compared: Counter[str] = Counter()
    for rule, head in (("ALL-04", "单位名称"), ("ALL-05", "年度"), ("ALL-05", UNIT_HEAD)):
        seen: dict[str, list[FoundTable]] = defaultdict(list)
        for found_table in context.reading.found_tables:
            if told := _head(context, found_table, head):
                seen[norm(told)].append(found_table)
        compared[rule] += sum(map(len, seen.values())) - 1
        if len(seen) < 2:
            continue
        usual = max(seen.values(), key=len)
        for found_tables in seen.values():
            if found_tables is usual:
                continue
            for found_table in found_tables:
                own, other = (_head(context, s, head) for s in (found_table, usual[0]))
                message = f"{head}是“{own}”，其他表是“{other}”"
                cells = _head_cells(found_table, head)
                # a 自评表 may well say a new or a longer name: somebody has to know
                confirm, code = rule == "ALL-04" and found_table.mapping.optional, _DIFFERS[head]
                yield _here(context, rule, message, found_table, *cells, confirm=confirm, code=code)
    for found_table in context.reading.found_tables:
        if (fault := found_table.unit_fault) is not None:
            more = {"code": "money-unit-unknown", "hint": fault.hint}
            cell = CellRef(fault.sheet, fault.ref)
            yield _here(context, "ALL-05", fault.message, found_table, cell, **more)
        yield from _number(context, found_table)
        yield from _title_year(context, found_table)
    for rule in ("ALL-04", "ALL-05"):
        if compared[rule] < 1:
            what = "单位名称" if rule == "ALL-04" else "年度、金额单位"
            text = f"印着{what}的不到两张表，没有可以互相核对的"
            context.unchecked[rule] = ("未执行", Reason("nothing-inside", text))


def _head(context: Context, found_table: FoundTable, head: str) -> str:
    """What a sheet says of a head: in a line, or in the field that stands for it; "" without either."""
    if head == UNIT_HEAD:
        if context.reading.recognised:
            return ""  # a form may print each table in a unit of its own
        return found_table.heads.get(head, "") if found_table.unit else ""
    mapping = found_table.mapping
    # each project has a unit of its own that carries it out
    if head == "单位名称" and mapping.unit_name and mapping.many is None:
        table = context.report.tables[mapping.table][found_table.instance]
        return str(table.fields.get((mapping.unit_name,)) or "")
    return found_table.heads.get(head, "")


def _head_cells(found_table: FoundTable, head: str) -> tuple[CellRef, ...]:
    field = found_table.located.fields.get((found_table.mapping.unit_name or "",))
    if head == "单位名称" and field:
        return (CellRef(found_table.located.sheet.name, field),)
    marks = [ref for ref, text in found_table.located.labels.items() if "{" + head + "}" in text]
    return tuple(CellRef(found_table.located.sheet.name, ref) for ref in marks)


def _number(context: Context, found_table: FoundTable) -> Iterator[Finding]:
    for line in found_table.mapping.lines:
        if "{" in line.pattern:
            continue
        sheet = found_table.located.sheet
        text = text_at(sheet, line.range.top, line.range.left)
        if text is not None and norm(text) != norm(line.pattern) and "公开" in text:
            message = f"表号写作“{text.strip()}”，应是“{line.pattern}”"
            cell = CellRef(sheet.name, line.range.anchor)
            yield _here(context, "ALL-05", message, found_table, cell, code="form-number")


def _title_year(context: Context, found_table: FoundTable) -> Iterator[Finding]:
    """The year in a title is that of the line below it: one of them was left from last year."""
    sheet, at = found_table.located.sheet, found_table.mapping.title.range
    titled = years_in(text_at(sheet, at.top, at.left) or "")
    told = found_table.heads.get("年度", "")
    if told and len(titled) == 1 and told not in titled:
        message = f"标题写的是{titled.pop()}年，下面写的年度是{told}"
        cells = dict.fromkeys((CellRef(sheet.name, at.anchor), *_head_cells(found_table, "年度")))
        yield _here(context, "ALL-05", message, found_table, *cells, code="year-differs")
