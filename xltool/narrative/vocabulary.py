"""The words of disclosures, as data: mappings/narratives/vocabulary.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.mapping.files import read_yaml
from xltool.narrative.words import plain

FOLDER = MAPPINGS / "narratives"
FILE = FOLDER / "vocabulary.yaml"
SCHEMA = FOLDER / "vocabulary.schema.json"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a text gives a figure of: its wordings, and expressions for its figures in the tables."""

    name: str
    words: re.Pattern[str]
    figure: tuple[str, ...] = ()
    budget: tuple[str, ...] = ()
    part_of: str = ""
    at_most: str = ""
    share_of: str = ""
    wholes: tuple[str, ...] = ()
    only: str = ""
    """The kind of unit of which `figure` is certain; of others a difference is only worth a look."""
    fact: tuple[str, ...] = ()
    """Where the facts file has it; several facts of a group are added up: 采购.货物+工程+服务."""
    beside: str = ""
    """It is only meant beside this count."""
    either: tuple[str, ...] = ()
    """It is no item itself but a name of these: of the one whose figure the text gives, else of the first."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of section: how its title is recognised, and what its figures are called."""

    name: str
    titles: re.Pattern[str]
    within: str
    whole: str
    subject: str
    items: Mapping[str, Item]
    rows: str
    listing: bool
    """It lists economic 科目 by name."""
    none: tuple[str, ...]
    foreign: tuple[str, ...]
    """Tables whose 科目 are looked for: one of the code list that is none of this section's is told."""
    may_name: tuple[str, ...]
    own_only: bool
    """Amounts are about its own items; those of all topics are only what shares may be of."""
    ignored: bool
    """Its numbers are those of tables, not of sentences."""
    about_unit: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Something that is counted, in some topics and units, and where the facts have it.

    Known by words that end before its number or begin behind it, or by the item that the text speaks of.
    """

    name: str
    topics: tuple[str, ...]
    units: tuple[str, ...]
    fact: tuple[str, ...]
    words: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    subjects: tuple[str, ...]
    table: tuple[str, ...]
    """Where the tables have it: the table's short name and the path of its field."""
    money: str
    """The item that it goes with: one is nothing where the other is."""

    def said(self, words: str, after: str) -> bool:
        """Whether the words around a number say that it is this."""
        before = bool(self.words and self.words.search(words))
        return before or bool(self.behind and self.behind.match(after))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage of the evaluation: its wordings, and what is divided. `said`: the item whose figure in the text
    is the base where no table has it; `base` is that in words."""

    name: str
    words: re.Pattern[str]
    base: str
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeVocabulary:
    """All topics, what they have in common, and the words of sentences."""

    topics: Mapping[str, Topic]
    common: Mapping[str, Item]
    debris: tuple[re.Pattern[str], ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    old_names: Mapping[str, str]
    rules: Mapping[str, tuple[str, str]]
    """By id: level and name of each check of the text."""
    ratios: tuple[Ratio, ...] = ()
    counts: tuple[Count, ...] = ()

    def count(self, name: str) -> Count | None:
        """The count of that name."""
        return next((count for count in self.counts if count.name == name), None)

    def item(self, topic: Topic | None, name: str) -> Item | None:
        """The item of that name in a topic, or of all topics."""
        if topic is not None and name in topic.items:
            return topic.items[name]
        return self.common.get(name)


@remembered(1)
def load_vocabulary() -> NarrativeVocabulary:
    """Read and check the vocabulary. Raises `InputError`."""
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    try:
        common = _items(raw["common"])
        topics = {name: _topic(name, entry) for name, entry in raw["topics"].items()}
        sentences = raw["sentences"]
        return NarrativeVocabulary(
            topics,
            common,
            tuple(_pattern([text]) for text in sentences["debris"]),
            tuple(sentences["up"]),
            tuple(sentences["down"]),
            raw["old-names"],
            {id_: (rule["level"], rule["name"]) for id_, rule in raw["rules"].items()},
            tuple(_ratio(name, entry) for name, entry in raw.get("ratios", {}).items()),
            tuple(_count(name, entry) for name, entry in raw.get("counts", {}).items()),
        )
    except re.error as error:
        raise InputError(
            Problem(FILE.name, f"说法“{error.pattern!s}”不是合法的正则", code="bad-syntax")
        ) from error


def _topic(name: str, raw: dict[str, Any]) -> Topic:
    return Topic(
        name,
        _pattern(raw["titles"]),
        raw.get("within", ""),
        raw.get("whole", ""),
        raw.get("subject", ""),
        _items(raw.get("items", {})),
        raw.get("rows", ""),
        raw.get("listing", False),
        tuple(raw.get("none", ())),
        tuple(raw.get("foreign", ())),
        tuple(raw.get("may-name", ())),
        raw.get("own-only", False),
        raw.get("ignored", False),
        raw.get("about-unit", False),
    )


def _count(name: str, raw: dict[str, Any]) -> Count:
    words = behind = None
    if "words" in raw:
        said = _pattern(raw["words"]).pattern
        words = re.compile(
            f"(?:{said})(?:共计|累计|共|计|为|是|有|：|达|数|约|[一二三四五六七八九十]*)*$"
        )
    if "behind" in raw:
        behind = _pattern(raw["behind"])
    units, topics = tuple(raw["units"]), tuple(raw["topics"])
    subjects = tuple(raw.get("subjects", ()))
    money = raw.get("money", subjects[0] if subjects else "")
    fact, table = _fact(raw.get("fact", "")), _fact(raw.get("table", ""))
    return Count(name, topics, units, fact, words, behind, subjects, table, money)


def _fact(text: str) -> tuple[str, ...]:
    """采购.货物+工程 -> (采购, 货物+工程)."""
    return tuple(text.split(".")) if text else ()


def _ratio(name: str, raw: dict[str, Any]) -> Ratio:
    words = re.compile(f"(?:{_pattern(raw['words']).pattern})(?:为|是|：)?$")
    part, whole = tuple(raw.get("part", ())), tuple(raw.get("whole", ()))
    return Ratio(name, words, raw["base"], part, whole, raw.get("said", ""))


def _items(raw: dict[str, Any]) -> dict[str, Item]:
    return {
        name: Item(
            name,
            _pattern(entry["words"]),
            tuple(entry.get("figure", ())),
            tuple(entry.get("budget", ())),
            entry.get("part-of", ""),
            entry.get("at-most", ""),
            entry.get("share-of", ""),
            tuple(entry.get("whole", ())),
            entry.get("only", ""),
            _fact(entry.get("fact", "")),
            entry.get("beside", ""),
            tuple(entry.get("either", ())),
        )
        for name, entry in raw.items()
    }


def _pattern(words: list[str]) -> re.Pattern[str]:
    """One pattern for several wordings, in the spelling of squeezed text; groups are not kept."""
    spelled = "|".join(re.sub(r"(?<!\\)\((?!\?)", "(?:", _spelled(word)) for word in words)
    return re.compile(spelled)


def _spelled(word: str) -> str:
    """The quotes of a pattern in the spelling of squeezed text; its brackets are syntax and stay."""
    return "".join(plain(sign) if sign in '“”"「」『』％' else sign for sign in word)
