"""Which rows of a list an expression means, found when a rule is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from xltool.rules.env import Env
from xltool.rules.keys import RowKey
from xltool.rules.scope import RowType
from xltool.rules.syntax import Piece

FindRows = Callable[[Env], tuple[list[RowKey], bool]]
"""Rows, and whether their level is filled anywhere in the list."""


class ListRef(NamedTuple):
    """A list named in an expression. `instance` finds which instance of its table is meant."""

    row: RowType
    instance: Callable[[Env], int]


def instance_of(head: Piece) -> Callable[[Env], int]:
    """Which instance of a table is meant: that of the loop variable, else the first."""

    def find(env: Env) -> int:
        key = env.vars.get(head.text)
        return key.instance if key is not None else 0

    return find


def row_variable(env: Env, name: str) -> RowKey:
    key = env.vars[name]
    assert isinstance(key, RowKey)
    return key


def code_of(env: Env, name: str) -> str:
    key = row_variable(env, name)
    return env.lookup(key.prior).code(key)


def children(variable: Callable[[Env], RowKey | None]) -> FindRows:
    def find(env: Env) -> tuple[list[RowKey], bool]:
        row = variable(env)
        return env.lookup(row.prior).children(row) if row is not None else ([], True)

    return find


def parent(variable: Callable[[Env], RowKey | None]) -> FindRows:
    def find(env: Env) -> tuple[list[RowKey], bool]:
        row = variable(env)
        above = env.lookup(row.prior).parent(row) if row is not None else None
        return ([above] if above is not None else []), True

    return find


def list_rows(ref: ListRef, length: int | None) -> FindRows:
    row = ref.row

    def find(env: Env) -> tuple[list[RowKey], bool]:
        lookup, instance = env.lookup(row.prior), ref.instance(env)
        keys = lookup.list_rows(row.table, instance, row.list, length)
        return keys, lookup.level_known(row.table, instance, row.list, length)

    return find


def parents(ref: ListRef) -> FindRows:
    row = ref.row

    def find(env: Env) -> tuple[list[RowKey], bool]:
        lookup, instance = env.lookup(row.prior), ref.instance(env)
        return lookup.parents(row.table, instance, row.list), True

    return find
