"""The folder that people get, unpacked under Wine into a path with Chinese, spaces and brackets, and used.

Run by .ci/windows, which sets up Wine and says in XLTOOL_WINDOWS where its CPython for Windows is.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled, with_cells
from tests.support.terminal import ROOT, Answer
from tests.web.chrome import Browser
from tests.web.running import until
from xltool.core.resources import SAMPLES

WHERE = os.environ.get("XLTOOL_WINDOWS")
if not WHERE:
    pytest.skip("由 .ci/windows 来跑", allow_module_level=True)

USER = "用户/张 三"
CHECK, FILL = "校验（把工作簿拖到这里）.cmd", "填报（把数据拖到这里）.cmd"
WRONG = {("收入支出决算总表", "D33"): Decimal("308.82")}
BROWSER = b"@echo off\r\necho %*> C:\\t\\asked.txt\r\n"


def windows(path: Path) -> str:
    """A path on drive C as Windows writes it."""
    return "C:\\" + str(path.relative_to(drive())).replace("/", "\\")


def drive() -> Path:
    """Drive C."""
    return Path(os.environ["WINEPREFIX"]) / "drive_c"


@pytest.fixture(scope="module")
def desk() -> Path:
    """The user's desk, empty."""
    folder = drive() / USER / "桌 面"
    shutil.rmtree(drive() / USER, ignore_errors=True)
    folder.mkdir(parents=True)
    (drive() / "t").mkdir(exist_ok=True)
    (drive() / "t" / "browser.cmd").write_bytes(BROWSER)
    return folder


