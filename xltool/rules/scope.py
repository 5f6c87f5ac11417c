"""Names in expressions, resolved against an edition when its rules are loaded: a wrong name is found then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xltool.core.codes import CodeList
from xltool.core.model import NUMERIC, Path, TableSpec, block_column
from xltool.core.texts import did_you_mean
from xltool.rules.syntax import ExpressionError, Piece, Span

PRIOR, EXTERNAL = "上年", "外部"
"""What may stand before a table: it is last year's, or one that the bureau gives beside the workbook."""


class RowType(NamedTuple):
    """A variable that stands for a row of a list."""

    table: str
    list: str
    prior: bool = False


class TableType(NamedTuple):
    """A variable that stands for an instance of a table."""

    table: str
    prior: bool = False


class ExternalColumn(NamedTuple):
    """A column of an external table that rules ask for; of one 科目 or not, as a figure or as a text."""

    table: str
    column: str
    by_subject: bool
    figure: bool


class NoSuchTable(Exception):
    """The edition does not have the table that a rule speaks of: the rule does not apply."""


def lacking(where: str, name: str, known: Iterable[str]) -> str:
    """That a table or list has nothing of this name, with the nearest names that it has."""
    hint = did_you_mean(name, known)
    return f"“{where}”里没有“{name}”" + (f"，{hint}" if hint else "")


def _followers(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """By the beginnings of paths: the names that follow, in the order of the form."""
    found: dict[Path, dict[str, None]] = {}
    for path in paths:
        for depth, name in enumerate(path):
            found.setdefault(path[:depth], {})[name] = None
    return {prefix: list(names) for prefix, names in found.items()}


class NameScope(NamedTuple):
    """What names mean in one instance of a rule.

    `texts` are variables with a fixed text (row and column names), `types` those that stand for rows or tables.
    """

    specs: Mapping[str, TableSpec]
    functional: CodeList
    aliases: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    types: Mapping[str, RowType | TableType]
    external: set[ExternalColumn]
    """What the expressions compiled in this scope, or in one derived from it, ask of external tables."""
    below: dict[str, dict[Path, list[str]]]
    """The names that may follow each path of a table that was asked for, here or in a scope derived from it."""

    def table(self, piece: Piece) -> str:
        """The table meant by a short name. Raises `NoSuchTable` when the edition has none such."""
        return self.tables(piece)[0]

    def tables(self, piece: Piece) -> list[str]:
        """Every table of the edition that a short name means; the first is meant where there can be but one."""
        names = self.aliases.get(piece.text)
        if names is None:
            hint = did_you_mean(piece.text, self.aliases)
            message = f"没有简称“{piece.text}”" + (f"，{hint}" if hint else "")
            raise ExpressionError(message, piece.column)
        found = [name for name in names if name in self.specs]
        if not found:
            raise NoSuchTable(names[0])
        return found

    def text(self, piece: Piece) -> str:
        """A name with its variables filled in."""
        text = piece.text
        if piece.is_variable:
            if text not in self.texts:
                unknown = f"没有变量 {text}" if text not in self.types else f"{text} 不是名称"
                raise ExpressionError(unknown, piece.column)
            return self.texts[text]
        if text.startswith("{"):
            text = text[1:-1]
            for name, value in self.texts.items():
                text = text.replace(name, value)
            if "$" in text:
                raise ExpressionError(f"{piece.text} 里有没定义的变量", piece.column)
        return text

    def names_under(self, table: str, prefix: Path) -> list[str]:
        """The names that may follow `prefix` in a table, in the order of the form."""
        if table not in self.below:
            self.below[table] = _followers(self.specs[table].fields)
        return self.below[table].get(prefix, [])

    def between(self, names: list[str], span: Span) -> list[str]:
        """The names from the first to the last of a span."""
        ends = []
        for piece in (span.first, span.last):
            text = self.text(piece)
            if text not in names:
                raise ExpressionError(f"没有“{text}”，{did_you_mean(text, names)}", piece.column)
            ends.append(names.index(text))
        if ends[0] > ends[1]:
            raise ExpressionError("起止的次序反了", span.first.column)
        return names[ends[0] : ends[1] + 1]

    def paths(self, table: str, steps: tuple[Piece | Span, ...], column: int) -> list[Path]:
        """Every field that a path with spans means."""
        found: list[Path] = [()]
        for step in steps:
            longer: list[Path] = []
            for prefix in found:
                names = self.names_under(table, prefix)
                if isinstance(step, Span):
                    longer += [(*prefix, name) for name in self.between(names, step)]
                    continue
                text = self.text(step)
                if text not in names:
                    raise ExpressionError(lacking(table, text, names), step.column)
                longer.append((*prefix, text))
            found = longer
        for path in found:
            if path not in self.specs[table].fields:
                names = self.names_under(table, path)
                shown = ".".join(path) or table
                raise ExpressionError(f"“{shown}”后面还要写：{'、'.join(names)}", column)
        return found

    def columns(self, table: str, name: str) -> list[str]:
        """The numeric columns of a list, or of a block with several columns."""
        spec = self.specs[table].lists.get(name)
        if spec is not None:
            return [column for column, kind in spec.columns.items() if kind in NUMERIC]
        found = filter(None, map(block_column, self.specs[table].fields))
        return list(dict.fromkeys(at.column for at in found if at.block == name))

    def class_code(self, name: str) -> str | None:
        """The 类 of the functional list with this name."""
        return self.functional.class_named(name)
