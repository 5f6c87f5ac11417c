"""What may go into the place of the open workbook, and what is never lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addin.test_actions import Desk
from xltool.addin.entry import act
from xltool.ooxml import open_workbook
from xltool.resources import SAMPLES, TEMPLATES

OTHER_FORM = TEMPLATES / "2021-national" / "项目支出绩效自评表.xlsx"
OTHER_DATA = SAMPLES / "beiguan-2021.json"


@pytest.fixture(params=["file", "excel"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(request.param, tmp_path)


def sheets(path: Path) -> list[str]:
    return [sheet.name for sheet in open_workbook(path).sheets]


def test_a_form_that_the_data_is_not_for_stays(desk: Desk, tmp_path: Path) -> None:
    path, out = tmp_path / "自评表.xlsx", tmp_path / "公开表.xlsx"
    path.write_bytes(OTHER_FORM.read_bytes())
    host = desk.open(path, yes=True, chosen=(OTHER_DATA, out))
    act("fill", host)
    assert "数据里没有打开的“自评表.xlsx”里的表" in "\n".join(desk.told)
    assert desk.told[-1].startswith("已填报，原工作簿没有改动：")
    assert path.read_bytes() == OTHER_FORM.read_bytes()
    with host.snapshot() as now:
        assert sheets(now) == sheets(path)
    assert desk.opened == ["公开表.xlsx"] and len(sheets(out)) > 9
