"""环境自检: each thing that people report as failing is found, named and answered."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

import pytest

from xltool import wps
from xltool.addin import config, pythonchecks
from xltool.addin.doctor import DoctorCheck, examine_installation, lines
from xltool.addin.install import install
from xltool.addin.log import FOLDER
from xltool.addin.machine import Machine
from xltool.addin.xlam import NAME, build

OFFICE = r"Software\Microsoft\Office\16.0"
POLICIES = r"Software\Policies\Microsoft\Office\16.0"
CLASS = "{00024500-0000-0000-C000-000000000046}"


@dataclass
class OfficePc(Machine):
    """A Windows PC with Excel on which everything is in order, but for what a test breaks."""

    windows: bool = True
    keys: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    disabled: list[Any] = field(default_factory=list)
    from_web: bool = False
    broken_imports: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    interpreter: PurePath | None = None
    usual: bool = True

    def __post_init__(self) -> None:
        self.keys = {
            ("HKCR", r"Excel.Application\CurVer", ""): "Excel.Application.16",
            ("HKCR", r"Excel.Application\CLSID", ""): CLASS,
            ("HKCR", rf"CLSID\{CLASS}\LocalServer32", ""): r"C:\Office16\EXCEL.EXE /automation",
            **self.keys,
        }

    @property
    def usual_folder(self) -> bool:
        return self.usual

    def python(self) -> PurePath:
        return self.interpreter or super().python()

    def registry(self, root: str, path: str, name: str) -> Any:
        return self.keys.get((root, path, name))

    def registry_values(self, path: str) -> list[Any]:
        return self.disabled if path.startswith(OFFICE) else []

    def run(self, command: Sequence[str], folder: Path | None = None) -> tuple[int, str]:
        return self.answers.get("cmd" if command[0] == "cmd.exe" else "python", (0, "dispatch"))

    def imports(self, name: str) -> str:
        return self.broken_imports.get(name, "")

    def mark_of_web(self, path: Path) -> bool:
        return self.from_web


def found(machine: Machine) -> dict[str, DoctorCheck]:
    return {check.name: check for check in examine_installation(machine)}


def the_bad_one(machine: Machine) -> DoctorCheck:
    (bad,) = [check for check in found(machine).values() if check.bad]
    return bad


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person's own WPS is looked at."""
    monkeypatch.setattr(wps, "default_folder", lambda: tmp_path / "jsaddons")


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A start folder of Excel with the add-in in it."""
    folder = tmp_path / "XLSTART"
    install(folder)
    return folder


def test_a_healthy_pc(start: Path) -> None:
    checks = found(OfficePc(start))
    assert [c.name for c in checks.values() if c.state == "不适用"] == ["WPS 加载项"]
    assert not any(c.bad for c in checks.values())
    assert [c.name for c in checks.values() if c.state == "未验证"] == ["杀毒软件、应用控制"]


TROUBLES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no excel": (
        {"keys": {("HKCR", r"Excel.Application\CurVer", ""): None}},
        "Excel",
        "xltool serve",
    ),
    "wps in its place": (
        {"keys": {("HKCR", rf"CLSID\{CLASS}\LocalServer32", ""): r"C:\WPS Office\et.exe"}},
        "Excel",
        "兼容",
    ),
    "pywin32": (
        {"broken_imports": {"pywintypes": "ImportError: DLL load failed"}},
        "pywin32",
        "pip install --force-reinstall pywin32",
    ),
    "xlwings": ({"broken_imports": {"xlwings": "ImportError: x"}}, "xlwings", "pip install"),
    "mark of the web": ({"from_web": True}, "来自网络的标记", "解除锁定"),
    "disabled": (
        {"disabled": [b"\x01\0" + r"C:\Users\XLSTART\XLTOOL.XLAM".encode("utf-16-le")]},
        "被 Excel 禁用",
        "禁用项目",
    ),
    "vba off": (
        {"keys": {("HKCU", rf"{POLICIES}\Common", "VBAOff"): 1}},
        "宏和受信任位置",
        "信息部门",
    ),
    "no trusted locations": (
        {
            "keys": {
                ("HKCU", rf"{OFFICE}\Excel\Security\Trusted Locations", "AllLocationsDisabled"): 1,
                ("HKCU", rf"{OFFICE}\Excel\Security", "VBAWarnings"): 4,
            }
        },
        "宏和受信任位置",
        "受信任位置",
    ),
    "cmd by policy": (
        {"keys": {("HKCU", r"Software\Policies\Microsoft\Windows\System", "DisableCMD"): 1}},
        "命令提示符",
        "xltool serve",
    ),
    "cmd blocked": ({"answers": {"cmd": (-1, "拒绝访问")}}, "命令提示符", "xltool serve"),
    "script host": (
        {"keys": {("HKLM", r"Software\Microsoft\Windows Script Host\Settings", "Enabled"): 0}},
        "Windows Script Host",
        "信息部门",
    ),
    "python does not start": (
        {"answers": {"python": (1, "Traceback\nModuleNotFoundError: xltool")}},
        "按钮能启动 Python",
        "重新安装",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_is_named_and_answered(start: Path, trouble: str) -> None:
    settings, name, advice = TROUBLES[trouble]
    bad = the_bad_one(OfficePc(start, **settings))
    assert bad.name == name
    assert advice in bad.advice
    assert bad.seen


def test_an_older_wps_addin(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wps, "installed", lambda: [Path("jsaddons/xltool_0.0.9")])
    bad = the_bad_one(OfficePc(start))
    assert (bad.name, bad.advice) == ("WPS 加载项", "运行 xltool addin install --wps")


def test_not_installed(tmp_path: Path) -> None:
    checks = found(OfficePc(tmp_path))
    assert checks["加载项文件"].bad and "xltool addin install" in checks["加载项文件"].advice
    assert "隔离" in checks["加载项文件"].advice
    assert checks["加载项与程序配套"].state == "不适用"


def test_another_version(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr(config, "xlwings_version", lambda: "0.37.5")
        install(start)
    seen = the_bad_one(OfficePc(start)).seen
    assert seen.startswith("加载项是按 xlwings 0.37.5 做的，现在是 0.37")


def test_a_changed_or_damaged_file(start: Path) -> None:
    path = start / NAME
    path.write_bytes(build(PureWindowsPath("D:/old/python.exe")))
    checks = found(OfficePc(start))
    assert checks["加载项与程序配套"].bad
    assert "D:" in checks["加载项要用的 Python"].seen
    path.write_bytes(b"PK\x03\x04 damaged")
    checks = found(OfficePc(start))
    assert checks["加载项与程序配套"].bad and "坏了" in checks["加载项与程序配套"].seen
    assert checks["加载项要用的 Python"].state == "未验证"


@pytest.mark.parametrize("path", [r"C:\100%\python.exe", "C:\\\U0001f600\\python.exe"])
def test_paths_that_vba_cannot_use(path: str) -> None:
    machine = OfficePc(interpreter=PureWindowsPath(path))
    state, seen, _ = pythonchecks.interpreter_path(machine)
    assert state == "有问题" and path in seen


def test_a_start_folder_of_ones_own_must_be_trusted(start: Path) -> None:
    check = found(OfficePc(start, usual=False))["宏和受信任位置"]
    assert check.state == "未验证" and "受信任位置" in check.advice


def test_log_that_cannot_be_written(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file" / "logs"))
    assert the_bad_one(OfficePc(start)).name == "运行记录"


def test_a_check_that_fails_itself_does_not_stop_the_others(start: Path) -> None:
    class Odd(OfficePc):
        def mark_of_web(self, path: Path) -> bool:
            raise RuntimeError("odd")

    checks = found(Odd(start))
    assert checks["来自网络的标记"].state == "未验证"
    assert checks["Windows Script Host"].state == "正常"


@pytest.mark.skipif(sys.platform == "win32", reason="在 Windows 上就该适用")
def test_elsewhere_what_is_for_windows_does_not_apply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    checks = found(Machine(windows=False))
    assert checks["pywin32"].state == checks["Excel"].state == "不适用"
    assert checks["按钮能启动 Python"].state == "正常"
    assert not any(check.bad for check in checks.values())


def test_lines_say_what_to_do() -> None:
    checks = [
        DoctorCheck("甲", "正常", "好"),
        DoctorCheck("乙", "有问题", "坏了", "修一修"),
        DoctorCheck("丙", "未验证"),
    ]
    assert list(lines(checks)) == [
        "[正常] 甲：好",
        "[有问题] 乙：坏了",
        "    → 修一修",
        "[未验证] 丙",
        "共 3 项，有问题 1 项，未验证 1 项。",
    ]
