"""The compression and the data encryption of VBA projects, after [MS-OVBA] 2.4.1 and 2.4.3."""

from __future__ import annotations

import struct
from collections import defaultdict

_CHUNK = 4096
_SHORTEST = 3
_TRIES = 64
"""How many earlier places are compared: enough for source text."""


def compress(data: bytes) -> bytes:
    """A compressed container. A chunk that does not become smaller is stored, filled up with zeros."""
    chunks = (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))
    return b"\x01" + b"".join(map(_compressed_chunk, chunks))


def _compressed_chunk(chunk: bytes) -> bytes:
    body = _tokens(chunk)
    if len(body) > _CHUNK:
        return struct.pack("<H", 0x3000 | (_CHUNK - 1)) + chunk.ljust(_CHUNK, b"\0")
    return struct.pack("<H", 0xB000 | (len(body) - 1)) + body


def _tokens(chunk: bytes) -> bytes:
    """Groups of eight tokens, each group behind a byte that tells copies from literals."""
    body = bytearray()
    seen: defaultdict[bytes, list[int]] = defaultdict(list)
    at = 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(chunk):
                break
            offset, length = _longest_match(chunk, at, seen)
            if length:
                flags |= 1 << bit
                tokens += _copy_token(at, offset, length)
            else:
                tokens.append(chunk[at])
            for place in range(at, at + max(1, length)):
                seen[chunk[place : place + _SHORTEST]].append(place)
            at += max(1, length)
        body.append(flags)
        body += tokens
    return bytes(body)


def _longest_match(chunk: bytes, at: int, seen: defaultdict[bytes, list[int]]) -> tuple[int, int]:
    """How far back the longest match begins and how long it is; (0, 0) when none is worth a token."""
    key = chunk[at : at + _SHORTEST]
    if len(key) < _SHORTEST or key not in seen:
        return 0, 0
    bits = _offset_bits(at)
    most = min((0xFFFF >> bits) + _SHORTEST, len(chunk) - at)
    best, offset = 0, 0
    for place in reversed(seen[key][-_TRIES:]):
        if at - place > 1 << bits:
            break
        length = _SHORTEST
        while length < most and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best:
            best, offset = length, at - place
    return offset, best


def _offset_bits(at: int) -> int:
    """How many bits of a copy token tell the offset: as many as places so far need, at least 4."""
    return max((at - 1).bit_length(), 4)


def _copy_token(at: int, offset: int, length: int) -> bytes:
    bits = _offset_bits(at)
    return struct.pack("<H", ((offset - 1) << (16 - bits)) | (length - _SHORTEST))


def encrypt(data: bytes, project_id: str, seed: int = 0x5D) -> str:
    """Data encryption as in the CMG, DPB and GC lines of the PROJECT stream, in hexadecimal.

    `project_id` is the GUID in braces. The seed may be any byte; a fixed one keeps builds identical.
    """
    key = sum(project_id.encode("ascii")) & 0xFF
    first, second, third = seed, seed ^ 2, seed ^ key
    encrypted = bytearray((first, second, third))
    plain, one_back, two_back = key, third, second
    for byte in bytes([7]) * ((seed & 6) // 2) + struct.pack("<I", len(data)) + data:
        now = byte ^ ((two_back + plain) & 0xFF)
        encrypted.append(now)
        plain, one_back, two_back = byte, now, one_back
    return encrypted.hex().upper()
