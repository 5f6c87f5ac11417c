"""A workbook that is written row by row: its pieces lie beside it and not in the system's folder, and go with it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from xltool.core.saving.mark import put_mark


class StreamedBook:
    """An XlsxWriter workbook (`book`) in the file `path`."""

    def __init__(self, path: Path) -> None:
        self._path, self._closed = path, False
        self._pieces = tempfile.TemporaryDirectory(
            prefix=".xltool-", dir=path.parent, ignore_cleanup_errors=True
        )
        self.book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "tmpdir": self._pieces.name,
            },
        )

    def close(self) -> None:
        """Complete the file, whatever it holds; once. Raises OSError, and leaves no pieces then either."""
        if self._closed:
            return
        self._closed = True
        try:
            self.book.close()
            put_mark(self._path)
        except FileCreateError as error:
            raise _refused(error) from error
        finally:
            # what a failure left open could not be removed on Windows
            for sheet in self.book.worksheets():
                if sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()
            self._pieces.cleanup()


def forget_row(sheet: Any, row: int) -> None:
    """Let go of the height of a row that is written: XlsxWriter would keep those of all rows to the end."""
    for name in (
        "row_info",
        "set_rows",
        "row_sizes",
    ):  # the first is called like the second before 3.2.6
        getattr(sheet, name, {}).pop(row, None)


def _refused(error: FileCreateError) -> OSError:
    """Why the system refused, without the library's wrapping."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, OSError) else OSError(str(error))
