"""Workbooks spoilt at random, the same for the same number: bytes, members of the archive, XML inside members."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.hostile import xmlmutations
from tests.hostile.bases import pool
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
    book = chance.choice(pool())
    how = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5)) if book.startswith(b"PK") else 0):
        book, name = chance.choice((_part, _xml, _xml, _xml))(chance, book)
        how.append(name)
    if not how or chance.random() < 0.15:
        change = chance.choice(_BYTES)
        book = change(chance, book)
        how.append(f"bytes:{change.__name__}")
    return Mutant(book, "+".join(how))


def pack(parts: Parts) -> bytes:
    """The archive of some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


# --- Bytes -------------------------------------------------------------------------------------


def flip(chance: Random, data: bytes) -> bytes:
    """Some bits the other way round."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20)) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _stretch(chance: Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 4, 16, 100, 1000, 10_000)))


def drop(chance: Random, data: bytes) -> bytes:
    """A stretch is gone."""
    start, end = _stretch(chance, data)
    return data[:start] + data[end:]


def double(chance: Random, data: bytes) -> bytes:
    """A stretch stands there twice."""
    start, end = _stretch(chance, data)
    return data[:end] + data[start:]


def blank(chance: Random, data: bytes) -> bytes:
    """A stretch is zeros, as after a failed download."""
    start, end = _stretch(chance, data)
    return data[:start] + bytes(end - start) + data[end:]


def noise(chance: Random, data: bytes) -> bytes:
    """A stretch is noise."""
    start, end = _stretch(chance, data)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def cut(chance: Random, data: bytes) -> bytes:
    """The end is gone."""
    return data[: chance.randrange(len(data) + 1)]


def extreme(chance: Random, data: bytes) -> bytes:
    """A number of two or four bytes is as small or as large as can be."""
    value = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xff\xff"))
    at = chance.randrange(len(data) + 1)
    return data[:at] + value + data[at + len(value) :]


_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    flip, flip, drop, double, blank, noise, cut, extreme, extreme,
)  # fmt: skip


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
    return {**parts, name: chance.choice(_BYTES)(chance, parts[name])}


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
