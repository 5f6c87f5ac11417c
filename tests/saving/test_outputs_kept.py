"""No command writes over an input, nor over anything that xltool did not write: `--force` or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.reporting.books import SGB, filled
from tests.reporting.marked import slipped_and_marked
from tests.support.alone import without_workers
from tests.support.links import symbolic
from tests.support.terminal import ROOT, contents_of
from xltool.cli.app import cli
from xltool.core.problems import InputError
from xltool.core.saving.guard import is_same
from xltool.documents.datafile import dumps
from xltool.reporting.workbook.annotate import clean

DATA = ROOT / "samples" / "beiguan-2021.json"
RULES = "规则: []\n"


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    with without_workers():
        yield


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of work: books, a document, notes, a folder of submissions, a folder of the user's."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(DATA, "数据.json")
    for name in ("甲.xlsx", "乙.xlsx"):
        Path(name).write_bytes(filled(SGB))
    Path("标注.xlsx").write_bytes(slipped_and_marked())
    Path("说明.csv").write_text("规则,位置,说明\n", encoding="utf-8")
    Path("规则.yaml").write_text(RULES, encoding="utf-8")
    Path("表样.xlsx").write_bytes(
        (ROOT / "workbook_templates" / "2021-national" / "部门决算公开表.xlsx").read_bytes()
    )
    Path("笔记.txt").write_text("用户的", encoding="utf-8")
    Path("别的.json").write_text('{"用户": 1}', encoding="utf-8")
    Path("别的.xlsx").write_bytes(opened_and_saved(filled(SGB)))
    Path("别的.html").write_text("<title>用户的</title>", encoding="utf-8")
    Path("别的.xlam").write_bytes(b"PK of the user")
    Path("别的.docx").write_bytes(opened_and_saved(filled(SGB)))
    Path("别的.pdf").write_bytes(b"%PDF-1.7 of the user")
    Path("别的.duckdb").write_bytes(b"12345678DUCK of the user")
    Path("报送").mkdir()
    Path("报送", "丙.xlsx").write_bytes(filled(SGB))
    Path("用户的").mkdir()
    Path("用户的", "笔记.txt").write_text("用户的", encoding="utf-8")
    Path("demo").mkdir()
    Path("demo", "决算.xlsx").write_bytes(opened_and_saved(filled(SGB)))
    return tmp_path


def opened_and_saved(content: bytes) -> bytes:
    """As another program saves it: the comment of the archive is gone."""
    end = content.rfind(b"PK\x05\x06")
    return content[: end + 20] + b"\0\0"


def run(*args: str) -> int:
    """Run a command; how it ended, with `InputError` passing through."""
    result = CliRunner().invoke(cli, args, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return int(result.return_value or 0)


OVER_INPUT = [
    ("fill", "数据.json", "-o", "表样.xlsx", "--template", "表样.xlsx"),
    ("read", "甲.xlsx", "-o", "甲.xlsx"),
    ("validate", "甲.xlsx", "-o", "甲.xlsx"),
    ("validate", "甲.xlsx", "--format", "json", "-o", "甲.xlsx"),
    ("validate", "甲.xlsx", "--format", "html", "-o", "甲.xlsx"),
    ("validate", "甲.xlsx", "--explanations", "说明.csv", "-o", "说明.csv"),
    ("validate", "甲.xlsx", "--rules", "规则.yaml", "-o", "规则.yaml"),
    ("validate", "甲.xlsx", "--prior", "乙.xlsx", "-o", "乙.xlsx"),
    ("clean", "标注.xlsx", "-o", "标注.xlsx"),
    ("checks-sheet", "甲.xlsx", "-o", "甲.xlsx"),
    ("sum", "甲.xlsx", "乙.xlsx", "-o", "甲.xlsx"),
    ("sum", "甲.xlsx", "乙.xlsx", "-o", "./报送/../乙.xlsx"),
    ("sum", "报送", "-o", "报送/丙.xlsx"),
    ("sum", "甲.xlsx", "-o", "数据.json", "--adjust", "数据.json"),
    ("convert", "甲.xlsx", "乙.xlsx", "-o", "乙.xlsx"),
    ("convert", "报送/丙.xlsx", "-o", "报送", "--to", "csv"),
    ("convert", "报送", "-o", "报送", "--to", "json"),
    ("convert", "甲.xlsx", "-o", ".", "--to", "csv"),
    ("convert", "报送/丙.xlsx", "-o", "..", "--to", "csv"),
    ("convert", "报送", "-o", "报送/丙.xlsx"),
    ("review", "报送", "-o", "报送"),
    ("review", "报送/丙.xlsx", "-o", "报送"),
    ("review", "甲.xlsx", "-o", "."),
    ("narrative", "write", "甲.xlsx", "-o", "笔记.txt", "--facts", "笔记.txt"),
    ("narrative", "check", "笔记.txt", "甲.xlsx", "-o", "笔记.txt"),
    ("narrative", "check", "别的.docx", "甲.xlsx", "--annotate", "别的.docx"),
    ("disclosure", "write", "甲.xlsx", "-o", "别的.docx", "--keep", "别的.docx"),
]
OVER_OTHERS = [
    ("fill", "数据.json", "-o", "别的.xlsx"),
    ("read", "甲.xlsx", "-o", "笔记.txt"),
    ("read", "甲.xlsx", "-o", "别的.json"),
    ("read", "甲.xlsx", "-o", "乙.xlsx"),
    ("schema", "-o", "别的.json"),
    ("schema", "-o", "数据.json"),
    ("validate", "甲.xlsx", "-o", "笔记.txt"),
    ("validate", "甲.xlsx", "--format", "json", "-o", "别的.json"),
    ("validate", "甲.xlsx", "--format", "html", "-o", "别的.html"),
    ("validate", "甲.xlsx", "--format", "html", "-o", "乙.xlsx"),
    ("clean", "标注.xlsx", "-o", "别的.xlsx"),
    ("checks-sheet", "甲.xlsx", "-o", "别的.xlsx"),
    ("sum", "甲.xlsx", "-o", "别的.xlsx"),
    ("sum", "甲.xlsx", "-o", "别的.json"),
    ("convert", "甲.xlsx", "-o", "别的.xlsx"),
    ("convert", "甲.xlsx", "-o", "别的.duckdb"),
    ("convert", "甲.xlsx", "-o", "用户的", "--to", "csv"),
    ("convert", "甲.xlsx", "-o", "用户的", "--to", "parquet"),
    ("review", "甲.xlsx", "-o", "用户的"),
    ("review", "甲.xlsx", "-o", "笔记.txt"),
    ("addin", "build", "-o", "别的.xlam"),
    ("mapping", "show", "2021-national", "-o", "别的.xlsx"),
    ("demo", "demo"),
    ("fill", "数据.json", "-o", "用户的"),
    ("narrative", "write", "甲.xlsx", "-o", "别的.docx"),
    ("narrative", "write", "甲.xlsx", "-o", "笔记.txt"),
    ("narrative", "check", "笔记.txt", "甲.xlsx", "-o", "别的.json"),
    ("disclosure", "write", "甲.xlsx", "-o", "别的.docx"),
    ("disclosure", "write", "甲.xlsx", "-o", "新.docx", "--pdf", "别的.pdf"),
]


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("args", [*OVER_INPUT, *OVER_OTHERS], ids=" ".join)
def test_what_is_not_the_tools_own_stays(
    room: Path, args: tuple[str, ...], force: tuple[str, ...]
) -> None:
    before = contents_of(room)
    with pytest.raises(InputError) as refusal:
        run(*args, *force)
    assert contents_of(room) == before
    assert any(
        word in str(refusal.value) for word in ("没有覆盖", "输入", "文件夹", "不覆盖", "写不成")
    )


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("target", ["甲.xlsx", "乙.xlsx", "标注.xlsx", "别的.xlsx"])
def test_no_book_is_marked_in_its_own_place(
    room: Path, target: str, force: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is given all the same."""
    before = contents_of(room)
    assert run("validate", "甲.xlsx", "标注.xlsx", "--annotate", ".", *force) == 2
    assert run("validate", "标注.xlsx", "乙.xlsx", "--annotate", ".", *force) == 2
    books = ("甲.xlsx", "--explanations", "标注.xlsx", "--prior", "乙.xlsx")
    assert run("validate", *books, "--annotate", target, *force) == 2
    assert contents_of(room) == before


