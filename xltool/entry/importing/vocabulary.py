"""The words of ordinary spreadsheets: mappings/import/vocabulary.yaml, with an import mapping of the user's on top."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from xltool.core.caches import remembered
from xltool.core.problems import raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import norm
from xltool.mapping.files import read_yaml

FILE = MAPPINGS / "import" / "vocabulary.yaml"
SCHEMA = MAPPINGS / "import" / "vocabulary.schema.json"
MAPPING_SCHEMA = SCHEMA.with_name("mapping.schema.json")
_REMARK = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\d+[.、](?!\d)|[（(][一二三四五六七八九十\d]+[）)])"
)
_PIVOT = re.compile(r"^(?:求和项|sumof)[:：]?", re.I)
"""What a pivot table puts before the head of a column that it adds up."""
_AFFIRMED = "(?<![非未不])"
"""Before a word that is not denied: 非项目支出, 未支付成功, 不正常 say nothing of what is the case."""
_OF_WHICH = re.compile("^其中:?")
_PLACE = re.compile(r"^(?P<sheet>.*)!(?P<column>[A-Z]{1,3}|\d{1,4})(?:/(?P<head>.+))?$")


def bare(text: object) -> str:
    """A head or label for comparing: without remarks in brackets, ordinals, spaces, differences of width."""
    plain = norm(str(text))
    return _REMARK.sub("", _ORDINAL.sub("", _PIVOT.sub("", plain))).rstrip(":")


def unmarked(label: str) -> str:
    """A label in the spelling of `norm` without 其中：, by which a part of the row above is marked."""
    return _OF_WHICH.sub("", label)


class Meaning(NamedTuple):
    """What a column is. `what`: code, name, amount, single, total, side, month, part, economic, nature, fund, income,
    unit, status, year, memo, direction, aside."""

    what: str
    target: str = ""
    """Of an amount: 表.栏; of a code: 功能, 经济, 类, 款, 项; of an aside: why it is none of this year's figures."""


OTHER_MONEY = "其他"
"""The fund of what is no 财政拨款."""
FISCAL_MONEY = "财政拨款"
"""What a head, a cell says of money whose 支出功能分类 code says of which fund."""
FISCAL_NAMES = frozenset((FISCAL_MONEY, "财政拨款资金", "财政资金", "财政拨款支出"))
PART = "其中数"
"""An aside: a part of the figure in another column."""
RESTATED = "万元数"
"""An aside: the figure of another column again, in the other money unit."""
USES = {
    "功能分类": Meaning("code", "功能"),
    "经济分类": Meaning("code", "经济"),
    "名称": Meaning("name"),
    "金额": Meaning("single"),
    "合计": Meaning("total"),
    "借方": Meaning("side", "借方"),
    "贷方": Meaning("side", "贷方"),
    "支出性质": Meaning("nature"),
    "资金性质": Meaning("fund"),
    "收入类别": Meaning("income"),
    "单位": Meaning("unit"),
    "不要": Meaning("aside", "不要"),
}
"""The words that an import mapping has for the uses of a column that is no amount of a table."""


class ImportWords:
    """The vocabulary, its wordings in the spelling of `bare`; a file of the user's own adds to it."""

    def __init__(self, raw: dict[str, Any], own: dict[str, Any] | None = None) -> None:
        self.raw = own = own or {}
        self.heads = _heads(raw)
        self._own = {_one_line(head): use_of(use) for head, use in own.get("列", {}).items()}
        self._own |= {_one_line(head): USES["不要"] for head in own.get("不要", [])}
        self.places = {
            (found["sheet"], found["column"], found["head"] or ""): use_of(use)
            for head, use in own.get("列", {}).items()
            if (found := _PLACE.match(head))
        }
        rows = own.get("行", {})
        self.codes = {bare(name): str(code) for name, code in own.get("科目", {}).items()}
        """Codes that a person gave to names."""
        self.unwanted = frozenset(bare(label) for label, to in rows.items() if to == "不要")
        self.unwanted_sheets = frozenset(own.get("不要的工作表", []))
        labels = {**raw["labels"], **{w: to for w, to in rows.items() if to != "不要"}}
        self.labels = {bare(w): tuple(target) for w, target in labels.items()}
        self.own_labels = frozenset(bare(label) for label in rows)
        self.accounts = _accounts(own) + raw["accounts"]
        self.other_accounts = tuple(raw["other_accounts"])
        self.other_names = tuple(raw["other_account_names"])
        self.parallel = {kind: tuple(w) for kind, w in raw["parallel_accounts"].items()}
        self.fiscal = tuple(raw["fiscal"])
        self.no_data: dict[str, dict[str, list[str]]] = raw["no_data"]
        self.subtotals = frozenset(map(bare, raw["subtotals"]))
        self.parts = frozenset(map(bare, raw["parts"]))
        self.ways = frozenset(map(bare, raw["ways"]))
        self.reversals, self.carried = tuple(raw["reversals"]), tuple(raw["carried"])
        self.aliases = [frozenset(map(bare, names)) for names in raw["aliases"]]
        states: dict[str, str] = own.get("状态", {})
        self.paid = re.compile(f"{_AFFIRMED}(?:{'|'.join(raw['paid'])})")
        self.counted = frozenset(state for state, said in states.items() if said == "算")
        self.unpaid = frozenset(state for state, said in states.items() if said == "不算")
        """States of payments that count and that do not, as a person said of them whole: 未终审 is not 终审."""
        self._odd = _patterns(raw["odd_titles"])
        self._telling = _patterns(raw["telling"])
        self._any_telling = re.compile(
            "|".join(w for words in raw["telling"].values() for w in words)
        )
        self._aside = _patterns(raw["aside"])
        self.said_natures = _own(own.get("性质", {}))
        """Natures that a person said: of a word of a cell, of an account that names none, of a 功能分类 code."""
        self._said_funds = _own(own.get("资金", {}))
        self._funds = _patterns(raw["funds"], _AFFIRMED)
        self._natures = _patterns(raw["natures"], _AFFIRMED)

    def aside(self, text: str) -> str:
        """Why a column under this head is none of this year's figures (上年, 预算 …), or ""."""
        return _found(self._aside, norm(text))

    def telling(self, text: str) -> tuple[str, str]:
        """(why, word): a word in a row by which its figures may be none of this year's, or ("", "")."""
        plain = norm(text)
        if not self._any_telling.search(plain):
            return "", ""
        found = ((why, pattern.search(plain)) for why, pattern in self._telling)
        return next(((why, match[0]) for why, match in found if match), ("", ""))

    def own_use(self, sheet: str, letter: str, head: str) -> Meaning | None:
        """What the user's import mapping says of a column."""
        return self.places.get((sheet, letter, head)) or self.own_head(head)

    def own_head(self, head: str) -> Meaning | None:
        """What it says of a head, wherever that stands."""
        return self._own.get(_one_line(head))

    def odd_title(self, text: str) -> str:
        """Why a title is none of a whole year's final figures (预算, 不到全年, 一部分支出), or ""."""
        plain = norm(text)
        sure: tuple[str, ...] = ()
        if "执行" in plain:
            sure = ("预算",)  # 预算执行情况 is what was spent
        if "决算" in plain:
            sure = ("预算", "一个月", "十二月")
        return _found([group for group in self._odd if group[0] not in sure], plain)

    def fund(self, *texts: str) -> str:
        """The fund that the texts of a path name: 一般公共, 基金, 国资, 其他; "" also where they name two."""
        return _only(self._said_funds, self._funds, texts)

    def nature(self, text: str) -> str:
        """The nature of spending that a text names: 基本支出, 项目支出 …; "" also where it names two."""
        return _only(self.said_natures, self._natures, (text,))

    def same(self, one: str, other: str) -> bool:
        """Whether two labels are wordings of one."""
        one, other = bare(one), bare(other)
        return one == other or any(one in names and other in names for names in self.aliases)


