"""A workbook may be given as a path, as bytes, as an open file, as a workbook of openpyxl, or read already."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from xltool.checks import validate
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.load import load
from xltool.documents.writing import to_raw
from xltool.reading import examine, read

BOOK = SAMPLES / "sgb-2024.xlsx"


def test_every_kind_of_source_is_read_alike() -> None:
    expected = to_raw(read(BOOK).report)
    with BOOK.open("rb") as file:
        opened = read(file)
        assert not file.closed
    assert opened.file == BOOK.name
    content = BOOK.read_bytes()
    named = [read(str(BOOK)), opened]
    unnamed = [read(content), read(bytearray(content)), read(io.BytesIO(content))]
    unnamed.append(read(openpyxl.load_workbook(BOOK)))
    for reading in (*named, *unnamed):
        assert to_raw(reading.report) == expected


def test_every_kind_of_source_is_checked_alike() -> None:
    expected = validate(BOOK)
    for source in (str(BOOK), BOOK.read_bytes(), io.BytesIO(BOOK.read_bytes()), examine(BOOK)):
        found = validate(source, "2024-shanghai")
        assert found.findings == expected.findings
        assert found.verdict == "合格"


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="按文本"):
        read(io.StringIO("x"))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="int 不能当作工作簿"):
        read(7)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        validate(b"no workbook")


def test_last_year_may_be_given_in_every_form(tmp_path: Path) -> None:
    report, _ = load(SAMPLES / "sgb-2024.json")
    report.year = 2023
    reading = read(BOOK)
    reading.report.year = 2023
    before = to_raw(report)
    for prior in (report, reading):
        found = validate(BOOK, prior=prior)
        assert found.context.prior is not None
        assert found.context.prior.report.year == 2023
    assert to_raw(report) == before, "what was given is left as it was"
    with pytest.raises(InputError, match="上年应是2023年度"):
        validate(BOOK, prior=str(BOOK))


def test_the_kind_of_unit_is_not_written_into_a_reading() -> None:
    reading = examine(BOOK)
    found = validate(reading, unit_type="行政单位")
    assert found.reading.report.heads["单位类型"] == "行政单位"
    assert "单位类型" not in reading.report.heads
