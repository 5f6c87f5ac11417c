"""Adding a worksheet to a package, and removing one with all that only it uses."""

from __future__ import annotations

from collections.abc import Callable

from xltool.ooxml.edit import sharedstrings, tabs
from xltool.ooxml.edit.copysheet import free_name
from xltool.ooxml.edit.looks import Look
from xltool.ooxml.edit.newsheet import Namespaces, NewSheet, local_names, print_titles, sheet_xml
from xltool.ooxml.edit.references import rewrite_part
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.sheetnames import require_name
from xltool.ooxml.edit.shell import FORMULA_ELEMENTS
from xltool.ooxml.edit.shelltext import namespace
from xltool.ooxml.edit.stylebook import StyleBook, formats_of, rules_of, trim
from xltool.ooxml.package import appxml
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package, beside, relations_part
from xltool.ooxml.package.xmltext import cell_text, decode
from xltool.ooxml.read.rewriting import rename_sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TIED = {"pivotTable": "数据透视表", "slicer": "切片器", "timeline": "日程表"}


def add(session: EditSession, name: str, content: NewSheet) -> None:
    """Add a worksheet behind the last tab. Raises EditError."""
    book, package = session.workbook, session.package
    require_name(name, [tab.name for tab in book.tabs])
    before = [sheet.name for sheet in book.sheets]
    formats, rules = _styled(session, content)
    spaces = Namespaces(namespace(package.tree(book.part)), session.relation_base)
    try:
        text = sheet_xml(content, formats, rules, spaces)
    except ValueError as error:
        raise EditError(f"工作表“{name}”写不进去：{error}。", file=book.file) from None
    part = free_name(package, beside(book.tabs[0].part, "sheet1.xml"))
    package.add(part, text.encode(), _SHEET_TYPE)
    names = [tabs.Name(key, text, True) for key, text in local_names(content, name).items()]
    if titles := print_titles(content, name):
        names.append(tabs.Name("_xlnm.Print_Titles", titles, False))
    tabs.enter(session, name, part, content.state, names)
    book.refresh()
    appxml.enter(package, before, name)
    if content.has_formulas:
        session.formulas_moved()


def _styled(session: EditSession, content: NewSheet) -> tuple[dict[str, int], dict[Look, int]]:
    """The indices of the cell formats by name and of the formats of rules, made for the sheet."""
    looks = content.used_looks()
    if not looks and not content.conditions:
        return {}, {}
    styles = StyleBook(session)
    formats = {name: styles.format(look) for name, look in looks.items()}
    rules = {condition.look: styles.rule(condition.look) for condition in content.conditions}
    styles.write()
    return formats, rules


def remove(session: EditSession, view: XlsxSheet) -> None:
    """Remove a worksheet with the parts and formats that only it uses. Raises EditError."""
    _require_free(session, view)
    _open_another(session, view)
    session.flush()
    package, book = session.package, session.workbook
    text = decode(package.read(view.part), view.part)
    had_formulas = bool(view.stored_formulas)
    appxml.take_out(package, [sheet.name for sheet in book.sheets], view.name)
    tabs.take_out(session, view.name)
    package.remove_relations(book.part, view.part)
    session.forget_part(view.part)
    _remove_part(package, view.part)
    book.refresh()
    trim(session, formats_of(text), rules_of(text))
    sharedstrings.forget(session, sharedstrings.strings_of(text))
    if had_formulas:
        session.formulas_moved()


def _require_free(session: EditSession, view: XlsxSheet) -> None:
    """Raise EditError when the rest of the workbook needs the sheet."""
    file = session.workbook.file
    for relation in session.package.relations(view.part):
        if relation.kind in _TIED:
            what = _TIED[relation.kind]
            raise EditError(f"工作表“{view.name}”含有{what}，不能删除。", file=file)
    if not any(tab.state == "visible" for tab in session.workbook.tabs if tab.name != view.name):
        raise EditError(f"“{view.name}”是最后一张可见的工作表，不能删除。", file=file)
    user = _user(session, view)
    if user:
        raise EditError(f"{user}引用了工作表“{view.name}”，不能删除它。请先改掉引用。", file=file)


def _user(session: EditSession, view: XlsxSheet) -> str | None:
    """The first place outside the sheet whose formula refers to it."""

    def refers(formula: str) -> bool:
        return rename_sheet(formula, view.name, f"{view.name}_") != formula

    for sheet in session.views():
        if sheet.part == view.part or not session.mentions(sheet, view.name):
            continue
        for ref, formula in sheet.formulas().items():
            if refers(formula):
                return f"工作表“{sheet.name}”单元格 {ref} 的公式"
        for node in session.shell_of(sheet.part).iter(*FORMULA_ELEMENTS):
            if not node.children and refers(cell_text(node.text)):
                return f"工作表“{sheet.name}”的条件格式、数据有效性或迷你图"
    for name in session.workbook.defined_names:
        if name.sheet != view.name and refers(name.text):
            return f"名称“{name.name}”"
    return _using_part(session, view, refers)


def _using_part(session: EditSession, view: XlsxSheet, refers: Callable[[str], bool]) -> str | None:
    found: list[str] = []
    own = set(_closure(session.package, view.part))
    for part in session.package.names():
        if part not in own:

            def spy(formula: str, part: str = part) -> str:
                if refers(formula):
                    found.append(part)
                return formula

            rewrite_part(session.package, part, spy)
    return f"图表、表格或控件（部件 {found[0]}）" if found else None


def _open_another(session: EditSession, view: XlsxSheet) -> None:
    """When the workbook would open with the sheet, let it open with the nearest visible one."""
    if tabs.active(session) != view.name:
        return
    all_tabs = session.workbook.tabs
    at = next(n for n, tab in enumerate(all_tabs) if tab.name == view.name)
    near = sorted(range(len(all_tabs)), key=lambda n: (abs(n - at), n))
    tabs.open_at(
        session, next(all_tabs[n].name for n in near if n != at and all_tabs[n].state == "visible")
    )


def _closure(package: Package, part: str) -> list[str]:
    """A part and those that hang on it and on nothing else, itself first."""
    users: dict[str, set[str]] = {}
    for source in package.names():
        for relation in package.relations(source):
            if not relation.external:
                users.setdefault(relation.target.lower(), set()).add(source.lower())
    gone = [part]
    for source in gone:
        names = {name.lower() for name in gone}
        for relation in package.relations(source):
            target = relation.target
            if relation.external or target.lower() in names or not package.has(target):
                continue
            if users[target.lower()] <= names:
                gone.append(target)
                names.add(target.lower())
    return gone


def _remove_part(package: Package, part: str) -> None:
    for gone in _closure(package, part):
        package.remove(gone)
    assert not package.has(relations_part(part))
