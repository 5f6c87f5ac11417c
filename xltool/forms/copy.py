"""`mapping copy`: the files of an edition as a start for one's own."""

from __future__ import annotations

import re
from pathlib import Path

from xltool.core.yamlfile import scalar
from xltool.editions import Edition
from xltool.editions.install import files_of_own


def files_of(edition: Edition, id_: str) -> dict[str, bytes]:
    """The files of an edition of one's own that is like `edition`: it says all that `edition` and its bases say.

    Of one that comes with the tool rules and code lists are inherited; its file `rules.yaml` comes along to be changed.
    One's own is the same but for its id: nothing else of it may be gone when the copy is used.
    """
    if not edition.bundled:
        files = {path.name: path.read_bytes() for path in files_of_own(edition)}
        return files | {"edition.yaml": _renamed(edition, id_).encode()}
    files = {"edition.yaml": _edition_file(edition, id_).encode()}
    for book in edition.workbooks:
        files[book.template.name] = book.template.read_bytes()
    for folder in edition.folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.name == "edition.yaml" or (
                path.name == "rules.yaml" and folder != edition.folders[0]
            ):
                continue
            files.setdefault(path.name, path.read_bytes())
    wanted = {Path(mapping.source).name for mapping in edition.tables.values()} | {
        "edition.yaml",
        "rules.yaml",
    }
    templates = {book.template.name for book in edition.workbooks}
    return {name: data for name, data in files.items() if name in wanted | templates}


def _renamed(edition: Edition, id_: str) -> str:
    """The edition.yaml of one's own edition with another id."""
    text = (edition.folders[0] / "edition.yaml").read_text(encoding="utf-8-sig")
    line = f"edition: {scalar(id_)}"
    written = re.compile(r"^edition:.*?(?=[ \t]+#|$)", re.M)  # a remark behind it stays one
    changed, found = written.subn(lambda _: line, text, count=1)
    return changed if found else f"{line}\n{text}"


def _edition_file(edition: Edition, id_: str) -> str:
    first, last = edition.years
    books = "".join(
        f"  {book.name}:\n    template: {book.template.name}\n    tables:\n"
        + "".join(f"      - {_file(mapping.source, mapping.table)}\n" for mapping in book.tables)
        for book in edition.workbooks
    )
    return (
        f"# 照 {edition.id}（{edition.name}）复制的。改好以后：\n"
        "# xltool mapping check 本文件夹，xltool editions add 本文件夹。\n"
        f'extends: {edition.id}\nedition: {scalar(id_)}\nname: {scalar(edition.name)}\nversion: "1"\n'
        f"years: [{first}, {last}]\n"
        + ("recognise: true\n" if edition.recognise else "")
        + f"workbooks:\n{books}"
    )


def _file(source: str, table: str) -> str:
    path = Path(source)
    return path.stem if path.suffix == ".yaml" else table
