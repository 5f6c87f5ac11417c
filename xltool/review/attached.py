"""What the database of a review says of each book besides: its report, its annotated copy, its department."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from xltool.batch.bounded import add_table, bounded, has_table
from xltool.batch.generated import DATABASE
from xltool.review.outputs import Files
from xltool.review.sheetnames import ATTACHED, SHEETS

_COLUMNS = pa.schema(
    [(name, pa.string()) for name in ("文件", "报告", "标注本", "没有标注本", SHEETS)]
)
_COMMENT = "每份工作簿的报告和标注本，在审核文件夹里的位置；没有标注本的写明原因；各工作表的名称，用 / 隔开"


def write_attached(database: Path, files: Iterable[tuple[str, Files]]) -> None:
    """Add the files of books to the database of a review, a row each; paths are relative to its folder."""
    made = ((book, *of_book) for book, of_book in files if any(of_book))
    with bounded(database) as db:
        add_table(db, ATTACHED, _COLUMNS, made, _COMMENT)


def departments(database: Path) -> Mapping[str, str]:
    """The 主管部门 of books, where a season or a list of units says whose they are."""
    with bounded(database, read_only=True) as db:
        if not has_table(db, "submissions"):
            return {}
        found = db.execute("SELECT 文件, 主管部门 FROM submissions WHERE 主管部门 <> ''")
        names: dict[str, str] = {}
        return {file: names.setdefault(name, name) for file, name in found.fetchall()}


def marked_copies(folder: Path) -> Mapping[str, Path]:
    """The annotated copies of a review by book; none where the review is gone or made none."""
    import duckdb

    database = folder / DATABASE
    if not database.is_file():
        return {}
    try:
        with duckdb.connect(str(database), read_only=True) as db:
            sql = f"SELECT 文件, 标注本 FROM {ATTACHED} WHERE 标注本 <> ''"
            found = db.execute(sql).fetchall()
    except duckdb.Error:  # of an older version, or open elsewhere
        return {}
    return {book: path for book, made in found if (path := folder / made).is_file()}
