"""The looks of cells of an .xls file (fonts, borders, fills, alignment, formats) as formats of XlsxWriter."""

from __future__ import annotations

from typing import Any

from xltool.ooxml.read.xls.fonts import TWIPS

_ACROSS = ("", "left", "center", "right", "fill", "justify", "center_across", "distributed")
_DOWN = ("top", "vcenter", "bottom", "vjustify", "vdistributed")
_SIDES = ("left", "right", "top", "bottom")
_UNDERLINES = {1: 1, 2: 2, 0x21: 33, 0x22: 34}
_SOLID = 1
_ROTATED_DOWN, _STACKED = 90, 255


class XlsLooks:
    """The formats of an .xls workbook, each made once in `made`."""

    def __init__(self, native: Any, made: Any = None) -> None:
        self._native, self._made = native, made
        self._formats: dict[int, Any] = {}

    @property
    def normal_font(self) -> dict[str, Any]:
        """The font of cells that have no other."""
        return self._font(self._native.font_list[0]) if self._native.font_list else {}

    def of(self, index: int) -> Any:
        """The format of an entry of the list of formats."""
        if index not in self._formats:
            xf = self._native.xf_list[index]
            known = self._native.format_map.get(xf.format_key)
            looks = self._font(self._native.font_list[xf.font_index])
            looks |= self._alignment(xf.alignment) | self._borders(xf.border)
            looks |= self._fill(xf.background)
            looks |= {
                "locked": bool(xf.protection.cell_locked),
                "hidden": bool(xf.protection.formula_hidden),
            }
            if known is not None and known.format_str != "General":
                looks["num_format"] = known.format_str
            self._formats[index] = self._made.add_format(looks)
        return self._formats[index]

    def font_of(self, index: int) -> int:
        """The font of an entry of the list of formats."""
        return int(self._native.xf_list[index].font_index)

    def emphasis(self, font: int) -> tuple[object, ...]:
        """What of a font makes its text stand out among others."""
        at = self._native.font_list[font]
        shape = at.height, at.weight, at.italic, at.underline_type, at.struck_out, at.escapement
        return *shape, self._colour(at.colour_index) or "#000000"

    def font_height(self, index: int) -> int:
        """The height of an entry's font, in parts of a point as rows have it."""
        return int(self._native.font_list[self._native.xf_list[index].font_index].height)

    def _colour(self, index: int) -> str | None:
        rgb = self._native.colour_map.get(index)
        return "#{:02X}{:02X}{:02X}".format(*rgb) if rgb else None

    def _font(self, font: Any) -> dict[str, Any]:
        looks = {
            "font_name": font.name,
            "font_size": font.height / TWIPS,
            "bold": bool(font.bold) or font.weight >= 600,
            "italic": bool(font.italic),
            "font_strikeout": bool(font.struck_out),
            "underline": _UNDERLINES.get(font.underline_type, 0),
            "font_script": font.escapement,
        }
        colour = self._colour(font.colour_index)
        return {**looks, "font_color": colour} if colour else looks

    def _alignment(self, at: Any) -> dict[str, Any]:
        looks: dict[str, Any] = {
            "valign": _DOWN[at.vert_align] if at.vert_align < len(_DOWN) else "bottom",
            "text_wrap": bool(at.text_wrapped),
            "shrink": bool(at.shrink_to_fit),
            "indent": at.indent_level,
        }
        if 0 < at.hor_align < len(_ACROSS):
            looks["align"] = _ACROSS[at.hor_align]
        if at.rotation == _STACKED:
            looks["rotation"] = 270
        elif at.rotation:
            down = at.rotation > _ROTATED_DOWN
            looks["rotation"] = _ROTATED_DOWN - at.rotation if down else at.rotation
        return looks

    def _borders(self, border: Any) -> dict[str, Any]:
        looks: dict[str, Any] = {}
        for side in _SIDES:
            if style := getattr(border, f"{side}_line_style"):
                looks[side] = style
                if colour := self._colour(getattr(border, f"{side}_colour_index")):
                    looks[f"{side}_color"] = colour
        kind = (1 if border.diag_up else 0) + (2 if border.diag_down else 0)
        if kind and border.diag_line_style:
            looks |= {"diag_type": kind, "diag_border": border.diag_line_style}
        return looks

    def _fill(self, fill: Any) -> dict[str, Any]:
        if not fill.fill_pattern:
            return {}
        front, back = map(self._colour, (fill.pattern_colour_index, fill.background_colour_index))
        if fill.fill_pattern == _SOLID:  # XlsxWriter has it the other way round
            front, back = None, front
        looks = {"pattern": fill.fill_pattern, "fg_color": front, "bg_color": back}
        return {name: value for name, value in looks.items() if value}
