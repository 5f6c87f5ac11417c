"""One .xlsm with every feature that official workbooks carry and that careless saving loses.

`build` writes it from XML parts made by hand: those that never change lie as files in
tests/data/feature_book, those that know row numbers are made here, so that `build(rows=5)` is what
Excel would have stored had the block of the form sheet five rows from the start (with the added
rows empty and the cached values of other formulas unchanged).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from tests.support.feature_book.drawing import chart, drawing
from tests.support.feature_book.form import form_sheet
from tests.support.feature_book.form_parts import comments, table, threaded_comments, vml_drawing
from tests.support.feature_book.layout import (
    ANNEX,
    BLOCK_FIRST,
    BLOCK_LAST,
    BLOCK_ROWS,
    CODES,
    DETAIL,
    FORM,
    SETTINGS,
    SHEET_PARTS,
    Layout,
)
from tests.support.feature_book.other_sheets import (
    annex_sheet,
    codes_sheet,
    detail_sheet,
    settings_sheet,
)
from tests.support.feature_book.strings import shared_strings
from tests.support.feature_book.workbook_part import calc_chain, workbook

__all__ = [
    "ANNEX",
    "ARRAY_CHILD",
    "BLOCK_FIRST",
    "BLOCK_LAST",
    "BLOCK_ROWS",
    "CALC_CHAIN",
    "CODES",
    "COVERED",
    "DETAIL",
    "FORM",
    "FORMULA",
    "INPUTS",
    "LOCKED",
    "SETTINGS",
    "SHEET_PARTS",
    "VBA",
    "WITHOUT_CHAIN",
    "build",
    "package",
    "parts",
]

STATIC = Path(__file__).resolve().parents[2] / "data" / "feature_book"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

VBA = "xl/vbaProject.bin"
CALC_CHAIN = "xl/calcChain.xml"
# The parts that name the calculation chain, and change when it is dropped.
WITHOUT_CHAIN = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")

# Cells to write into, per sheet: filled, blank, absent in a row, absent with the whole row.
INPUTS = {
    FORM: ("C7", "B25", "D10", "I1", "B20"),
    DETAIL: ("C5", "D4", "A12", "B2"),
    ANNEX: ("C5", "C6", "C7", "B3"),
    CODES: ("A2", "C1", "B3", "A9"),
    SETTINGS: ("A1", "B1", "C1", "A4"),
}
COVERED = (FORM, "B1")  # inside the merge A1:H1
FORMULA = (FORM, "C9")
ARRAY_CHILD = (FORM, "D15")  # C15 holds the array formula of C15:D15
LOCKED = (FORM, "A9")


def parts(rows: int = BLOCK_ROWS, *, chain: bool = True) -> dict[str, bytes]:
    """Every part of the book, in the order of the package: name -> content."""
    layout = Layout(rows)
    sheets = [
        form_sheet(layout),
        detail_sheet(layout),
        annex_sheet(layout),
        codes_sheet(),
        settings_sheet(),
    ]
    made = {
        "xl/workbook.xml": workbook(layout),
        **dict(zip(SHEET_PARTS.values(), sheets, strict=True)),
        "xl/sharedStrings.xml": shared_strings(),
        "xl/drawings/drawing1.xml": drawing(layout),
        "xl/charts/chart1.xml": chart(layout),
        "xl/comments1.xml": comments(layout),
        "xl/threadedComments/threadedComment1.xml": threaded_comments(layout),
        "xl/tables/table1.xml": table(layout),
        CALC_CHAIN: calc_chain(sheets),
    }
    book = {name: (DECLARATION + xml).encode() for name, xml in made.items()}
    book["xl/drawings/vmlDrawing1.vml"] = vml_drawing(layout).encode()
    book[VBA] = _vba()
    book["xl/printerSettings/printerSettings1.bin"] = _printer_settings()
    book["xl/media/image1.png"] = _png()
    for file in STATIC.rglob("*"):
        if file.is_file():
            book[file.relative_to(STATIC).as_posix()] = file.read_bytes()
    if not chain:
        del book[CALC_CHAIN]
        for name in WITHOUT_CHAIN:
            lines = book[name].decode().splitlines(keepends=True)
            book[name] = "".join(line for line in lines if "calcChain" not in line).encode()
    first = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
    return {name: book[name] for name in (*first, *sorted(book.keys() - set(first)))}


def package(rows: int = BLOCK_ROWS, *, chain: bool = True) -> bytes:
    """The book as a zip.

    The members are packed in several ways (stored, fast, with an extra field, with odd dates), none
    of them zipfile's default, so that packing a member anew shows in its compressed bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i, (name, data) in enumerate(parts(rows, chain=chain).items()):
            info = zipfile.ZipInfo(name, (2024, 1, 1 + i % 28, 8, 30, 2 * (i % 30)))
            info.compress_type = zipfile.ZIP_DEFLATED
            if name.endswith((".png", "core.xml")):
                info.compress_type = zipfile.ZIP_STORED
            if name == "[Content_Types].xml":
                # Excel pads this member so that it can be rewritten in place.
                info.extra = struct.pack("<HHH", 0xA220, 18, 0xA028) + bytes(16)
            archive.writestr(info, data, compresslevel=1 if i % 2 else 2)
    return buffer.getvalue()


def build(path: Path, *, rows: int = BLOCK_ROWS, chain: bool = True) -> None:
    """Write the book to `path`; `rows` and `chain` as for `package`."""
    path.write_bytes(package(rows, chain=chain))


def _vba() -> bytes:
    """An OLE header and bytes that stand for a macro project: no reader here looks inside."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(i * 37 % 251 for i in range(4096))


def _printer_settings() -> bytes:
    return "打印机".encode("utf-16-le").ljust(64, b"\0") + bytes(i % 7 for i in range(156))


def _png() -> bytes:
    """A red square of 8 x 8 pixels."""
    raw = (b"\0" + b"\xc0\x10\x10" * 8) * 8
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
