"""Whether another program has a workbook open."""

from __future__ import annotations

from pathlib import Path

from xltool.core.locks import is_held
from xltool.core.windowsreasons import windows_reason
from xltool.ooxml.package.errors import WorkbookError

_SHARING_VIOLATIONS = {32, 33}


def owner_file(path: Path) -> Path:
    """The file that Excel and WPS put beside a workbook while it is open."""
    return path.with_name(f"~${path.name}")


def is_open_elsewhere(path: Path) -> bool:
    """Whether that file is there; where the system will not say, what follows will tell why."""
    try:
        return owner_file(path).exists()
    except OSError:
        return False


def locked(path: Path) -> WorkbookError:
    """The error for a workbook that another program has open."""
    return WorkbookError(
        "locked",
        "文件正在 Excel 或 WPS 中打开，请关闭后重试"
        f"（若并未打开，请删除同一文件夹中的 {owner_file(path).name}）。",
    )


def permission_error(path: Path, error: PermissionError) -> WorkbookError:
    """What a refused access to `path` means."""
    sharing = getattr(error, "winerror", None) in _SHARING_VIOLATIONS
    if sharing or is_open_elsewhere(path) or is_held(path):
        return locked(path)
    if reason := windows_reason(error):
        return WorkbookError("no-permission", f"{reason}。请换一个文件夹后重试。")
    return WorkbookError(
        "no-permission", "没有读写该文件或文件夹的权限。请换一个文件夹，或请管理员授权。"
    )
