"""Tables that the vocabulary knows, as mappings: they have a shape and no place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xltool.core.model import RECOGNISED
from xltool.core.problems import Problem, raise_if
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import at_text
from xltool.mapping.blocks import Anchor
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.ooxml import Range


def table_stubs(
    names: Iterable[str], where: Path, vocabulary: Vocabulary
) -> tuple[TableMapping, ...]:
    """The tables of these names in a vocabulary. Raises `InputError` for those that it does not have."""
    known = {words.table: words for words in vocabulary.tables}
    names = list(names)
    raise_if(
        Problem(
            at_text(where, name),
            f"没有“{name}”这张表",
            did_you_mean(name, known) or "改成数据文档里的表名，或从 tables 里去掉",
            code="unknown-name",
        )
        for name in names
        if name not in known
    )
    return tuple(stub(known[name]) for name in names)


def stub(words: TableWords) -> TableMapping:
    """A table that has a shape and no place."""
    return TableMapping(
        table=words.table,
        source=RECOGNISED,
        sheet=words.table[:31],
        title=Anchor(Range(1, 1, 1, 1), (words.table, *sorted(words.titles))),
        lines=(),
        header=(),
        numbers=None,
        blocks=(),
        notes=(),
        empty=None,
        texts=(),
        optional=True,
        many=words.many,
        unit_name=words.unit_name,
        shape=words,
    )
