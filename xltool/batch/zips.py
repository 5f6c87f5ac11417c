"""Zip archives of workbooks, as people send them: names in any code page, nothing written to disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, system_reason
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.limits import Limits

_UTF8, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
_MAX_MEMBERS = 50_000
_CHUNK = 1 << 20

Opened = tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]
"""An open archive and the files in it."""


def members(path: Path) -> Iterator[tuple[str, str]]:
    """The files in an archive: name for people, and key for `read_member`. Raises `InputError`."""
    # not kept: on Windows a file that is open can neither be moved nor deleted
    archive, infos = _opened(path, _open)
    archive.close()
    if len(infos) > _MAX_MEMBERS:
        raise InputError(
            Problem(
                str(path), f"压缩包里的文件超过 {_MAX_MEMBERS} 个，没有读。请拆分", code="too-large"
            )
        )
    seen: dict[str, int] = {}
    for index, info in enumerate(infos):
        shown = safe_name(_decoded(info))
        seen[shown] = seen.get(shown, 0) + 1
        if seen[shown] > 1:
            stem, dot, suffix = shown.rpartition(".")
            shown = f"{stem}#{seen[shown]}{dot}{suffix}"
        yield shown, str(index)


def read_member(path: Path, key: str, limits: Limits) -> bytes:
    """The content of a file in an archive. Raises `WorkbookError`; declared sizes are not trusted."""
    try:
        archive, infos = _opened(path, _kept_open)
    except InputError as error:
        raise WorkbookError("corrupt", error.problems[0].message) from None
    if int(key) >= len(infos):
        raise WorkbookError("missing", "压缩包变了，里面没有这个文件了。请重新运行")
    info = infos[int(key)]
    if info.flag_bits & _ENCRYPTED:
        raise WorkbookError("encrypted", "压缩包设了密码。请先解压，再处理其中的工作簿")
    if _is_bomb(info, limits):
        raise WorkbookError("too-large", "压缩比或解压后的大小超出安全上限，没有解压。请核实来源")
    try:
        with archive.open(info) as file:
            return _bounded(file, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        raise WorkbookError("corrupt", "压缩包里的这个文件已损坏。请重新取得") from None
    except (NotImplementedError, RuntimeError):
        raise WorkbookError("unsupported", "压缩方式不支持。请先解压，再处理其中的工作簿") from None


def written(path: Path, key: str) -> str:
    """When a file in an archive was last written, as ISO to the second; "" where that is not known."""
    try:
        info = _opened(path, _kept_open)[1][int(key)]
        return datetime(*info.date_time).isoformat(" ")
    except (InputError, IndexError, ValueError):
        return ""


def _bounded(file: IO[bytes], limits: Limits) -> bytes:
    content = bytearray()
    while chunk := file.read(_CHUNK):
        content += chunk
        if len(content) > limits.max_file:
            raise WorkbookError("too-large", f"解压后超过 {limits.max_file >> 20} MB，没有读")
    return bytes(content)


def _is_bomb(info: zipfile.ZipInfo, limits: Limits) -> bool:
    size, packed = info.file_size, max(1, info.compress_size)
    return size > limits.max_file or (
        size > limits.ratio_floor and size > packed * limits.max_ratio
    )


def _opened(path: Path, opening: Callable[[Path, int, int], Opened]) -> Opened:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # opening a pipe would wait for ever, reading a device would never end
            raise InputError(
                Problem(str(path), "不是普通文件（是管道、设备之类），没有读", code="unreadable")
            )
        return opening(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        raise InputError(
            Problem(str(path), "文件不存在。请核对路径和文件名", code="missing")
        ) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"压缩包读不出来（{system_reason(error)}）", code="unreadable")
        ) from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        message = "压缩包已损坏或不完整，打不开。请重新取得"
        raise InputError(Problem(str(path), message, code="unreadable")) from None


def _open(path: Path, _time: int, _size: int) -> Opened:
    archive = zipfile.ZipFile(path)
    return archive, [info for info in archive.infolist() if not info.is_dir()]


@remembered(2)
def _kept_open(path: Path, time: int, size: int) -> Opened:
    """The archive, kept open: neighbouring tasks read from the same one."""
    return _open(path, time, size)


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name of an entry. Without the UTF-8 flag: UTF-8 all the same (macOS), else 936 (Windows)."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    if stated := _unicode_path(info.extra, raw):
        return stated
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Unicode Path field, when it belongs to this entry."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5:
            if int.from_bytes(body[1:5], "little") != zlib.crc32(raw):
                return None
            return body[5:].decode("utf-8", "replace")
    return None


def safe_name(name: str) -> str:
    """A path inside an archive without roots, drives and climbing: `..\\\\a/../C:/b.xlsx` -> `a/C_/b.xlsx`."""
    pieces = name.split("\0", maxsplit=1)[0].replace("\\", "/").split("/")
    kept = [piece.replace(":", "_") for piece in pieces if piece not in ("", ".", "..")]
    return "/".join(kept) or "_"
