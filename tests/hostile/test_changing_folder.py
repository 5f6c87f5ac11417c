"""Files that vanish, are locked or change while the run is under way."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.batch.support import rows
from tests.hostile import vanishing
from tests.hostile.case import good
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options

REASONS = {
    "删.xlsx": "文件不存在",
    "换成文件夹.xlsx": "文件夹",
    "写到一半.xlsx": "不完整",
    "锁.xlsx": "权限",
    "坏盘.xlsx": "读不出来",
}


def test_each_becomes_a_row_and_the_others_are_read(tmp_path: Path) -> None:
    inbox = tmp_path / "收件箱"
    inbox.mkdir()
    for name in (*REASONS, "好.xlsx"):
        (inbox / name).write_bytes(good())
    with zipfile.ZipFile(inbox / "包.zip", "w") as archive:
        archive.writestr("里.xlsx", good())
    sources = find_sources([str(inbox)]).sources
    (inbox / "包.zip").unlink()
    with WorkFolder(tmp_path / "out") as work:
        done = process(sources, work, Options(), jobs=1, function=vanishing.work)
        found = {row["文件"]: row for row in rows(done)}
        again = {name for _, _, part, row in work.kept("") for name in (part, row)}
    assert not again
    for name, said in REASONS.items():
        assert found[name]["状态"] == "失败" and said in str(found[name]["原因"]), found[name]
    assert found["包.zip!/里.xlsx"]["状态"] == "失败"
    assert "文件不存在" in str(found["包.zip!/里.xlsx"]["原因"])
    assert found["好.xlsx"]["状态"] == "成功"


def test_what_was_locked_is_read_when_the_run_is_resumed(tmp_path: Path) -> None:
    inbox = tmp_path / "收件箱"
    inbox.mkdir()
    for name in ("好.xlsx", "锁.xlsx"):
        (inbox / name).write_bytes(good())
    sources = find_sources([str(inbox)]).sources
    with WorkFolder(tmp_path / "out") as work:
        first = rows(process(sources, work, Options(), jobs=1, function=vanishing.work))
    with WorkFolder(tmp_path / "out", resume=True) as work:
        resumed = process(sources, work, Options(), jobs=1)
        second = rows(resumed)
    assert [row["状态"] for row in first] == ["成功", "失败"]
    assert [row["状态"] for row in second] == ["成功", "成功"] and resumed.kept == 1
