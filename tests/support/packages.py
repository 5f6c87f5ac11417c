"""Small packages built by hand, part by part, for tests of xltool.ooxml."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from xltool.ooxml import Sheet, open_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

WORKBOOK = "xl/workbook.xml"
SHEET1 = "xl/worksheets/sheet1.xml"

Parts = Mapping[str, str | bytes]


def worksheet(rows: str = "", *, before: str = "", after: str = "") -> str:
    """A worksheet part with `rows` as its sheetData."""
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def relations(*items: tuple[str, str, str]) -> str:
    """A relationships part: (id, last word of the type, target) each."""
    body = "".join(
        f'<Relationship Id="{id_}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for id_, kind, target in items
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">{body}</Relationships>'


def strings(*items: str) -> str:
    """A shared string part; each item is the content of one `<si>`."""
    body = "".join(f"<si>{item}</si>" for item in items)
    return f'{DECLARATION}<sst xmlns="{MAIN}" count="9" uniqueCount="9">{body}</sst>'


def book(
    sheets: Mapping[str, str],
    *,
    parts: Parts | None = None,
    names: str = "",
    types: Mapping[str, str] | None = None,
) -> dict[str, str | bytes]:
    """The parts of a workbook with these worksheets (name -> part text).

    `names` is the content of `<definedNames>`; `parts` are added or put in place of others, and
    `types` are their content types, by part.
    """
    extra = dict(parts or {})
    overrides = {WORKBOOK: f"{SPREADSHEET}.sheet.main+xml"}
    tabs, links = "", []
    for number, name in enumerate(sheets, 1):
        overrides[f"xl/worksheets/sheet{number}.xml"] = f"{SPREADSHEET}.worksheet+xml"
        tabs += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        links.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
    for part, kind in (("sharedStrings", "sharedStrings"), ("styles", "styles")):
        if f"xl/{part}.xml" in extra:
            links.append((f"rId{kind}", kind, f"{part}.xml"))
            overrides[f"xl/{part}.xml"] = f"{SPREADSHEET}.{kind}+xml"
    overrides.update(types or {})
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(
                f'<Override PartName="/{part}" ContentType="{type_}"/>'
                for part, type_ in overrides.items()
            )
            + "</Types>"
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        WORKBOOK: (
            f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
            f"<sheets>{tabs}</sheets>{defined}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relations(*links),
    }
    for number, text in enumerate(sheets.values(), 1):
        made[f"xl/worksheets/sheet{number}.xml"] = text
    return {**made, **extra}


def packed(parts: Parts) -> bytes:
    """The ZIP archive of the parts, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def one_sheet(
    rows: str = "", *, before: str = "", after: str = "", parts: Parts | None = None
) -> bytes:
    """A workbook with one worksheet named 表."""
    return packed(book({"表": worksheet(rows, before=before, after=after)}, parts=parts))


def sheet_of(package: bytes, name: str = "表") -> Sheet:
    """A worksheet of the package, read."""
    return open_workbook(package).sheet(name)
