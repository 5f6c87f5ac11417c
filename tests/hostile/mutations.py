"""Workbooks spoilt at random, the same for the same number: bytes, members of the archive, XML inside members."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.hostile import xmlmutations
from tests.hostile.bases import pool
from tests.hostile.bytemutations import BYTES
from tests.support.compare import contents

Parts = dict[str, bytes]

_IMPORTANT = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
_LONGEST = 1_500_000
"""Characters from which on a part is not made larger: the aim is the program, not the test."""

_CODECS = ("gb18030", "utf-16", "utf-7", "latin-1", "rot13", "zip", "idna", "undefined", "ebcdic")


@dataclass(frozen=True)
class Mutant:
    """A spoilt workbook and what was done to it."""

    content: bytes
    how: str


def mutant(seed: int, number: int) -> Mutant:
    """Mutant `number` of the series `seed`."""
    chance = Random(f"{seed} {number}")
    return spoilt_book(chance, chance.choice(pool()))


def spoilt_book(chance: Random, book: bytes) -> Mutant:
    """A workbook with one or a few things wrong in its parts, its XML or its bytes."""
    how = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5)) if book.startswith(b"PK") else 0):
        book, name = chance.choice((_part, _xml, _xml, _xml))(chance, book)
        how.append(name)
    if not how or chance.random() < 0.15:
        change = chance.choice(BYTES)
        book = change(chance, book)
        how.append(f"bytes:{change.__name__}")
    return Mutant(book, "+".join(how))


def pack(parts: Parts) -> bytes:
    """The archive of some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name)  # of no date, so that the same is always the same
            archive.writestr(member, content, zipfile.ZIP_DEFLATED, 1)
    return target.getvalue()


# --- Members -----------------------------------------------------------------------------------


def _remove(chance: Random, parts: Parts) -> Parts:
    gone = _some_part(chance, parts)
    return {name: content for name, content in parts.items() if name != gone}


def _swap(chance: Random, parts: Parts) -> Parts:
    one, other = _some_part(chance, parts), _some_part(chance, parts)
    return {**parts, one: parts[other], other: parts[one]}


def _rename(chance: Random, parts: Parts) -> Parts:
    name = _some_part(chance, parts)
    new = chance.choice(
        (name.upper(), name.replace("/", "\\"), f"../{name}", f"/{name}", "x" * 300)
    )
    return {new if key == name else key: content for key, content in parts.items()}


def _empty(chance: Random, parts: Parts) -> Parts:
    return {**parts, _some_part(chance, parts): b""}


def _graft(chance: Random, parts: Parts) -> Parts:
    """A part of another book in place of the one of that name."""
    other = contents(chance.choice([book for book in pool() if book.startswith(b"PK")]))
    name = _some_part(chance, parts)
    return {**parts, name: other.get(name, other[chance.choice(list(other))])}


def _spoil(chance: Random, parts: Parts) -> Parts:
    """Bytes of a part, packed anew: the checksum is right."""
    name = _some_part(chance, parts)
    return {**parts, name: chance.choice(BYTES)(chance, parts[name])}


def _recode(chance: Random, parts: Parts) -> Parts:
    """A part declares another encoding, or is written in it."""
    name, codec = _some_part(chance, parts), chance.choice(_CODECS)
    content = parts[name].replace(b'"UTF-8"', f'"{codec}"'.encode(), 1)
    if chance.random() < 0.5 and codec in ("gb18030", "utf-16", "utf-7"):
        content = content.decode("utf-8", "replace").encode(codec)
    return {**parts, name: content}


_PARTS: tuple[Callable[[Random, Parts], Parts], ...] = (
    _remove, _swap, _rename, _empty, _graft, _spoil, _spoil, _recode,
)  # fmt: skip


def _part(chance: Random, book: bytes) -> tuple[bytes, str]:
    change = chance.choice(_PARTS)
    return pack(change(chance, contents(book))), f"part:{change.__name__.lstrip('_')}"


def _some_part(chance: Random, parts: Parts) -> str:
    important = [name for name in _IMPORTANT if name in parts]
    if important and chance.random() < 0.3:
        return chance.choice(important)
    return chance.choice(list(parts))


# --- XML ---------------------------------------------------------------------------------------


def _xml(chance: Random, book: bytes) -> tuple[bytes, str]:
    parts = contents(book)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    if not names:
        return book, "xml:none"
    change = chance.choice(xmlmutations.ALL)
    name = _some_part(chance, {name: parts[name] for name in names})
    text = parts[name].decode("utf-8", "surrogateescape")
    for _ in range(chance.choice((1, 1, 2, 10))):
        if len(text) < _LONGEST:
            text = change(chance, text)
    changed = text.encode("utf-8", "surrogateescape")
    return pack({**parts, name: changed}), f"xml:{change.__name__}"
