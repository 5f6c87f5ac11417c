"""Why Windows refused a file, by its own numbers (winerror.h).

Python turns them into a few of the C library's, and all that those have no word for into EINVAL, "invalid argument":
a cable that was pulled, a scanner, a cloud drive that is not running.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from xltool.core.locks import is_held

_OPEN = "正被另一个程序打开"
_LONG = "路径太长"
_FULL = "磁盘满了"
_PROTECTED = "磁盘是只读的"
_GONE = "盘没有接好，可能拔掉了"
_NETWORK = "网络断了，或连不上那台电脑"
_BROKEN = "磁盘读写出错，可能坏了"
_CLOUD = "网盘（OneDrive 等）没有把文件取到本机，先在网盘里设成保留在本机"
_VIRUS = "被杀毒软件拦下了"
_POLICY = "单位的策略不让访问"
_NAME = "文件名不合规定"
_UNABLE = "这个磁盘不支持文件锁一类的操作"
_NO_FOLDER = "路径里有一段不是文件夹"

_EXISTS = 183
"""Of one name: a folder cannot be made where a file is."""

_REASONS = {
    **dict.fromkeys((32, 33, 1224), _OPEN),
    **dict.fromkeys((111, 206), _LONG),
    **dict.fromkeys((39, 112), _FULL),
    1295: "磁盘配额用完了",
    19: _PROTECTED,
    **dict.fromkeys((21, 433, 1167), _GONE),
    **dict.fromkeys((53, 54, 55, 59, 64, 67, 121, 1231, 1232, 1236), _NETWORK),
    **dict.fromkeys((23, 1117, 1392, 1393), _BROKEN),
    **dict.fromkeys((362, 386, 388, 389, 393, 398, 404, 426), _CLOUD),
    **dict.fromkeys((225, 226), _VIRUS),
    1260: _POLICY,
    **dict.fromkeys((123, 161), _NAME),
    **dict.fromkeys((1, 50), _UNABLE),
}

_LONGEST = 247
"""Of a folder, unless long paths are switched on; a longer one is said not to be there."""


def windows_reason(error: OSError) -> str:
    """What the system's number says, in Chinese; "" where `errno` says it all, and on other systems."""
    return _reason(error) if sys.platform == "win32" else ""


def _reason(error: OSError) -> str:
    names = [Path(os.fsdecode(name)) for name in (error.filename, error.filename2) if name]
    number = getattr(error, "winerror", 0) or _number(error)
    if number in _REASONS:
        return _REASONS[number]
    if number == _EXISTS and not error.filename2 and any(name.is_file() for name in names):
        return _NO_FOLDER
    if error.errno == errno.EACCES and any(map(is_held, names)):
        return _OPEN
    long = any(len(str(name)) > _LONGEST for name in names)
    if long and error.errno in (errno.ENOENT, errno.EINVAL):
        return _LONG
    return f"系统错误 {number}" if number and error.errno == errno.EINVAL else ""


def _number(error: OSError) -> int:
    """The number behind an error of the C library, with which Python opens, reads and writes; 0 where none is known.

    The library keeps that of its last failure. Only where it had no word of its own it is asked for, since what
    Python itself refuses leaves an older one there, and so does what this tool refuses, in words of its own.
    """
    told = error.errno == errno.EINVAL and error.strerror == os.strerror(errno.EINVAL)
    if sys.platform == "win32" and told:
        import ctypes

        number = ctypes.c_ulong()
        ctypes.cdll.ucrtbase._get_doserrno(ctypes.byref(number))
        return number.value
    return 0
