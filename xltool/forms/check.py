"""Checking mapping files: their form (JSON Schema), and against the template that they bind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xltool.core.model import RECOGNISED
from xltool.core.problems import InputError, Problem
from xltool.core.schemas import schema_problems
from xltool.editions import Edition
from xltool.mapping.load import SCHEMA, read_raw
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.model import Codes, Form, ListBlock, TableMapping
from xltool.mapping.recognition import recognise
from xltool.mapping.titles import Titles
from xltool.ooxml import Range, Sheet, WorkbookError, make_ref, open_workbook
from xltool.ooxml.package.errors import workbook_problem


def check_form(path: Path) -> list[Problem]:
    """What in a mapping file (with what it extends) is not of the right form."""
    try:
        raw = read_raw(path)
    except InputError as error:
        return list(error.problems)
    return schema_problems(raw, SCHEMA, path.name)


def check_edition(edition: Edition) -> list[Problem]:
    """Everything wrong with an edition: form of its mappings, and each against its template."""
    problems: list[Problem] = []
    if edition.recognise:
        return list(_check_recognised(edition))
    for mapping in edition.tables.values():
        problems += check_form(Path(mapping.source))
        problems += _check_bindings(mapping)
    for book in edition.workbooks:
        try:
            workbook = open_workbook(book.template)
        except WorkbookError as error:
            problems.append(workbook_problem(error, str(book.template)))
            continue
        titles = Titles(workbook)
        for mapping in book.tables:
            hits = titles.find(mapping)
            if len(hits) != 1:
                message = f"标题为“{mapping.title.text}”的工作表有{len(hits)}张，应有1张"
                problems.append(
                    Problem(f"{book.template.name} {mapping.table}", message, code="bad-mapping")
                )
            else:
                problems += check_sheet(mapping, hits[0][0])
    return problems


def _check_recognised(edition: Edition) -> Iterator[Problem]:
    """The tables that its words do not find in the forms of an edition without addresses."""
    for book in edition.workbooks:
        try:
            found = recognise(open_workbook(book.template), words=edition.words)
        except WorkbookError as error:
            yield workbook_problem(error, str(book.template))
            continue
        for table in found.tables:
            yield from _check_bindings(table.mapping)
        known = {table.mapping.table for table in found.tables}
        reasons = {unread.table: unread.reason for unread in found.unread}
        for mapping in book.tables:
            if mapping.table not in known:
                reason = reasons.get(mapping.table, "没有这个标题的表")
                hint = "从 tables 里去掉，或把本地的写法写进 用语.yaml"
                told = f"表样里认不出“{mapping.table}”（{reason}）"
                yield Problem(book.template.name, told, hint, code="bad-mapping")


def _check_bindings(mapping: TableMapping) -> Iterator[Problem]:
    """Cells that are bound twice, columns without header texts, fields that an option names in vain."""
    file = f"工作表“{mapping.sheet}”" if mapping.source == RECOGNISED else Path(mapping.source).name
    where = f"{file}（{mapping.table}）"
    seen: dict[str, str] = {}
    for ref, name in bound_cells(mapping):
        if ref in seen:
            yield Problem(
                where, f"单元格 {ref} 绑定了两个字段：{seen[ref]}、{name}", code="bad-mapping"
            )
        seen[ref] = name
    for block in mapping.blocks:
        columns = block.columns if isinstance(block, (Form, ListBlock)) else ()
        for column in columns:
            if not column.header:
                yield Problem(
                    where,
                    f"“{block.name}·{column.name}”上方没有栏目文字，表样变动时找不到它",
                    code="bad-mapping",
                )
    for option in (mapping.many, mapping.unit_name):
        if option and (option,) not in mapping.spec.fields:
            yield Problem(where, f"没有“{option}”这个字段", code="bad-mapping")


def bound_cells(mapping: TableMapping) -> Iterator[tuple[str, str]]:
    """Address in the template and name of every bound cell; list rows each by their columns."""
    for block in mapping.blocks:
        match block:
            case Form():
                yield from _form_cells(block)
            case ListBlock():
                yield from _list_cells(block)
            case Codes():
                for pane in block.panes:
                    for row, code in pane.places:
                        name = f"{block.name}[{code}]·{pane.amount.name}"
                        yield make_ref(row, pane.amount.left), name


def _form_cells(block: Form) -> Iterator[tuple[str, str]]:
    for cell in block.cells:
        yield cell.range.anchor, "·".join(cell.path)
    for row, name in block.placed_rows:
        for column in block.columns_of(row):
            yield make_ref(row, column.left), "·".join(block.path_of(name, column.name))


def _list_cells(block: ListBlock) -> Iterator[tuple[str, str]]:
    for number in range(block.first, block.last + 1):
        for column in block.columns:
            if column.kind == "name" and column.code == "named":
                continue  # it stands in the cell of the code
            name = f"{block.name}[{number - block.first + 1}]·{column.name}"
            yield make_ref(number, column.left), name
    if block.total:
        for field in block.fields:
            left = block.by_name[field.column].left
            yield make_ref(block.total.row, left), "·".join(field.path)


def check_sheet(mapping: TableMapping, sheet: Sheet) -> list[Problem]:
    """How a template's sheet differs from its mapping: nothing may have to be searched."""
    where = f"工作表“{sheet.name}”（{mapping.table}）"
    located: Located = locate(mapping, sheet)
    problems = list(located.problems)
    problems += [
        Problem(where, f"与映射不一致：{drift}", code="bad-mapping") for drift in located.drift
    ]
    if sheet.name != mapping.sheet:
        problems.append(Problem(where, f"映射里的工作表名是“{mapping.sheet}”", code="bad-mapping"))
    anchored = [a.range for a in (mapping.title, *mapping.header, *mapping.notes, *mapping.texts)]
    for at in anchored:
        problems += _check_merge(sheet, at, where)
    for ref, name in bound_cells(mapping):
        if (merge := sheet.merge_of(ref)) and merge.anchor != ref:
            told = f"“{name}”绑定的格被合并区域 {merge} 覆盖"
            problems.append(Problem(f"{where}{ref}", told, code="bad-mapping"))
    bound = {ref for ref, _ in bound_cells(mapping)}
    lines = {line.range.anchor for line in (*mapping.lines, *filter(None, [mapping.empty]))}
    for ref in sheet.cells() if sheet.protected else ():
        merge = sheet.merge_of(ref)
        if (
            not sheet.locked(ref)
            and ref not in bound | lines
            and (not merge or merge.anchor == ref)
        ):
            problems.append(
                Problem(
                    f"{where}{ref}", "没有锁定，是填报单元格，却没有绑定字段", code="bad-mapping"
                )
            )
    if sheet.protected:
        for ref, name in bound_cells(mapping):
            if sheet.formula(ref) is None and sheet.locked(ref):
                problems.append(
                    Problem(f"{where}{ref}", f"“{name}”是填报单元格，却被锁定", code="bad-mapping")
                )
    return problems


def _check_merge(sheet: Sheet, at: Range, where: str) -> Iterator[Problem]:
    merge = sheet.merge_of(at.anchor)
    if not at.is_cell and merge != at:
        yield Problem(
            f"{where}{at.anchor}",
            f"映射写的区域是 {at}，工作表里是 {merge or '没有合并'}",
            code="bad-mapping",
        )
