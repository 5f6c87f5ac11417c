"""The pages of --help: columns as wide as Chinese characters are, and long texts with hanging indents."""

from __future__ import annotations

from collections.abc import Iterable

import click

from xltool.cli.wrapping import display_width, wrapped

_MOST = 30
"""Options that are wider than this have their text on the next line."""


class HelpFormatter(click.HelpFormatter):
    """Click's, with widths as they are seen."""

    def write_text(self, text: str) -> None:
        """A paragraph for each line; lines after a \\b stay as they are."""
        indent = " " * self.current_indent
        for line in text.replace("\b", "").strip("\n").splitlines():
            self.write(f"{wrapped(indent + line, self.width, hang=0)}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _MOST, col_spacing: int = 2
    ) -> None:
        """Names and what they are, in two columns."""
        rows = list(rows)
        widths = [display_width(name) for name, _ in rows]
        column = max((w for w in widths if w <= col_max), default=0) + col_spacing
        left = " " * self.current_indent
        for (name, text), width in zip(rows, widths, strict=True):
            self.write(left + name)
            if width > col_max:
                self.write(f"\n{left}{' ' * column}")
            else:
                self.write(" " * (column - width))
            indent = self.current_indent + column
            self.write(f"{wrapped(' ' * indent + text, self.width, hang=0).lstrip()}\n")
