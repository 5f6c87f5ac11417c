"""Bytes spoilt at random, whatever they stand for."""

from __future__ import annotations

from collections.abc import Callable
from random import Random


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


BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    flip, flip, drop, double, blank, noise, cut, extreme, extreme,
)  # fmt: skip
