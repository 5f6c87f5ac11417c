"""What is found under the paths that a user names."""

from __future__ import annotations

import os
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.links import symbolic
from xltool.batch.source import FoundBooks, content_of, written_at
from xltool.batch.sources import find_sources
from xltool.batch.zips import read_member, safe_name
from xltool.checks.replies import KEY_SHEET, LETTER_SHEET
from xltool.core.problems import InputError
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.limits import Limits


def put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def names(found: FoundBooks) -> list[str]:
    return [source.name for source in found.sources]


def test_a_folder_is_searched_through(tmp_path: Path) -> None:
    put(tmp_path, "b.xlsx", "a/c.XLSM", "a/d.xls", "a/b/e.xlsx", "a/f.docx", "g.docx", "~$b.xlsx")
    found = find_sources([str(tmp_path)])
    assert names(found) == ["a/b/e.xlsx", "a/c.XLSM", "a/d.xls", "b.xlsx"]
    assert found.others == {".docx": 2}


def test_names_are_below_the_folder_that_holds_all_arguments(tmp_path: Path) -> None:
    put(tmp_path, "2023/甲.xlsx", "2024/甲.xlsx", "2024/乙/丙.xlsx")
    both = find_sources([str(tmp_path / "2024"), str(tmp_path / "2023")])
    assert names(both) == ["2023/甲.xlsx", "2024/乙/丙.xlsx", "2024/甲.xlsx"]
    assert names(find_sources([str(tmp_path / "2024" / "甲.xlsx")])) == ["甲.xlsx"]


def test_the_order_of_arguments_does_not_matter(tmp_path: Path) -> None:
    put(tmp_path, "b.xlsx", "a.xlsx", "c.xlsx")
    paths = [str(tmp_path / name) for name in ("c.xlsx", "a.xlsx", "b.xlsx")]
    assert find_sources(paths).sources == find_sources(paths[::-1]).sources


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "b.xlsx")
    arguments = [str(tmp_path), str(tmp_path / "a.xlsx"), str(tmp_path / "*.xlsx")]
    assert names(find_sources(arguments)) == ["a.xlsx", "b.xlsx"]


