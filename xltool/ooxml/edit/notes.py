"""Adding notes (classic comments) to a worksheet, and removing those of one author.

A note is an entry in the comments part and a box in the VML drawing of the sheet. Notes that are
there already are not touched, nor are threaded comments. As Excel does it, a note begins with its
author: that is what tells it where a program has dropped the names of authors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xltool.ooxml.edit.copysheet import free_name
from xltool.ooxml.edit.noteboxes import add_boxes, first_block, remove_boxes
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.shelltext import DECLARATION, namespace, relation_id, spot, under_prefix
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package, beside
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import decode, escape, escape_cell_text
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.xlsx.notetexts import note_text
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FONT = '<sz val="9"/><color indexed="81"/><rFont val="宋体"/><charset val="134"/></rPr>'
_MOST_TEXT = 32_000


def add(session: EditSession, view: XlsxSheet, notes: Mapping[str, str], author: str) -> None:
    """Put notes on cells (of merged ranges, the first cell). Raises EditError."""
    placed: dict[str, str] = {}
    for ref, text in notes.items():
        merge = view.merge_of(ref)
        anchor = merge.anchor if merge else ref
        if anchor in view.notes or anchor in placed:
            raise _refused(view, anchor, "已有批注")
        if not text or len(text) > _MOST_TEXT:
            raise _refused(view, anchor, "的批注为空或太长")
        placed[anchor] = text
    if not placed:
        return
    try:
        _add_comments(session, view, placed, author)
    except ValueError as error:
        raise _refused(view, "", f"的批注写不进去：{error}") from None
    _add_boxes(session, view, placed)
    view.forget(formulas=False)


def _refused(view: XlsxSheet, ref: str, what: str) -> EditError:
    cell = f"单元格 {ref} " if ref else ""
    return EditError(f"工作表“{view.name}”{cell}{what}。", file=view.workbook.file)


def _add_comments(
    session: EditSession, view: XlsxSheet, notes: Mapping[str, str], author: str
) -> None:
    package = session.package
    part = _comments_part(session, view)
    root = package.tree(part)
    splice = Splice(root.source)
    authors = [node.text for node in root.children_of("authors")]
    if author not in authors:
        node = root.find("authors")
        assert node is not None
        splice.append(node, under_prefix(f"<author>{escape(author)}</author>", root.prefix))
        authors.append(author)
    index = authors.index(author)
    comments = root.find("commentList")
    assert comments is not None
    for ref, text in notes.items():
        lead = escape_cell_text(f"{author}：\n")
        head = f'<r><rPr><b/>{_FONT}<t xml:space="preserve">{lead}</t></r>'
        body = f'<r><rPr>{_FONT}<t xml:space="preserve">{escape_cell_text(text)}</t></r>'
        xml = f'<comment ref="{ref}" authorId="{index}"><text>{head}{body}</text></comment>'
        splice.append(comments, under_prefix(xml, root.prefix))
    package.write_text(part, splice.result())


def _comments_part(session: EditSession, view: XlsxSheet) -> str:
    """The part with the notes of the sheet, made when there is none."""
    package = session.package
    found = package.related(view.part, "comments")
    if found:
        return found[0]
    part = free_name(package, beside(session.workbook.part, "comments1.xml"))
    main = namespace(session.shell_of(view.part))
    text = f'{DECLARATION}<comments xmlns="{main}"><authors></authors><commentList></commentList>'
    package.add(part, f"{text}</comments>".encode(), _COMMENTS_TYPE)
    package.add_relation(view.part, f"{session.relation_base}/comments", part)
    return part


def _add_boxes(session: EditSession, view: XlsxSheet, notes: Mapping[str, str]) -> None:
    package = session.package
    part = _legacy_drawing(session, view)
    if part is None:
        part = free_name(package, beside(session.workbook.part, "drawings/vmlDrawing1.vml"))
        block = first_block(vml for name, vml in _vml_texts(package))
        package.add(part, add_boxes(view, notes, "", block).encode(), _VML_TYPE)
        relation = package.add_relation(view.part, f"{session.relation_base}/vmlDrawing", part)
        text, root = session.text_of(view.part), session.shell_of(view.part)
        splice = Splice(text.shell)
        attribute = relation_id(root, relation, session.relation_base)
        splice.insert(spot(root, "legacyDrawing"), f"<{root.prefix}legacyDrawing {attribute}/>")
        text.set_shell(splice.result())
    else:
        before = decode(package.read(part), part)
        package.write_text(part, add_boxes(view, notes, before, 0))


def _vml_texts(package: Package) -> list[tuple[str, str]]:
    parts = [name for name in package.names() if name.lower().endswith(".vml")]
    return [(name, decode(package.read(name), name)) for name in parts]


def _legacy_drawing(session: EditSession, view: XlsxSheet) -> str | None:
    """The part with the boxes of the sheet's notes and controls."""
    node = session.shell_of(view.part).find("legacyDrawing")
    wanted = node.get_prefixed("id") if node else None
    relations = session.package.relations(view.part)
    return next((r.target for r in relations if r.id == wanted and not r.external), None)


def remove(session: EditSession, author: str) -> None:
    """Remove all notes of an author, and parts that hold nothing then."""
    for view in session.views():
        for part in session.package.related(view.part, "comments"):
            gone = _remove_comments(session, view, part, author)
            if gone:
                _remove_boxes(session, view, gone)
                view.forget(formulas=False)


def _remove_comments(session: EditSession, view: XlsxSheet, part: str, author: str) -> set[str]:
    """Take the comments of an author out of a part; their cells."""
    package = session.package
    root = package.tree(part)
    authors = [node.text for node in root.children_of("authors")]
    comments = root.children_of("commentList")
    own = {str(n) for n, name in enumerate(authors) if name == author}
    gone = [
        node
        for node in comments
        if node.get("authorId") in own or note_text(node).startswith(f"{author}：")
    ]
    others = any(name.strip() for name in authors if name != author)
    if gone and len(gone) == len(comments) and not others:
        package.remove_relations(view.part, part)
        package.remove(part)
    elif gone:
        splice = Splice(root.source)
        for node in gone:
            splice.remove(node)
        _drop_authors(root, splice, own, [node for node in comments if node not in gone])
        package.write_text(part, splice.result())
    return {node.get("ref") or "" for node in gone}


def _drop_authors(root: Node, splice: Splice, own: set[str], left: Iterable[Node]) -> None:
    """Drop authors by index; the comments that are left follow."""
    authors = root.children_of("authors")
    for n in own:
        splice.remove(authors[int(n)])
    for node in left:
        index = int(node.get("authorId") or 0)
        before = sum(int(n) < index for n in own)
        if before:
            splice.set(node, "authorId", str(index - before))


def _remove_boxes(session: EditSession, view: XlsxSheet, refs: set[str]) -> None:
    package = session.package
    part = _legacy_drawing(session, view)
    if part is None:
        return
    text = remove_boxes(decode(package.read(part), part), refs)
    if text:
        package.write_text(part, text)
        return
    sheet, root = session.text_of(view.part), session.shell_of(view.part)
    node = root.find("legacyDrawing")
    if node is not None:
        splice = Splice(sheet.shell)
        splice.remove(node)
        sheet.set_shell(splice.result())
    package.remove_relations(view.part, part)
    package.remove(part)
