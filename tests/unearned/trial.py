"""What the command line says of a book, and whether it named what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xltool


def judged(book: bytes | Path, **options: Any) -> tuple[str, str]:
    """The verdict on a book (空 when it is refused), and all that was said: sheets, cells, sentences."""
    try:
        raw = xltool.validate(book, **options).to_dict()
    except xltool.InputError as error:
        return "", "\n".join(f"{one.where} {one.message}" for one in error.problems)
    lines = [
        f"{one['level']} {one['rule']} {one['sheet'] or ''}!{','.join(one['cells'])} {one['message']}"
        for one in raw["findings"]
    ]
    lines += [f"{one['where']} {one['message']}" for one in raw.get("problems", [])]
    return raw["verdict"], "\n".join(lines)


def unearned(book: bytes | Path, *, naming: str = "", **options: Any) -> None:
    """Insist that a book is not 合格, and that what is wrong is named."""
    verdict, said = judged(book, **options)
    assert verdict != "合格", f"合格 was not earned:\n{said}"
    assert naming in said, f"{naming} is not named:\n{said}"


def stands(book: bytes | Path, **options: Any) -> None:
    """Insist that a sound book stays 合格, without a finding of level error."""
    verdict, said = judged(book, **options)
    assert verdict == "合格", said
    assert "error " not in said, said


def asks(book: bytes | Path, rule: str) -> None:
    """Insist that a book which may be right is not called so without 需核实."""
    _, said = judged(book)
    assert f"warning {rule} " in said, said
