"""整改通知: what units are told, how it looks, what of their answers is taken for what."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import docx
import duckdb
import openpyxl
import pytest

from tests.season.support import command
from xltool.batch.generated import DATABASE
from xltool.checks.replies import KEY_SHEET, LETTER_SHEET, NUMBER, REPLY
from xltool.review.sheetnames import ATTACHED
from xltool.season.letters.lines import letter_lines
from xltool.season.letters.model import LetterBook, LetterLine, LetterUnit

HEAD = 6
"""The row of the letter's head."""


@pytest.fixture(scope="session")
def letters(reviewed: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters about the review, 合格通知 too."""
    out = tmp_path_factory.mktemp("信") / "通知"
    assert command("letters", reviewed.review.folder, "-o", out, "--passed").code == 0
    return out


def text_of(path: Path) -> str:
    """All words of a document, those of its tables too."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def columns(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    """The columns of a letter's workbook by their heads."""
    return {str(cell.value): cell.column for cell in sheet[HEAD]}


def test_every_unit_gets_its_letter_in_files_that_windows_takes(letters: Path) -> None:
    names = {path.relative_to(letters).as_posix() for path in letters.rglob("*") if path.is_file()}
    assert names == {
        "发文清单.xlsx",
        "未分部门/甲局-整改通知.docx",
        "未分部门/甲局-整改通知.xlsx",
        "未分部门/甲局-标注本.xlsx",
        "未分部门/丙_局____b_〔文号〕-整改通知.docx",
        "未分部门/丙_局____b_〔文号〕-整改通知.xlsx",
        "未分部门/丙_局____b_〔文号〕-标注本.xlsx",
        "未分部门/乙局-合格通知.docx",
        "未分部门/坏-退回通知.docx",
    }


def test_a_letter_says_where_what_and_by_which_rule(letters: Path) -> None:
    told = text_of(letters / "未分部门" / "甲局-整改通知.docx")
    assert "甲局：" in told
    assert "关于2021年度部门决算审核问题整改的通知" in told
    assert "C37" in told
    assert "公开01 收入支出决算总表" in told
    assert "收入总计等于本年收入" in told
    assert "〔" not in told.replace("〔文号〕", "")
    workbook = openpyxl.load_workbook(letters / "未分部门" / "甲局-整改通知.xlsx")
    sheet = workbook[LETTER_SHEET]
    at = columns(sheet)
    first = {name: sheet.cell(HEAD + 1, column).value for name, column in at.items()}
    now, should = (float(str(first[name]).replace(",", "")) for name in ("现为", "应为"))
    assert now - should == pytest.approx(1)
    assert first["要求"] == "改正"
    assert sheet.cell(HEAD + 1, at[REPLY]).protection.locked is False
    assert sheet.cell(HEAD + 1, at[NUMBER]).protection.locked is True
    assert workbook[KEY_SHEET].sheet_state == "hidden"


def test_a_copy_is_spoken_of_only_where_one_goes_along(
    letters: Path, reviewed: SimpleNamespace, tmp_path: Path
) -> None:
    assert "标注本" in text_of(letters / "未分部门" / "甲局-整改通知.docx")
    review = tmp_path / "审核"
    shutil.copytree(reviewed.review.folder, review)
    with duckdb.connect(str(review / DATABASE)) as database:  # as of a review without --annotate
        database.execute(f"UPDATE {ATTACHED} SET 标注本 = ''")
    assert command("letters", review, "-o", tmp_path / "通知").code == 0
    assert "标注本" not in text_of(tmp_path / "通知" / "未分部门" / "甲局-整改通知.docx")


def test_a_name_that_looks_like_a_mark_stays_a_name(letters: Path) -> None:
    told = text_of(letters / "未分部门" / "丙_局____b_〔文号〕-整改通知.docx")
    assert "丙/局:*?<b>〔文号〕：" in told


def test_an_unreadable_file_is_sent_back_with_the_reason(letters: Path) -> None:
    told = text_of(letters / "未分部门" / "坏-退回通知.docx")
    assert "坏.xlsx" in told
    assert "另存为" in told


def test_a_unit_that_is_right_gets_none_unless_asked(
    reviewed: SimpleNamespace, tmp_path: Path
) -> None:
    done = command("letters", reviewed.review.folder, "-o", tmp_path / "通知")
    assert done.code == 0
    assert "合格的 1 个单位没有写" in done.out
    assert not list((tmp_path / "通知").rglob("乙局*"))


def test_an_existing_folder_is_kept(letters: Path, reviewed: SimpleNamespace) -> None:
    before = sorted(letters.rglob("*"))
    done = command("letters", reviewed.review.folder, "-o", letters)
    assert (done.code, sorted(letters.rglob("*"))) == (2, before)
    assert "已经有了" in done.err


def test_nothing_is_left_when_a_copy_cannot_be_read(
    reviewed: SimpleNamespace, tmp_path: Path
) -> None:
    review = Path(shutil.copytree(reviewed.review.folder, tmp_path / "审核"))
    shutil.rmtree(review / "标注本")
    done = command("letters", review, "-o", tmp_path / "通知")
    assert done.code == 2
    assert "标注本" in done.err
    assert {path.name for path in tmp_path.iterdir()} == {"审核"}


def test_the_office_replaces_words_and_documents(reviewed: SimpleNamespace, tmp_path: Path) -> None:
    own = tmp_path / "模板"
    assert command("letters", "--new-template", own).code == 0
    words = own / "整改通知.yaml"
    text = words.read_text(encoding="utf-8")
    text = text.replace('文号: ""', "文号: 某财函〔〔发文年〕〕〔顺序号〕号").replace(
        "今天", "2026-12-01"
    )
    text = text.replace("10天", "2026年12月20日").replace('审核单位: ""', "审核单位: 某市财政局")
    words.write_text(text, encoding="utf-8", newline="\n")
    document = docx.Document(str(own / "整改通知.docx"))
    paragraph = document.add_paragraph("抄送：〔主管部")
    paragraph.add_run("门〕").bold = True
    document.save(str(own / "整改通知.docx"))
    done = command("letters", reviewed.review.folder, "-o", tmp_path / "通知", "--template", own)
    assert done.code == 0, done.err
    told = text_of(tmp_path / "通知" / "未分部门" / "甲局-整改通知.docx")
    assert "某财函〔2026〕3号" in told
    assert "某市财政局" in told
    assert "2026年12月1日" in told
    assert "请于2026年12月20日前" in told
    assert "抄送：\n" in told


def test_everything_wrong_in_a_template_is_told_at_once(
    reviewed: SimpleNamespace, tmp_path: Path
) -> None:
    own = tmp_path / "模板"
    command("letters", "--new-template", own)
    words = own / "整改通知.yaml"
    text = (
        words.read_text(encoding="utf-8")
        .replace("〔单位名称〕", "〔单位〕")
        .replace("今天", "明天")
    )
    words.write_text(text.replace("〔限期〕", "〔期限〕"), encoding="utf-8", newline="\n")
    document = docx.Document(str(own / "整改通知.docx"))
    document.add_paragraph("〔单位名〕")
    document.save(str(own / "整改通知.docx"))
    (own / "退回通知.docx").write_bytes(b"not a document")
    (own / "合格通知.docx").unlink()
    done = command("letters", reviewed.review.folder, "-o", tmp_path / "通知", "--template", own)
    assert done.code == 2
    for words_of in (
        "〔期限〕（是不是〔限期〕）",
        "〔单位名〕（是不是〔单位名称〕）",
        "“明天”不是日期",
    ):
        assert words_of in done.err
    for words_of in ("不是 Word 文档", "模板里没有这个文件"):
        assert words_of in done.err
    assert not (tmp_path / "通知").exists()


def test_what_is_no_review_is_refused(tmp_path: Path) -> None:
    done = command("letters", tmp_path, "-o", tmp_path / "通知")
    assert done.code == 2
    assert "不是审核结果" in done.err
    assert "没有写审核文件夹" in command("letters", "-o", tmp_path / "通知").err


def test_a_unit_that_is_right_is_still_asked_what_it_has_not_explained() -> None:
    line = LetterLine(
        "1-0000", "改正或说明", "甲.xlsx", "总表", "C7", "增长256%", "", "", "P-04", ()
    )
    unit = LetterUnit("甲局", books=[LetterBook("甲.xlsx", "", "合格")])
    assert unit.kind == "合格通知"
    unit.books[0].lines.append(line)
    assert unit.kind == "整改通知"


@pytest.mark.parametrize(
    ("relation", "stored", "left", "right", "told"),
    [
        ("应等于", "", "5", "7", ("5.00", "应等于 7.00")),
        ("不应大于", "5.00", "5", "7", ("5.00", "不应大于 7.00")),
        # the cell is the right side: last year's closing figure is what this year's opening one should be
        ("应等于", "7.00", "5", "7", ("7.00", "应等于 5.00")),
        # the rule compares a difference: what it should be says nothing of the cell
        ("不应大于", "75.02", "625.19", "70.02", ("75.02", "")),
        ("应等于", "7.00", None, "7", ("7.00", "")),
    ],
)
def test_what_should_stand_there_is_told_of_the_figure_beside_it(
    relation: str, stored: str, left: str | None, right: str, told: tuple[str, str]
) -> None:
    row = dict.fromkeys(
        ("表", "工作表", "单元格", "疑似单元格", "说明", "提示", "同因", "应为", "位置", "标识")
    )
    row |= {
        "规则": "P-01",
        "规则名称": "",
        "级别": "需核实",
        "结论": "不符",
        "内容": "",
        "可说明": True,
    }
    row |= {"关系": relation, "现为": stored, "左值": left, "右值": right}
    (line,) = letter_lines([row], LetterBook("甲.xlsx", "", "不合格"), 1)
    assert (line.now, line.should) == told
