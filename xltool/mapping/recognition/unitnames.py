"""Names of units, and what else may stand before the title of a table in its cell."""

from __future__ import annotations

import re

from xltool.core.years import YEAR
from xltool.mapping.recognition.vocabulary.keys import bare

_UNIT_NAME = re.compile(
    r"(?:部门|单位|本级|[局委办院校所站队部会处室厅司署行社团馆园场库台矿店厂区县市省镇乡街道府中心公司学会联合检察法院]+|\))$"
)
_NO_UNIT = re.compile(r"(?:[省市区县州盟旗国]|级|部门|单位|有限公司)$|[×xX某]|附件")
"""A place, or what stands for any unit."""
_LEVEL = re.compile(r"(?:^|[一-鿿]{2,10})[省市县区州盟旗本]级(?:预算|财政|部门)*$")
"""Whose project or office a 自评表 is of: 某区区级预算项目支出绩效自评表."""
_BEFORE = re.compile(
    rf"^(?:.*(?:{YEAR})年度?|.*年度|(?:20)?[_x×]{{0,4}}年)?(?:部门|单位|本级|本部门|本单位)?(?:决算)?(?:公开)?(?:报?表(?:之[\d一二三四五六七八九十]+)?)?[-—–:]*$"
)


def is_unit_name(text: str) -> bool:
    """Whether a text names an office, and not a place or a kind of unit."""
    return bool(_UNIT_NAME.search(bare(text))) and not _NO_UNIT.search(bare(text))


def may_stand_before_title(text: str) -> bool:
    """Whether a text, in the widths that are compared, is a year, a unit's name, or whose table it is."""
    found = _BEFORE.fullmatch(text) or _UNIT_NAME.search(text) or _LEVEL.search(text)
    return found is not None
