"""Copying a worksheet with the parts that belong to it."""

from __future__ import annotations

import posixpath
import re
from functools import partial

from xltool.ooxml.edit.references import rewrite_part
from xltool.ooxml.edit.rename import rename_in_sheet
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.sheetnames import require_name
from xltool.ooxml.edit.tabs import renumber
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package, relations_part, relative
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import cell_text, codec_of, decode, encode, escape_cell_text
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.rewriting import rename_sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_UNIQUE = {
    "table": "表格",
    "pivotTable": "数据透视表",
    "slicer": "切片器",
    "timeline": "日程表",
    "queryTable": "查询表",
    "tableSingleCells": "XML 映射",
}
_SHARED = {"image", "hyperlink"}
_NUMBERED = re.compile(r"(.*?)([0-9]*)(\.[^./]*)?$")
_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


def copy(session: EditSession, view: XlsxSheet, name: str, after: str) -> None:
    """Copy the sheet `view` as `name`, behind the tab `after`. Raises EditError."""
    require_name(name, [tab.name for tab in session.workbook.tabs])
    package, source = session.package, view.part
    for relation in package.relations(source):
        if relation.kind in _UNIQUE:
            what = _UNIQUE[relation.kind]
            raise EditError(f"工作表“{view.name}”含有{what}，不能复制。", file=view.workbook.file)
    session.flush()
    copies: dict[str, str] = {}
    part = _copy_part(package, source, copies)
    _rename_threads(package, copies)
    text = _without_identity(package.text(part), part)
    package.write_text(part, text)
    _add_tab(session, view, name, part, after)
    session.workbook.refresh()
    change = partial(rename_sheet, old=view.name, new=name)
    rename_in_sheet(session, session.view(name), change)
    for copied in copies.values():
        rewrite_part(package, copied, change)
    if view.stored_formulas:
        session.formulas_moved()


def _copy_part(package: Package, part: str, copies: dict[str, str]) -> str:
    """Copy a part and what it relates to, images excepted; the name of the copy."""
    if part in copies:
        return copies[part]
    name = copies[part] = free_name(package, part)
    package.add(name, package.read(part), package.content_type(part))
    relations = relations_part(part)
    if package.has(relations):
        root = package.tree(relations)
        splice = Splice(root.source)
        known = {relation.id: relation for relation in package.relations(part)}
        for node in root.children:
            relation = known[node.get("Id") or ""]
            if relation.external or relation.kind in _SHARED:
                continue
            target = _copy_part(package, relation.target, copies)
            splice.set(node, "Target", relative(name, target))
        codec = codec_of(package.read(relations), relations)
        package.write(relations_part(name), encode(splice.result(), codec))
    return name


def free_name(package: Package, part: str) -> str:
    """A name like `part` that no part has yet."""
    folder, base = posixpath.split(part)
    match = _NUMBERED.fullmatch(base)
    stem, suffix = (match[1], match[3] or "") if match else (base, "")
    number = 1
    while package.has(posixpath.join(folder, f"{stem}{number}{suffix}")):
        number += 1
    return posixpath.join(folder, f"{stem}{number}{suffix}")


def _rename_threads(package: Package, copies: dict[str, str]) -> None:
    """Give copied threaded comments ids of their own, in all copied parts that name them."""
    texts = {
        name: decode(package.read(name), name)
        for part, name in copies.items()
        if "comments" in posixpath.basename(part).lower() or "threadedComment" in part
    }
    ids: set[str] = set()
    for name, text in texts.items():
        if "threadedcomments" in package.content_type(name).lower():
            for node in parse(text, name).iter("threadedComment"):
                ids.add((node.get("id") or "").upper())
    for name, text in texts.items():

        def renewed(match: re.Match[str], name: str = name) -> str:
            old = match[0]
            return _new_id(old, copies) if old.upper() in ids else old

        package.write_text(name, _GUID.sub(renewed, text))


def _new_id(old: str, copies: dict[str, str]) -> str:
    """An id for a copy, the same in every part of it."""
    import uuid

    seed = old.upper() + next(iter(copies.values()))
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, seed)).upper() + "}"


def _without_identity(text: str, part: str) -> str:
    """The text of a sheet, no longer selected and without the name that macros know it by."""
    root = parse(text, part)
    splice = Splice(text)
    for node in root.iter("sheetPr", "sheetView"):
        name = "codeName" if node.local == "sheetPr" else "tabSelected"
        if node.get(name) is not None:
            splice.set(node, name, None)
    return splice.result()


def _add_tab(session: EditSession, view: XlsxSheet, name: str, part: str, after: str) -> None:
    """Enter the copy into the workbook part, with copies of the names local to its source."""
    package, workbook = session.package, session.workbook.part
    root = package.tree(workbook)
    sheets = root.children_of("sheets")
    source = next(node for node in sheets if node.get("name") == view.name)
    before = next(node for node in sheets if node.get("name") == after)
    old_index, index = sheets.index(source), sheets.index(before) + 1
    type_ = next(
        relation.type
        for relation in package.relations(workbook)
        if relation.id == source.get_prefixed("id")
    )
    relation = package.add_relation(workbook, type_, part)
    id_ = max(int(node.get("sheetId") or 0) for node in sheets) + 1
    splice = Splice(root.source)
    splice.insert(before.end, _tab(source, name, id_, relation))
    renumber(root, splice, index, 1)
    for node in root.children_of("definedNames"):
        if node.get("localSheetId") == str(old_index):
            splice.insert(node.end, _local_name(node, view.name, name, index))
    package.write_text(workbook, splice.result())


def _tab(source: Node, name: str, id_: int, relation: str) -> str:
    """The entry of the copy in the list of sheets: that of its source with its own identity."""
    splice = Splice(source.source)
    splice.set(source, "name", name)
    splice.set(source, "sheetId", str(id_))
    key = next(key for key in source.attributes if key.endswith(":id"))
    splice.set(source, key, relation)
    return splice.of(source)


def _local_name(node: Node, old: str, new: str, index: int) -> str:
    """A copy of a local name for the sheet at `index`."""
    splice = Splice(node.source)
    splice.set(node, "localSheetId", str(index))
    text = cell_text(node.text)
    splice.set_raw(node, escape_cell_text(rename_sheet(text, old, new)))
    return splice.of(node)
