"""A folder with a data document (JSON) per book, and what happened to each book in books.csv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xltool.batch.filenames import FileNames
from xltool.batch.parts import Batch
from xltool.batch.sinks import tables
from xltool.batch.sinks.csvfiles import CsvSink
from xltool.batch.source import Source
from xltool.batch.task import Beside
from xltool.checks import Validation
from xltool.documents.datafile import dumps
from xltool.documents.writing import to_raw
from xltool.reading import Reading

DOCUMENT = "json"


def document(
    source: Source, reading: Reading, validation: Validation | None, beside: Beside
) -> Iterator[tuple[str, bytes]]:
    """The data document of a book, made in the worker."""
    yield DOCUMENT, dumps(to_raw(reading.report)).encode()


class DocumentSink:
    """See `Sink`. Documents are named after the path of their book: `县局_甲单位.xlsx.json`."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        draft.mkdir()
        self._folder = draft
        self._names = FileNames()
        listed = ("books", *(name for name in tables(validated=validated) if name != "facts"))
        self._tables = CsvSink(draft, validated=validated, names=listed)

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        self._tables.write(batch)
        for book, name, content in batch.attachments():
            if name == DOCUMENT:
                path = self._folder / self._names.take(book.replace("/", "_"), ".json")
                path.write_bytes(content)

    def finish(self) -> None:
        """See `Sink`."""
        self._tables.finish()

    def abandon(self) -> None:
        """See `Sink`."""
        self._tables.abandon()
