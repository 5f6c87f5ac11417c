"""Makes the forms of the editions without addresses: `python tools/build_recognised.py [版本…]`.

`workbook_templates/<版本>/sheets.yaml` lists the sheets. A table that `base` has is drawn as that has it, under
another name, title and number; any other one from the words of the vocabulary.
"""

from __future__ import annotations

import copy
import re
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.build_templates import SheetBuilder, Styles, new_workbook, read_layout
from xltool.core.codes import CodeList
from xltool.core.resources import MAPPINGS, TEMPLATES
from xltool.editions import find_edition
from xltool.mapping.files import merged, read_raw, read_yaml
from xltool.mapping.load import _table
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.vocabulary.ownwords import words_of
from xltool.mapping.recognition.vocabulary.wordfiles import VOCABULARY, economic_columns
from xltool.ooxml import column_letter, column_number

Raw = dict[str, Any]
SHEET_NAME = 31
ROWS = 8
CODES = {path.stem: CodeList.load(path) for path in (MAPPINGS / "codes").glob("*.csv")}
HEADINGS = {
    "“三公”经费": "一、“三公”经费支出",
    "相关统计数": "二、有关统计数",
    "机关运行经费": "三、机关运行",
    "国有资产占用": "四、国有资产占用情况",
    "政府采购": "五、政府采购情况",
}


