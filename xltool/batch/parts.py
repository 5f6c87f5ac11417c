"""The work folder of a run and the parts in it: what is finished survives a kill, whole or not at all.

A part is one Arrow file with a row per book; the rows of the other tables are nested in it. It is written
under another name first, so a part that is there is complete. Its metadata says by which version of
everything it was made (`stamp`), each row by what content (`sha256`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from xltool.batch.schemas import ATTACHMENT, BOOK, CONTEXT, DETAILS
from xltool.batch.task import Options
from xltool.core.caches import remembered
from xltool.core.locks import locked_file
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.resources import MAPPINGS
from xltool.core.saving.drafts import discard
from xltool.core.saving.files import writing
from xltool.core.saving.swap import tidy
from xltool.core.version import __version__

NESTED = {**DETAILS, "attachments": ATTACHMENT}
PART = pa.schema(
    [
        *BOOK,
        ("again", pa.bool_()),
        *((name, pa.list_(pa.struct(list(schema)))) for name, schema in NESTED.items()),
    ]
)
"""A book with all that belongs to it. `again`: a resumed run tries it again (it was locked, too slow …)."""

_SUFFIX = ".arrow"
_LOCK = "lock"
_OWN = frozenset({_LOCK, "parts", "stopped", "given", "draft", "published"})
_OLD = frozenset({"prior.json", "answers.json"})
"""What older versions made beside these; they left it behind, alone where the run had come to its end."""
_STAMP = b"xltool-stamp"


def stamp(options: Options) -> str:
    """What a part depends on besides the content of its books: tool, columns, editions, rules, options."""
    digest = hashlib.sha256(f"{__version__} {PART} {options.identity!r}".encode())
    folders = [MAPPINGS]
    if options.edition is not None and Path(options.edition).is_dir():
        folders.append(Path(options.edition))
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".yaml", ".csv", ".json"):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def write_part(path: Path, table: pa.Table, made_by: str) -> None:
    """Write a part, whole or not at all."""
    # a part lives as long as its run: quick to write and to read, before small
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    schema = table.schema.with_metadata({_STAMP: made_by.encode()})
    with (
        writing(path, overwrite=False) as file,
        pa.ipc.new_file(file, schema, options=options) as writer,
    ):
        writer.write_table(table)


@remembered(4)
def read_part(path: Path) -> pa.Table:
    """A part, in one chunk."""
    with pa.OSFile(str(path), "rb") as file:
        return pa.ipc.open_file(file).read_all().combine_chunks()


class WorkFolder:
    """`OUT.part` beside the output, held by one run at a time.

    Raises `InputError` when another run holds it, when one is left over and neither `resume` nor
    `force` is given, or when it can't be made.
    """

    def __init__(self, out: Path, *, resume: bool = False, force: bool = False) -> None:
        self.out = out
        self._lock: IO[bytes] | None = None
        self.path = out.with_name(out.name + ".part")
        self.parts, self.notes = self.path / "parts", self.path / "stopped"
        self.given = self.path / "given"
        """What the run makes of what was given besides the books, for the workers."""
        self.draft, self.published = self.path / "draft" / out.name, self.path / "published"
        """Where the output is made, and a mark that it was about to take its place."""
        try:
            names = self._names()
            left = self.path.exists() and not (names and names <= _OLD)
            if left and not resume and not force:
                message = "上次没有做完，做完的部分还在"
                hint = "加 --resume 接着做，或加 --force 从头做"
                raise InputError(Problem(str(self.path), message, hint, code="unfinished"))
            self._refuse_foreign(names)
            self.path.mkdir(parents=True, exist_ok=True)
            tidy(self.path.parent)
            self._lock = locked_file(self.path / _LOCK)
            if self._lock is None:
                message = "另一个 xltool 正在做这个输出"
                raise InputError(
                    Problem(str(self.path), message, "等它做完，或换一个输出", code="unwritable")
                )
            if left and not resume:
                shutil.rmtree(self.parts, ignore_errors=True)
            shutil.rmtree(self.notes, ignore_errors=True)
            for folder in (self.parts, self.notes, self.given):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            message = f"写不了：{system_reason(error)}"
            raise InputError(Problem(str(self.path), message, code="unwritable")) from error

    def _refuse_foreign(self, names: Set[str]) -> None:
        """A folder of that name may be the user's: it would be removed at the end. Raises `InputError`."""
        if foreign := sorted(names - _OWN - _OLD):
            told = f"这个文件夹要用来放没有做完的部分，里面却有别的文件（{foreign[0]}）"
            raise InputError(Problem(str(self.path), told, "把它移走，或换一个输出", code="exists"))

    def _names(self) -> set[str]:
        """What is in the folder, if it is there."""
        return {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()

    @property
    def complete(self) -> bool:
        """A run before this one put its output in place, and was killed before it cleared up."""
        return self.published.exists() and not self.draft.exists() and self.out.exists()

    def __enter__(self) -> WorkFolder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None and not any(self.parts.glob("*")):
            self.remove()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kept(self, made_by: str) -> Iterator[tuple[str, str, str, int]]:
        """The rows of the parts that this run can use: name, sha256, part, row. Other parts are removed."""
        for path in sorted(self.parts.iterdir()):
            rows = _rows(path, made_by) if path.suffix == _SUFFIX else None
            if rows is None:
                path.unlink(missing_ok=True)
                continue
            for number, row in enumerate(rows):
                if not row["again"]:
                    yield row["文件"], row["sha256"], path.name, number

    def remove(self) -> None:
        """The run is over and its output stands: nothing is kept."""
        read_part.cache_clear()
        for path in self.path.iterdir():
            if path.name in _OWN | _OLD and path.name != _LOCK:
                discard(path)
        self._release()
        discard(self.path / _LOCK)
        with suppress(OSError):
            self.path.rmdir()


def book_columns(
    folder: Path, where: Mapping[str, tuple[str, int]], names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Some columns of every book, part by part, without the rows that belong to them."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for part, row in where.values():
        rows[part].append(row)
    options = pa.ipc.IpcReadOptions(included_fields=[PART.get_field_index(n) for n in names])
    for part, numbers in rows.items():
        with pa.OSFile(str(folder / part), "rb") as file:
            table = pa.ipc.open_file(file, options=options).read_all()
        yield from table.take(sorted(numbers)).to_pylist()


def _rows(path: Path, made_by: str) -> list[dict[str, Any]] | None:
    wanted = [PART.get_field_index(name) for name in ("文件", "sha256", "again")]
    options = pa.ipc.IpcReadOptions(included_fields=wanted)
    try:
        with pa.OSFile(str(path), "rb") as file:
            reader = pa.ipc.open_file(file, options=options)
            if (reader.schema.metadata or {}).get(_STAMP) != made_by.encode():
                return None
            rows: list[dict[str, Any]] = reader.read_all().to_pylist()
            return rows
    except (pa.ArrowInvalid, OSError):
        return None


class Batch:
    """Some books in a row, with all that belongs to them, as the sinks get them."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    @property
    def books(self) -> pa.Table:
        """A row per book: `schemas.BOOK`."""
        return self._table.select(BOOK.names)

    def table(self, name: str) -> pa.Table:
        """The rows of `books` or of a detail."""
        return self.books if name == "books" else self.detail(name)

    def detail(self, name: str) -> pa.Table:
        """The rows of `facts`, `findings`, `outcomes` or `problems`, their book's columns in front."""
        lists, parents = self._flat(name)
        columns = [self._table.column(key).combine_chunks().take(parents) for key in CONTEXT]
        schema = pa.schema([*(BOOK.field(key) for key in CONTEXT), *NESTED[name]])
        return pa.Table.from_arrays([*columns, *lists.flatten()], schema=schema)

    def attachments(self) -> Iterator[tuple[str, str, bytes]]:
        """Whole files: name of the book, name of the file, content."""
        lists, parents = self._flat("attachments")
        names = self._table.column("文件").combine_chunks()
        for parent, item in zip(parents, lists, strict=True):
            yield names[parent.as_py()].as_py(), item["name"].as_py(), item["content"].as_py()

    def _flat(self, name: str) -> tuple[pa.StructArray, pa.Array]:
        import pyarrow.compute as pc

        lists = self._table.column(name).combine_chunks()
        return pc.list_flatten(lists), pc.list_parent_indices(lists)


def batches(
    folder: Path, names: Sequence[str], where: Mapping[str, tuple[str, int]]
) -> Iterator[Batch]:
    """The books of `names` in that order; neighbours from one part come together."""
    start = 0
    while start < len(names):
        part, row = where[names[start]]
        end = start + 1
        while end < len(names) and where[names[end]] == (part, row + end - start):
            end += 1
        yield Batch(read_part(folder / part).slice(row, end - start))
        start = end
