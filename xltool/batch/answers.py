"""What units answered in the letters that came back with their books: read once, kept in a file for the workers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from xltool.batch.skipped import Passed
from xltool.batch.source import Source, content_of
from xltool.checks.explanations import Explanation, letter_explanations
from xltool.core.caches import remembered
from xltool.core.texts import norm
from xltool.ooxml import WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem

ANSWERS = "answers.json"


def write_answers(letters: Sequence[Source], target: Path) -> list[Passed]:
    """Read the letters and write what was answered to `target`; what is to be said about them."""
    found: list[Explanation] = []
    wrong: list[str] = []
    for letter in letters:
        try:
            answers, problems = letter_explanations(open_workbook(content_of(letter)), letter.name)
        except WorkbookError as error:
            wrong.append(str(workbook_problem(error, letter.name)))
            continue
        found += answers
        wrong += map(str, problems)
    target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8", newline="\n")
    lines = len({(e.unit, e.code, e.text, e.rule, e.where) for e in found})
    told = [Passed(f"收回整改通知 {len(letters)} 份，里面的说明管着 {lines} 处", ())]
    return [*told, Passed("整改通知里没有用上的", tuple(wrong))] if wrong else told


def answers_of(file: Path, unit_name: str) -> Sequence[Explanation]:
    """What the units of that name answered."""
    return _by_unit(file, file.stat().st_mtime_ns).get(norm(unit_name), ())


@remembered(2)
def _by_unit(file: Path, written: int) -> Mapping[str, Sequence[Explanation]]:
    units: defaultdict[str, list[Explanation]] = defaultdict(list)
    for raw in json.loads(file.read_text(encoding="utf-8")):
        answer = Explanation(*raw)
        units[norm(answer.unit)].append(answer)
    return dict(units)