class Sheets:
    """The sheets of one edition."""

    def __init__(self, edition_id: str) -> None:
        self.raw = read_yaml(TEMPLATES / edition_id / "sheets.yaml")
        self.base = find_edition(self.raw["base"])
        self.looks = read_layout(self.raw["base"])
        self.words = {raw["table"]: raw for path in VOCABULARY.glob("*.yaml")
                      if path.stem != "words" for raw in [read_raw(path)]}  # fmt: skip

    def draw(self) -> list[tuple[TableMapping, Raw]]:
        """Each sheet as a mapping, and what it looks like."""
        drawn = []
        for n, entry in enumerate(self.raw["sheets"], 1):
            title = entry.get("title", entry["table"])
            number = entry.get("number", f"公开{n:02}表")
            code = number.strip("财决表").replace("-", "_")
            sheet = entry.get("sheet", self.raw["sheet"])
            wish = sheet.format(n=n, title=title, number=number, code=code)
            heads = {"title": title, "number": number, "sheet": wish[:SHEET_NAME]}
            raw, look = self._drawn(entry, heads)
            if beside := entry.get("with"):
                raw, look = widened(raw, look, self.words[beside])
            raw = merged(raw, entry.get("mapping", {}))
            look = merged({**self.looks["all"], **look}, entry.get("look", {}))
            # 20XX is no year that stands open: the words of the vocabulary know blanks
            terms = {
                at.partition(":")[0]: "    年度"
                for at, text in raw["lines"].items()
                if text == "{年度}年度"
            }
            terms |= {
                at.partition(":")[0]: "（    年）"
                for at, text in raw["lines"].items()
                if text == "（{年度}年）"
            }
            look["blank_lines"] = {**look.get("blank_lines", {}), **terms}
            drawn.append((_table(raw, Path(wish), CODES), look))
        return drawn

    def _drawn(self, entry: Raw, heads: Raw) -> tuple[Raw, Raw]:
        if drawing := entry.get("drawing"):
            return {"table": entry["table"], **drawing}, {}
        known = self.base.tables.get(entry.get("like", entry["table"]))
        return self._like(known, heads) if known else self._new(entry, heads)

    def _like(self, known: TableMapping, heads: Raw) -> tuple[Raw, Raw]:
        raw = copy.deepcopy(read_raw(Path(known.source)))
        (at,) = raw["title"]
        raw |= {"sheet": heads["sheet"], "title": {at: heads["title"]}}
        raw["lines"] = {ref: self._line(text, heads) for ref, text in raw["lines"].items()}
        return raw, self.looks["tables"][known.table]

    def _line(self, text: str, heads: Raw) -> str:
        if re.fullmatch(r"公开\d+表", text):
            return str(heads["number"])
        if "{单位名称}" in text:
            return f"{self.raw['label']}{{单位名称}}"
        return f"金额单位：{self.raw['unit']}" if "{金额单位}" in text else text

    def _new(self, entry: Raw, heads: Raw) -> tuple[Raw, Raw]:
        words = self.words[entry["table"]]
        blocks = words["blocks"]
        if any(block["shape"] == "list" for block in blocks.values()):
            return self._list(words, entry, heads)
        if any(block.get("single") for block in blocks.values()):
            return self._single(words, heads)
        return self._rows(words, heads)

    def _frame(self, words: Raw, heads: Raw, right: int) -> Raw:
        """Title and lines over `right` columns."""
        last = column_letter(right)
        third = max(2, right // 3)
        name, term = column_letter(third), column_letter(max(third + 1, 2 * right // 3))
        return {
            "table": words["table"],
            "sheet": heads["sheet"],
            "title": {f"A1:{last}1": heads["title"]},
            "lines": {
                f"{last}2": heads["number"],
                f"A3:{name}3": f"{self.raw['label']}{{单位名称}}",
                f"{term}3": "{年度}年度",
                f"{last}3": f"金额单位：{self.raw['unit']}",
            },
        }

    def _list(self, words: Raw, entry: Raw, heads: Raw) -> tuple[Raw, Raw]:
        (name, block), *_ = words["blocks"].items()
        paths = _paths(block, entry.get("columns"))
        left = 5
        bottom, header = _header(list(paths.values()), left)
        right = left + len(paths) - 1
        header |= {"A4:D4": "项目", f"A5:C{bottom}": "科目编码", f"D5:D{bottom}": "科目名称"}
        letters = {column: column_letter(left + n) for n, column in enumerate(paths)}
        kinds = {c for c, spec in block["columns"].items() if isinstance(spec, dict)}
        columns: Raw = {"科目编码": "A:C", "科目名称": "D"}
        columns |= {
            c: {"at": at, "kind": block["columns"][c]["kind"]} if c in kinds else at
            for c, at in letters.items()
        }
        raw = self._frame(words, heads, right) | {
            "header": header,
            "numbers": {
                "row": bottom + 1, "columns": list(letters.values()), "labels": [f"A{bottom + 1}:D{bottom + 1}"]
            },
            "blocks": {name: {
                "shape": "list", "codes": "functional", "header_rows": [4, bottom], "first": bottom + 3, "rows": ROWS,
                "columns": columns,
                "total": {"at": bottom + 2, "label": "合计", "cells": f"A{bottom + 2}:D{bottom + 2}"},
            }},
        }  # fmt: skip
        return raw, _look(bottom + 2 + ROWS, bottom + 3, {"A": 6, "B": 6, "C": 6, "D": 30})

    def _single(self, words: Raw, heads: Raw) -> tuple[Raw, Raw]:
        paths = {
            (name, column): max(words_of(spec), key=lambda text: text.count("/")).split("/")
            for name, block in words["blocks"].items()
            for column, spec in block["columns"].items()
        }
        bottom, header = _header(list(paths.values()), 1)
        header = {at: text.replace("三公经费", "“三公”经费") for at, text in header.items()}
        letters = {key: column_letter(n) for n, key in enumerate(paths, 1)}
        blocks = {
            name: {
                "shape": "form",
                "row": bottom + 2,
                "header_rows": [4, bottom],
                "columns": {c: at for (own, c), at in letters.items() if own == name},
            }
            for name in words["blocks"]
        }
        raw = self._frame(words, heads, len(paths)) | {
            "header": header,
            "numbers": {"row": bottom + 1, "columns": list(letters.values())},
            "blocks": blocks,
        }
        return raw, _look(bottom + 2, bottom + 2, {})

    def _rows(self, words: Raw, heads: Raw) -> tuple[Raw, Raw]:
        names = list(dict.fromkeys(c for b in words["blocks"].values() for c in b["columns"]))
        letters = {name: column_letter(3 + n) for n, name in enumerate(names)}
        header = {"A4": "项目", "B4": "行次"} | {f"{at}4": name for name, at in letters.items()}
        blocks: Raw = {}
        texts: Raw = {}
        row = 5
        for name, block in words["blocks"].items():
            if len(words["blocks"]) > 1 and name in HEADINGS:
                texts[f"A{row}"] = HEADINGS[name]
                row += 1
            rows: Raw = {}
            for label in block["rows"]:
                rows[row] = label if isinstance(label, dict) else label.split("|")[0]
                if isinstance(label, dict):
                    rows[row] = {
                        "name": label["name"],
                        "label": label["labels"].split("|")[0].replace("其中", "其中："),
                    }
                row += 1
            kind = {c: s["kind"] for c, s in block["columns"].items() if isinstance(s, dict)}
            blocks[name] = {
                "shape": "form", "labels": "A", "rows": rows, "header_rows": [4, 4],
                "columns": {
                    c: {"at": letters[c], "kind": kind[c]} if c in kind else letters[c] for c in block["columns"]
                },
            }  # fmt: skip
        blocks[next(iter(blocks))]["ordinals"] = {
            "column": "B",
            "first": 1,
            "from": 5,
            "to": row - 1,
        }
        raw = self._frame(words, heads, 2 + len(names)) | {
            "header": header,
            "texts": texts,
            "blocks": blocks,
        }
        return raw, {**_look(row - 1, 5, {"A": 40, "B": 6}), "orientation": "portrait"}


BUDGETS = ("年初预算数", "全年预算数")


def widened(raw: Raw, look: Raw, beside: Raw) -> tuple[Raw, Raw]:
    """A 总表 with budgets before the figures of each side, and at its right the blocks of `beside` that it lacks."""
    values = {
        name: min(_numbers(block["columns"].values())) for name, block in raw["blocks"].items()
    }
    starts = sorted(values.values())
    right = column_number(next(iter(raw["title"])).partition(":")[2].rstrip("0123456789"))
    shift = {
        column_letter(n): column_letter(n + len(BUDGETS) * sum(start <= n for start in starts))
        for n in range(1, right + 1)
    }
    raw, look = _shifted(raw, shift), _shifted(look, shift)
    last = right + len(BUDGETS) * len(starts)
    bottom = 5
    for name in list(values):
        block = raw["blocks"][name]
        first = min(_numbers(block["columns"].values())) - len(BUDGETS)
        columns = {c: column_letter(first + n) for n, c in enumerate(BUDGETS)}
        raw["header"] |= {f"{at}{bottom}": c for c, at in columns.items()}
        raw["numbers"]["columns"] += columns.values()
        parts = {"shape": "form", "labels": block["labels"], "rows": block["rows"]}
        raw["blocks"][f"{name}预算"] = parts | {"columns": columns}
        look["widths"] |= dict.fromkeys(columns.values(), 15)
    top = min(min(block["rows"]) for block in raw["blocks"].values())
    for name in beside["blocks"].keys() - values.keys():
        block = beside["blocks"][name]
        label, ordinal, *letters = (
            column_letter(last + n) for n in range(1, 3 + len(block["columns"]))
        )
        columns = dict(zip(block["columns"], letters, strict=False))
        rows = {top + n: text.split("|")[0] for n, text in enumerate(block["rows"])}
        raw["header"] |= {
            f"{label}4:{letters[-1]}4": "支出",
            f"{label}5": f"项目（{name}）",
            f"{ordinal}5": "行次",
        }
        raw["header"] |= {f"{at}5": c for c, at in columns.items()}
        raw["numbers"]["columns"] += columns.values()
        raw["numbers"]["labels"].append(label)
        ordinals = {"column": ordinal, "first": 63, "from": top, "to": top + len(rows) - 1}
        raw["blocks"][name] = {
            "shape": "form",
            "labels": label,
            "ordinals": ordinals,
            "rows": rows,
            "columns": columns,
        }
        look["widths"] |= {label: 30, ordinal: 6, **dict.fromkeys(letters, 15)}
        last += 2 + len(columns)
    raw["numbers"]["columns"].sort(key=column_number)
    end = column_letter(last)
    for part in ("title", "lines", "notes"):
        raw[part] = {
            re.sub(f"{shift[column_letter(right)]}(?=\\d+$)", end, at): text
            for at, text in raw[part].items()
        }
    return raw, {**look, "orientation": "landscape"}


def _numbers(columns: Iterable[str]) -> list[int]:
    return [column_number(at) for at in columns]


def _shifted(raw: Any, shift: dict[str, str]) -> Any:
    """The same with every column letter moved: in addresses, and where it stands alone."""
    if isinstance(raw, dict):
        return {_shifted(key, shift): _shifted(value, shift) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_shifted(value, shift) for value in raw]
    if not isinstance(raw, str):
        return raw
    if raw in shift:
        return shift[raw]
    return re.sub(r"(?<![A-Z{])[A-Z](?=\d|\{r\})", lambda m: shift.get(m[0], m[0]), raw)


def _paths(block: Raw, wanted: list[str] | None) -> dict[str, list[str]]:
    """Column -> the words above it, from top to bottom."""
    found = {name: words_of(spec)[0].split("/") for name, spec in block["columns"].items()}
    if block.get("economic"):
        codes = CODES["economic"]
        classes = [c for c in codes if len(c) == codes.levels[0]]
        names = {column.name for column in economic_columns(codes)}
        often = Counter(codes.names())
        for code in classes:
            name = str(codes.name(code))
            found[name] = [name, "小计"]
            for item in (c for c in codes if codes.parent(c) == code):
                own = str(codes.name(item))
                found[own if often[own] == 1 else f"{name}·{own}"] = [name, own]
        assert found.keys() >= names
    if wanted:
        found = {name: [name] if block.get("economic") else found[name] for name in wanted}
    return found


def _header(paths: list[list[str]], left: int) -> tuple[int, dict[str, str]]:
    """The last row of a head that begins in row 4, and its cells."""
    depth = max(2, *map(len, paths))
    cells: dict[str, str] = {}

    def put(columns: list[int], level: int) -> None:
        for word, group in groupby(columns, key=lambda c: paths[c][level]):
            own = list(group)
            ends = [c for c in own if len(paths[c]) == level + 1]
            bottom = 4 + depth - 1 if ends else 4 + level
            at = f"{column_letter(left + own[0])}{4 + level}"
            end = f"{column_letter(left + own[-1])}{bottom}"
            cells[at if at == end else f"{at}:{end}"] = word
            if not ends:
                put(own, level + 1)

    put(list(range(len(paths))), 0)
    return 4 + depth - 1, cells


def _look(last: int, freeze: int, widths: Raw) -> Raw:
    return {
        "orientation": "landscape",
        "width": 12,
        "widths": widths,
        "heights": {1: 28},
        "last_row": last,
        "freeze": freeze,
    }


def build(edition_id: str) -> Path:
    """Write the form of an edition."""
    path = TEMPLATES / edition_id / "表样.xlsx"
    workbook = new_workbook(path, read_yaml(MAPPINGS / edition_id / "edition.yaml")["name"])
    styles = Styles(workbook)
    for mapping, look in Sheets(edition_id).draw():
        SheetBuilder(workbook.add_worksheet(mapping.sheet), mapping, look, styles).draw()
    workbook.close()
    return path


def main() -> None:
    """Build the forms of the editions named on the command line, or of all that have a sheets.yaml."""
    known = [path.parent.name for path in sorted(TEMPLATES.glob("*/sheets.yaml"))]
    for edition_id in sys.argv[1:] or known:
        sys.stdout.write(f"{build(edition_id).relative_to(TEMPLATES.parent)}\n")


if __name__ == "__main__":
    main()