@pytest.fixture(scope="module")
def home(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked folder."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, str(ROOT / "tools" / "build_windows.py"), "--output", str(out)]
    subprocess.run([*build, "--python", str(Path(str(WHERE)) / "cp311")], check=True)
    (archive,) = (path for path in out.glob("*.zip") if "wheels" not in path.name)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(desk.parent / "工具 (1)")
    return desk.parent / "工具 (1)" / archive.stem


def door(name: str, *words: str, home: Path, said: bytes = b"", **environ: str) -> Answer:
    """Start one of the .cmd files; its window is a pipe, `said` is typed."""
    done = subprocess.run(
        ["wine", "cmd", "/c", name, *words],
        cwd=home,
        env=environment(**environ),
        input=said,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    return Answer(done.returncode, done.stdout.decode("gbk").replace("\r\n", "\n"), "")


def environment(**more: str) -> dict[str, str]:
    """Nothing of the tests' Python; the user's own folder is on drive C."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    own = {"XLTOOL_DATA": f"C:\\{USER}\\own".replace("/", "\\"), "XLTOOL_QUIET": "1"}
    return {**inherited, **own, "XLTOOL_BROWSER": "C:\\t\\browser.cmd", **more}


def explorer(home: Path, name: str, *files: Path) -> str:
    """The line with which the Explorer starts a door that files were dropped on."""
    told = (windows(file) for file in files)
    words = " ".join(f'"{word}"' if " " in word else word for word in told)
    return f'C:\\Windows\\system32\\cmd.exe /c ""{windows(home / name)}" {words}"'


def test_the_demonstration(home: Path, desk: Path) -> None:
    answer = door("xltool.cmd", "demo", windows(desk / "演示"), home=home)
    assert answer.code == 0, answer.out
    assert "→ 合格" in answer.out and "→ 不合格" in answer.out
    assert (desk / "演示" / "录错-标注.xlsx").exists()


def test_the_help_stays_until_a_key_is_pressed(home: Path) -> None:
    alone = door("xltool.cmd", home=home, said=b"\r\n")
    assert "校验" in alone.out and alone.out != door("xltool.cmd", "--help", home=home).out
    wrong = door("xltool.cmd", "validate", "没有.xlsx", "||", "echo", "failed", home=home)
    assert "failed" in wrong.out


def test_several_workbooks_with_awkward_names_are_dropped(home: Path, desk: Path) -> None:
    books = [desk / name for name in ("100%TEMP%^!x&y.xlsx", "甲䶮 & 乙 (1).xlsx", "坏[1].xlsx")]
    books[0].write_bytes(filled(SGB))
    books[1].write_bytes(with_cells(SGB, WRONG))
    books[2].write_bytes(b"PK")
    line = explorer(home, CHECK, *books)
    answer = door(CHECK, "cut", home=home, XLTOOL_LINE=line)
    assert "100%TEMP%^!x&y.xlsx：合格" in answer.out
    assert "甲? & 乙 (1).xlsx：不合格" in answer.out
    assert "共 3 份：没有校验 1 份，不合格 1 份，合格 1 份" in answer.out
    assert (desk / "甲䶮 & 乙 (1).报告.html").exists()
    assert (desk / "100%TEMP%^!x&y.标注.xlsx").exists()


def test_data_is_dropped_and_filled(home: Path, desk: Path) -> None:
    data = desk / "数 据&.json"
    text = (
        '{"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元",'
        ' "表": {"收入支出决算总表": {"收入": {"其他收入": 150000}, "支出": {"其他支出": 150000}}}}'
    )
    data.write_text(text, encoding="utf-8")
    shutil.copy(SAMPLES / f"{SGB}.json", desk / "样例.json")
    line = explorer(home, FILL, data, desk / "样例.json")
    answer = door(FILL, home=home, XLTOOL_LINE=line)
    assert "已填报" in answer.out and (desk / "数 据&-已填报.xlsx").exists(), answer.out
    # its totals are asked about, and nobody answers
    assert "没有填，请先改数据" in answer.out
    assert not (desk / "样例-已填报.xlsx").exists()


def test_the_doctor_writes_its_report(home: Path) -> None:
    answer = door("环境自检.cmd", home=home)
    assert "代码页：cp936" in answer.out
    report = (home / "xltool自检报告.txt").read_bytes().decode("utf-8-sig")
    assert "双击“安装Excel加载项”" in report and "xltool addin" not in report
    assert "docs/" not in report and "xltool serve" not in report


def test_the_add_in_is_installed_and_taken_away(home: Path) -> None:
    start = drive() / "t" / "Excel" / "XLSTART"
    start.parent.mkdir(exist_ok=True)
    answer = door("安装Excel加载项.cmd", home=home, XLTOOL_XLSTART="C:\\t\\Excel\\XLSTART")
    assert "已安装" in answer.out, answer.out
    assert (start / "xltool.xlam").exists()
    door("卸载Excel加载项.cmd", home=home, XLTOOL_XLSTART="C:\\t\\Excel\\XLSTART")
    assert not (start / "xltool.xlam").exists()


def test_from_a_stick_the_folder_is_copied_first(home: Path) -> None:
    stick = Path(os.environ["WINEPREFIX"]) / "dosdevices" / "u:"
    if not stick.exists():
        pytest.skip("没有 U 盘（盘符 U）")
    shutil.rmtree(stick / "工具 (1)", ignore_errors=True)
    shutil.copytree(home, stick / "工具 (1)", ignore=shutil.ignore_patterns("__pycache__"))
    start = drive() / "t" / "Stick" / "XLSTART"
    start.parent.mkdir(exist_ok=True)

    def enter(name: str) -> str:
        words, where = ("call", f"U:\\工具 (1)\\{name}"), windows(start)
        return door(*words, home=home, said=b"\r\n", XLTOOL_XLSTART=where).out

    out = enter("安装Excel加载项.cmd")
    assert "现在的文件夹在U 盘上" in out and "已复制到" in out and "已安装" in out, out
    (own,) = drive().glob("users/*/AppData/Local/Programs/xltool")
    assert (own / "python" / "python.exe").exists() and (start / "xltool.xlam").exists()
    out = enter("卸载Excel加载项.cmd")
    assert not own.exists() and not (start / "xltool.xlam").exists(), out


@pytest.mark.parametrize("name", ["环境自检.cmd", "打开页面.cmd"])
def test_where_the_program_does_not_start_a_door_says_what_to_do(home: Path, name: str) -> None:
    share = Path(os.environ["WINEPREFIX"]) / "dosdevices" / "unc" / "wenjian" / "gongxiang" / "空"
    shutil.rmtree(share, ignore_errors=True)
    (share / "python").mkdir(parents=True)
    shutil.copy(home / name, share)
    where = f"\\\\wenjian\\gongxiang\\空\\{name}"
    assert "请把压缩包整个解压出来" in door("call", where, home=home).out
    for program in ("python.exe", "pythonw.exe"):
        (share / "python" / program).write_bytes(b"no program")
    answer = door("call", where, home=home)
    assert answer.code == 2 and "请把整个文件夹复制到本机" in answer.out, answer.out


def test_the_page_comes_by_a_double_click_and_ends_with_its_window(
    home: Path, desk: Path, browser: str, tmp_path: Path
) -> None:
    asked = drive() / "t" / "asked.txt"
    asked.unlink(missing_ok=True)
    started = subprocess.Popen(
        ["wine", "cmd", "/c", "打开页面.cmd"],
        cwd=home,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,  # the server keeps it, so it is not read to its end
        stderr=subprocess.STDOUT,
    )
    assert started.wait(120) == 0
    assert started.stdout
    started.stdout.close()
    for _ in range(5):  # a busy machine takes its time
        try:
            url = until(lambda: asked.exists() and re.search(r"http://\S+", asked.read_text()))
            break
        except AssertionError:
            continue
    wrong = desk / "错.xlsx"
    wrong.write_bytes(with_cells(SGB, WRONG))
    chrome = Browser(browser, tmp_path / "profile")
    try:
        page = chrome.open(url[0].strip('"'))
        page.wait("document.querySelectorAll('#edition option').length > 1")
        page.choose_files("#files", [wrong])
        page.wait("document.querySelectorAll('.book.fail').length === 1")
        assert page.faults() == []
        page.close()
    finally:
        chrome.close()
    until(lambda: not (drive() / USER / "own" / "serve.json").exists())
    log = drive() / USER / "own" / "page.log"
    until(lambda: "已停止，临时文件已清除" in log.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "when", "said"),
    [
        (("serve", "--no-browser"), "Ctrl+C", "已停止，临时文件已清除"),
        (("watch", "."), "Ctrl-C", "已结束"),
    ],
    ids=["serve", "watch"],
)
def test_control_c_ends_what_runs_for_ever(
    home: Path, desk: Path, words: tuple[str, ...], when: str, said: str
) -> None:
    from tests.windows.console import typed

    command = ("wine", str(home / "python" / "python.exe"), "-m", "xltool", *words)
    code, out = typed(command, when=when, key=b"\x03", folder=desk, env=environment())
    assert (code, said in out) == (0, True), out
    assert not (drive() / USER / "own" / "serve.json").exists()


def test_nothing_that_only_tests_need_ships(home: Path) -> None:
    names = [path.relative_to(home).as_posix().lower() for path in home.rglob("*")]
    for needless in ("bcryptprimitives.dll", "/tests/", "pytest", "tkinter", "idlelib"):
        assert not [name for name in names if needless in name], needless
    assert len(max(names, key=len)) < 150, "in a user's folder it must stay under 260"
