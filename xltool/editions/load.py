"""Loading an edition from its folder, with what it extends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS, TEMPLATES, chinese_names
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import at_text
from xltool.editions.model import Edition, WorkbookSpec
from xltool.editions.places import bundled_ids, own_id
from xltool.editions.stubs import table_stubs
from xltool.mapping.files import merged, read_yaml
from xltool.mapping.load import load_mapping
from xltool.mapping.model import TableMapping
from xltool.mapping.questions import NAME as QUESTIONS
from xltool.mapping.questions import answers_of, content_of
from xltool.mapping.recognition.vocabulary.ownwords import NAME as WORDS
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary

_SCHEMA = MAPPINGS / "edition.schema.json"


def state_of(folder: Path) -> tuple[object, ...]:
    """What tells one state of an edition from another: of its files when they were changed, of answers the text."""
    files = (path for name in ("edition.yaml", WORDS) if (path := folder / name).is_file())
    return (*(path.stat().st_mtime_ns for path in files), content_of(folder / QUESTIONS))


@remembered(32)
def load_edition(folder: Path, state: tuple[object, ...]) -> Edition:
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
    mine = read_yaml(folder / "edition.yaml")
    workbooks = tuple(
        WorkbookSpec(
            name,
            _template(folders[:1] if _has_form(mine, name) else folders, book["template"]),
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
        str(mine.get("source") or ""),
    )


def _id(folder: Path) -> str:
    """The id of the edition in a folder; a copy of one of the tool's that still has its id is told from it."""
    if folder.parent == MAPPINGS:
        return folder.name
    for id_ in (own_id(folder), folder.name):
        if id_ not in bundled_ids():
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
            told = f"extends 所指的版本“{base}”不存在"
            hint = did_you_mean(str(base), bundled_ids()) or f"自带的：{'、'.join(bundled_ids())}"
            raise InputError(Problem(at_text(path, str(base)), told, hint, code="bad-edition"))
        base_raw, base_folders = _read_edition(base_folder, (*within, folder))
        return merged(base_raw, raw), (folder, *base_folders)
    return raw, (folder,)


def _has_form(mine: dict[str, Any], name: str) -> bool:
    """Whether an edition that is recognised by words brings the form of a workbook: no other of that name is it."""
    book = (mine.get("workbooks") or {}).get(name)
    return bool(mine.get("recognise")) and isinstance(book, dict) and "template" in book


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
    there = {path.stem for folder in folders for path in folder.glob("*.yaml")}
    hint = did_you_mean(file, there - {"edition", "rules"}) or "补上这个文件，或从 tables 里去掉"
    where = at_text(folders[0] / "edition.yaml", file)
    raise InputError(Problem(where, f"没有映射文件“{file}.yaml”", hint, code="bad-edition"))
