"""A composed text as a file: .docx or .txt, whole or not at all."""

from __future__ import annotations

import io

from xltool.core.problems import InputError, Problem
from xltool.narrative.writing.compose import Composed

KINDS = (".docx", ".txt")


def rendered(composed: Composed, suffix: str, title: str) -> bytes:
    """The bytes of the file. Raises `InputError` for a kind that cannot be written."""
    if suffix == ".txt":
        return composed.text.encode("utf-8")
    if suffix != ".docx":
        hint = f"可以写：{'、'.join(KINDS)}"
        raise InputError(
            Problem(suffix or "输出文件", "写不了这种文字文件", hint, code="bad-target")
        )
    from xltool.narrative.writing.kept import remember
    from xltool.narrative.writing.word import add_blocks, add_title, new_document

    word = new_document()
    add_title(word, title)
    add_blocks(word, composed.blocks, notes=composed.notes)
    remember(word, composed.blocks)
    return saved(word)


def saved(word: object) -> bytes:
    """The bytes of a Word document."""
    data = io.BytesIO()
    word.save(data)  # type: ignore[attr-defined]  # python-docx is imported where it is used
    return data.getvalue()
