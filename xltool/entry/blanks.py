"""What one begins with: the blank official workbook, a document skeleton, a long table, all of chosen tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.core.csvfile import no_formula
from xltool.core.model import CODE, NAME, ListSpec, Report, TableSpec, table_key
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import did_you_mean
from xltool.editions import Edition
from xltool.entry.addresses import tables_by_name
from xltool.entry.rollover import Opening
from xltool.ooxml import Editor, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem

LONG_HEADS = (
    "版本",
    "单位名称",
    "年度",
    "金额单位",
    "表",
    "行",
    "科目编码",
    "科目名称",
    "列",
    "值",
)


def chosen_tables(edition: Edition, names: Iterable[str]) -> list[str]:
    """The edition's tables of these names, as in addresses (三公, 公开03表), all of them when none is given."""
    known = tables_by_name(edition)
    problems = [
        Problem(
            name, f"{edition.id} 没有这张表", did_you_mean(name, edition.specs), code="unknown-name"
        )
        for name in names
        if table_key(name) not in known
    ]
    raise_if(problems)
    wanted = {known[table_key(name)] for name in names}
    return [name for name in edition.specs if not wanted or name in wanted]


def blank_books(edition: Edition, tables: list[str]) -> list[tuple[str, bytes]]:
    """The blank workbooks (name, bytes) that hold these tables, other sheets taken out."""
    made = []
    for spec in edition.workbooks:
        wanted = [mapping for mapping in spec.tables if mapping.table in tables]
        if not wanted:
            continue
        try:
            editor = Editor(open_workbook(spec.template))
            for mapping in spec.tables:
                if mapping not in wanted and mapping.sheet not in {m.sheet for m in wanted}:
                    editor.remove_sheet(mapping.sheet)
            made.append((spec.name, editor.content()))
        except WorkbookError as error:
            raise InputError(workbook_problem(error, str(spec.template))) from error
    return made


# ── a data document to write in ──


def skeleton(edition: Edition, tables: list[str], prior: Report | None = None) -> str:
    """A data document in YAML with every field of the tables, blank, and comments that say how to fill it in.

    `prior` is last year's report: its rows and names stay, its figures stand beside as comments.
    """
    opening = Opening(prior, edition)
    lines = [
        "# 数据文档：冒号后面写数；不填的留空（空白不是零，零写 0）。",
        "# 合计、类、款行和科目名称可以不填，会补上；用 fill --derive 还可以少填。",
        f"版本: {edition.id}",
        f'单位名称: "{opening.unit_name}"',
        f"年度: {opening.year}",
        f"金额单位: {opening.unit}   # 元或万元",
        "无数据: []   # 没有数、要写“本表无数据”的表",
        "表:",
    ]
    for table in tables:
        lines += _table(table, edition.specs[table], opening)
    return "\n".join(lines) + "\n"


def _table(name: str, spec: TableSpec, opening: Opening) -> Iterator[str]:
    yield f"  {_key(name)}:"
    indent = "    "
    if spec.many:
        yield "    -"
        indent = "      "
    yield from _fields(name, spec, opening, indent)
    for listed in spec.lists.values():
        yield from _list(name, listed, opening, indent)


def _fields(name: str, spec: TableSpec, opening: Opening, indent: str) -> Iterator[str]:
    """The single fields of a table, with last year's figures beside them."""
    printed: tuple[str, ...] = ()
    last = opening.last(name)
    for path, field in spec.fields.items():
        shared = 0
        while shared < len(path) - 1 and printed[shared : shared + 1] == path[shared : shared + 1]:
            shared += 1
        for depth in range(shared, len(path) - 1):
            yield f"{indent}{'  ' * depth}{_key(path[depth])}:"
        value = last.fields.get(path) if last is not None else None
        remark = f"   # 上年 {_shown(value)}" if isinstance(value, Decimal) else ""
        kind = "" if field.kind == "amount" else "   # 文字" if field.kind == "text" else ""
        begins = opening.field(name, path)
        given = f" {_shown(begins)}" if begins is not None else ""
        yield f"{indent}{'  ' * (len(path) - 1)}{_key(path[-1])}:{given}{remark or kind}"
        printed = path[:-1]


def _list(name: str, listed: ListSpec, opening: Opening, indent: str) -> Iterator[str]:
    """A list of a table: last year's rows, or one as an example."""
    yield f"{indent}{_key(listed.name)}:"
    last = opening.last(name)
    columns = [column for column in listed.columns if column not in (CODE, NAME)]
    rows = last.lists.get(listed.name, []) if last is not None else []
    keyed = listed.codes is not None
    for row in rows:
        code, title = str(row.get(CODE, "")), _key(str(row.get(NAME, "")))
        head = f'{CODE}: "{code}", {NAME}: {title}' if keyed else ""
        figures = "，".join(f"{c} {_shown(row[c])}" for c in columns if c in row)
        for column in columns:
            begins = opening.cell(name, listed.name, code, column)
            head += f", {column}: {_shown(begins)}" if begins is not None else ""
        yield f"{indent}  - {{{head}}}   # 上年：{figures}"
    if not rows:
        example = ", ".join(f"{column}: " for column in columns)
        head = f'{CODE}: "", ' if keyed else ""
        yield f"{indent}  # - {{{head}{example}}}   # 一行一项，填了数的栏写上"


def _key(text: str) -> str:
    plain = text.replace('"', '\\"')
    return f'"{plain}"' if any(sign in text for sign in "“”\"'：:#{}[],&*?|<>=!%@`- ") else text


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def long_table(edition: Edition, tables: list[str], prior: Report | None = None) -> str:
    """A long table in CSV: a line for each field of the tables, and for each figure of last year's lists."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(LONG_HEADS)
    opening = Opening(prior, edition)
    heads = (edition.id, no_formula(opening.unit_name), opening.year, opening.unit)
    for table in tables:
        spec = edition.specs[table]
        for path, field in spec.fields.items():
            begins = opening.field(table, path)
            given = _shown(begins) if begins is not None else ""
            writer.writerow([*heads, table, field.row, "", "", field.column, given])
        last = opening.last(table)
        for list_name, listed in spec.lists.items():
            if listed.codes is None:
                continue
            for row in last.lists.get(list_name, []) if last is not None else []:
                for column in listed.columns:
                    if column not in (CODE, NAME) and column in row:
                        code, title = row.get(CODE, ""), row.get(NAME, "")
                        begins = opening.cell(table, list_name, str(code), column)
                        given = _shown(begins) if begins is not None else ""
                        words = (no_formula(str(word)) for word in (code, title, column))
                        writer.writerow([*heads, table, list_name, *words, given])
    return made.getvalue()
