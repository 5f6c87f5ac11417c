"""A style and a report -> the titles and paragraphs of a text, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.schemas import schema_problems
from xltool.mapping.files import read_yaml
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.tables import Tables
from xltool.narrative.vocabulary import FOLDER, load_vocabulary
from xltool.narrative.writing.blocks import TextBlock
from xltool.narrative.writing.figures import NarrativeFigures
from xltool.narrative.writing.kept import Earlier, Kept, merge
from xltool.narrative.writing.matters import MATTERS
from xltool.narrative.writing.phrases import CLOSE, OPEN, WORDS, Phrases

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

STYLES = FOLDER / "styles"
SCHEMA = FOLDER / "style.schema.json"
_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Composed:
    """A text: its blocks, and what a person still has to write."""

    style: str
    blocks: tuple[TextBlock, ...]
    missing: tuple[str, ...]
    kept: tuple[Kept, ...] = ()
    lost: tuple[str, ...] = ()
    """What people wrote into an earlier text and that has no place in this one."""

    @property
    def text(self) -> str:
        """The text with a line for each block."""
        return "\n".join(block.text for block in self.blocks) + "\n"

    def keeping(self, earlier: Earlier | None) -> Composed:
        """The text with what people wrote into an earlier one."""
        if earlier is None:
            return self
        blocks, kept, lost = merge(self.blocks, earlier)
        joined = "".join(block.text for block in blocks)
        missing = tuple(what for what in self.missing if f"{OPEN}{what}{CLOSE}" in joined)
        return Composed(self.style, tuple(blocks), missing, tuple(kept), tuple(lost))

    def under(self, start: str = "") -> list[TextBlock]:
        """The blocks of one part, by how their keys begin; without it, those of the text itself."""
        parts = ("概况.", "名词.")
        return [
            block
            for block in self.blocks
            if (block.key.startswith(start) if start else not block.key.startswith(parts))
        ]

    @property
    def notes(self) -> dict[str, str]:
        """Comments on paragraphs that were kept although the tables changed, by key."""
        return {kept.key: f"表变了，按现在的表这一段是：{kept.now}" for kept in self.kept}


def styles() -> dict[str, dict[str, Any]]:
    """Every style by its name."""
    found = {}
    for path in sorted(STYLES.glob("*.yaml")):
        raw = _style(path)
        found[raw["style"]] = raw
    return found


def _style(path: Path) -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(path)
    raise_if(schema_problems(raw, SCHEMA, path.name))
    return raw


def choose_style(name: str | None, edition: str) -> dict[str, Any]:
    """The style of that name or file, else that of the edition, else 通用. Raises `InputError`."""
    if name is not None and name.endswith((".yaml", ".yml")):
        return _style(Path(name))
    known = styles()
    if name is not None:
        if name not in known:
            raise InputError(
                Problem(name, "没有这种格式", f"可用：{'、'.join(known)}", code="unknown-name")
            )
        return known[name]
    fitting = [raw for raw in known.values() if edition in raw["editions"]]
    return fitting[0] if fitting else known["通用"]


def compose(tables: Tables, facts: NarrativeFacts, style: dict[str, Any]) -> Composed:
    """Write the text. Raises `InputError` for a template that cannot be filled in."""
    report = tables.report
    phrases = Phrases(
        NarrativeFigures(load_vocabulary(), tables),
        facts,
        report.year,
        style["zeros"],
        style["prior"].replace("{上年}", str(report.year - 1)),
    )
    writer = _Writer(phrases, style["style"])
    blocks = tuple(writer.sections(style["sections"]))
    return Composed(style["style"], blocks, tuple(phrases.missing))


class _Writer:
    def __init__(self, phrases: Phrases, style: str) -> None:
        self.phrases, self.style = phrases, style
        self.environment = _environment(phrases)

    def sections(self, raw: list[dict[str, Any]]) -> Iterator[TextBlock]:
        for number, section in enumerate(raw, 1):
            key = section["topic"]
            yield TextBlock("title", f"{_ordinal(number)}、{section['title']}", f"{key}.题")
            yield from self._body(section, key)
            shown = [part for part in section.get("parts", []) if self._wanted(part)]
            for n, part in enumerate(shown, 1):
                yield TextBlock(
                    "subtitle", f"（{_ordinal(n)}）{part['title']}。", f"{part['topic']}.题"
                )
                yield from self._body(part, part["topic"])

    def _wanted(self, part: dict[str, Any]) -> bool:
        self.phrases.figures.topic = part["topic"]
        return "when" not in part or bool(self._expression(part["when"]))

    def _body(self, section: dict[str, Any], key: str) -> Iterator[TextBlock]:
        self.phrases.figures.topic = section["topic"]
        for n, template in enumerate(section.get("text", []), 1):
            if text := self._filled(template, key):
                yield TextBlock("paragraph", text, f"{key}.{n}")
        if each := section.get("each"):
            for n, row in enumerate(self.phrases.deepest(each["rows"]), 1):
                text = self._filled(each["text"], key, 序号=n, 行=row)
                yield TextBlock("paragraph", text, f"{key}.{row.code}")

    def _filled(self, template: str, key: str, **more: object) -> str:
        from jinja2 import TemplateError

        try:
            made = self.environment.from_string(template).render(**more)
        except (TemplateError, TypeError) as error:
            where = f"{self.style} {key}"
            raise InputError(
                Problem(where, f"模板填不出来：{error}", template, code="unknown-name")
            ) from error
        return made.strip()

    def _expression(self, text: str) -> object:
        return self.environment.compile_expression(text)()


def _environment(phrases: Phrases) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    words = {name: partial(method, phrases) for name, method in {**WORDS, **MATTERS}.items()}
    environment.globals.update({**words, "年度": phrases.year, "上年": phrases.year - 1})
    return environment


def _ordinal(number: int) -> str:
    if number <= 10:
        return _ORDINALS[number - 1]
    return "十" + _ORDINALS[number - 11] if number < 20 else str(number)
