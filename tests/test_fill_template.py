"""Templates with something of their own in them: filled, or refused with the reason; never a traceback."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tests.hostile.mutations import pack
from tests.support.compare import contents
from tests.support.documents import make
from tests.support.filehost import FileHost
from tests.support.terminal import assert_refused, xltool
from xltool.addin.entry import act
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.load import from_raw, load
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.ooxml import Editor, open_workbook
from xltool.ooxml.edit.signatures import UNSIGNED

TABLE, LAST = "支出决算表", 1_048_576


def template(folder: Path, change: Callable[[Worksheet], object]) -> Path:
    """The blank form of 2024-shanghai with a change in one table."""
    (spec,) = find_edition("2024-shanghai").workbooks[:1]
    book = openpyxl.load_workbook(spec.template)
    change(book[TABLE])
    path = folder / "表样.xlsx"
    book.save(path)
    return path


def filled(template: Path, folder: Path) -> tuple[str | Path, ...]:
    out = folder / "填好.xlsx"
    given = ("--template", template.name, "-o", out.name, "--totals", "given")
    return ("fill", SAMPLES / "sgb-2024.json", *given)


def test_a_last_row_with_nothing_but_a_format_is_no_obstacle(tmp_path: Path) -> None:
    def shape(sheet: Worksheet) -> None:
        sheet.row_dimensions[LAST].height = 18
        sheet.cell(LAST, 3).font = Font(bold=True)

    answer = xltool(*filled(template(tmp_path, shape), tmp_path), folder=tmp_path)
    assert answer.code == 0, answer.err
    assert xltool("validate", "填好.xlsx", folder=tmp_path).code == 0


def array(sheet: Worksheet) -> None:
    sheet["J6"] = ArrayFormula("J6:J15", "=C6:C15*2")


def spill(sheet: Worksheet) -> None:
    sheet["J6"] = ArrayFormula("J6:J15", "=_xlfn._xlws.SORT(A6:A15)")


def something_in_the_last_row(sheet: Worksheet) -> None:
    sheet.cell(LAST, 3).value = "不要丢"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (array, "数组公式区域 J6:J15"),
        (spill, "数组公式区域 J6:J15"),
        (something_in_the_last_row, "第1048576行有内容"),
    ],
)
def test_what_would_be_torn_is_refused_with_the_reason(
    change: Callable[[Worksheet], None], reason: str, tmp_path: Path
) -> None:
    arguments = filled(template(tmp_path, change), tmp_path)
    assert_refused(tmp_path, *arguments, said=(TABLE, reason))


SHORT = {
    "版本": "2024-shanghai",
    "单位名称": "某局",
    "年度": 2024,
    "金额单位": "万元",
    "表": {TABLE: {"明细": [{"科目编码": "2010101", "基本支出": 1.5}]}},
}
"""Three rows of the ten that the form has."""


def with_note(sheet: Worksheet) -> None:
    sheet["C11"].comment = Comment("去年这里填过人防经费", "填报人")


def with_helper(sheet: Worksheet) -> None:
    sheet["L2"] = "=C11*2"


@pytest.mark.parametrize(
    ("change", "told"),
    [(with_note, "C11 有批注"), (with_helper, f"{TABLE}!L2 的公式要用")],
)
def test_blank_rows_that_the_clerk_uses_stay(
    tmp_path: Path, change: Callable[[Worksheet], object], told: str
) -> None:
    """The list has fewer rows than the form: those that a note or a helper formula needs are not taken away."""
    (tmp_path / "数据.json").write_text(json.dumps(SHORT), encoding="utf-8")
    command = ("fill", "数据.json", "-o", "填好.xlsx", "--template")
    plain = xltool(*command, template(tmp_path, lambda _: None).name, folder=tmp_path)
    assert plain.code == 0 and "留着没有删" not in plain.err
    read = xltool("read", "填好.xlsx", folder=tmp_path).out
    answer = xltool(*command, template(tmp_path, change).name, "--force", folder=tmp_path)
    assert answer.code == 0, answer.err
    assert f"提示：工作表“{TABLE}”第9—12行没有用上，留着没有删：{told}" in answer.err
    sheet = openpyxl.load_workbook(tmp_path / "填好.xlsx")[TABLE]
    note = sheet["C11"].comment
    assert (note.text if note else sheet["L2"].value) in ("去年这里填过人防经费", "=C11*2")
    assert not any("#REF!" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert xltool("read", "填好.xlsx", folder=tmp_path).out == read


SIGNED = {
    "_xmlsignatures/origin.sigs": b"",
    "_xmlsignatures/sig1.xml": b"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>",
    "_xmlsignatures/_rels/origin.sigs.rels": (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="sig1.xml" Type="http://schemas.openxmlformats.org/'
        b'package/2006/relationships/digital-signature/signature"/></Relationships>'
    ),
}
ORIGIN = (
    b'<Relationship Id="rIdS" Target="_xmlsignatures/origin.sigs" Type="http://schemas.openxmlformats.org/'
    b'package/2006/relationships/digital-signature/origin"/></Relationships>'
)
TYPES = (
    b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/>'
    b'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/vnd.openxmlformats-package.'
    b'digital-signature-xmlsignature+xml"/></Types>'
)


def signed(book: bytes) -> bytes:
    """A workbook with the parts of a digital signature."""
    parts = {**contents(book), **SIGNED}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", ORIGIN)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", TYPES)
    return pack(parts)


def test_a_signature_that_becomes_void_is_told_and_taken_off(tmp_path: Path) -> None:
    form = template(tmp_path, lambda _: None)
    form.write_bytes(signed(form.read_bytes()))
    before = form.read_bytes()
    answer = xltool(*filled(form, tmp_path), folder=tmp_path)
    assert answer.code == 0, answer.err
    assert "提示：原件有数字签名，改动以后作废，写出的工作簿里没有签名" in answer.err
    assert form.read_bytes() == before
    parts = contents((tmp_path / "填好.xlsx").read_bytes())
    assert not any("signature" in name.lower() for name in parts)
    assert b"signature" not in parts["_rels/.rels"] + parts["[Content_Types].xml"].replace(
        b"digital-signature-origin",
        b"",  # the default for a suffix that no part has
    )
    openpyxl.load_workbook(tmp_path / "填好.xlsx")


def test_what_happens_to_a_signature_is_told_before_anything_is_written(tmp_path: Path) -> None:
    form, out = template(tmp_path, lambda _: None), tmp_path / "填好.xlsx"
    form.write_bytes(signed(form.read_bytes()))
    told: list[tuple[str, bool]] = []
    report, edition = load(SAMPLES / "sgb-2024.json")
    fill(
        report,
        edition,
        out,
        template=form,
        totals="given",
        tell=lambda text: told.append((text, out.exists())),
    )
    assert (UNSIGNED, False) in told and out.exists()


def test_the_button_asks_with_the_signature_in_the_question(tmp_path: Path) -> None:
    form = template(tmp_path, lambda _: None)
    form.write_bytes(signed(form.read_bytes()))
    host = FileHost(form, tmp_path / "标注.xlsx", yes=True, chosen=(SAMPLES / "sgb-2024.json",))
    act("fill", host)
    question = next(text for text in host.told if text.startswith("把“sgb-2024.json”填进"))
    assert "填进去以后签名作废" in question


def test_a_signed_return_keeps_its_signature_until_it_is_changed(tmp_path: Path) -> None:
    book = tmp_path / "签名.xlsx"
    (spec,) = find_edition("2024-shanghai").workbooks[:1]
    book.write_bytes(signed(spec.template.read_bytes()))
    editor = Editor(open_workbook(book))
    assert not editor.unsigned
    target = io.BytesIO()
    editor.save(target)
    assert target.getvalue() == book.read_bytes()
    editor.set(TABLE, "K3", Decimal("1.5"))
    assert editor.unsigned
    sheets = xltool("checks-sheet", book.name, "-o", "审.xlsx", folder=tmp_path)
    assert "原件有数字签名" in sheets.err


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("说明：某局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。", False),
        ("注：本表反映部门本年度政府性基金收支情况。", True),
    ],
)
def test_only_the_statement_that_a_table_is_empty_goes_when_it_has_data(
    line: str, stays: bool, tmp_path: Path
) -> None:
    edition = find_edition("2024-shanghai")
    table = "政府性基金预算财政拨款收入支出决算表"
    book = openpyxl.load_workbook(edition.workbooks[0].template)
    book[edition.tables[table].sheet]["A11"] = line
    form, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    book.save(form)
    raw = make(1, "2024-shanghai", details=8, unit="万元")
    assert raw["表"][table]["明细"]
    fill(*from_raw(raw), out, template=form)
    texts = [cell.value for row in openpyxl.load_workbook(out)[table] for cell in row]
    assert (line in texts) == stays


def test_a_text_where_the_name_of_the_unit_usually_stands_is_not_written_over(
    tmp_path: Path,
) -> None:
    edition = find_edition("2023-national")
    book = openpyxl.load_workbook(edition.workbooks[0].template)
    sheet = book[edition.tables[TABLE].sheet]
    assert str(sheet["A3"].value).startswith("部门")
    sheet["A3"] = "由财务科保管"
    form, out = tmp_path / "表样.xlsx", tmp_path / "填好.xlsx"
    book.save(form)
    raw = make(1, "2023-national", details=3, unit="万元")
    with pytest.raises(InputError, match=r"单位名称.*没有写上"):
        fill(*from_raw(raw), out, template=form)
    assert not out.exists()