def test_patterns_are_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a1.xlsx", "a2.xlsx", "b1.xlsx", "子/a3.xlsx")
    monkeypatch.chdir(tmp_path)
    assert names(find_sources(["a?.xlsx"])) == ["a1.xlsx", "a2.xlsx"]
    assert names(find_sources(["**/a*.xlsx"])) == ["a1.xlsx", "a2.xlsx", "子/a3.xlsx"]
    assert names(find_sources(["[b]*"])) == ["b1.xlsx"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    put(tmp_path, "[甲]决算.xlsx", "甲决算.xlsx")
    assert names(find_sources([str(tmp_path / "[甲]决算.xlsx")])) == ["[甲]决算.xlsx"]


def test_a_list_stands_for_a_dash(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "b.xlsx", "c.xlsx")
    lines = [f"{tmp_path / 'c.xlsx'}  ", f'"{tmp_path / "a.xlsx"}"', ""]
    assert names(find_sources(["-"], lines)) == ["a.xlsx", "c.xlsx"]


def test_arguments_that_name_nothing_are_all_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find_sources([str(tmp_path / "没有.xlsx"), str(tmp_path / "*.xlsx")])
    assert [problem.message for problem in caught.value.problems] == [
        "没有这个文件或文件夹",
        "没有符合的文件",
    ]


def test_files_of_other_programs_are_refused_by_name(tmp_path: Path) -> None:
    put(tmp_path, "a.ett", "b.ods", "c.wps", "d.xlsb", "e.rar")
    found = find_sources([str(tmp_path)])
    assert names(found) == ["a.ett", "b.ods", "c.wps", "d.xlsb", "e.rar"]
    assert all(source.refusal for source in found.sources)


def test_the_output_is_no_input(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "汇总.xlsx", "out/x.xlsx", "out.part/y.xlsx")
    outputs = [tmp_path / name for name in ("汇总.xlsx", "out", "out.part")]
    assert names(find_sources([str(tmp_path)], outputs=outputs)) == ["a.xlsx"]


def test_what_the_tool_wrote_is_no_submission(tmp_path: Path) -> None:
    put(tmp_path, "甲.xlsx", "上次/审核.duckdb", "上次/审核汇总.html", "上次/标注本/甲.xlsx")
    put(tmp_path, "a.duckdb.part/lock", "a.duckdb.part/parts/b.arrow", "a.duckdb.part/stopped/c")
    put(tmp_path, "a.duckdb.part/draft/b.xlsx", "甲.标注.xlsx", "甲.标注.改动1.xlsx", "甲.标注.pdf")
    found = find_sources([str(tmp_path)])
    assert names(found) == ["甲.xlsx"]
    assert found.others == {".pdf": 1}
    assert found.own == {
        "上次": "审核结果",
        "a.duckdb.part": "没有做完的输出",
        "甲.标注.xlsx": "标注本",
        "甲.标注.改动1.xlsx": "标注本",
    }
    pattern = find_sources([str(tmp_path / "**/*.xlsx")])
    assert (names(pattern), pattern.own) == (["甲.xlsx"], found.own)


def test_what_the_tool_wrote_can_be_named_by_itself(tmp_path: Path) -> None:
    put(
        tmp_path,
        "甲.xlsx",
        "甲.标注.xlsx",
        "上次/审核.duckdb",
        "上次/审核汇总.html",
        "上次/标注本/乙.xlsx",
    )
    copy = str(tmp_path / "甲.标注.xlsx")
    for arguments in ([copy], [copy, str(tmp_path)], [str(tmp_path), copy]):
        found = find_sources(arguments)
        assert "甲.标注.xlsx" in names(found)
        assert "甲.标注.xlsx" not in found.own
    copies = tmp_path / "上次" / "标注本"
    assert names(find_sources([str(copies)])) == ["乙.xlsx"]
    assert names(find_sources([str(copies / "*.xlsx")])) == ["乙.xlsx"]


def test_a_marked_copy_without_its_original_is_a_submission(tmp_path: Path) -> None:
    put(tmp_path, "乙.标注.xlsx", "丙.标注.xlsm", "丙.xlsx", "丁/审核.duckdb", "丁/丁.xlsx")
    found = find_sources([str(tmp_path)])
    assert names(found) == ["丁/丁.xlsx", "丙.xlsx", "丙.标注.xlsm", "乙.标注.xlsx"]
    assert found.own == {}


def test_a_review_in_an_archive_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "报送.zip", "w") as archive:
        for name in ("甲.xlsx", "上次/审核.duckdb", "上次/审核汇总.html", "上次/标注本/甲.xlsx"):
            archive.writestr(name, name)
    found = find_sources([str(tmp_path)])
    assert names(found) == ["报送.zip!/甲.xlsx"]
    assert found.own == {"报送.zip!/上次": "审核结果"}


def test_links_that_lead_in_circles_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "root/a.xlsx", "root/b/c.xlsx", "else/d.xlsx")
    for link, target in (
        ("root/self", "."),
        ("root/b/up", ".."),
        ("root/b/above", "../.."),
        ("root/b/other", "../../else"),
        ("root/again", "../else"),
        ("else/back", "../root"),
    ):
        symbolic(tmp_path / link, target, folder=True)
    symbolic(tmp_path / "root" / "broken.xlsx", "nowhere.xlsx")
    found = find_sources([str(tmp_path / "root")])
    assert names(found) == ["a.xlsx", "b/c.xlsx", "b/other/d.xlsx", "broken.xlsx"]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist only there")
def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xd6\xd0.xlsx")).write_bytes(b"")
    (source,) = find_sources([str(tmp_path)]).sources
    assert source.name == "\\xd6\\xd0.xlsx"
    assert Path(source.path).exists()


