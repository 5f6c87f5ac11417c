"""Adding notes beside those that are there, and taking off those of one author."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest

from tests.support.additions import BOOKS, LISTS, left_behind, parts_that_differ, with_styles
from tests.support.compare import assert_untouched, contents
from tests.support.editing import edited, saved
from tests.support.feature_book import ANNEX, DETAIL, FORM
from tests.support.feature_book import package as feature_package
from tests.support.packages import one_sheet, relations
from xltool.ooxml import EditError, Editor, open_workbook

AUTHOR = "审核程序"
COMMENTS, BOXES = "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"
SHAPE = re.compile(r"<v:shape .*?</v:shape>", re.S)


UNKNOWN_EXTENSIONS = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def note(editor: Editor) -> None:
    for name in editor.sheets():
        editor.add_notes(name, {"B5": "不符：<左方> & 右方\n差 1.00", "D9": "需核实"}, AUTHOR)


def text(book: bytes, part: str) -> str:
    return contents(book)[part].decode()


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
def test_notes_come_off_without_a_trace(book: Callable[[], bytes]) -> None:
    assert left_behind(book(), note, lambda editor: editor.remove_notes(AUTHOR)) == []


def test_a_note_says_who_wrote_it_and_what() -> None:
    notes = open_workbook(edited(with_styles(LISTS), note)).sheet("表").notes
    assert notes == {"B5": f"{AUTHOR}：\n不符：<左方> & 右方\n差 1.00", "D9": f"{AUTHOR}：\n需核实"}


def test_notes_that_are_there_keep_their_text_and_their_boxes() -> None:
    book = feature_package()
    noted = edited(book, lambda editor: editor.add_notes(FORM, {"E5": "新"}, AUTHOR))
    assert_untouched(book, noted, touched=[COMMENTS, BOXES])
    added = re.compile(rf'<author>{AUTHOR}</author>|<comment ref="E5".*?</comment>', re.S)
    assert added.sub("", text(noted, COMMENTS)) == text(book, COMMENTS)
    old, new = SHAPE.findall(text(book, BOXES)), SHAPE.findall(text(noted, BOXES))
    assert new[:-1] == old
    assert text(noted, BOXES).replace(new[-1], "") == text(book, BOXES)
    assert [*open_workbook(book).sheet(FORM).notes.items()] == [
        *open_workbook(noted).sheet(FORM).notes.items()
    ][:-1]


def test_the_box_of_a_note_has_an_id_of_its_own_and_stands_beside_its_cell() -> None:
    noted = edited(feature_package(), lambda editor: editor.add_notes(FORM, {"E5": "新"}, AUTHOR))
    boxes = text(noted, BOXES)
    ids = re.findall(r'<v:shape id="_x0000_s(\d+)"', boxes)
    assert len(ids) == len(set(ids))
    (own,) = [shape for shape in SHAPE.findall(boxes) if "<x:Row>4</x:Row>" in shape]
    assert "<x:Column>4</x:Column>" in own
    anchor = re.search(r"<x:Anchor>([^<]*)</x:Anchor>", own)
    assert anchor
    left, _, top, _, right, _, bottom, _ = map(int, anchor[1].split(","))
    assert 4 < left < right
    assert top <= 4 < bottom


def test_a_longer_note_has_a_taller_box() -> None:
    def height(words: str) -> int:
        noted = edited(with_styles(LISTS), lambda e: e.add_notes("表", {"B5": words}, AUTHOR))
        anchor = re.search(r"<x:Anchor>([^<]*)</x:Anchor>", text(noted, BOXES))
        assert anchor
        numbers = list(map(int, anchor[1].split(",")))
        return numbers[6] - numbers[2]

    assert height("短") < height("长" * 100) < height("长" * 300)


def test_sheets_without_boxes_get_a_drawing_in_its_place() -> None:
    after = '<pageMargins left="1"/><pageSetup/><tableParts count="0"/>'
    book = one_sheet("<row r='1'/>", after=after)
    noted = edited(book, lambda editor: editor.add_notes("表", {"A1": "新"}, AUTHOR))
    sheet = text(noted, "xl/worksheets/sheet1.xml")
    order = ["</sheetData>", "<pageSetup/>", "<legacyDrawing ", "<tableParts"]
    places = [sheet.index(piece) for piece in order]
    assert places == sorted(places)
    types = text(noted, "[Content_Types].xml")
    assert '"/xl/comments1.xml"' in types
    assert '"/xl/drawings/vmlDrawing1.vml"' in types


def test_drawings_of_different_sheets_share_no_ids() -> None:
    noted = contents(edited(feature_package(), note))
    blocks = [
        re.findall(r'<o:idmap v:ext="edit" data="(\d+)"/>', part.decode())
        for name, part in noted.items()
        if name.endswith(".vml")
    ]
    assert len(blocks) == 5
    assert len({block for (block,) in blocks}) == 5


def test_on_merged_cells_the_first_one_gets_the_note() -> None:
    noted = edited(feature_package(), lambda e: e.add_notes(FORM, {"B1": "标题"}, AUTHOR))
    assert "A1" in open_workbook(noted).sheet(FORM).notes


@pytest.mark.parametrize("ref", ["C6", "C18"], ids=["note", "thread"])
def test_a_cell_with_a_note_or_a_thread_is_refused(ref: str) -> None:
    book = feature_package()
    editor = Editor(open_workbook(book))
    with pytest.raises(EditError, match=f"“{FORM}”单元格 {ref} 已有批注"):
        editor.add_notes(FORM, {"E5": "新", ref: "又一条"}, AUTHOR)
    assert_untouched(book, saved(editor))


def test_two_notes_on_one_merged_cell_are_refused() -> None:
    editor = Editor(open_workbook(feature_package()))
    with pytest.raises(EditError, match="A1 已有批注"):
        editor.add_notes(FORM, {"A1": "甲", "B1": "乙"}, AUTHOR)


@pytest.mark.parametrize("words", ["", "\ud800", "长" * 40_000])
def test_texts_that_no_note_can_hold_are_refused(words: str) -> None:
    book = with_styles(LISTS)
    editor = Editor(open_workbook(book))
    with pytest.raises(EditError, match="批注"):
        editor.add_notes("表", {"B2": words}, AUTHOR)
    assert_untouched(book, saved(editor))


@UNKNOWN_EXTENSIONS
def test_notes_of_others_written_in_between_stay() -> None:
    both = edited(feature_package(), note)
    both = edited(both, lambda editor: editor.add_notes(DETAIL, {"A1": "我写的"}, "张三"))
    both = edited(both, lambda editor: editor.add_notes(FORM, {"E6": "我也写"}, "张三"))
    left = edited(both, lambda editor: editor.remove_notes(AUTHOR))
    book = open_workbook(left)
    assert book.sheet(DETAIL).notes == {"A1": "张三：\n我写的"}
    own = open_workbook(feature_package()).sheet(FORM).notes
    assert book.sheet(FORM).notes == {**own, "E6": "张三：\n我也写"}
    assert book.sheet(ANNEX).notes == {}
    assert AUTHOR.encode() not in b"".join(contents(left).values())
    read = openpyxl.load_workbook(io.BytesIO(left))
    assert {cell.coordinate: cell.comment.author for cell in read[FORM]["E"] if cell.comment} == {
        "E6": "张三"
    }
    assert read[FORM]["C6"].comment.author == "财政局"


def test_notes_are_known_by_their_first_words_where_authors_were_dropped() -> None:
    noted = contents(edited(with_styles(LISTS), note))
    renamed = noted[COMMENTS].replace(f"<author>{AUTHOR}</author>".encode(), b"<author> </author>")
    assert renamed != noted[COMMENTS]
    book = edited(with_styles(LISTS), note)
    editor = Editor(open_workbook(book))
    editor.package.write(COMMENTS, renamed)
    editor.remove_notes(AUTHOR)
    assert parts_that_differ(with_styles(LISTS), saved(editor)) == []


def test_a_drawing_of_controls_is_left_as_it_was() -> None:
    button = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_x0000_s1025" type="#_x0000_t201">'
        '<br><x:ClientData ObjectType="Button"><x:Row>4</x:Row><x:Column>1</x:Column></x:ClientData>'
        "</v:shape>\r\n</xml>\r\n"
    )
    book = one_sheet(
        "<row r='1'/>",
        after='<legacyDrawing r:id="v"/>',
        parts={
            BOXES: button,
            "xl/worksheets/_rels/sheet1.xml.rels": relations(
                ("v", "vmlDrawing", "../drawings/vmlDrawing1.vml")
            ),
        },
    )
    assert "_x0000_s1026" in text(edited(book, note), BOXES)
    assert left_behind(book, note, lambda editor: editor.remove_notes(AUTHOR)) == []


@UNKNOWN_EXTENSIONS
def test_another_program_reads_the_notes() -> None:
    read = openpyxl.load_workbook(io.BytesIO(edited(feature_package(), note)))
    for sheet in read:
        comment = sheet["B5"].comment
        assert comment.author == AUTHOR
        assert comment.text.endswith("差 1.00")
