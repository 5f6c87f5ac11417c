"""Everything else that commands read, spoilt: forms, edition folders, rules, explanations, data documents.

A trial is a folder of files and a command line; the same for the same number. What must not happen is what
must not happen to workbooks either: an exception that carries no reason, or half an output.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.hostile.bases import pool
from tests.hostile.mutations import spoilt_book
from tests.hostile.textmutations import spoilt_csv, spoilt_json, spoilt_yaml
from tests.reporting.books import BEIGUAN, SGB, filled, with_cells
from xltool.checks import validate
from xltool.core.resources import MAPPINGS, SAMPLES, TEMPLATES
from xltool.documents.datafile import dumps
from xltool.reporting.json import report
from xltool.reporting.workbook.annotate import annotate

Files = dict[str, bytes]

_SLIPS: Mapping[tuple[str, str], Decimal | str | None] = {
    ("收入支出决算总表", "D33"): Decimal("308.82"),
    ("支出决算表", "C6"): None,
}
_SAMPLES = {SGB: "2024-shanghai", BEIGUAN: "2021-national"}
_LONG = """表,行,科目编码,列,值,单位名称,年度,金额单位,版本
收入支出决算总表,一、一般公共预算财政拨款收入,,收入,1200.50,某局,2023,万元,2023-national
收入支出决算总表,五、事业收入,,收入,"1,234.56",某局,2023,万元,2023-national
支出决算表,明细,2010101,基本支出,812.3,某局,2023,万元,2023-national
支出决算表,明细,2010101,项目支出,—,某局,2023,万元,2023-national
一般公共预算财政拨款基本支出决算表,明细,30101,金额,14.12,某局,2023,万元,2023-national
"""
_LEDGER = """科目编码,科目名称,基本支出,项目支出,合计
2010101,行政运行,812.30,0,812.30
2010102,一般行政管理事务,,30.5,30.50
合计,,812.30,30.50,842.80
"""


@dataclass(frozen=True)
class Trial:
    """Files by name, the command line that reads them in their folder, and what was done to which of them."""

    files: Files
    args: tuple[str, ...]
    how: str


def trial(what: str, seed: int, number: int) -> Trial:
    """Trial `number` of a series with spoilt inputs of one kind, a key of `KINDS`."""
    return KINDS[what](Random(f"{what} {seed} {number}"))


def _sample(name: str, suffix: str) -> bytes:
    return (SAMPLES / f"{name}{suffix}").read_bytes()


# --- Forms -------------------------------------------------------------------------------------


def _template(chance: Random) -> Trial:
    name, edition = chance.choice(list(_SAMPLES.items()))
    blank = (TEMPLATES / edition / "部门决算公开表.xlsx").read_bytes()
    books = [book for book in pool() if book.startswith(b"PK")]
    spoilt = spoilt_book(chance, blank if chance.random() < 0.8 else chance.choice(books))
    files = {"表样.xlsx": spoilt.content, "数据.json": _sample(name, ".json")}
    fill = ("fill", "数据.json", "--template", "表样.xlsx", "-o", "出.xlsx", "--totals", "given")
    further = chance.choice(((), ("--live-checks",), ("-e", edition)))
    args = chance.choice(
        ((*fill, *further),) * 5 + (("mapping", "init", "表样.xlsx", "-o", "本市"),)
    )
    return Trial(files, args, spoilt.how)


# --- Edition folders ---------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _folder(edition: str) -> Files:
    """An edition as somebody copied it: mappings, forms, code lists in one folder."""
    places = (MAPPINGS / edition, TEMPLATES / edition, MAPPINGS / "codes")
    return {
        path.name: path.read_bytes()
        for place in places
        for path in sorted(place.iterdir())
        if path.name != "layout.yaml"
    }


def _edition(chance: Random) -> Trial:
    name, edition = chance.choice(list(_SAMPLES.items()))
    folder = dict(_folder(edition))
    chosen = chance.sample(list(folder), chance.choice((1, 1, 1, 2, 3)))
    if chance.random() < 0.25:
        chosen = ["edition.yaml"]
    how = [_spoil_file(chance, folder, name) for name in chosen]
    files = {f"版/{name}": content for name, content in folder.items()}
    files |= {"数据.json": _sample(name, ".json"), "簿.xlsx": _sample(name, ".xlsx")}
    args = chance.choice((
        ("fill", "数据.json", "-e", "版", "-o", "出.xlsx", "--totals", "given"),
        ("fill", "数据.json", "-e", "版", "-o", "出.xlsx", "--live-checks"),
        ("validate", "簿.xlsx", "-e", "版"),
        ("read", "簿.xlsx", "-e", "版"),
        ("mapping", "check", "版"),
        ("mapping", "show", "版", "-o", "出.xlsx"),
        ("schema", "-e", "版"),
        ("editions", "版"),
        ("rules", "list", "-e", "版"),
        ("new", "-e", "版", "-o", "出.yaml"),
        ("new", "-e", "版", "-o", "出.csv"),
        ("checks-sheet", "簿.xlsx", "-e", "版", "-o", "出.xlsx"),
    ))  # fmt: skip
    return Trial(files, args, "+".join(how))


def _spoil_file(chance: Random, folder: Files, name: str) -> str:
    """Spoil one file of a folder in place; how."""
    if chance.random() < 0.2:
        match chance.randrange(4):
            case 0:
                folder.pop(name)
            case 1:
                folder[name] = b""
            case 2:
                folder[name] = folder[chance.choice(list(folder))]
            case _:
                folder["x" + name] = folder.pop(name)
        return "file"
    content = folder[name]
    if name.endswith(".yaml"):
        folder[name], how = spoilt_yaml(chance, content)
    elif name.endswith(".csv"):
        folder[name], how = spoilt_csv(chance, content)
    else:
        folder[name], how = spoilt_book(chance, content).content, "form"
    return f"{Path(name).suffix[1:]}:{how}"


# --- Rules -------------------------------------------------------------------------------------


def _rules(chance: Random) -> Trial:
    sources = (MAPPINGS / "rules" / "base.yaml", MAPPINGS / "2024-shanghai" / "rules.yaml")
    content, how = spoilt_yaml(chance, chance.choice(sources).read_bytes())
    files = {"规则.yaml": content, "簿.xlsx": filled(SGB)}
    args = chance.choice((
        ("validate", "簿.xlsx", "--rules", "规则.yaml"),
        ("validate", "簿.xlsx", "--rules", "规则.yaml", "--format", "json"),
        ("rules", "check", "规则.yaml", "-e", "2024-shanghai"),
        ("checks-sheet", "簿.xlsx", "--rules", "规则.yaml", "-o", "出.xlsx"),
    ))  # fmt: skip
    return Trial(files, args, how)


# --- Explanations ------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _explained() -> tuple[bytes, Files]:
    """A book with findings, and explanations of them in every form."""
    book = with_cells(SGB, _SLIPS)
    validation = validate(book)
    told = json.loads(dumps(report(validation)))
    rows = [["规则", "位置", "左方", "右方", "说明", "问题", "单位名称"]]
    for finding in told["findings"]:
        finding["explanation"] = "上年多拨，本年冲回"
        sides = [str((finding.get(side) or {}).get("value", "")) for side in ("left", "right")]
        rows.append([finding["rule"], finding["where"], *sides, "冲回", finding["message"], ""])
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    with TemporaryDirectory() as folder:
        (Path(folder) / "b.xlsx").write_bytes(book)
        annotate(validate(Path(folder) / "b.xlsx"), Path(folder) / "c.xlsx")
        copy = (Path(folder) / "c.xlsx").read_bytes()
    text = json.dumps(told, ensure_ascii=False).encode()
    return book, {"说明.json": text, "说明.csv": table.getvalue().encode(), "说明.xlsx": copy}


def _explanations(chance: Random) -> Trial:
    book, given = _explained()
    name = chance.choice(list(given))
    match Path(name).suffix:
        case ".json":
            content, how = spoilt_json(chance, given[name])
        case ".csv":
            content, how = spoilt_csv(chance, given[name])
        case _:
            spoilt = spoilt_book(chance, given[name])
            content, how = spoilt.content, spoilt.how
    args = chance.choice((
        ("validate", "簿.xlsx", "--explanations", name),
        ("validate", "簿.xlsx", "--explanations", name, "--annotate", "标注.xlsx"),
        ("clean", name, "-o", "净.xlsx") if name.endswith(".xlsx") else ("validate", "簿.xlsx", "--explanations", name),
        ("finish", "簿.xlsx", "--explanations", name, "-o", "上报.xlsx"),
    ))  # fmt: skip
    return Trial({"簿.xlsx": book, name: content}, args, f"{Path(name).suffix}:{how}")


# --- Data --------------------------------------------------------------------------------------


def _data(chance: Random) -> Trial:
    name, edition = chance.choice(list(_SAMPLES.items()))
    fill = ("-o", "出.xlsx", "--totals", chance.choice(("given", "formula")))
    match chance.randrange(6):
        case 0 | 1:
            content, how = spoilt_json(chance, _sample(name, ".json"))
            file = "数据.json"
        case 2:
            content, how = spoilt_yaml(chance, _sample(name, ".json"))
            file = "数据.yaml"
        case 3:
            content, how = spoilt_csv(chance, _LONG.encode())
            file = "长表.csv"
        case 4:
            content, how = spoilt_csv(chance, _LEDGER.encode())
            args = ("import", "清单.csv", "-e", edition, "-o", "出.json", "--yes", "--unit", "万元")
            more = ("--unit-name", "某局", "--year", edition[:4])
            return Trial({"清单.csv": content}, (*args, *more), f"csv:{how}")
        case _:
            content, how = spoilt_json(chance, _sample(name, ".json"))
            files = {"上年.json": content, "簿.xlsx": _sample(name, ".xlsx")}
            return Trial(files, ("validate", "簿.xlsx", "--prior", "上年.json"), f"prior:{how}")
    further: tuple[str, ...] = chance.choice(((), (), ("--derive",)))
    return Trial({file: content}, ("fill", file, *fill, *further), f"{Path(file).suffix[1:]}:{how}")


KINDS: Mapping[str, Callable[[Random], Trial]] = {
    "template": _template,
    "edition": _edition,
    "rules": _rules,
    "explanations": _explanations,
    "data": _data,
}
