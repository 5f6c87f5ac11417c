"""A bureau's own words: local spellings in a file of one's own are honoured by every door."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.recognition.test_recognition import INCOME, Rows, book
from tests.support.terminal import xltool
from xltool.core.problems import InputError
from xltool.editions import find_edition
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.reading import Reading, examine

LOCAL: Rows = [
    ["本单位收入来源结算表"],
    ["填表部门：某县水务站", None, "结算年份：2022", "计价：元"],
    ["款项代号", "款项称谓", "全部来款", "财政来款", "杂项来款"],
    ["累积", None, 30.5, 30, 0.5],
    ["213", "农林水支出", 30.5, 30, 0.5],
    ["21303", "水利", 30.5, 30, 0.5],
    ["2130301", "行政运行", 30.5, 30, 0.5],
    ["备查：本表按本地写法。"],
]
WORDS = """
heads: {单位名称: [填表部门], 年度: [结算年份], 金额单位: [计价]}
codes: {code: [款项代号], name: [款项称谓]}
total: [累积]
notes: [备查]
tables:
  收入决算表:
    titles: [本单位收入来源结算表]
    columns:
      本年收入合计: [全部来款]
      财政拨款收入: [财政来款]
      其他收入: [杂项来款]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder, empty."""
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    monkeypatch.delenv("XLTOOL_SHARED", raising=False)
    monkeypatch.delenv("XLTOOL_WORDS", raising=False)
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def _assert_read(reading: Reading) -> None:
    report = reading.report
    assert (report.unit_name, report.year, report.unit) == ("某县水务站", 2022, "元")
    table = report.tables["收入决算表"][0]
    assert table.fields["合计", "其他收入"] == Decimal("0.5")
    assert [row["科目编码"] for row in table.lists["明细"]] == ["213", "21303", "2130301"]
    assert [ref for _, ref, value in reading.unmatched if isinstance(value, Decimal)] == []


def test_local_spellings_are_read_where_a_file_tells_them(own: Path) -> None:
    with pytest.raises(InputError):
        examine(book(表=LOCAL))
    (own / "用语.yaml").write_text(WORDS, encoding="utf-8")
    _assert_read(examine(book(表=LOCAL)))


def test_words_that_are_gone_are_known_no_more(own: Path) -> None:
    edition = find_edition("2022-national")
    (own / "用语.yaml").write_text(WORDS, encoding="utf-8")
    with_own = edition.words
    (own / "用语.yaml").unlink()
    assert with_own != edition.words
    assert edition.words == vocabulary(edition.folders)


@pytest.mark.parametrize("variable", ["XLTOOL_SHARED", "XLTOOL_WORDS"])
def test_an_office_shares_its_words(
    variable: str, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "共享"
    shared.mkdir()
    (shared / "用语.yaml").write_text(WORDS, encoding="utf-8")
    monkeypatch.setenv(variable, str(shared))
    _assert_read(examine(book(表=LOCAL)))


def test_every_door_knows_own_words(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "词.yaml").write_text(WORDS, encoding="utf-8")
    monkeypatch.setenv("XLTOOL_WORDS", str(tmp_path / "词.yaml"))
    (tmp_path / "簿.xlsx").write_bytes(book(表=LOCAL))
    read = xltool("read", "簿.xlsx", "-o", "出.json", folder=tmp_path)
    assert read.code == 0, read.err
    checked = xltool("validate", "簿.xlsx", folder=tmp_path)
    # the table is known, and all that is wanting is the rest of the return
    assert checked.code == 1 and "未完成审核：待确认 1 处，" in checked.out, checked.out
    assert "S-01 没有找到" in checked.out and "“收入决算表”" not in checked.out
    blank = [*LOCAL[:4], *[[None] * 5] * 6, LOCAL[-1]]
    (tmp_path / "空.xlsx").write_bytes(
        book(表=[["累积"] if row[0] == "累积" else row for row in blank])
    )
    made = xltool("mapping", "init", "空.xlsx", "-o", "本县", folder=tmp_path)
    assert made.code == 0, made.err
    document = json.loads((tmp_path / "出.json").read_text(encoding="utf-8"))
    assert document["表"]["收入决算表"]["合计"]["本年收入合计"] == 30.5
    filled = xltool("fill", "出.json", "-e", "本县", "-o", "填.xlsx", folder=tmp_path)
    assert filled.code == 0, filled.err
    again = xltool("read", "填.xlsx", "-e", "本县", "-o", "再.json", folder=tmp_path)
    assert again.code == 0, again.err
    assert json.loads((tmp_path / "再.json").read_text(encoding="utf-8"))["表"] == document["表"]


def test_rows_and_cells_of_cards_have_local_spellings_too(own: Path) -> None:
    (own / "用语.yaml").write_text(
        "tables:\n  项目支出绩效自评表:\n    titles: [本市项目自查表]\n"
        "    columns: {全年执行数: [花掉的钱]}\n    rows: {其他资金: [别的钱]}\n"
        "    cells: {项目名称: [项目叫什么]}\n",
        encoding="utf-8",
    )
    rows: Rows = [
        ["本市项目自查表（2022年度）"],
        ["项目叫什么", "水库加固", "实施单位", "某县水务站"],
        ["项目资金（万元）", None, "年初预算数", "花掉的钱"],
        [None, "年度资金总额", 3, 2],
        [None, "别的钱", 3, 2],
        ["年度总体目标", None, "预期目标", "实际完成情况"],
        [None, None, "加固", "完成"],
    ]
    table = examine(book(自查=rows)).report.tables["项目支出绩效自评表"][0]
    assert table.fields[("项目名称",)] == "水库加固"
    assert table.fields["项目资金", "其他资金", "全年执行数"] == Decimal(2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tables: {收入绝算表: {titles: [甲表]}}", "没有“收入绝算表”这张表"),
        ("tables: {收入决算表: {columns: {财政拨收: [甲]}}}", "没有“财政拨收”这一栏"),
        ("tables: {财政拨款“三公”经费支出决算表: {columns: {words: [甲]}}}", "没有“words”这一栏"),
        ("tables: {收入决算表: {rows: {甲: [乙]}}}", "没有“甲”这一行"),
        ("tables: {收入决算表: {titles: [收入情况]}}", "没有“表”字"),
        ("标题: [甲]", "不认识的项目 标题"),
        ("total: 累积", "类型不对"),
        ("[1", "不是合法的 YAML"),
    ],
)
def test_faults_in_own_words_are_told(text: str, said: str, own: Path) -> None:
    (own / "用语.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        examine(book(表2=INCOME))
    assert said in str(caught.value) and "用语.yaml" in str(caught.value)


def test_a_column_of_which_more_is_said_has_other_spellings_as_any_other(own: Path) -> None:
    text = "tables: {基本数字表: {columns: {在职人员: [在岗人员]}}}\n"
    (own / "用语.yaml").write_text(text, encoding="utf-8")
    (table,) = (words for words in vocabulary().tables if words.table == "基本数字表")
    assert table.synonyms["在岗人员"] == {"在职人员"}


def test_a_file_that_is_not_there_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLTOOL_WORDS", str(own / "没有.yaml"))
    with pytest.raises(InputError, match="没有这个用语文件"):
        examine(book(表2=INCOME))


def test_words_of_one_edition_are_not_those_of_the_next(tmp_path: Path) -> None:
    found = []
    for word in ("累计甲", "累计乙"):
        folder = tmp_path / word
        folder.mkdir()
        (folder / "用语.yaml").write_text(f"total: [{word}]\n", encoding="utf-8", newline="\n")
        found.append(vocabulary((folder,)).total)
    assert "累计甲" in found[0] and "累计乙" in found[1] and "累计甲" not in found[1]
