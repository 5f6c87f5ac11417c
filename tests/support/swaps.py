"""Works that write, to be killed at each step: functions of a module, so that a new process finds them."""

from __future__ import annotations

from pathlib import Path

from xltool.core.saving.files import write_all, writing
from xltool.core.saving.swap import draft_folder, swap

NEW = b"new content"
PAIR = ("甲.xlsx", "乙.xlsx")


def one_file(folder: Path) -> None:
    """Replace one file."""
    with writing(folder / PAIR[0], overwrite=True) as file:
        file.write(NEW)


def two_files(folder: Path) -> None:
    """Replace or make two files."""
    write_all([(folder / name, [NEW]) for name in PAIR], overwrite=True)


def made_folder(folder: Path) -> None:
    """Replace a folder by the work of a run."""
    draft = folder / "结果.part" / "draft" / "结果"
    draft.mkdir(parents=True, exist_ok=True)
    (draft / "新.csv").write_bytes(NEW)
    swap([(draft, folder / "结果")], overwrite=True)


def filled_folder(folder: Path) -> None:
    """Replace a folder by one that was filled beside it."""
    with draft_folder(folder) as draft:
        (draft / "新.csv").write_bytes(NEW)
        swap([(draft, folder / "结果")], overwrite=True)
