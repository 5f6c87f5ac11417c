"""Checks of Excel, the installed add-in and what policies forbid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from xltool import wps
from xltool.addin.config import SHEET, settings
from xltool.addin.machine import Machine
from xltool.addin.outcomes import DoctorOutcome, bad, good, not_here, unknown
from xltool.addin.xlam import NAME, build
from xltool.core.version import __version__
from xltool.ooxml import WorkbookError, make_ref, open_workbook

_NOT_WINDOWS = "不是 Windows"
_INSTALL = "运行 xltool addin install"
_OFFICE = ("16.0", "15.0", "14.0")
"""Excel 2016 and later, 2013, 2010."""


def installed_file(machine: Machine) -> Path | None:
    """The add-in in the start folder, if it is there."""
    folder = machine.start_folder()
    path = folder / NAME if folder else None
    return path if path and path.is_file() else None


def excel(machine: Machine) -> DoctorOutcome:
    """Excel is there, and it is Excel that answers to its name."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    version = machine.registry("HKCR", r"Excel.Application\CurVer", "")
    if not version:
        advice = "没有 Excel 就用 xltool serve 打开本机页面；WPS 见 docs/addin.md"
        return bad("没有登记 Excel", advice)
    class_id = machine.registry("HKCR", r"Excel.Application\CLSID", "")
    server = machine.registry("HKCR", rf"CLSID\{class_id}\LocalServer32", "") or ""
    if "wps" in str(server).lower() or "et.exe" in str(server).lower():
        advice = "在 WPS 的“设置→兼容”里取消兼容第三方系统和软件，再在 Office 里修复安装"
        return bad(f"WPS 占用了 Excel 的登记：{server}", advice)
    return good(str(version))


def addin_file(machine: Machine) -> DoctorOutcome:
    """The add-in stands where Excel loads it."""
    folder = machine.start_folder()
    if folder is None:
        return not_here("这台电脑没有 Excel 的启动文件夹")
    path = installed_file(machine)
    if path is None:
        advice = f"{_INSTALL}；装过又不见了，多半是被杀毒软件隔离：到隔离区恢复并加入信任"
        return bad(f"没有 {folder / NAME}", advice)
    return good(str(path))


def addin_fits(machine: Machine) -> DoctorOutcome:
    """The add-in was made by this xltool and this xlwings."""
    path = installed_file(machine)
    if path is None:
        return not_here("没有安装加载项")
    try:
        there = _settings(path)
    except WorkbookError as error:
        return bad(f"加载项文件坏了：{error}", _INSTALL)
    wanted = settings(machine.python())
    for key, name in (("XLTOOL_VERSION", "xltool"), ("XLWINGS_VERSION", "xlwings")):
        if there.get(key) != wanted[key]:
            seen = f"加载项是按 {name} {there.get(key)} 做的，现在是 {wanted[key]}"
            return bad(seen, f"{_INSTALL}，重新做一份")
    if path.read_bytes() != build(machine.python()):
        return bad("加载项与这个 Python 环境现在会做出的不一样", f"{_INSTALL}，重新做一份")
    return good(f"xltool {wanted['XLTOOL_VERSION']}，xlwings {wanted['XLWINGS_VERSION']}")


def addin_interpreter(machine: Machine) -> DoctorOutcome:
    """The Python that the add-in starts exists."""
    path = installed_file(machine)
    if path is None:
        return not_here("没有安装加载项")
    named = _settings(path).get("INTERPRETER_WIN", "")
    if not Path(named).is_file():
        return bad(f"加载项要用的 Python 不在了：{named}", f"在现在的环境里{_INSTALL}")
    return good(named)


def _settings(path: Path) -> dict[str, str]:
    """What the add-in's own sheet says. Raises WorkbookError."""
    sheet = open_workbook(path.read_bytes()).sheet(SHEET)
    last = sheet.extent.bottom if sheet.extent else 0
    pairs = (
        (sheet.value(make_ref(row, 1)), sheet.value(make_ref(row, 2))) for row in range(1, last + 1)
    )
    return {str(key): "" if value is None else str(value) for key, value in pairs}


