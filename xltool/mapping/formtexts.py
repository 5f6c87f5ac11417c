"""The texts that a form prints, to tell them from what was filled in."""

from __future__ import annotations

from xltool.core.caches import remembered
from xltool.core.texts import norm
from xltool.mapping.blocks import Codes, Form, ListBlock
from xltool.mapping.model import TableMapping

_NOTES = ("注:", "说明:", "备注:")


@remembered(1 << 14)
def is_form_text(text: str, printed: frozenset[str]) -> bool:
    """Whether a text belongs to the form whose texts are `printed`, or is a note under it."""
    plain = norm(text)
    return plain in printed or plain.startswith(_NOTES)


@remembered(64)
def form_texts(mapping: TableMapping) -> frozenset[str]:
    """Every text that the form prints."""
    texts = ["栏次", "行次", *mapping.title.texts]
    for anchor in (*mapping.header, *mapping.notes, *mapping.texts):
        texts += anchor.texts
    texts += [line.pattern for line in mapping.lines]
    for block in mapping.blocks:
        match block:
            case Form():
                texts += [t for row in block.rows for t in row.texts]
                texts += [t for cell in block.cells for t in cell.label.texts]
            case ListBlock():
                texts += block.total.label.texts if block.total else ()
            case Codes():
                for code in block.listed:
                    texts += [code, block.codes.name(code) or ""]
    return frozenset(map(norm, texts))