@pytest.mark.parametrize("kind", ["hard", "symbolic"])
@pytest.mark.parametrize(
    "args",
    [
        ("read", "甲.xlsx", "-o", "LINK"),
        ("validate", "甲.xlsx", "--format", "html", "-o", "LINK"),
        ("sum", "甲.xlsx", "乙.xlsx", "-o", "LINK"),
        ("sum", "LINK", "乙.xlsx", "-o", "甲.xlsx"),
        ("convert", "甲.xlsx", "-o", "LINK"),
        ("convert", "LINK", "-o", "甲.xlsx"),
        ("checks-sheet", "甲.xlsx", "-o", "LINK"),
        ("clean", "LINK", "-o", "甲.xlsx"),
    ],
    ids=" ".join,
)
def test_a_file_is_known_under_every_name(room: Path, args: tuple[str, ...], kind: str) -> None:
    if kind == "hard":
        os.link("甲.xlsx", "链接.xlsx")
    else:
        symbolic(Path("链接.xlsx"), "甲.xlsx")
    before = contents_of(room)
    with pytest.raises(InputError):
        run(*(arg.replace("LINK", "链接.xlsx") for arg in args), "--force")
    assert contents_of(room) == before


def test_a_share_that_numbers_no_files_makes_none_the_same(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Path.stat

    def unnumbered(path: Path, **how: bool) -> os.stat_result:
        return os.stat_result((known(path, **how)[0], 0, 0, *known(path, **how)[3:]))

    monkeypatch.setattr(Path, "stat", unnumbered)
    assert is_same(Path("甲.xlsx"), room / "甲.xlsx")
    assert not is_same(Path("甲.xlsx"), Path("乙.xlsx"))
    before = contents_of(room)
    with pytest.raises(InputError, match="不是 xltool 写的"):
        clean("标注.xlsx", "别的.xlsx", force=True)
    assert contents_of(room) == before


def test_two_outputs_are_not_one(room: Path) -> None:
    with pytest.raises(InputError, match="写了两次"):
        run("sum", "甲.xlsx", "-o", "新.xlsx", "-o", "./新.xlsx")
    assert not Path("新.xlsx").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("fill", "数据.json", "-o", "新.xlsx"),
        ("read", "甲.xlsx", "-o", "新.json"),
        ("schema", "-o", "新.json"),
        ("validate", "甲.xlsx", "-o", "新.txt"),
        ("validate", "甲.xlsx", "--format", "json", "-o", "新.json"),
        ("validate", "甲.xlsx", "乙.xlsx", "--format", "json", "-o", "新.json"),
        ("validate", "甲.xlsx", "--format", "html", "-o", "新.html"),
        ("validate", "甲.xlsx", "乙.xlsx", "--format", "html", "-o", "新"),
        ("validate", "甲.xlsx", "--annotate", "新.xlsx"),
        ("clean", "标注.xlsx", "-o", "新.xlsx"),
        ("checks-sheet", "甲.xlsx", "-o", "新.xlsx"),
        ("sum", "甲.xlsx", "-o", "新.xlsx", "-o", "新.json"),
        ("addin", "build", "-o", "新.xlam"),
        ("mapping", "show", "2021-national", "-o", "新.xlsx"),
        ("demo", "新"),
        ("narrative", "write", "甲.xlsx", "-o", "新.docx"),
        ("narrative", "check", "笔记.txt", "甲.xlsx", "-o", "新.txt"),
        ("disclosure", "write", "甲.xlsx", "-o", "新.docx"),
    ],
    ids=" ".join,
)
def test_its_own_output_is_replaced_with_force(room: Path, args: tuple[str, ...]) -> None:
    assert run(*args) in (0, 1)
    names = contents_of(room).keys()
    assert run(*args, "--force") in (0, 1)
    assert contents_of(room).keys() == names


