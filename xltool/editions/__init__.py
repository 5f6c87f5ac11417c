"""Editions (版本): one official set of forms each, found in the data folders and loaded once.

An edition is a folder with `edition.yaml` and a mapping file per table. It may extend another one and
then holds only what changed. An edition of one's own has an id too; it is found by it once it is installed
(`places.py`), else by the path of its folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from xltool.core.caches import remembered
from xltool.core.cellref import CellRef
from xltool.core.codes import CodeList
from xltool.core.model import FieldKey, TableSpec
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS, TEMPLATES, chinese_names
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.editions.checksum import checksum
from xltool.editions.places import Installed, bundled_ids, installed, own_id
from xltool.mapping.load import load_mapping, merged, read_yaml
from xltool.mapping.model import TableMapping
from xltool.mapping.questions import NAME as QUESTIONS
from xltool.mapping.questions import answers_of, content_of
from xltool.mapping.recognition.ownwords import NAME as WORDS
from xltool.mapping.recognition.wordfiles import vocabulary
from xltool.mapping.recognition.words import Vocabulary

_SCHEMA = MAPPINGS / "edition.schema.json"


@dataclass(frozen=True, slots=True)
class WorkbookSpec:
    """One workbook of an edition: its empty template and the tables bound in it, in sheet order."""

    name: str
    template: Path
    tables: tuple[TableMapping, ...]
    recognised: bool = False
    """Its tables stand where they were recognised: it has no template."""


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One official set of forms: the years it is good for, its workbooks, mappings and code lists."""

    id: str
    name: str
    years: tuple[int, int]
    folders: tuple[Path, ...]
    """Its own folder, then those of the editions it extends."""
    codes: dict[str, CodeList]
    workbooks: tuple[WorkbookSpec, ...]
    ignore: tuple[str, ...] = ()
    """Names of sheets and titles of blocks that are no part of the return; * stands for any text."""
    recognise: bool = False
    """Its tables are found in its forms, blank or filled, by their words; it has no addresses."""
    version: str = ""
    """What its maker calls this state of it."""
    origin: str = ""
    """Where its forms come from, and what of them is only likely."""

    @property
    def bundled(self) -> bool:
        """Whether it comes with the tool."""
        return self.folders[0].parent == MAPPINGS

    @property
    def source(self) -> str:
        """What `find_edition` finds it by, in another process too: its id, or its folder where it is not installed."""
        known = {entry.id: entry.folder for entry in installed()}
        here = self.bundled or known.get(self.id) == self.folders[0]
        return self.id if here else str(self.folders[0])

    @cached_property
    def checksum(self) -> str:
        """Twelve signs that tell this state of its files from any other."""
        return checksum(self.folders, ((book.name, book.template) for book in self.workbooks))

    @property
    def state(self) -> str:
        """Its version, where it has one, and its checksum."""
        return "·".join(filter(None, (self.version, self.checksum)))

    @property
    def words(self) -> Vocabulary:
        """The vocabulary with the words and the answers in its folders, as the files are now."""
        return vocabulary(self.folders)

    @cached_property
    def tables(self) -> dict[str, TableMapping]:
        """All table mappings by table name, in the order of the workbooks."""
        return {t.table: t for book in self.workbooks for t in book.tables}

    @cached_property
    def specs(self) -> dict[str, TableSpec]:
        """The shape of every table."""
        return {name: mapping.spec for name, mapping in self.tables.items()}

    def __repr__(self) -> str:
        return f"<Edition {self.id} {self.name}>"

    def cells(self, table: str) -> dict[FieldKey, CellRef]:
        """Where the fields of a table stand in the blank form. See `form_cells`."""
        from xltool.editions.cells import form_cells

        return form_cells(self, table)

    def covers(self, year: int) -> bool:
        """Whether the edition is good for `year`."""
        return self.years[0] <= year <= self.years[1]


EditionLike: TypeAlias = AnyPath | Edition
"""An edition, or what names it: its id or its folder."""


def edition_ids() -> tuple[str, ...]:
    """The ids of the editions that come with the tool, oldest first."""
    return bundled_ids()


_bundled_only: ContextVar[bool] = ContextVar("bundled_only", default=False)


@contextmanager
def bundled_only() -> Iterator[None]:
    """Within it no edition is looked for in a folder: a name that came in a file opens no path."""
    before = _bundled_only.set(True)
    try:
        yield
    finally:
        _bundled_only.reset(before)


def find_edition(name: EditionLike) -> Edition:
    """The edition with this id, or the one in this folder; an `Edition` is given back.

    Raises `InputError` when there is none.
    """
    if isinstance(name, Edition):
        return name
    name = os.fspath(name)
    folder = _folder(name)
    if not (folder / "edition.yaml").is_file():
        hint = did_you_mean(name, _known_ids())
        raise InputError(Problem("版本", f"没有“{name}”这个版本", hint, code="unknown-edition"))
    found = _load(folder, _state(folder))
    if not found.bundled:
        _opened[found.id] = folder
    return found


_opened: dict[str, Path] = {}
"""Where editions of one's own are that were named by their folder in this process."""


def _folder(name: str) -> Path:
    """The folder that a name means: an id of the tool's or of an installed edition, or a path."""
    if name in edition_ids():
        return MAPPINGS / name
    place = next((entry.folder for entry in installed() if entry.id == name), None)
    if place is not None:
        return place
    if _bundled_only.get():
        known = _known_ids()
        hint = did_you_mean(name, known) or f"只认自带的和装上的版本：{'、'.join(known)}"
        raise InputError(Problem("版本", f"没有“{name}”这个版本", hint, code="unknown-edition"))
    folder = Path(name).absolute()
    if not (folder / "edition.yaml").is_file() and name in _opened:
        return _opened[name]
    return folder


