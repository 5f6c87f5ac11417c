"""What `fill` says of the workbook that it wrote is what the command says that it names to go on with."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from tests.support.editing import saved
from tests.support.filling import fill_form
from tests.support.terminal import xltool
from xltool.core.model import CODE
from xltool.editions import find_edition

EDITION = "2023-national"
LOCAL = {
    "01": {"年初结转和结余": "上年结转和结余"},
    "02": {"本年收入合计": "合计"},
    "03": {"本年支出合计": "合计"},
    "04": {"年初财政拨款结转和结余": "上年财政拨款结转和结余"},
    "07": {"年初结转和结余": "上年结转和结余"},
}
"""Words of an office in place of the edition's: its tables are recognised."""
LACKING = ("公开08", "部门整体")


def form(local: dict[str, dict[str, str]]) -> bytes:
    """The edition's blank form without two of its sheets, with words of an office's own."""
    workbook = openpyxl.load_workbook(find_edition(EDITION).workbooks[0].template)
    for sheet in workbook.worksheets:
        words = local.get(sheet.title[2:4], {})
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in words:
                    cell.value = words[str(cell.value)]
        if sheet.title.startswith(LACKING):
            workbook.remove(sheet)
    return saved(workbook)


@pytest.mark.parametrize("asked", [(), ("-e", EDITION)])
@pytest.mark.parametrize("local", [LOCAL, {}])
def test_of_a_form_that_lacks_a_table_of_the_edition_of_the_data(
    local: dict[str, dict[str, str]], asked: tuple[str, ...], tmp_path: Path
) -> None:
    row = {CODE: "2130301", "本年收入合计": 100, "财政拨款收入": 100}
    tables = {"收入决算表": {"明细": [row]}}
    answer = fill_form(tmp_path, form(local), tables, year=2023, unit="万元", more=asked)
    said = re.search(r"校验：(.+)（(.+)）", answer.err)
    command = re.search(r"xltool (validate .+)", answer.err)
    assert said and command, answer.err
    checked = xltool(*command[1].split(), folder=tmp_path)
    assert "：".join(said.groups()) in checked.out.splitlines()
