"""Symbolic links, where they can be had."""

from __future__ import annotations

from pathlib import Path

import pytest


def symbolic(link: Path, target: Path | str, *, folder: bool = False) -> None:
    """Make a symbolic link, or skip the test: on Windows it takes a right, and Wine does not know its own again."""
    try:
        link.symlink_to(target, target_is_directory=folder)
    except OSError:
        pytest.skip("没有建符号链接的权限")
    if not link.is_symlink():
        pytest.skip("Wine 不认得自己建的符号链接")
