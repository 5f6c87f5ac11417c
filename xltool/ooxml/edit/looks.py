"""How cells look, said in a few words, and the XML that styles.xml and rules need for it."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.ooxml.package.xmltext import escape_attribute

DEFAULT_FONT = "宋体"
DEFAULT_SIZE = 11

_EDGES = ("left", "right", "top", "bottom")


@dataclass(frozen=True)
class Look:
    """A cell's format. Colours are `RRGGBB`; `border` is the colour of thin lines all around.

    In a conditional format only bold, italic, underline and the colours count.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float | None = None
    colour: str | None = None
    font: str | None = None
    fill: str | None = None
    border: str | None = None
    horizontal: str | None = None
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    number_format: str = "General"
    locked: bool = True


def _flags(look: Look) -> str:
    named = (("b", look.bold), ("i", look.italic), ("u", look.underline))
    return "".join(f"<{name}/>" for name, wanted in named if wanted)


def _colour(look: Look) -> str:
    return f'<color rgb="FF{look.colour}"/>' if look.colour else ""


def font_xml(look: Look) -> str:
    """The `<font>` of a cell format."""
    name = look.font or DEFAULT_FONT
    charset = "" if name.isascii() else '<charset val="134"/>'
    return (
        f'<font>{_flags(look)}<sz val="{look.size or DEFAULT_SIZE:g}"/>{_colour(look)}'
        f'<name val="{escape_attribute(name)}"/>{charset}</font>'
    )


def fill_xml(look: Look) -> str:
    """The `<fill>` of a cell format; '' for none."""
    if look.fill is None:
        return ""
    colours = f'<fgColor rgb="FF{look.fill}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>'


def border_xml(look: Look) -> str:
    """The `<border>` of a cell format; '' for none."""
    return f"<border>{_edges(look)}<diagonal/></border>" if look.border else ""


def _edges(look: Look) -> str:
    line = f' style="thin"><color rgb="FF{look.border}"/>'
    return "".join(f"<{edge}{line}</{edge}>" for edge in _EDGES)


def format_xml(look: Look, number_format: int, font: int, fill: int, border: int) -> str:
    """The `<xf>` of a cell format over the ids of its number format, font, fill and border."""
    wishes = {
        "horizontal": look.horizontal,
        "vertical": look.vertical,
        "wrapText": "1" if look.wrap else None,
        "indent": str(look.indent) if look.indent else None,
    }
    alignment = "".join(f' {name}="{wish}"' for name, wish in wishes.items() if wish)
    applied = ("Font", "Alignment", *(("NumberFormat",) if number_format else ()))
    applied += ("Fill",) if fill else ()
    applied += ("Border",) if border else ()
    applied += () if look.locked else ("Protection",)
    flags = "".join(f' apply{name}="1"' for name in applied)
    protection = "" if look.locked else '<protection locked="0"/>'
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="{border}"'
        f' xfId="0"{flags}><alignment{alignment}/>{protection}</xf>'
    )


def rule_xml(look: Look) -> str:
    """The `<dxf>` of a conditional format."""
    font = _flags(look) + _colour(look)
    fill = f'<patternFill patternType="solid"><bgColor rgb="FF{look.fill}"/></patternFill>'
    parts = (
        f"<font>{font}</font>" if font else "",
        f"<fill>{fill}</fill>" if look.fill else "",
        f"<border>{_edges(look)}</border>" if look.border else "",
    )
    return f"<dxf>{''.join(parts)}</dxf>"
