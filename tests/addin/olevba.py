"""olevba, without the warnings of its own libraries about each other."""

from __future__ import annotations

import warnings
from typing import Any


def _imported() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from oletools import olevba

    return olevba


_olevba = _imported()


def decompressed(data: bytes) -> bytes:
    """What a compressed container holds."""
    return bytes(_olevba.decompress_stream(bytearray(data)))


def vba_sources(data: bytes) -> dict[str, str]:
    """The modules of a workbook by their file names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = _olevba.VBA_Parser("xltool.xlam", data=data)
        try:
            return {name: code for _, _, name, code in parser.extract_macros()}
        finally:
            parser.close()
