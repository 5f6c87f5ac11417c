"""What writing a whole disclosure costs, beside python-docx alone writing as many paragraphs and tables.

    python benchmarks/disclosure.py [--rounds N]

Both in one run, in turns. The bare document has the same paragraphs and the same tables, cell by cell with the same
texts, without fonts, merges and widths. Reading and validating the workbook is measured by itself; page numbers
through LibreOffice are not in it.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xltool.core.resources import SAMPLES
from xltool.narrative.book import validated
from xltool.narrative.disclosure.compose import disclosure
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.writing.compose import choose_style
from xltool.narrative.writing.output import saved

BOOKS = ("beiguan-2021.xlsx", "sgb-2024.xlsx")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, and what it gave."""
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1000, result


def contents(data: bytes) -> tuple[list[str], list[list[list[str]]]]:
    """The paragraphs of a document, and its tables as texts of cells."""
    import docx

    word = docx.Document(io.BytesIO(data))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    return [p.text for p in word.paragraphs], tables


def bare(paragraphs: list[str], tables: list[list[list[str]]]) -> bytes:
    """The same paragraphs and tables by python-docx alone."""
    import docx

    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    for rows in tables:
        table = word.add_table(len(rows), len(rows[0]))
        for made, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(made.cells, texts, strict=True):
                cell.text = text
    return saved(word)


def main() -> None:
    """Print the times of each sample."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    for name in BOOKS:
        reading, validation = timed(lambda name=name: validated(SAMPLES / name))
        style = choose_style(None, validation.reading.edition.id)

        def write(validation: Any = validation, style: Any = style) -> bytes:
            return saved(disclosure(validation, NarrativeFacts(), style).word)

        paragraphs, tables = contents(write())
        bare(paragraphs, tables)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(timed(write)[0])
            theirs.append(timed(lambda p=paragraphs, t=tables: bare(p, t))[0])
        cells = sum(len(row) for table in tables for row in table)
        sys.stdout.write(
            f"{name}：{len(paragraphs)} 段、{len(tables)} 张表、{cells} 格；读和校验 {reading:.0f} 毫秒；"
            f"写文档 {median(ours):.0f}，python-docx {median(theirs):.0f}，{median(ours) / median(theirs):.2f} 倍\n"
        )


if __name__ == "__main__":
    main()
