"""Zip archives of workbooks, as people send them: names in any code page, archives in archives."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, system_reason
from xltool.ooxml import WorkbookError
from xltool.ooxml.package.limits import Limits

_UTF8, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
MAX_MEMBERS = 50_000
_CHUNK = 1 << 20
_IN_MEMORY = 16 << 20
"""Bytes of an archive in an archive that are held in memory; a larger one goes to a temporary file."""
_BROKEN = "压缩包已损坏或不完整，打不开。请重新取得"


@dataclass(frozen=True, slots=True)
class OpenZip:
    """An open archive, the files in it, and what it is read from when that is no file of its own."""

    archive: zipfile.ZipFile
    infos: list[zipfile.ZipInfo]
    room: IO[bytes] | None = None

    def __enter__(self) -> OpenZip:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()  # one that was kept is closed when it is forgotten

    def close(self) -> None:
        """Close the archive and what it is read from."""
        self.archive.close()
        if self.room is not None:
            self.room.close()


@contextmanager
def opened(path: Path) -> Iterator[OpenZip]:
    """An archive, to look through. Raises `InputError`."""
    # not kept: on Windows a file that is open can neither be moved nor deleted
    zipped = _opened(path, _open)
    with zipped:
        if len(zipped.infos) > MAX_MEMBERS:
            raise InputError(
                Problem(
                    str(path),
                    f"压缩包里的文件超过 {MAX_MEMBERS} 个，没有读。请拆分",
                    code="too-large",
                )
            )
        yield zipped


def members(zipped: OpenZip) -> Iterator[tuple[str, str]]:
    """The files in an archive: name for people, and key."""
    seen: dict[str, int] = {}
    for index, info in enumerate(zipped.infos):
        shown = safe_name(_decoded(info))
        seen[shown] = seen.get(shown, 0) + 1
        if seen[shown] > 1:
            stem, dot, suffix = shown.rpartition(".")
            shown = f"{stem}#{seen[shown]}{dot}{suffix}"
        yield shown, str(index)


def inner(zipped: OpenZip, key: str, limits: Limits) -> OpenZip:
    """An archive in an archive; the keys of its files are `key/…`. Raises `WorkbookError`."""
    info = _info(zipped, key)
    with ExitStack() as closing:
        try:
            # no SpooledTemporaryFile: a zip can't be read from one before Python 3.11
            held = info.file_size <= _IN_MEMORY
            room: IO[bytes] = BytesIO() if held else TemporaryFile()  # noqa: SIM115 (the stack closes it)
            closing.enter_context(room)
            for chunk in _unpacked(zipped, info, limits):
                room.write(chunk)
            found = _listed(zipfile.ZipFile(room), room)
        except OSError as error:
            told = f"解压用的临时文件写不了（{system_reason(error)}）。请清理磁盘后重试"
            raise WorkbookError("no-space", told) from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise WorkbookError("corrupt", _BROKEN) from None
        closing.pop_all()  # it stays open
        return found


def read_member(path: Path, key: str, limits: Limits) -> bytes:
    """The content of a file in an archive. Raises `WorkbookError`; declared sizes are not trusted."""
    zipped, own = _reached(path, key, limits)
    return b"".join(_unpacked(zipped, _info(zipped, own), limits))


def written(path: Path, key: str) -> str:
    """When a file in an archive was last written, as ISO to the second; "" where that is not known."""
    try:
        zipped, own = _reached(path, key, Limits())
        return datetime(*zipped.infos[int(own)].date_time).isoformat(" ")
    except (WorkbookError, IndexError, ValueError):
        return ""


def _reached(path: Path, key: str, limits: Limits) -> tuple[OpenZip, str]:
    """The archive, or the one in it, that holds a file, and the key of the file there. Raises `WorkbookError`."""
    outer, _, own = key.rpartition("/")
    try:
        if outer:
            return _opened(path, partial(_kept_inner, outer, limits)), own
        return _opened(path, _kept_open), own
    except WorkbookError:
        raise
    except InputError as error:
        raise WorkbookError("corrupt", error.problems[0].message) from None


def _info(zipped: OpenZip, key: str) -> zipfile.ZipInfo:
    if int(key) >= len(zipped.infos):
        raise WorkbookError("missing", "压缩包变了，里面没有这个文件了。请重新运行")
    return zipped.infos[int(key)]


def _unpacked(zipped: OpenZip, info: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    if info.flag_bits & _ENCRYPTED:
        raise WorkbookError("encrypted", "压缩包设了密码。请先解压，再处理其中的工作簿")
    if _is_bomb(info, limits):
        raise WorkbookError("too-large", "压缩比或解压后的大小超出安全上限，没有解压。请核实来源")
    try:
        with zipped.archive.open(info) as file:
            yield from _bounded(file, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        raise WorkbookError("corrupt", "压缩包里的这个文件已损坏。请重新取得") from None
    except (NotImplementedError, RuntimeError):
        raise WorkbookError("unsupported", "压缩方式不支持。请先解压，再处理其中的工作簿") from None


def _bounded(file: IO[bytes], limits: Limits) -> Iterator[bytes]:
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > limits.max_file:
            raise WorkbookError("too-large", f"解压后超过 {limits.max_file >> 20} MB，没有读")
        yield chunk


def _is_bomb(info: zipfile.ZipInfo, limits: Limits) -> bool:
    size, packed = info.file_size, max(1, info.compress_size)
    return size > limits.max_file or (
        size > limits.ratio_floor and size > packed * limits.max_ratio
    )


def _opened(path: Path, opening: Callable[[Path, int, int], OpenZip]) -> OpenZip:
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
        raise InputError(Problem(str(path), _BROKEN, code="unreadable")) from None


def _open(path: Path, _time: int, _size: int) -> OpenZip:
    return _listed(zipfile.ZipFile(path))


def _listed(archive: zipfile.ZipFile, room: IO[bytes] | None = None) -> OpenZip:
    return OpenZip(archive, [info for info in archive.infolist() if not info.is_dir()], room)


@remembered(2)
def _kept_open(path: Path, time: int, size: int) -> OpenZip:
    """The archive, kept open: neighbouring tasks read from the same one."""
    return _open(path, time, size)


@remembered(2)
def _kept_inner(key: str, limits: Limits, path: Path, time: int, size: int) -> OpenZip:
    return inner(_kept_open(path, time, size), key, limits)


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