def unflagged(path: Path, *entries: bytes) -> Path:
    """An archive whose entries have these raw names, without a word on their encoding."""
    stands_for = {f"{n}".rjust(len(raw), "#").encode(): raw for n, raw in enumerate(entries)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in stands_for.items():
            archive.writestr(name.decode(), b"content of " + raw)
    data = path.read_bytes()
    for name, raw in stands_for.items():
        data = data.replace(name, raw)
    path.write_bytes(data)
    return path


def content(found: FoundBooks, number: int) -> bytes:
    return content_of(found.sources[number])


def test_names_in_archives_are_decoded_as_their_maker_meant(tmp_path: Path) -> None:
    gbk, mac = "财政局\\决算.xlsx".encode("gb18030"), "教育局/决算.xlsx".encode()
    found = find_sources([str(unflagged(tmp_path / "报送.zip", gbk, mac))])
    assert names(found) == ["报送.zip!/教育局/决算.xlsx", "报送.zip!/财政局/决算.xlsx"]
    assert content(found, 0) == b"content of " + mac
    assert content(found, 1) == b"content of " + gbk


def test_names_in_archives_lead_nowhere(tmp_path: Path) -> None:
    raw = (b"../../etc/a.xlsx", b"/b.xlsx", b"C:\\c.xlsx", b"d/../../e.xlsx")
    found = find_sources([str(unflagged(tmp_path / "z.zip", *raw))])
    assert names(found) == [
        "z.zip!/C_/c.xlsx",
        "z.zip!/b.xlsx",
        "z.zip!/d/e.xlsx",
        "z.zip!/etc/a.xlsx",
    ]
    assert safe_name("../..") == "_"


def test_entries_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    found = find_sources([str(unflagged(tmp_path / "z.zip", b"a/../b.xlsx", b"a/b.xlsx"))])
    assert names(found) == ["z.zip!/a/b#2.xlsx", "z.zip!/a/b.xlsx"]
    assert content(found, 1) == b"content of a/../b.xlsx"


def test_other_files_in_archives(tmp_path: Path) -> None:
    raw = (b"a.xlsx", b"b.pdf", b"c.zip", b"d.et", b"~$a.xlsx", b"__MACOSX/._a.xlsx", b"e/")
    found = find_sources([str(unflagged(tmp_path / "z.zip", *raw))])
    refused = {source.name: bool(source.refusal) for source in found.sources}
    assert refused == {"z.zip!/a.xlsx": False, "z.zip!/c.zip": True, "z.zip!/d.et": False}
    assert found.others == {".pdf": 1}


def test_a_damaged_archive_is_one_source_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(b"PK\x03\x04 no more")
    (source,) = find_sources([str(tmp_path)]).sources
    assert source.name == "z.zip"
    assert "损坏" in source.refusal


def test_an_archive_without_workbooks_is_one_source_with_the_reason(tmp_path: Path) -> None:
    found = find_sources([str(unflagged(tmp_path / "z.zip", b"a.pdf", b"b/"))])
    assert names(found) == ["z.zip"]
    assert "没有工作簿" in found.sources[0].refusal


def test_a_workbook_with_the_suffix_of_an_archive_is_a_workbook(tmp_path: Path) -> None:
    path = unflagged(tmp_path / "z.zip", b"[Content_Types].xml", b"xl/workbook.xml")
    (source,) = find_sources([str(path)]).sources
    assert (source.name, source.member, source.refusal) == ("z.zip", None, "")


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xlsx", bytes(2000))
        archive.writestr("b.xlsx", bytes(20_000_000))
    found = find_sources([str(path)])
    with pytest.raises(WorkbookError, match="压缩比"):
        content(found, 1)
    with pytest.raises(WorkbookError, match="上限"):
        read_member(path, "0", Limits(max_file=1000))


def zipped(**files: bytes) -> bytes:
    """An archive; `_` in a name stands for its dot."""
    room = BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return room.getvalue()


def test_an_archive_in_an_archive_is_looked_into(tmp_path: Path) -> None:
    within = zipped(甲_xlsx=b"first", 乙_xlsx=b"second", 附件_pdf=b"")
    (tmp_path / "市.zip").write_bytes(zipped(县_zip=within, 丙_xlsx=b"third"))
    found = find_sources([str(tmp_path)])
    assert names(found) == ["市.zip!/丙.xlsx", "市.zip!/县.zip!/乙.xlsx", "市.zip!/县.zip!/甲.xlsx"]
    assert [content(found, number) for number in range(3)] == [b"third", b"second", b"first"]
    assert written_at(found.sources[1])
    assert found.others == {".pdf": 1}


def test_deeper_archives_are_told(tmp_path: Path) -> None:
    deep = zipped(三_zip=zipped(甲_xlsx=b""), 乙_xlsx=b"")
    (tmp_path / "一.zip").write_bytes(zipped(二_zip=deep))
    refused, read = find_sources([str(tmp_path)]).sources
    assert (refused.name, read.name) == ("一.zip!/二.zip!/三.zip", "一.zip!/二.zip!/乙.xlsx")
    assert "请先解压" in refused.refusal and not read.refusal


def test_an_archive_in_an_archive_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    locked = bytearray(zipped(锁_zip=zipped(甲_xlsx=b"")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    (tmp_path / "锁.zip").write_bytes(locked)
    inner = {"坏_zip": b"PK no more", "空_zip": zipped(图_pdf=b""), "好_xlsx": b""}
    (tmp_path / "包.zip").write_bytes(zipped(**inner))
    told = {source.name: source.refusal for source in find_sources([str(tmp_path)]).sources}
    assert "损坏" in told["包.zip!/坏.zip"]
    assert "没有工作簿" in told["包.zip!/空.zip"]
    assert "密码" in told["锁.zip!/锁.zip"]
    assert not told["包.zip!/好.xlsx"]


def test_bombs_in_an_archive_in_an_archive_are_not_inflated(tmp_path: Path) -> None:
    (tmp_path / "外.zip").write_bytes(
        zipped(内_zip=zipped(零_xlsx=bytes(20_000_000)), 零_zip=bytes(20_000_000))
    )
    found = find_sources([str(tmp_path)])
    assert names(found) == ["外.zip!/内.zip!/零.xlsx", "外.zip!/零.zip"]
    with pytest.raises(WorkbookError, match="压缩比"):
        content(found, 0)
    assert "压缩比" in found.sources[1].refusal


def test_archives_in_an_archive_share_one_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = zipped(甲_xlsx=b"", 乙_xlsx=b"")
    (tmp_path / "外.zip").write_bytes(zipped(一_zip=within, 二_zip=within))
    monkeypatch.setattr("xltool.batch.archives._MAX_INNER", len(within) + 1)
    second = find_sources([str(tmp_path)]).sources[-1]
    assert second.name == "外.zip!/二.zip" and "合计超过" in second.refusal
    monkeypatch.undo()
    monkeypatch.setattr("xltool.batch.archives.MAX_MEMBERS", 5)
    second = find_sources([str(tmp_path)]).sources[-1]
    assert second.name == "外.zip!/二.zip" and "文件超过 5 个" in second.refusal


def test_an_archive_in_an_archive_for_which_there_is_no_room_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "外.zip").write_bytes(zipped(内_zip=zipped(甲_xlsx=b"")))
    monkeypatch.setattr("xltool.batch.zips._IN_MEMORY", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    (source,) = find_sources([str(tmp_path)]).sources
    assert "临时文件写不了" in source.refusal and "损坏" not in source.refusal


def test_an_empty_archive_is_told_beside_letters(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = LETTER_SHEET
    book.create_sheet(KEY_SHEET)
    book.save(tmp_path / "整改通知.xlsx")
    (tmp_path / "空.zip").write_bytes(zipped(图_pdf=b""))
    found = find_sources([str(tmp_path)])
    assert len(found.letters) == 1 and names(found) == ["空.zip"]


def test_a_declared_size_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xlsx", bytes(2000))
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + at
        data[start : start + 4] = (500).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match="损坏"):
        read_member(path, "0", Limits())


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = unflagged(tmp_path / "z.zip", b"a.xlsx")
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match="密码"):
        content(find_sources([str(path)]), 0)
