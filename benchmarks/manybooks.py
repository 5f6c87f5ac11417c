"""Very many different workbooks, quickly: filled books with other figures, lists of other lengths, other units.

    python benchmarks/manybooks.py FOLDER [--books 100000] [--documents 60] [--wrong 10]

`--documents` books of 2021-national are filled properly, with lists of 3 to 40 rows. Every other one is one of them
with all its amounts multiplied (sums still add up), the name and the code of a unit of its own, and every `--wrong`th
with one amount changed. They lie in folders of 1,000; those that are there are kept.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

EDITION, NAME, CODE = "2021-national", "占位单位名称", "990099"
PER_FOLDER = 1000
_LARGEST = 97
"""The largest factor of amounts: with a larger one a small unit's money looks as if 元 stood where 万元 belongs."""
NO_WRONG = 1 << 30
"""With so large a `wrong` no book has a changed amount."""
_CELL = re.compile(
    rb'<c r="([A-Z]+\d+)"(?![^>]*t="(?:s|str|inlineStr|b|e)")[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]+)</v>'
)


class Pattern(NamedTuple):
    """A filled book as parts; a part with amounts as the texts around them, and the amounts."""

    parts: dict[str, tuple[list[bytes], list[Decimal]]]

    def book(self, factor: int, unit: int, *, wrong: bool) -> bytes:
        """A book of the unit with `factor` times the figures."""
        target = io.BytesIO()
        words = {
            NAME.encode(): f"第{unit:06}单位".encode(),
            CODE.encode(): f"{100000 + unit:06}".encode(),
        }
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
            for name, (texts, amounts) in self.parts.items():
                made = [texts[0]]
                for number, (amount, text) in enumerate(zip(amounts, texts[1:], strict=True)):
                    off = wrong and number == len(amounts) // 2
                    made += [f"{amount * factor + off:f}".encode(), text]
                    wrong = wrong and not off
                content = b"".join(made)
                for word, other in words.items():
                    content = content.replace(word, other)
                book.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return target.getvalue()


def pattern(number: int) -> Pattern:
    """A document of its own, filled; its lists have as many rows as its number says."""
    from tests.support.books import handed_in
    from tests.support.documents import make
    from tests.support.editing import edited, saved
    from xltool.documents.load import from_raw
    from xltool.filling import filled_workbooks
    from xltool.ooxml import Editor

    raw = make(number, EDITION, details=3 + number % 38, unit="万元")
    raw["单位名称"] = NAME
    for table in ("项目支出绩效自评表", "部门整体绩效自评表"):
        raw["表"].pop(table, None)

    def print_code(editor: Editor) -> None:
        editor.set(editor.workbook.sheets[0].name, "H3", f"单位编码：{CODE}")

    report, found = from_raw(raw)
    data = handed_in(saved(next(iter(filled_workbooks(report, found)))))
    return taken_apart(edited(data, print_code))


def taken_apart(data: bytes) -> Pattern:
    """The parts of a book; every number that a reader binds to a field, or that a formula gives, is an amount."""
    from xltool.ooxml import open_workbook
    from xltool.reading import examine

    bound: dict[str, set[str]] = {}
    for sheet, ref in examine(data).places.values():
        bound.setdefault(sheet, set()).add(ref)
    sheets = [sheet.name for sheet in open_workbook(data).sheets]
    parts: dict[str, tuple[list[bytes], list[Decimal]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        listed = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        by_part = dict(zip(sorted(listed, key=_number), sheets, strict=True))
        for name in book.namelist():
            cells = bound.get(by_part.get(name, ""), set())
            parts[name] = _split(book.read(name), cells)
    return Pattern(parts)


def _number(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def _split(content: bytes, cells: set[str]) -> tuple[list[bytes], list[Decimal]]:
    texts, amounts, at = [], [], 0
    for hit in _CELL.finditer(content) if cells else ():
        if hit[1].decode() in cells or b"<f" in hit[0]:
            texts.append(content[at : hit.start(2)])
            amounts.append(Decimal(hit[2].decode()))
            at = hit.end(2)
    return [*texts, content[at:]], amounts


def write_books(folder: Path, count: int, documents: int, wrong: int) -> None:
    """Write those that are not there; in one process, one after the other."""
    made = cache(pattern)
    for number in range(count):
        target = folder / f"{number // PER_FOLDER:03}" / f"{number:06}.xlsx"
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        factor = 1 + number // documents % _LARGEST
        bad = number % wrong == wrong - 1
        target.write_bytes(made(number % documents).book(factor, number, wrong=bad))


def main() -> None:
    """Write the books."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--books", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--wrong", type=int, default=10)
    wanted = parser.parse_args()
    write_books(wanted.folder, wanted.books, wanted.documents, wanted.wrong)


if __name__ == "__main__":
    main()
