"""`xltool rules list|show|check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from xltool.cli.options import FILE
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean, in_years
from xltool.documents.datafile import Raw
from xltool.editions import Edition, all_editions, find_edition, newest_edition
from xltool.mapping.blocks import ListBlock
from xltool.mapping.files import read_yaml
from xltool.rules.describe import Words
from xltool.rules.instances import Instance
from xltool.rules.load import SCHEMA, RuleSet, load_rules
from xltool.rules.model import LEVELS, Part, Rule, tolerance_words
from xltool.rules.never import never_applies
from xltool.rules.touched import TouchedColumn, addresses, areas, touched

edition_option = click.option("-e", "--edition", metavar="版本", help="版本（默认最新的全国版本）")
rules_option = click.option(
    "--rules", multiple=True, type=FILE, metavar="文件", help="另加的规则文件，可多次"
)


@click.group(help="列出、解释、检查勾稽规则。")
def command() -> None:
    """Group of rule commands."""


def _load(edition: str | None, rules: tuple[Path, ...]) -> tuple[Edition, RuleSet]:
    found = find_edition(edition) if edition else newest_edition()
    return found, load_rules(found, rules)


@command.command("list", help="列出一个版本的全部规则。")
@edition_option
@rules_option
def list_command(edition: str | None, rules: tuple[Path, ...]) -> None:
    """One line per rule: id, level, what it says."""
    _, loaded = _load(edition, rules)
    for rule in loaded.rules.values():
        by = f"（程序检查：{rule.check}）" if rule.check else ""
        click.echo(f"{rule.id}\t{LEVELS[rule.level]}\t{rule.name}{by}")


@command.command(help="解释一条规则：文字、算式、容差、依据、涉及的单元格。")
@click.argument("rule_id", metavar="规则编号")
@edition_option
@rules_option
def show(rule_id: str, edition: str | None, rules: tuple[Path, ...]) -> None:
    """Everything about one rule."""
    found, loaded = _load(edition, rules)
    rule = loaded.rules.get(rule_id)
    if rule is None:
        raise InputError(
            Problem(
                rule_id, "没有这条规则", did_you_mean(rule_id, loaded.rules), code="unknown-name"
            )
        )
    click.echo(f"{rule.id}　{rule.name}")
    click.echo(f"级别：{LEVELS[rule.level]}　依据：{rule.basis}　版本：{found.id}{_years(rule)}")
    if rule.check:
        click.echo(f"由程序逐格检查（{rule.check}），没有算式。")
        return
    if rule.when is not None:
        click.echo(f"只适用于：{Words({}).of(rule.when)}")
    instances = loaded.instances[rule_id]
    for n, part in enumerate(rule.parts, 1):
        click.echo(f"\n第{n}式　{part.text}")
        own = [instance for instance in instances if instance.part is part]
        for line in (*_part(part, loaded.table_names), *_cells(found, own)):
            click.echo(f"  {line}")
    click.echo(f"\n在 {found.id} 中展开为{len(instances)}个算式（清单的各行在校验时逐行展开）")


def _cells(edition: Edition, instances: Sequence[Instance]) -> Iterator[str]:
    """Where the template has the cells that a part of a rule reads, a line for each sheet."""
    if not instances:
        yield "单元格：本版本没有这张表"
    fixed: dict[tuple[bool, str], list[str]] = defaultdict(list)
    listed: dict[tuple[bool, str], list[str]] = defaultdict(list)
    found = touched(instances)
    for prior, table, what in found:
        mapping = edition.tables[table]
        is_list = isinstance(what, TouchedColumn) and any(
            isinstance(block, ListBlock) and block.name == what.list for block in mapping.blocks
        )
        (listed if is_list else fixed)[prior, table] += addresses(mapping, what)
    for prior, table in dict.fromkeys((prior, table) for prior, table, _ in found):
        shown = areas(fixed[prior, table])
        shown += [f"{area}（清单各行）" for area in areas(listed[prior, table])]
        year = "上年的" if prior else ""
        yield f"单元格：{year}“{edition.tables[table].sheet}”{'、'.join(shown)}"


def _years(rule: Rule) -> str:
    return f"　适用年度：{in_years(*rule.years)}" if any(rule.years) else ""


def _part(part: Part, tables: dict[str, str]) -> list[str]:
    words = Words({}, tables=tables)
    lines = [f"意思：{words.of(part.expression)}"]
    for name, over in part.each:
        lines.append(f"逐个：{name.removeprefix('$')} = {words.of(over)}")
    if part.condition is not None:
        lines.append(f"前提：{words.of(part.condition)}")
    lines.append(f"容差：{tolerance_words(part.tolerance)}")
    return lines


@command.command(help="检查规则文件：格式、算式、用到的表名和行名。不写文件时检查自带的规则。")
@click.argument("files", nargs=-1, type=FILE, metavar="[文件]…")
@edition_option
def check(files: tuple[Path, ...], edition: str | None) -> None:
    """Check rule files in one edition, or in all; every fault at once."""
    problems: list[Problem] = []
    for path in files:
        raw: Raw = read_yaml(path)
        problems += schema_problems(raw, SCHEMA, path.name)
    raise_if(problems)
    editions = [find_edition(edition)] if edition else list(all_editions())
    loaded: list[tuple[Edition, RuleSet]] = []
    for found in editions:
        try:
            loaded.append((found, load_rules(found, files)))
        except InputError as error:
            # the names that editions have differ: a place is told of once
            places = {problem.where for problem in problems}
            problems += [p for p in error.problems if p.where not in places]
    raise_if(problems)
    for rule_id in _of_files(loaded, files):
        for why in never_applies(rule_id, loaded):
            click.echo(f"注意：{rule_id} 永远用不上：{why}")
    click.echo(f"规则没有问题：{'、'.join(e.id for e in editions)}")


def _of_files(loaded: Sequence[tuple[Edition, RuleSet]], files: Sequence[Path]) -> Iterator[str]:
    """The rules that these files write or change; all of them where no file is named."""
    named = set(map(str, files))
    rules = {id_: rule for _, found in loaded for id_, rule in found.rules.items()}
    yield from (id_ for id_, rule in rules.items() if not named or rule.source in named)
