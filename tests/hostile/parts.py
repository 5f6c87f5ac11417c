"""Workbooks whose archive is sound, and whose XML is hostile, huge, strange or only unusual."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.hostile.case import (
    EITHER,
    GOOD,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    Case,
    changed,
    good,
    packed,
    refused,
    same,
    with_part,
)
from tests.support.compare import contents
from xltool.ooxml import column_letter

_RELATIONS = "xl/_rels/workbook.xml.rels"
_TYPES = "[Content_Types].xml"


def cases() -> Iterator[Case]:
    """All of them."""
    yield from entities()
    yield from large()
    yield from strange_values()
    yield from encodings()
    yield from structure()
    yield from formulas()


def entities() -> Iterator[Case]:
    """Entities that grow, and entities from elsewhere, in every part that is read."""
    laughs = '<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 1000 + '"><!ENTITY c "' + "&b;" * 1000 + '">'
    kinds = {
        "炸弹": laughs,
        "文件": '<!ENTITY c SYSTEM "file:///etc/passwd">',
        "网络": '<!ENTITY c SYSTEM "http://127.0.0.1:9/x">',
        "参数": '<!ENTITY % c SYSTEM "http://127.0.0.1:9/x.dtd"> %c;',
    }
    parts = contents(good())
    for part in (SHEET, WORKBOOK, STRINGS, _RELATIONS, STYLES, _TYPES, "_rels/.rels"):
        text = parts[part].decode()
        at = text.index("?>") + 2
        for kind, declared in kinds.items():
            spoilt = f"{text[:at]}<!DOCTYPE x [{declared}]>{text[at:]}"
            body = spoilt.rpartition("</")
            spoilt = spoilt if kind == "参数" else f"{body[0]}&c;</{body[2]}"
            name = f"实体/{kind}-{part.replace('/', '-').strip('[]')}.xlsx"
            yield refused(name, with_part(part, spoilt.encode()), "实体")


def large() -> Iterator[Case]:
    """Much of what a sheet may hold."""
    rows = "".join(f'<row r="{n}"/>' for n in range(1000, 101_000))
    yield same("庞大/十万空行.xlsx", _with_rows(rows))
    rows = "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>'
        for n in range(1000, 101_000)
    )
    yield same("庞大/十万空格.xlsx", _with_rows(rows))
    cells = "".join(f'<c r="{letters}3000" s="1"/>' for letters in _columns())
    yield same("庞大/16384列.xlsx", _with_rows(f'<row r="3000">{cells}</row>'))
    cells = "".join(f'<c r="{letters}3000"><v>1</v></c>' for letters in _columns())
    yield Case("庞大/16384列有数.xlsx", _with_rows(f'<row r="3000">{cells}</row>'), GOOD)
    rows = "".join(f'<row r="{n}"/>' for n in range(1000, 1_001_200))
    yield refused("庞大/百万行.xlsx", _with_rows(rows))
    merges = (f"A{n}:B{n}" for n in range(3000, 13_000))
    yield same("庞大/一万合并.xlsx", _merged(*merges))
    yield Case("庞大/整表合并.xlsx", _merged("A2000:XFD1048576"), EITHER)
    styles = contents(good())[STYLES].decode()
    formats = styles.replace("</cellXfs>", '<xf numFmtId="0"/>' * 65_000 + "</cellXfs>")
    yield same("庞大/六万五千样式.xlsx", with_part(STYLES, formats.encode()))
    text = "长" * 32_767
    yield Case("庞大/32767字.xlsx", _with_rows(_row_of(text)), GOOD)
    names = "".join(f'<definedName name="n{n}">{n}</definedName>' for n in range(50_000))
    yield same("庞大/五万名称.xlsx", changed(WORKBOOK, "<definedNames>", f"<definedNames>{names}"))
    declared = re.sub(r'ount="\d+"', 'ount="2000000000"', contents(good())[STRINGS].decode())
    yield same("庞大/声明二十亿字符串.xlsx", with_part(STRINGS, declared.encode()))
    yield same("庞大/声明整表.xlsx", changed(SHEET, 'ref="A1:D34"', 'ref="A1:XFD1048576"'))


def strange_values() -> Iterator[Case]:
    """Cells that hold what no cell should hold: in a bound cell a reason, elsewhere no harm."""
    values = {
        "超大": "<v>1e308</v>", "溢出": "<v>1e999</v>", "非数": "<v>NaN</v>", "空": "<v></v>",
        "字母": "<v>abc</v>", "千位": "<v>1,234</v>", "五千位": f"<v>{'9' * 5000}</v>",
        "极小": "<v>1e-320</v>", "十六进制": "<v>0x10</v>", "下划线": "<v>1_000</v>",
    }  # fmt: skip
    for name, value in values.items():
        yield Case(f"怪值/填报格-{name}.xlsx", _cells({"B6": f'<c r="B6">{value}</c>'}), EITHER)
    kinds = {
        "没有的字符串": '<c r="B6" t="s"><v>99999</v></c>', "负序号": '<c r="B6" t="s"><v>-1</v></c>',
        "错误值": '<c r="B6" t="e"><v>#怪!</v></c>', "日期": '<c r="B6" t="d"><v>2024-13-45</v></c>',
        "逻辑": '<c r="B6" t="b"><v>7</v></c>', "怪类型": '<c r="B6" t="zzz"><v>1</v></c>',
        "无地址": "<c><v>1</v></c>", "坏地址": '<c r="B0"><v>1</v></c>', "重复": '<c r="B6"><v>1</v></c>' * 2,
        "控制符": '<c r="B6" t="str"><v>_x0000__x001B_[2J</v></c>', "代理": '<c r="B6" t="str"><v>_xD800_</v></c>',
    }  # fmt: skip
    for name, cell in kinds.items():
        yield Case(f"怪值/{name}.xlsx", _cells({"B6": cell}), EITHER)
    for number in ("1048577", "0", "99999999999999999999", "-1", "x"):
        row = f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>'
        yield Case(f"怪值/行号{number}.xlsx", _with_rows(row), EITHER)
    columns = {
        "宽": 'min="9" max="9" width="abc"', "起": 'min="9999999" max="9"', "止": 'min="9" max="x"',
        "样式": 'min="9" max="9" style="-1"', "隐藏": 'min="9" max="9" hidden="perhaps"', "缺": "",
    }  # fmt: skip
    for name, attributes in columns.items():
        column = f"<cols><col {attributes}/>"
        yield Case(f"怪值/列{name}.xlsx", changed(SHEET, "<cols>", column), EITHER)


def encodings() -> Iterator[Case]:
    """Parts in other encodings, and with encodings that are none."""
    text = contents(good())[SHEET].decode()
    for codec in ("utf-16", "gb18030", "utf-8-sig"):
        shown = text.replace('"UTF-8"', f'"{codec.removesuffix("-sig")}"', 1)
        yield same(f"编码/{codec}.xlsx", with_part(SHEET, shown.encode(codec)))
    for codec in ("rot13", "zip", "hex", "undefined", "idna", "punycode", "没有", "../x", ""):
        shown = text.replace('"UTF-8"', f'"{codec}"', 1)
        name = codec.replace("/", "-") or "空"
        yield refused(f"编码/声称{name}.xlsx", with_part(SHEET, shown.encode()))
    yield refused(
        "编码/乱码.xlsx", with_part(SHEET, text.encode().replace("决".encode(), b"\xff\xfe", 1))
    )


def structure() -> Iterator[Case]:
    """Relationships in circles, parts that are missing, elements too deep."""
    workbook_link = 'Target="worksheets/sheet1.xml"'
    yield Case(
        "结构/表是工作簿.xlsx", changed(_RELATIONS, workbook_link, 'Target="workbook.xml"'), EITHER
    )
    yield refused(
        "结构/没有的部件.xlsx", changed(_RELATIONS, workbook_link, 'Target="worksheets/无.xml"')
    )
    targets = ("../../../../etc/passwd", "file:///etc/passwd", "C:\\Windows\\win.ini", "%2e%2e/%00")
    for number, target in enumerate(targets):
        spoilt = changed(_RELATIONS, workbook_link, f'Target="{target}"')
        yield refused(f"结构/指向{number}.xlsx", spoilt)
    outside = changed(
        _RELATIONS, workbook_link, 'Target="http://127.0.0.1:9/x" TargetMode="External"'
    )
    yield refused("结构/外部的表.xlsx", outside)
    circle = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="../workbook.xml"/>'
        "</Relationships>"
    )
    yield same(
        "结构/循环关系.xlsx", with_part("xl/worksheets/_rels/sheet1.xml.rels", circle.encode())
    )
    for part in (SHEET, STRINGS, STYLES, WORKBOOK, _RELATIONS):
        text = contents(good())[part].decode()
        head, _, name = text.rpartition("</")
        deep = f"{head}{'<x>' * 100_000}{'</x>' * 100_000}</{name}"
        yield Case(
            f"结构/十万层-{part.replace('/', '-')}.xlsx", with_part(part, deep.encode()), EITHER
        )
    without = {name: data for name, data in contents(good()).items() if name != STRINGS}
    yield refused("结构/缺字符串.xlsx", packed(without))
    yield refused(
        "结构/缺类型.xlsx", packed({n: d for n, d in contents(good()).items() if n != _TYPES})
    )
    yield Case("结构/三百张同一表.xlsx", _many_sheets(300), EITHER)
    traversal = changed(WORKBOOK, 'name="收入支出决算总表"', 'name="../../../tmp/逃"')
    yield Case("结构/表名是路径.xlsx", traversal, GOOD)


def formulas() -> Iterator[Case]:
    """Formulas in circles, too deep, too long; without stored values they can't be read for certain."""
    circle = {"B6": '<c r="B6"><f>D6</f></c>', "D6": '<c r="D6"><f>B6</f></c>'}
    yield Case("公式/循环.xlsx", _cells(circle), EITHER, ("循环",))
    kept = {"B6": '<c r="B6"><f>D6</f><v>1</v></c>', "D6": '<c r="D6"><f>B6</f><v>1</v></c>'}
    yield Case("公式/循环有值.xlsx", _cells(kept), GOOD)
    wild = {
        "深括号": "(" * 3000 + "1" + ")" * 3000,
        "深函数": "IF(1," * 2500 + "1" + ")" * 2500,
        "负号": "-" * 8000 + "1",
        "太长": "1+" * 10_000 + "1",
        "整表": "SUM(A1:XFD1048576)",
        "自乘": "REPT(REPT(&quot;x&quot;,32767),32767)",
        "大幂": "9^9^9^9^9",
        "未完": "SUM((((",
        "外部": "'\\\\服务器\\共享\\[外.xlsx]表'!A1",
        "命令": "cmd|'/C calc'!A0",
    }
    for name, formula in wild.items():
        for stored in ("", "<v>1</v>"):
            cell = f'<c r="B6"><f>{formula}</f>{stored}</c>'
            shown = f"公式/{name}{'有值' if stored else ''}.xlsx"
            yield Case(shown, _cells({"B6": cell}), EITHER)


# --- Making them -------------------------------------------------------------------------------


def _before(part: str, mark: str, new: str) -> bytes:
    """The good workbook with something before a mark of a part."""
    return changed(part, mark, new + mark)


def _with_rows(rows: str) -> bytes:
    return _before(SHEET, "</sheetData>", rows)


def _merged(*areas: str) -> bytes:
    return _before(SHEET, "</mergeCells>", "".join(f'<mergeCell ref="{area}"/>' for area in areas))


def _cells(cells: dict[str, str]) -> bytes:
    """The good workbook with other elements for some cells of its first sheet."""
    text = contents(good())[SHEET].decode()
    for ref, cell in cells.items():
        text, count = re.subn(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)', lambda _, c=cell: c, text)
        assert count == 1, ref
    return with_part(SHEET, text.encode())


def _row_of(text: str) -> str:
    return f'<row r="3001"><c r="A3001" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _columns() -> list[str]:
    return [column_letter(number) for number in range(1, 16_385)]


def _many_sheets(count: int) -> bytes:
    """The good workbook with further tabs that all show its first sheet."""
    tabs = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100, 100 + count)
    )
    return _before(WORKBOOK, "</sheets>", tabs)
