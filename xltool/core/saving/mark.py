"""The mark on workbooks that xltool wrote: the comment of the archive, which no program shows.

Excel, WPS and LibreOffice write their archives without it. So a workbook that bears it is as xltool left it, and
`--force` may replace it; one that somebody saved, or made, may hold work that is nowhere else.
"""

from __future__ import annotations

from pathlib import Path

MARK = b"xltool"
_END = b"PK\x05\x06"
_END_SIZE = 22
_HEAD = 2000


def is_marked(path: Path) -> bool:
    """Whether a file is an archive with the mark."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _END_SIZE - len(MARK)))
            tail = file.read()
    except OSError:
        return False
    return tail.startswith(_END) and tail[_END_SIZE:] == MARK


def marked(data: bytes) -> bytes:
    """A whole archive with the mark, when it has no comment of its own."""
    end = data[-_END_SIZE:]
    if not (end.startswith(_END) and end.endswith(b"\0\0")):
        return data
    return data[:-2] + len(MARK).to_bytes(2, "little") + MARK


def put_mark(path: Path) -> None:
    """Mark a finished archive that has no comment."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE))
        end = file.read()
        if end.startswith(_END) and end.endswith(b"\0\0"):
            file.seek(size - 2)
            file.write(len(MARK).to_bytes(2, "little") + MARK)


def begins_with(path: Path, words: str) -> bool:
    """Whether a text has these words near its beginning."""
    try:
        with path.open("rb") as file:
            return words in file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return False
