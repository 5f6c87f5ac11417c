"""Bring a worksheet or shared string part into the one spelling that the scan reads.

The scan is a pattern over text. Text that is right but spelled otherwise (prefixed or strict
namespaces, comments, CDATA, cells without `r`, other attribute order, alternate content around
cells) is parsed by expat and written anew: elements of the main namespace only, no prefixes, no
white space between elements, every row and cell with its address, and the attributes and children
of a cell in the order of the standard. The result is for reading; it is never saved.
"""

from __future__ import annotations

from xml.parsers import expat

from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.xmltext import escape, escape_attribute, whole
from xltool.ooxml.read.refs import MAX_ROW, column_letter, split_ref

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_SPACE = "http://www.w3.org/XML/1998/namespace}space"
_CELL_ATTRIBUTES = ("r", "s", "t", "cm", "vm", "ph")
_CELL_CHILDREN = ("f", "v", "is")
_CHILDREN = {"sheetData": ("row",), "row": ("c",), "c": _CELL_CHILDREN}
_WITH_TEXT = {"t", "v", "f"}


class _Canonical:
    """Expat handlers that write the canonical text."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.out: list[str] = []
        self._path: list[str] = []
        self._skipped = 0
        self._choices: list[bool] = []
        self._prefixes: dict[str, list[str]] = {}
        self._row = self._column = 0
        self._children: dict[str, list[str]] | None = None
        self._cell = ""

    def start_namespace(self, prefix: str | None, uri: str) -> None:
        self._prefixes.setdefault(prefix or "", []).append(uri)

    def end_namespace(self, prefix: str | None) -> None:
        self._prefixes[prefix or ""].pop()

    def start(self, name: str, attrs: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("}")
        if self._skipped:
            self._skipped += 1
        elif namespace == _COMPATIBILITY:
            self._alternate(local, attrs)
        elif namespace not in (MAIN, STRICT) or not self._known(local):
            self._skipped = 1
        else:
            self._element(local, attrs)

    def _known(self, local: str) -> bool:
        """False for a child of the rows that says nothing about values, such as an extLst."""
        allowed = _CHILDREN.get(self._path[-1]) if self._path else None
        return allowed is None or local in allowed

    def _alternate(self, local: str, attrs: dict[str, str]) -> None:
        """Choose the first branch that a current Excel would choose."""
        if local == "AlternateContent":
            self._choices.append(False)
            return
        taken = not self._choices or self._choices[-1]
        if local == "Choice" and not taken:
            uris = [self._prefixes.get(p, [""])[-1] for p in attrs.get("Requires", "").split()]
            if all(uri.startswith(_MICROSOFT) for uri in uris):
                self._choices[-1] = True
                return
        elif local == "Fallback" and not taken:
            return
        self._skipped = 1

    def _element(self, local: str, attrs: dict[str, str]) -> None:
        plain = {name: value for name, value in attrs.items() if "}" not in name}
        if local == "row":
            plain = self._row_attributes(plain)
        elif local == "c":
            self._open_cell(plain)
            self._path.append(local)
            return
        if self._path[-1:] == ["c"] and self._children is not None:
            if self._children[local]:
                raise corrupt(self.where, f"的单元格 {self._cell} 有重复的内容")
            self.out = self._children[local]
        if not self._path:
            plain = {"xmlns": MAIN, **plain}
        if _SPACE in attrs and local == "t":
            plain["xml:space"] = attrs[_SPACE]
        self._path.append(local)
        self.out.append(_tag(local, plain))

    def _row_attributes(self, attrs: dict[str, str]) -> dict[str, str]:
        number = attrs.pop("r", str(self._row + 1)).strip()
        row = whole(number)
        if row is None or not 1 <= row <= MAX_ROW:
            raise corrupt(self.where, f"的行号“{number[:20]}”无效")
        self._row, self._column = row, 0
        return {"r": str(self._row), **attrs}

    def _open_cell(self, attrs: dict[str, str]) -> None:
        ref = attrs.get("r", "").strip()
        try:
            if not ref:
                ref = f"{column_letter(self._column + 1)}{self._row}"
            row, self._column = split_ref(ref)
        except ValueError as error:
            raise corrupt(self.where, f"的单元格地址有误：{error}") from None
        self._cell = f"{column_letter(self._column)}{row}"
        known = {"r": self._cell}
        for name in _CELL_ATTRIBUTES[1:]:
            if attrs.get(name, "").strip():
                known[name] = attrs[name].strip()
        self._children = {name: [] for name in _CELL_CHILDREN}
        self._head, self._body = _tag("c", known), self.out

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        namespace, _, local = name.rpartition("}")
        if namespace == _COMPATIBILITY:
            if local == "AlternateContent":
                self._choices.pop()
            return
        self._path.pop()
        if local == "c" and self._children is not None:
            self.out = self._body
            self.out.append(self._head)
            for child in _CELL_CHILDREN:
                self.out.extend(self._children[child])
            self._children = None
        self.out.append(f"</{local}>")

    def text(self, data: str) -> None:
        if not self._skipped and self._path and self._path[-1] in _WITH_TEXT:
            self.out.append(escape(data).replace("\r", "&#13;"))


def _tag(local: str, attrs: dict[str, str]) -> str:
    pairs = "".join(f' {name}="{escape_attribute(value)}"' for name, value in attrs.items())
    return f"<{local}{pairs}>"


def canonical(xml: str, where: str = "") -> str:
    """The canonical text of a worksheet or shared string part.

    Raises WorkbookError (corrupt) for addresses that no sheet has and cells with two values.
    """
    handlers = _Canonical(where)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartNamespaceDeclHandler = handlers.start_namespace
    parser.EndNamespaceDeclHandler = handlers.end_namespace
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise corrupt(where, f"不是有效的 XML（第 {error.lineno} 行）") from None
    return "".join(handlers.out)
