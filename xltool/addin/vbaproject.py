"""A VBA project from source text, after [MS-OVBA]: what stands in an .xlam as vbaProject.bin.

The modules hold source only, no compiled code: Excel compiles them when they are first used.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xltool.addin.cfb import write_compound
from xltool.addin.ovba import compress, encrypt

PROJECT_ID = "{5C1F3E7A-0B1D-5B6E-9E0C-9A2F6F1D7B11}"
_VERSION = (0x61EEF783, 3)
"""The version of the project: what projects made by Excel state; nothing hangs on it."""

_CODEPAGE = 1252
_ENCODING = "cp1252"

_STDOLE = r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"
_OFFICE = (
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#"
    r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#"
    "Microsoft Office 16.0 Object Library"
)
_WORKBOOK_CLASS = "00020819-0000-0000-C000-000000000046"
_SHEET_CLASS = "00020820-0000-0000-C000-000000000046"


@dataclass(frozen=True)
class Module:
    """A module: its name, its source, and whether it is code or belongs to a workbook or sheet.

    The source must be ASCII: VBA keeps it in the code page of the project.
    """

    name: str
    source: str
    kind: Literal["code", "document"] = "code"

    @property
    def stored(self) -> bytes:
        """The source with Windows line ends. Raises UnicodeEncodeError when it is not ASCII."""
        lines = self.source.replace("\r\n", "\n").rstrip("\n").split("\n")
        return ("\r\n".join(lines) + "\r\n").encode("ascii")


def document_module(name: str, of: Literal["workbook", "sheet"]) -> Module:
    """The empty module that every workbook and every sheet has."""
    class_id = _WORKBOOK_CLASS if of == "workbook" else _SHEET_CLASS
    flags = {
        "GlobalNameSpace": False,
        "Creatable": False,
        "PredeclaredId": True,
        "Exposed": True,
        "TemplateDerived": False,
        "Customizable": True,
    }
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "0{{{class_id}}}"']
    lines += [f"Attribute VB_{flag} = {value}" for flag, value in flags.items()]
    return Module(name, "\n".join(lines), "document")


def project_bin(name: str, modules: Sequence[Module]) -> bytes:
    """The compound file of a project."""
    streams = {module.name: compress(module.stored) for module in modules}
    # version 0xFFFF: no compiled code here, take the source
    header = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 1)
    vba = {"_VBA_PROJECT": header, "dir": compress(_directory(name, modules)), **streams}
    return write_compound(
        {"VBA": vba, "PROJECT": _project(name, modules), "PROJECTwm": _names(modules)}
    )


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _record(number, struct.pack("<I", value))


def _twice(number: int, wide: int, text: str) -> bytes:
    """A text in the code page, and again in UTF-16."""
    return _record(number, text.encode(_ENCODING)) + _record(wide, text.encode("utf-16-le"))


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The `dir` stream: the project's properties, references and modules."""
    parts = [
        _number(0x01, 1),  # 32-bit Windows; 64-bit Excel writes 3 and reads both
        _number(0x02, 0x409),
        _number(0x14, 0x409),
        _record(0x03, struct.pack("<H", _CODEPAGE)),
        _record(0x04, name.encode(_ENCODING)),
        _twice(0x05, 0x40, ""),
        _record(0x06, b"") + _record(0x3D, b""),
        _number(0x07, 0),
        _number(0x08, 0),
        struct.pack("<HIIH", 0x09, 4, *_VERSION),
        _twice(0x0C, 0x3C, ""),
        _reference("stdole", _STDOLE),
        _reference("Office", _OFFICE),
        _record(0x0F, struct.pack("<H", len(modules))),
        _record(0x13, struct.pack("<H", 0xFFFF)),
        *map(_module, modules),
        _record(0x10, b""),
    ]
    return b"".join(parts)


def _reference(name: str, library: str) -> bytes:
    where = library.encode(_ENCODING)
    content = struct.pack("<I", len(where)) + where + bytes(6)
    return _twice(0x16, 0x3E, name) + _record(0x0D, content)


def _module(module: Module) -> bytes:
    kind = 0x21 if module.kind == "code" else 0x22
    parts = [
        _twice(0x19, 0x47, module.name),
        _twice(0x1A, 0x32, module.name),
        _twice(0x1C, 0x48, ""),
        _number(0x31, 0),  # the source begins at once: nothing compiled stands before it
        _number(0x1E, 0),
        _record(0x2C, struct.pack("<H", 0xFFFF)),
        _record(kind, b""),
        _record(0x2B, b""),
    ]
    return b"".join(parts)


def _project(name: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream: a text of settings. The project is neither locked nor hidden."""
    lines = [f'ID="{PROJECT_ID}"']
    for module in modules:
        document = module.kind == "document"
        lines.append(f"Document={module.name}/&H00000000" if document else f"Module={module.name}")
    lines += [
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypt(bytes(4), PROJECT_ID)}"',
        f'DPB="{encrypt(bytes(1), PROJECT_ID)}"',
        f'GC="{encrypt(bytes([255]), PROJECT_ID)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines).encode(_ENCODING)


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream: the names of the modules in both encodings."""
    pairs = (
        m.name.encode(_ENCODING) + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules
    )
    return b"".join(pairs) + b"\0\0"