def test_a_folder_of_its_own_is_replaced_unless_something_was_put_in_it(room: Path) -> None:
    for kind in ("csv", "json", "jsonl", "parquet", "xlsx", "duckdb"):
        args = ("convert", "报送", "-o", f"新.{kind}", "--to", kind, "--jobs", "1")
        assert run(*args) == 0
        assert run(*args, "--force") == 0
    for kind, name, content in (
        ("csv", "books.csv", "\ufeff文件,我的\n"),
        ("csv", "我的.csv", "\ufeff文件\n"),
        ("json", "我的.json", '{"版本": 1}'),
        ("jsonl", "我的.jsonl", ""),
    ):
        folder = room / f"又.{kind}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(f"新.{kind}", folder)
        (folder / name).write_text(content, encoding="utf-8")
        before = contents_of(room)
        with pytest.raises(InputError, match="没有覆盖"):
            run("convert", "报送", "-o", str(folder), "--to", kind, "--force")
        assert contents_of(room) == before


def test_a_review_is_replaced_unless_a_file_in_it_was_changed(room: Path) -> None:
    args = ("review", "报送", "-o", "报送/审核", "--annotate", "--all-reports", "--jobs", "1")
    assert run(*args) in (0, 1)
    assert run(*args, "--force") in (0, 1)
    (copy,) = Path("报送/审核/标注本").iterdir()
    copy.write_bytes(opened_and_saved(copy.read_bytes()))
    before = contents_of(room)
    with pytest.raises(InputError, match="改过"):
        run(*args, "--force")
    assert contents_of(room) == before