def mark_of_web(machine: Machine) -> DoctorOutcome:
    """Windows does not hold the file for one from the internet."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    path = installed_file(machine)
    if path is None:
        return not_here("没有安装加载项")
    if machine.mark_of_web(path):
        advice = f"右键 {path} →属性→勾选“解除锁定”；或{_INSTALL}"
        return bad("文件带有“来自网络”的标记，Excel 会禁用它的宏", advice)
    return good()


def disabled(machine: Machine) -> DoctorOutcome:
    """Excel has not put the add-in on its list of disabled items."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    for version in _OFFICE:
        path = rf"Software\Microsoft\Office\{version}\Excel\Resiliency\DisabledItems"
        if any(_mentions(value) for value in machine.registry_values(path)):
            advice = "Excel：文件→选项→加载项→管理“禁用项目”→转到→选中 xltool→启用"
            return bad("Excel 上次出错后禁用了本加载项", advice)
    return good()


def _mentions(value: Any) -> bool:
    text = value.decode("utf-16-le", "ignore") if isinstance(value, bytes) else str(value)
    return NAME.lower() in text.lower()


def macros(machine: Machine) -> DoctorOutcome:
    """No policy and no setting keeps the macros of the start folder from running."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    for where, version in _policies():
        base = rf"{where}\{version}"
        if machine.registry("HKCU", rf"{base}\Common", "VBAOff") == 1:
            return bad("组策略关闭了 VBA", "请单位的信息部门放开；或用 xltool serve 的本机页面")
        locked = machine.registry(
            "HKCU", rf"{base}\Excel\Security\Trusted Locations", "AllLocationsDisabled"
        )
        level = machine.registry("HKCU", rf"{base}\Excel\Security", "VBAWarnings")
        if locked == 1 and level in (3, 4):
            advice = "Excel：文件→选项→信任中心→受信任位置，取消“禁用所有受信任位置”；灰色的要请信息部门放开"
            return bad("禁用了宏和全部受信任位置", advice)
    if not machine.usual_folder:
        return unknown(
            "加载项不在默认的启动文件夹", "在 Excel 的信任中心把这个文件夹加为受信任位置"
        )
    return good()


def _policies() -> Iterator[tuple[str, str]]:
    for version in _OFFICE:
        yield r"Software\Policies\Microsoft\Office", version
        yield r"Software\Microsoft\Office", version


def command_prompt(machine: Machine) -> DoctorOutcome:
    """cmd.exe, through which a button starts Python, is allowed."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    forbidden = machine.registry(
        "HKCU", r"Software\Policies\Microsoft\Windows\System", "DisableCMD"
    )
    exit_code, said = machine.run(["cmd.exe", "/C", "exit 0"])
    if forbidden in (1, 2) or exit_code != 0:
        seen = "组策略禁用了命令提示符（cmd.exe）" if forbidden else f"cmd.exe 不能运行：{said}"
        return bad(seen, "请信息部门放开；或用 xltool serve 的本机页面")
    return good()


def script_host(machine: Machine) -> DoctorOutcome:
    """The Windows Script Host, which starts cmd.exe, is allowed."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    for root in ("HKCU", "HKLM"):
        value = machine.registry(
            root, r"Software\Microsoft\Windows Script Host\Settings", "Enabled"
        )
        if str(value) == "0":
            seen = f"Windows Script Host 被禁用（{root}）"
            return bad(seen, "请信息部门放开；或用 xltool serve 的本机页面")
    return good()


def security_software(machine: Machine) -> DoctorOutcome:
    """What cannot be seen from here."""
    if not machine.windows:
        return not_here(_NOT_WINDOWS)
    advice = "按钮没有反应时，看杀毒软件的拦截记录，把 Python 所在的文件夹和 xltool.xlam 加入信任"
    return unknown("从这里看不到杀毒软件和 AppLocker 的拦截", advice)


def wps_addin(machine: Machine) -> DoctorOutcome:
    """The add-in for WPS, where it is installed, is of this version."""
    found = [path.name for path in wps.installed()]
    if not found:
        return not_here("没有安装；要用就运行 xltool addin install --wps")
    if found != [f"{wps.NAME}_{__version__}"]:
        seen = f"装的是 {'、'.join(found)}，本程序是 {__version__}"
        return bad(seen, "运行 xltool addin install --wps")
    return good(found[0])


CHECKS: Mapping[str, Callable[[Machine], DoctorOutcome]] = {
    "Excel": excel,
    "加载项文件": addin_file,
    "加载项与程序配套": addin_fits,
    "加载项要用的 Python": addin_interpreter,
    "来自网络的标记": mark_of_web,
    "被 Excel 禁用": disabled,
    "宏和受信任位置": macros,
    "命令提示符": command_prompt,
    "Windows Script Host": script_host,
    "WPS 加载项": wps_addin,
    "杀毒软件、应用控制": security_software,
}