def _one_line(head: str) -> str:
    """A head without the strokes between its lines, nor one that is printed in it: 科目名称/项目."""
    return bare(norm(head).replace("/", ""))


def use_of(use: str | list[str]) -> Meaning:
    """A use as an import mapping writes it: a word, or [表, 栏]."""
    return USES[use] if isinstance(use, str) else Meaning("amount", ".".join(use))


def _heads(raw: dict[str, Any]) -> dict[str, Meaning]:
    """Heads by wording; of two uses for one wording the former in this order holds."""
    listed: list[tuple[Meaning, list[str]]] = [
        *((Meaning("code", kind), words) for kind, words in raw["codes"].items()),
        *((Meaning("amount", ".".join(to)), [word]) for word, to in raw["amounts"].items()),
        *((Meaning("side", side), words) for side, words in raw["sides"].items()),
        (Meaning("total"), raw["totals"]),
        (Meaning("single"), raw["single"]),
        (Meaning("nature"), raw["nature_heads"]),
        (Meaning("fund"), raw["fund_heads"]),
        (Meaning("income"), raw["income_heads"]),
        (Meaning("unit"), raw["units"]),
        (Meaning("status"), raw["status_heads"]),
        (Meaning("memo"), raw["memos"]),
        (Meaning("year"), raw["year_heads"]),
        (Meaning("direction"), raw["directions"]),
        (Meaning("name"), raw["names"]),
        (Meaning("aside", "不是金额"), raw["ignored"]),
    ]
    heads: dict[str, Meaning] = {}
    for meaning, words in listed:
        for word in words:
            heads.setdefault(bare(word), meaning)
    return heads


def _accounts(own: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"words": [word], "side": "借方", "column": column, "own": True}
        # a code of 功能分类 says more than the name of the account above it
        for word, column in sorted(
            own.get("会计科目", {}).items(), key=lambda x: not x[0].isdigit()
        )
    ]


Patterns = list[tuple[str, re.Pattern[str]]]


def _patterns(groups: dict[str, list[str]], before: str = "") -> Patterns:
    return [(name, re.compile(f"{before}(?:{'|'.join(words)})")) for name, words in groups.items()]


def _own(said: dict[str, str]) -> dict[str, str]:
    return {norm(word): name for word, name in said.items()}


def _found(patterns: Patterns, text: str) -> str:
    return next((name for name, pattern in patterns if pattern.search(text)), "")


def _only(own: dict[str, str], groups: Patterns, texts: tuple[str, ...]) -> str:
    """What a person said of a whole text (保障类 says nothing of 非保障类), else the one group they have a word of."""
    plain = [norm(text) for text in texts]
    found = {name for name, pattern in groups if pattern.search("".join(plain))}
    said = next((own[text] for text in plain if text in own), "")
    return said or (found.pop() if len(found) == 1 else "")


def load_words(own: Path | None = None) -> ImportWords:
    """The bundled words, with those of an import mapping on top. Raises `InputError`."""
    return words_with({} if own is None else read_mapping(own))


def read_mapping(path: Path) -> dict[str, Any]:
    """An import mapping, checked. Raises `InputError`."""
    raw: dict[str, Any] = read_yaml(path)
    raise_if(schema_problems(raw, MAPPING_SCHEMA, path.name))
    return raw


def words_with(own: dict[str, Any]) -> ImportWords:
    """The bundled words, with an import mapping that was read and checked."""
    return ImportWords(_raw(), own)


@remembered(1)
def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    return raw
