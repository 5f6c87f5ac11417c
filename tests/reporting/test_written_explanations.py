"""说明 through the result sheet: written there, read back, void when the numbers change, never lost."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled, with_cells
from tests.reporting.marked import (
    SLIPS,
    STRAY,
    SUMMARY,
    explained,
    explanation_of,
    lines_of,
    marked,
    slipped,
    slipped_and_marked,
)
from tests.support.additions import parts_that_differ
from tests.support.editing import edited
from xltool.checks import Validation, validate
from xltool.checks.explanations import VOID, load_explanations
from xltool.checks.validation import settle
from xltool.documents.datafile import dumps
from xltool.reporting.json import report
from xltool.reporting.workbook.annotate import annotate

NEGATIVE = ("一般公共预算财政拨款基本支出决算表", "C11")
REASON = "上年多拨，本年冲回，凭证 12 号"


@lru_cache(maxsize=2)
def with_negative(amount: str) -> bytes:
    """A sample with a negative amount: a warning about one cell, and one about two sides."""
    return with_cells(SGB, {NEGATIVE: Decimal(amount)})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A marked copy whose warning about the stray figure has been explained."""
    path = tmp_path / "标注.xlsx"
    path.write_bytes(explained(slipped_and_marked(), "S-04", REASON))
    return path


def settled(book: bytes, explanations: Path) -> Validation:
    """A workbook validated with the explanations of a file, as `validate --explanations` does."""
    validation = validate(book)
    settle(validation, load_explanations(explanations))
    return validation


def finding(validation: Validation, rule: str) -> tuple[str, str]:
    return next((f.explanation, f.advice) for f in validation.findings if f.rule == rule)


def test_a_text_in_the_sheet_settles_its_warning(copy: Path) -> None:
    validation = settled(slipped(), copy)
    assert finding(validation, "S-04")[0] == REASON
    assert next(f for f in validation.findings if f.rule == "S-04").settled
    again = marked(validation)
    line = next(x for x in lines_of(again) if x["规则"] == "S-04")
    assert (line["结论"], line["说明"]) == ("已说明", REASON)


def test_a_text_at_an_error_settles_nothing_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "标注.xlsx"
    path.write_bytes(explained(slipped_and_marked(), "T01-04", "就是这样"))
    validation = settled(slipped(), path)
    assert validation.verdict == "不合格"
    assert finding(validation, "T01-04")[0] == ""
    assert explanation_of(marked(path.read_bytes()), "T01-04") == "就是这样"


@pytest.mark.parametrize("rule", ["C-03", "X-15"])
def test_a_text_is_void_when_the_number_changes(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "标注.xlsx"
    path.write_bytes(explained(marked(with_negative("-4.64")), rule, REASON))
    assert finding(settled(with_negative("-4.64"), path), rule)[0] == REASON
    explanation, hint = finding(settled(with_negative("-9.99"), path), rule)
    assert explanation == ""
    assert f"数字变了，原来的说明作废：“{REASON}”" in hint


def test_numbers_written_otherwise_are_the_same_numbers(tmp_path: Path) -> None:
    csv = tmp_path / "说明.csv"
    line = next(x for x in lines_of(marked(with_negative("-4.64"))) if x["规则"] == "X-15")
    row = ("X-15", line["位置"], "4.640", "-4.64000", REASON)
    csv.write_text(f"规则,位置,左方,右方,说明\n{','.join(row)}\n", encoding="utf-8-sig")
    assert finding(settled(with_negative("-4.64"), csv), "X-15")[0] == REASON


def test_a_json_report_carries_them_too(tmp_path: Path, copy: Path) -> None:
    path = tmp_path / "报告.json"
    path.write_text(dumps(report(settled(slipped(), copy))), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["findings"]
    assert finding(settled(slipped(), path), "S-04")[0] == REASON


def test_two_failures_of_one_rule_at_one_place_have_each_their_text(tmp_path: Path) -> None:
    csv = tmp_path / "说明.csv"
    where = next(f.where for f in validate(slipped()).findings if f.rule == "S-04")
    message = next(f.message for f in validate(slipped()).findings if f.rule == "S-04")
    rows = [("S-04", where, "F19填了数", "别处的"), ("S-04", where, message, REASON)]
    table = "".join(f"{rule},{at},,,{what},{text}\n" for rule, at, what, text in rows)
    csv.write_text(f"规则,位置,左方,右方,问题,说明\n{table}", encoding="gb18030")
    validation = settled(slipped(), csv)
    text, hint = finding(validation, "S-04")
    assert text == REASON
    assert "作废" not in hint


# --- texts survive the next annotation ------------------------------------------------------------


def test_a_text_is_carried_to_the_next_copy(copy: Path) -> None:
    again = marked(copy.read_bytes())
    assert explanation_of(again, "S-04") == REASON
    assert parts_that_differ(again, marked(again)) == []


def test_a_text_is_carried_when_the_original_is_marked_over_the_old_copy(
    tmp_path: Path, copy: Path
) -> None:
    original = tmp_path / "决算.xlsx"
    original.write_bytes(slipped())
    annotate(validate(original), copy, force=True)
    assert explanation_of(copy.read_bytes(), "S-04") == REASON


def test_a_void_text_stays_to_be_written_anew(copy: Path) -> None:
    slips = SLIPS | {STRAY: Decimal("13.5"), (SUMMARY, "F21"): Decimal("1")}
    book = with_cells(SGB, slips)
    changed = validate(book)
    annotate(changed, copy, force=True)
    assert explanation_of(copy.read_bytes(), "S-04") == VOID + REASON
    assert finding(settled(book, copy), "S-04")[0] == ""
    annotate(changed, copy, force=True)
    assert explanation_of(copy.read_bytes(), "S-04") == VOID + REASON
    copy.write_bytes(explained(copy.read_bytes(), "S-04", "两个数都是附注"))
    assert finding(settled(book, copy), "S-04")[0] == "两个数都是附注"


def test_texts_of_another_unit_are_not_taken_over(copy: Path) -> None:
    title = (SUMMARY, "A1")
    other = edited(slipped(), lambda e: e.set(*title, "另一单位2024年度部门决算表"))
    validation = validate(other)
    assert validation.reading.report.unit_name == "另一单位"
    annotate(validation, copy, force=True)
    assert explanation_of(copy.read_bytes(), "S-04") is None


def test_a_text_of_a_finding_that_is_gone_goes_with_it(copy: Path) -> None:
    annotate(validate(filled(SGB)), copy, force=True)
    assert REASON not in {line["说明"] for line in lines_of(copy.read_bytes())}


def test_a_text_that_begins_with_an_equals_sign_stays_text(copy: Path) -> None:
    copy.write_bytes(explained(copy.read_bytes(), "S-04", "=SUM(A1:A9) 得来"))
    again = marked(copy.read_bytes())
    assert explanation_of(again, "S-04") == "=SUM(A1:A9) 得来"
    assert finding(settled(slipped(), copy), "S-04")[0] == "=SUM(A1:A9) 得来"