def test_a_work_folder_that_is_the_users_is_not_taken(room: Path) -> None:
    Path("新.csv.part").mkdir()
    Path("新.csv.part", "笔记.txt").write_text("用户的", encoding="utf-8")
    before = contents_of(room)
    for more in ("--force", "--resume"):
        with pytest.raises(InputError, match=r"笔记\.txt"):
            run("convert", "报送", "-o", "新.csv", "--to", "csv", more)
    assert contents_of(room) == before


def test_a_document_that_was_typed_is_not_replaced_by_what_was_read(room: Path) -> None:
    document = dumps({"版本": "2021-national", "表": {}})
    Path("打的.json").write_text(document.replace('": "', '":"'), encoding="utf-8")
    with pytest.raises(InputError, match="没有覆盖"):
        run("read", "甲.xlsx", "-o", "打的.json", "--force")


ENDED = """
import signal, sys

def asked(event, args):
    if event == "open" and str(args[0]).endswith(".tmp") and not told:
        told.append(args[0])
        signal.raise_signal(signal.SIGTERM)

told = []
sys.addaudithook(asked)
from xltool.cli import main
main()
"""
"""Asked to end when a draft is opened; on Windows that is how Python hears of a closed window, too."""


@pytest.mark.parametrize(
    "args",
    [
        ("fill", "数据.json", "-o", "新.xlsx"),
        ("set", "甲.xlsx", "-o", "新.xlsx", "收入支出决算总表.收入.经营收入=1"),
        ("finish", "甲.xlsx", "-o", "新.xlsx"),
        ("validate", "甲.xlsx", "--annotate", "新.xlsx"),
    ],
    ids=lambda args: args[0],
)
def test_a_command_that_is_asked_to_end_leaves_nothing(room: Path, args: tuple[str, ...]) -> None:
    before = contents_of(room)
    done = subprocess.run(
        [sys.executable, "-c", ENDED, *args],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr.decode().strip()) == (2, "错误：已中断")
    assert contents_of(room) == before
