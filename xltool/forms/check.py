"""Checking mapping files: their form (JSON Schema), and against the template that they bind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from xltool.core.model import RECOGNISED
from xltool.core.problems import InputError, Problem
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import line_of
from xltool.editions import Edition
from xltool.forms.fit import line_in, misfit_problems
from xltool.mapping.load import SCHEMA, read_raw
from xltool.mapping.locate import locate
from xltool.mapping.located import Located, as_text
from xltool.mapping.model import Codes, Form, ListBlock, TableMapping
from xltool.mapping.recognition import recognise
from xltool.mapping.titles import Titles
from xltool.ooxml import Range, Sheet, Workbook, WorkbookError, make_ref, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem

_SHOWN = 4
"""So many cells are named in a message."""


def check_form(path: Path) -> list[Problem]:
    """What in a mapping file (with what it extends) is not of the right form."""
    try:
        raw = read_raw(path)
    except InputError as error:
        return list(error.problems)
    return schema_problems(raw, SCHEMA, path.name, source=path)


def check_edition(edition: Edition) -> list[Problem]:
    """Everything wrong with an edition: form of its mappings, and each against its template."""
    problems = list(_contradictions(edition))
    if edition.recognise:
        return problems + list(_check_recognised(edition))
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
            hits = [sheet for sheet, _ in titles.find(mapping)]
            if len(hits) != 1:
                problems.append(_no_sheet(mapping, workbook, hits, book.template.name))
            else:
                problems += check_sheet(mapping, hits[0])
    return problems


def _no_sheet(
    mapping: TableMapping, workbook: Workbook, hits: Sequence[Sheet], template: str
) -> Problem:
    """That no sheet of the form, or more than one, bears a table's title."""
    where = line_in(mapping.source, ("title",))
    told = f"{template} 里标题为“{mapping.title.text}”的工作表有{len(hits)}张，应有1张"
    named = next((sheet for sheet in workbook.sheets if sheet.name == mapping.sheet), None)
    if hits:
        hint = f"表样里只留一张，别的改标题：{'、'.join(sheet.name for sheet in hits)}"
    elif named is not None:
        here = as_text(named.value(mapping.title.range.anchor))
        printed = f"印的是“{here}”" if here else "是空白"
        at = mapping.title.range.anchor
        hint = f"工作表“{named.name}”{at} {printed}：title 改成这样，或把表样改回"
    else:
        hint = "表样里补上这张表，或从 edition.yaml 的 tables 里去掉"
    return Problem(where, told, hint, code="bad-mapping")


