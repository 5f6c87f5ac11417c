"""What keeps `xltool sum` from starting: files that are not named, not there or may not be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import collisions, obstacles
from xltool.core.saving.mark import is_marked
from xltool.core.suffixes import PATCHED
from xltool.documents.datafile import is_document


def refuse(
    outputs: Sequence[Path],
    inputs: Sequence[Path],
    name: str | None,
    book: Path | None,
    suggest: Path | None,
    *,
    force: bool,
) -> None:
    """Raise `InputError` for files that are not named or may not be written."""
    if not outputs and book is None:
        hint = "加 -o 部门.json 或 -o 部门.xlsx；只核对就加 --check 部门工作簿"
        raise InputError(Problem("-o", "没有说写到哪里", hint, code="bad-target"))
    raise_if(_refusals(outputs, inputs, name, force=force))
    raise_if(_suggest_refusals(suggest, book, [*outputs, *inputs], force=force))


def _refusals(
    outputs: Sequence[Path], inputs: Sequence[Path], name: str | None, *, force: bool
) -> Iterator[Problem]:
    """What can be seen to be wrong before anything is read. `inputs`: adjustments, the department's book."""
    if name is not None and not name.strip():
        yield Problem("--name", "部门名称是空白", code="bad-option")
    for path, count in Counter(inputs).items():
        if count > 1:
            yield Problem(str(path), "写了两次", "每个文件只写一次", code="doubled")
    for path in inputs:
        if not path.is_file():
            yield Problem(
                str(path), "是文件夹，不是文件" if path.is_dir() else "没有这个文件", code="missing"
            )
    for output in outputs:
        if output.suffix.lower() not in (*PATCHED, ".json"):
            yield Problem(str(output), "输出文件的扩展名应是 .json 或 .xlsx", code="bad-target")
        elif not output.parent.is_dir():
            yield Problem(str(output.parent), "没有这个文件夹", code="missing")
        elif output not in inputs:
            made = is_document if output.suffix.lower() == ".json" else is_marked
            yield from obstacles([output], force=force, made=made)
    yield from collisions(outputs, inputs)


def _suggest_refusals(
    suggest: Path | None, book: Path | None, others: Sequence[Path], *, force: bool
) -> Iterator[Problem]:
    if suggest is None:
        return
    if book is None:
        yield Problem(
            "--suggest", "要与 --check 一起用", "加 --check 部门工作簿", code="bad-option"
        )
    if suggest.suffix.lower() not in (".yaml", ".yml", ".json"):
        told = "调整表的扩展名应是 .yaml 或 .json"
        yield Problem(str(suggest), told, code="bad-target")
    yield from collisions([suggest], others)
    yield from obstacles([suggest], force=force, made=is_document)
