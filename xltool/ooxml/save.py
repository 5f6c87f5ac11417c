"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from .errors import WorkbookError
from .owner import locked, owner_file, permission_error

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_file(target: Path, chunks: Iterable[bytes], *, overwrite: bool) -> None:
    """Write `chunks` to `target` through a new file beside it; on failure nothing is left behind.

    Raises WorkbookError: exists (without `overwrite`), locked, no-permission, no-space, missing
    (no such folder).
    """
    target = Path(os.path.realpath(target))
    if not overwrite and target.exists():
        raise _located(
            WorkbookError("exists", "文件已存在。请换一个文件名，或明确要求覆盖。"), target
        )
    if owner_file(target).exists():
        raise _located(locked(target), target)
    draft = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    try:
        _write(draft, chunks)
        draft.replace(target)
    except PermissionError as error:
        raise _located(permission_error(target, error), target) from None
    except (FileNotFoundError, NotADirectoryError):
        message = f"文件夹 {target.parent} 不存在。请先建好文件夹。"
        raise _located(WorkbookError("missing", message), target) from None
    except OSError as error:
        raise _located(_write_error(error), target) from None
    finally:
        with suppress(OSError):
            draft.unlink()


def _write(draft: Path, chunks: Iterable[bytes]) -> None:
    with draft.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _write_error(error: OSError) -> WorkbookError:
    if error.errno in _NO_SPACE:
        return WorkbookError("no-space", "磁盘空间不足，没有保存。请清理磁盘后重试。")
    return WorkbookError(
        "no-permission", f"写不进去（{error.strerror}），没有保存。请换一个文件夹后重试。"
    )


def _located(error: WorkbookError, target: Path) -> WorkbookError:
    error.file = target.name
    return error