def _known_ids() -> list[str]:
    return [*edition_ids(), *(entry.id for entry in installed())]


def _state(folder: Path) -> tuple[object, ...]:
    """What tells one state of an edition from another: of its files when they were changed, of answers the text."""
    files = (path for name in ("edition.yaml", WORDS) if (path := folder / name).is_file())
    return (*(path.stat().st_mtime_ns for path in files), content_of(folder / QUESTIONS))


@remembered(32)
def _load(folder: Path, state: tuple[object, ...]) -> Edition:
    """The edition in a folder, in this state of its files."""
    if not chinese_names():
        message = f"这个 Python 的文件名编码是 {sys.getfilesystemencoding()}，读不了中文的文件名"
        raise InputError(
            Problem("版本", message, "设环境变量 PYTHONUTF8=1 再运行", code="unreadable")
        )
    raw, folders = _read_edition(folder, ())
    if folder.parent != MAPPINGS:
        file = folder / "edition.yaml"
        raise_if(schema_problems(raw, _SCHEMA, str(file), "bad-edition", source=file))
    answers = answers_of(folder)
    codes = {
        name: CodeList.load(_first(folders, file, MAPPINGS / "codes" / file))
        for name, file in raw["codes"].items()
    }
    workbooks = tuple(
        WorkbookSpec(
            name,
            _template(folders, book["template"]),
            _tables(raw, folders, book["tables"], codes, answers.tables),
        )
        for name, book in raw["workbooks"].items()
    )
    first, last = [answers.year] * 2 if answers.year else raw["years"]
    return Edition(
        _id(folder),
        raw["name"],
        (first, last),
        folders,
        codes,
        workbooks,
        (*_ignore(raw, folder), *answers.aside),
        bool(raw.get("recognise")),
        str(raw.get("version") or ""),
        str(read_yaml(folder / "edition.yaml").get("source") or ""),
    )


def _id(folder: Path) -> str:
    """The id of the edition in a folder; a copy of one of the tool's that still has its id is told from it."""
    if folder.parent == MAPPINGS:
        return folder.name
    for id_ in (own_id(folder), folder.name):
        if id_ not in edition_ids():
            return id_
    return f"{folder.name}（自己的）"


def _tables(
    raw: dict[str, Any],
    folders: tuple[Path, ...],
    names: list[str],
    codes: dict[str, CodeList],
    more: tuple[str, ...],
) -> tuple[TableMapping, ...]:
    """The tables of a workbook: by their mapping files, or those of the vocabulary where they are recognised.

    `more`: tables that it has by the answers to its questions.
    """
    if not raw.get("recognise"):
        return tuple(_load_table(folders, file, codes) for file in names)
    from xltool.editions.recognised import table_stubs

    names = [*names, *(name for name in more if name not in names)]
    return table_stubs(names, folders[0] / "edition.yaml", vocabulary(folders))


def _ignore(raw: dict[str, Any], folder: Path) -> tuple[str, ...]:
    names = raw.get("ignore", [])
    if not all(name.strip("* ") for name in names):
        message = "ignore 应是工作表名或标题的清单，一项一个，不能只写 *"
        raise InputError(Problem(str(folder / "edition.yaml"), message, code="bad-edition"))
    return tuple(names)


def _read_edition(
    folder: Path, within: tuple[Path, ...]
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """What the file says with what it extends, and the folders; `within` are those that extend this one."""
    path = folder / "edition.yaml"
    if folder in within:
        raise InputError(Problem(str(path), "extends 绕了一圈又回到自己", code="bad-edition"))
    raw = read_yaml(path)
    base = raw.pop("extends", None)
    if base is not None:
        base_folder = next(
            (
                place
                for place in (folder.parent / str(base), MAPPINGS / str(base))
                if (place / "edition.yaml").is_file()
            ),
            None,
        )
        if base_folder is None:
            raise InputError(
                Problem(str(path), f"extends 所指的版本“{base}”不存在", code="bad-edition")
            )
        base_raw, base_folders = _read_edition(base_folder, (*within, folder))
        return merged(base_raw, raw), (folder, *base_folders)
    return raw, (folder,)


def _template(folders: tuple[Path, ...], name: str) -> Path:
    """A template: beside the edition's own files, else the one of an edition that it extends."""
    beside = [place / name for folder in folders for place in (folder, TEMPLATES / folder.name)]
    return next((path for path in beside if path.is_file()), beside[0])


def _first(folders: tuple[Path, ...], name: str, default: Path) -> Path:
    """`name` in the first folder that has it, else `default`."""
    return next((f / name for f in folders if (f / name).is_file()), default)


def _load_table(folders: tuple[Path, ...], file: str, codes: dict[str, CodeList]) -> TableMapping:
    for folder in folders:
        path = folder / f"{file}.yaml"
        if path.is_file():
            return load_mapping(path, codes)
    raise InputError(
        Problem(str(folders[0] / "edition.yaml"), f"没有映射文件“{file}.yaml”", code="bad-edition")
    )


def all_editions() -> tuple[Edition, ...]:
    """The editions that come with the tool, then those that are installed and can be read."""
    return (*bundled_editions(), *filter(None, map(_readable, installed())))


@remembered(1)
def bundled_editions() -> tuple[Edition, ...]:
    """The editions that come with the tool."""
    return tuple(find_edition(name) for name in edition_ids())


def _readable(entry: Installed) -> Edition | None:
    """An installed edition; None for a broken one, which `xltool editions` tells of."""
    try:
        return find_edition(entry.id)
    except InputError:
        return None


def newest_edition() -> Edition:
    """The newest national edition: what is meant where none is named."""
    return find_edition(max(name for name in edition_ids() if name.endswith("-national")))
