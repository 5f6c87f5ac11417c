"""Adding formats at the end of styles.xml, and taking the last ones off again.

Nothing that is there is renumbered, so that no cell changes its look. A list that is made here
has no `count`: emptied again it goes away, while one that was there empty stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xltool.ooxml.edit.looks import Look, border_xml, fill_xml, font_xml, format_xml, rule_xml
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.shelltext import DECLARATION, namespace, spot, under_prefix
from xltool.ooxml.package.package import beside
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import decode, escape_attribute
from xltool.ooxml.package.xmltree import Node
from xltool.ooxml.read.styles import BUILTIN_FORMATS

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
)
_DEFAULTS = {
    "fonts": '<font><sz val="11"/><name val="宋体"/><charset val="134"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="常规" xfId="0" builtinId="0"/>',
}
_SIZES = {"fonts": 1, "fills": 2, "borders": 1, "cellStyleXfs": 1, "cellXfs": 1}
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_FIRST_OWN_FORMAT = 176
_CODES = {code: number for number, code in reversed(BUILTIN_FORMATS.items())}
_FORMAT_USE = re.compile(r"""<(?:\w+:)?(?:c|row|col)(?=\s)[^<>]*?\s(?:s|style)=["']([0-9]+)["']""")
_RULE_USE = re.compile(r"""[dD]xfId=["']([0-9]+)["']""")


class StyleBook:
    """The lists of styles.xml with what is appended to them; `write` puts it into the package."""

    def __init__(self, session: EditSession) -> None:
        self._editor = session
        self._part = _styles_part(session)
        self._root = session.package.tree(self._part)
        self._added: dict[str, list[str]] = {}

    def format(self, look: Look) -> int:
        """The index of a cell format that looks like `look`, made if need be."""
        number = self._number_format(look.number_format)
        font = self._index("fonts", font_xml(look))
        fill = self._index("fills", fill_xml(look))
        border = self._index("borders", border_xml(look))
        return self._index("cellXfs", format_xml(look, number, font, fill, border))

    def rule(self, look: Look) -> int:
        """The index of the format of a conditional format."""
        return self._index("dxfs", rule_xml(look))

    def rules(self) -> list[str]:
        """The formats of conditional formats as they stand, by index."""
        nodes = self._root.children_of("dxfs")
        return [self._root.source[node.start : node.end] for node in nodes]

    def _index(self, local: str, xml: str) -> int:
        if not xml:
            return 0
        added = self._added.setdefault(local, [])
        if xml not in added:
            added.append(xml)
        found = self._root.find(local)
        have = len(found.children) if found else _SIZES.get(local, 0)
        return have + added.index(xml)

    def _number_format(self, code: str) -> int:
        if code in _CODES:
            return _CODES[code]
        taken = {int(node.get("numFmtId") or 0): node for node in self._root.children_of("numFmts")}
        for node in self._added.setdefault("numFmts", []):
            if f'formatCode="{escape_attribute(code)}"' in node:
                return int(re.findall("[0-9]+", node)[0])
        number = max([_FIRST_OWN_FORMAT - 1, *taken]) + 1 + len(self._added["numFmts"])
        xml = f'<numFmt numFmtId="{number}" formatCode="{escape_attribute(code)}"/>'
        self._added["numFmts"].append(xml)
        return number

    def write(self) -> None:
        """Append what was asked for to the part."""
        root, splice = self._root, Splice(self._root.source)
        for local, added in self._added.items():
            node = root.find(local)
            if not added:
                continue
            if node is None:
                default = _DEFAULTS.get(local, "")
                xml = f"<{local}>{default}{''.join(added)}</{local}>"
                splice.insert(spot(root, local, _ORDER), under_prefix(xml, root.prefix))
                continue
            splice.append(node, under_prefix("".join(added), root.prefix))
            _count(splice, node, len(added))
        self._added.clear()
        self._editor.package.write_text(self._part, splice.result())
        self._editor.workbook.reread()


def _count(splice: Splice, node: Node, more: int) -> None:
    """Let the stated count of a list follow; one that is not stated stays so."""
    stated = node.get("count") or ""
    if stated.isdigit():
        splice.set(node, "count", str(int(stated) + more))


def _styles_part(session: EditSession) -> str:
    """The part with the styles of the workbook, made when there is none."""
    package, workbook = session.package, session.workbook.part
    found = package.related(workbook, "styles")
    if found:
        return found[0]
    part = beside(workbook, "styles.xml")
    package.add(part, _bare_styles(session).encode(), _STYLES_TYPE)
    package.add_relation(workbook, f"{session.relation_base}/styles", part)
    return part


def _bare_styles(session: EditSession) -> str:
    """The text of a style part with nothing but the defaults."""
    main = escape_attribute(namespace(session.package.tree(session.workbook.part)))
    lists = "".join(f"<{local}>{xml}</{local}>" for local, xml in _DEFAULTS.items())
    return f'{DECLARATION}<styleSheet xmlns="{main}">{lists}</styleSheet>'


# --- taking formats off again -----------------------------------------------------------------


def formats_of(text: str) -> set[int]:
    """The cell formats that the text of a worksheet uses."""
    return {int(index) for index in _FORMAT_USE.findall(text)}


def rules_of(text: str) -> set[int]:
    """The formats of conditional formats, tables and the like that the text of a part uses."""
    return {int(index) for index in _RULE_USE.findall(text)}


def trim(session: EditSession, formats: Iterable[int] = (), rules: Iterable[int] = ()) -> None:
    """Drop cell formats and formats of rules that were used by what is gone.

    Only those at the end of their list, and only when nothing else uses them.
    """
    package = session.package
    parts = package.related(session.workbook.part, "styles")
    of_cells, of_rules = set(formats), set(rules)
    if not parts or not of_cells | of_rules:
        return
    session.flush()
    texts = {
        part: decode(package.read(part), part)
        for part in package.names()
        if part.lower().endswith(".xml")
    }
    sheets = [tab.part for tab in session.workbook.tabs]
    root = package.tree(parts[0])
    trimmer = _Trimmer(root)
    if of_cells:
        used = {index for part in sheets for index in formats_of(texts[part])}
        gone = trimmer.cut("cellXfs", of_cells - used)
        trimmer.cut_unused(gone)
    if of_rules:
        trimmer.cut("dxfs", of_rules - {i for text in texts.values() for i in rules_of(text)})
    text = trimmer.splice.result()
    if text == _bare_styles(session):
        package.remove_relations(session.workbook.part, parts[0])
        package.remove(parts[0])
    else:
        package.write_text(parts[0], text)
    session.workbook.reread()


class _Trimmer:
    """Cuts the ends of the lists of styles.xml."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.splice = Splice(root.source)
        self._left: dict[str, Sequence[Node]] = {}

    def cut(self, local: str, indices: set[int]) -> list[Node]:
        """Take elements off the end of a list while their index is among `indices`."""
        nodes = self.root.children_of(local)
        keep = len(nodes)
        while keep and keep - 1 in indices:
            keep -= 1
        self._drop(local, nodes[keep:], nodes[:keep])
        return nodes[keep:]

    def _drop(self, local: str, gone: Sequence[Node], left: Sequence[Node]) -> None:
        self._left[local] = left
        node = self.root.find(local)
        if node is None or not gone:
            return
        if left:
            for child in gone:
                self.splice.remove(child)
            _count(self.splice, node, -len(gone))
        elif node.get("count") is None:
            self.splice.remove(node)
        else:
            _count(self.splice, node, -len(gone))
            self.splice.replace(node.open_end - 1, node.end, "/>")

    def cut_unused(self, formats: Iterable[Node]) -> None:
        """Take off the fonts, fills, borders and number formats of cell formats that were cut."""
        gone = list(formats)
        left = [*self._left["cellXfs"], *self.root.children_of("cellStyleXfs")]
        for local, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            self.cut(local, _ids(gone, key) - _ids(left, key))
        numbers = _ids(gone, "numFmtId") - _ids(left, "numFmtId")
        nodes = self.root.children_of("numFmts")
        keep = len(nodes)
        while keep and int(nodes[keep - 1].get("numFmtId") or 0) in numbers:
            keep -= 1
        self._drop("numFmts", nodes[keep:], nodes[:keep])


def _ids(formats: Iterable[Node], key: str) -> set[int]:
    return {int(node.get(key) or 0) for node in formats}
