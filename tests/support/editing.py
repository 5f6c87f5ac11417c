"""Editing a book in memory."""

from __future__ import annotations

import io
from collections.abc import Callable

from xltool.ooxml import Editor, open_workbook


def edited(book: bytes, edit: Callable[[Editor], object]) -> bytes:
    """`book` as it is saved after `edit`."""
    editor = Editor(open_workbook(book))
    edit(editor)
    return saved(editor)


def saved(editor: Editor) -> bytes:
    target = io.BytesIO()
    editor.save(target)
    return target.getvalue()