def _contradictions(edition: Edition) -> Iterator[Problem]:
    """What edition.yaml says against itself."""
    file = edition.folders[0] / "edition.yaml"
    first, last = edition.years
    if first > last:
        where = f"{file} 第{line_of(file, ('years',))}行"
        told, hint = f"首个年度{first}在末个年度{last}后面", f"改成 [{last}, {first}]"
        yield Problem(where, told, hint, code="bad-edition")
    for name in edition.ignore:
        sheets = (mapping.sheet for mapping in edition.tables.values() if mapping.blocks)
        if any(fnmatchcase(known, name) for known in (*edition.tables, *sheets)):
            where = f"{file} 第{line_of(file, ('ignore',))}行"
            told = f"ignore 里的“{name}”是这个版本的表"
            yield Problem(where, told, "从 ignore 或 tables 里去掉一处", code="bad-edition")


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

    def where(*keys: str) -> str:
        if mapping.source == RECOGNISED:
            return f"工作表“{mapping.sheet}”（{mapping.table}）"
        return line_in(mapping.source, keys)

    seen: dict[str, str] = {}
    for ref, name in bound_cells(mapping):
        if ref in seen:
            yield Problem(
                where("blocks"),
                f"单元格 {ref} 绑定了两个字段：{seen[ref]}、{name}",
                code="bad-mapping",
            )
        seen[ref] = name
    for block in mapping.blocks:
        columns = block.columns if isinstance(block, (Form, ListBlock)) else ()
        for column in columns:
            if not column.header:
                yield Problem(
                    where("blocks", block.name, "columns", column.name),
                    f"“{block.name}·{column.name}”上方没有栏目文字，表样变动时找不到它",
                    "在 header 里写上它的栏目文字，或改它的列",
                    code="bad-mapping",
                )
    for key, option in (("many", mapping.many), ("unit_name", mapping.unit_name)):
        if option and (option,) not in mapping.spec.fields:
            hint = did_you_mean(option, ("·".join(path) for path in mapping.spec.fields))
            yield Problem(where(key), f"没有“{option}”这个字段", hint, code="bad-mapping")


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
    if found := misfit_problems(mapping, sheet):
        return found  # what follows from them is not told
    where = f"工作表“{sheet.name}”（{mapping.table}）"
    located: Located = locate(mapping, sheet)
    problems = list(located.problems)
    problems += [
        Problem(where, f"与映射不一致：{drift}", code="bad-mapping") for drift in located.drift
    ]
    if sheet.name != mapping.sheet:
        told = f"表样里的工作表名是“{sheet.name}”，映射写的是“{mapping.sheet}”"
        line = line_in(mapping.source, ("sheet",))
        problems.append(Problem(line, told, "改成表样里的名字", code="bad-mapping"))
    anchored = [a.range for a in (mapping.title, *mapping.header, *mapping.notes, *mapping.texts)]
    for at in anchored:
        problems += _check_merge(sheet, at, where)
    for ref, name in bound_cells(mapping):
        if (merge := sheet.merge_of(ref)) and merge.anchor != ref:
            told = f"“{name}”绑定的格被合并区域 {merge} 覆盖"
            problems.append(Problem(f"{where}{ref}", told, code="bad-mapping"))
    return problems + list(_check_locks(mapping, sheet, where))


def _check_locks(mapping: TableMapping, sheet: Sheet, where: str) -> Iterator[Problem]:
    """Cells of a protected form that are to be filled in and not bound, or bound and locked: all at once."""
    bound = {ref for ref, _ in bound_cells(mapping)}
    lines = {line.range.anchor for line in (*mapping.lines, *filter(None, [mapping.empty]))}
    if not sheet.protected:
        return
    open_ = [
        ref
        for ref in sheet.cells()
        if not sheet.locked(ref)
        and ref not in bound | lines
        and ((merge := sheet.merge_of(ref)) is None or merge.anchor == ref)
    ]
    locked = [ref for ref in bound if sheet.formula(ref) is None and sheet.locked(ref)]
    hint = "把它们绑定（清单看 first、rows、columns），或在表样里锁定"
    if open_:
        told = f"{_listed(open_)}没有锁定，是填报单元格，却没有绑定字段"
        yield Problem(
            where, told, f"{line_in(mapping.source, ('blocks',))}：{hint}", code="bad-mapping"
        )
    if locked:
        names = dict(bound_cells(mapping))
        first = min(locked, key=split_ref)
        told = f"{_listed(locked)}是填报单元格（{first} 是“{names[first]}”），却被锁定"
        yield Problem(where, told, "核对 blocks 里的地址，或在表样里解锁", code="bad-mapping")


def _listed(refs: Iterable[str]) -> str:
    ordered = sorted(refs, key=split_ref)
    more = f"等{len(ordered)}格" if len(ordered) > _SHOWN else ""
    return "、".join(ordered[:_SHOWN]) + more


def _check_merge(sheet: Sheet, at: Range, where: str) -> Iterator[Problem]:
    merge = sheet.merge_of(at.anchor)
    if not at.is_cell and merge != at:
        yield Problem(
            f"{where}{at.anchor}",
            f"映射写的区域是 {at}，工作表里是 {merge or '没有合并'}",
            code="bad-mapping",
        )
