"""Rows that lie in a file until somebody looks at them: a hundred thousand take no more memory than ten."""

from __future__ import annotations

import pickle
import sqlite3
import weakref
from collections.abc import Iterator
from itertools import islice
from typing import Any, Generic, TypeVar, cast

Row = TypeVar("Row")


class Shelf(Generic[Row]):
    """Rows in the order of their keys, or as they were put there when they have none.

    `keys`: how many texts or numbers a row is sorted by. The file is one that SQLite removes by itself; nobody else
    sees it, so rows are kept as Python writes them.
    """

    def __init__(self, keys: int = 0) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._db.close)
        self._keys = [f"key{n}" for n in range(keys)]
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "BEGIN"):
            self._db.execute(statement)
        self._db.execute(f"CREATE TABLE shelf ({', '.join([*self._keys, 'kept'])})")
        self._insert = f"INSERT INTO shelf VALUES ({', '.join('?' * (keys + 1))})"
        self._select = f"SELECT kept FROM shelf ORDER BY {', '.join([*self._keys, 'rowid'])}"
        self._size = 0

    def put(self, row: Row, *keys: object) -> None:
        """Add a row."""
        self._db.execute(self._insert, (*keys, pickle.dumps(row, pickle.HIGHEST_PROTOCOL)))
        self._size += 1

    def repeated(self, key: int) -> frozenset[Any]:
        """The values of a key that more than one row has."""
        name = self._keys[key]
        sql = f"SELECT {name} FROM shelf GROUP BY {name} HAVING count(*) > 1"
        return frozenset(value for (value,) in self._db.execute(sql))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Row]:
        for (kept,) in self._db.execute(self._select):
            yield cast(Row, pickle.loads(kept))

    def __getitem__(self, which: slice) -> list[Row]:
        """Some rows, counted from the first."""
        return list(islice(self, which.start, which.stop, which.step))
