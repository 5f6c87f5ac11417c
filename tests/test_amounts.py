"""The one parser of amounts: what a clerk means, and what is no figure."""

import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.terminal import xltool
from xltool.core.amounts import NotANumber, parse_amount, parse_number, plain
from xltool.core.problems import InputError
from xltool.documents.load import load

CENTS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)
UNSEEN = "\u200b\ufeff\u200d\u200e\u202a\u202e\u2060\u2066\u2069\xad\ufe0f\u180e\ue000\x01"
SPACES = " \xa0\u2009\u202f\u3000\u2002\t"
FULL = str.maketrans("0123456789.,-()+", "０１２３４５６７８９．，－（）＋")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1234.5", "1234.5"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567.89", "1234567.89"),
        ("1\u2009234.56", "1234.56"),
        ("1\xa0234.56", "1234.56"),
        (" 8\n", "8"),
        ("￥1,234.56", "1234.56"),
        ("¥ 5", "5"),
        ("-¥5", "-5"),
        ("¥-5", "-5"),
        ("１，２３４．５６", "1234.56"),
        ("－７", "-7"),
        ("−7", "-7"),
        ("–7", "-7"),
        ("＋7", "7"),
        ("(1,234.56)", "-1234.56"),
        ("（1,234.56）", "-1234.56"),
        ("1,234.56-", "-1234.56"),
        (".5", "0.5"),
        ("12.5元", "12.5"),
        ("(12.5元)", "-12.5"),
        ("(12.5)元", "-12.5"),
        ("￥12.5元", "12.5"),
        ("189321.38000000003", "189321.38"),
        ("0.30000000000000004", "0.3"),
        ("98765432109.87001", "98765432109.87"),
        ("1234.559999999999", "1234.56"),
        ("0.125", "0.125"),
        ("120.5\u200b", "120.5"),
        ("\u202d307.82\u202c", "307.82"),
        ("_x0001_5", "5"),
    ],
)
def test_what_a_clerk_means(written: str, meant: str) -> None:
    assert parse_amount(written, "元") == Decimal(meant)


@pytest.mark.parametrize(
    "blank", ["", "  ", "-", "—", "——", "－－", "\u200b", "\u2014\ufeff", None]
)
def test_blanks_and_dashes_are_no_zero(blank: str | None) -> None:
    assert parse_amount(blank, "元") is None


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("125.00①", "①"),
        ("1234567²", "²"),
        ("12③4", "③"),
        ("½5", "½"),
        ("12%", "%"),
        ("１２％", "%"),
        ("1e999", "e"),
        ("1E5", "E"),
        ("0x1F", "x"),
        ("2024/5/1", "/"),
        ("2024年", "年"),
        ("12.5万", "万"),
        ("$5", "$"),
        ("5*", "*"),
        ("12。5", "。"),
        ("5注", "注"),
        ("1.2.3", "两个小数点"),
        ("1,23", "逗号"),
        ("12 34", "空格"),
        ("+-5", "正负号"),
        ("(-5)", "正负号"),
        ("-5-", "正负号"),
        ("(5", "括号"),
        ("5)", "括号"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_sign(written: str, sign: str) -> None:
    with pytest.raises(NotANumber, match=re.escape(sign)):
        parse_amount(written, "元")


@pytest.mark.parametrize(
    "value",
    [
        "nan", "inf", "-inf", "Infinity", "True", "待定", "2024-01-01", "#REF!", "٣", True, False, 1.5, [], "5.",
        Decimal("NaN"), Decimal("Infinity"), Decimal("1e999"), Decimal("1e999999999"), Decimal("1e15"),
        Decimal("1e-99999999"), Decimal("1e-400"), "9" * 100_000, "0." + "3" * 40, "0." + "0" * 100_000 + "1",
    ],
)  # fmt: skip
def test_other_kinds_and_sizes_are_refused(value: object) -> None:
    with pytest.raises(ValueError):
        parse_amount(value, "元")


@pytest.mark.parametrize(
    ("written", "unit", "good"),
    [
        ("5元", "元", True),
        ("5万元", "万元", True),
        ("5元", "万元", False),
        ("5万元", "元", False),
        ("5元", None, False),
    ],
)
def test_a_unit_behind_the_figure_must_be_that_of_the_document(
    written: str, unit: str | None, good: bool
) -> None:
    if good:
        assert parse_amount(written, unit) == 5
    else:
        with pytest.raises(ValueError, match="写着"):
            parse_amount(written, unit)


@given(CENTS, st.sampled_from(UNSEEN), st.sampled_from(SPACES), st.data())
def test_spaces_widths_and_unseen_signs_never_change_a_figure(
    amount: Decimal, unseen: str, space: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from([f"{amount:,.2f}", f"{amount:.2f}", plain(amount)]))
    if data.draw(st.booleans()):
        text = text.translate(FULL)
    if amount < 0 and data.draw(st.booleans()):
        text = data.draw(st.sampled_from(["({})", "{}-", "（{}）"])).format(text[1:])
    at = data.draw(st.integers(0, len(text)))
    text = space + text[:at] + unseen + text[at:] + space
    assert parse_amount(text, "元") == amount


@given(CENTS, st.sampled_from(["元", "万元"]), st.floats(-0.99, 0.99))
def test_the_trace_of_doubles_within_a_millionth_of_a_cent_is_no_figure(
    amount: Decimal, unit: str, share: float
) -> None:
    fen = amount if unit == "元" else amount.scaleb(-4)
    noise = Decimal(share).scaleb(-8 if unit == "元" else -12)
    assert parse_amount(fen + noise, unit) == fen


@given(st.text(max_size=12))
def test_any_text_is_a_figure_a_blank_or_refused(text: str) -> None:
    try:
        value = parse_number(text)
    except ValueError:
        return
    digits = [c for c in text if c.isdigit()]
    assert (value is None) == (not digits)
    assert all(c.isascii() or "０" <= c <= "９" for c in digits)


@given(st.decimals())
def test_any_decimal_is_kept_to_its_cent_or_refused(value: Decimal) -> None:
    try:
        amount = parse_amount(value, "元")
    except ValueError:
        return
    assert amount is not None
    assert abs(amount - value) <= Decimal("1E-8") * max(1, abs(value))


LINE = ["2024-shanghai", "某局", 2024, "元", "支出决算表", "明细", "2010301", "基本支出"]
HEAD = ["版本", "单位名称", "年度", "金额单位", "表", "行", "科目编码", "列", "值"]


def through(door: str, written: str, folder: Path) -> Decimal:
    """What a text that stands for an amount becomes at one of the doors."""
    if door == "csv":
        path = folder / "长表.csv"
        cells = [*map(str, LINE), '"' + written + '"']
        path.write_text(",".join(HEAD) + "\n" + ",".join(cells) + "\n", encoding="utf-8")
    elif door == "xlsx":
        path = folder / "长表.xlsx"
        book = openpyxl.Workbook()
        book.active.append(HEAD)
        book.active.append([*LINE, written])
        book.save(path)
    else:
        row = {"科目编码": "2010301", "基本支出": written}
        raw = dict(zip(HEAD, LINE[:4], strict=False)) | {"表": {"支出决算表": {"明细": [row]}}}
        path = folder / f"文档.{door}"
        path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    report, _ = load(path)
    return Decimal(str(report.tables["支出决算表"][0].lists["明细"][0]["基本支出"]))


@pytest.mark.parametrize("door", ["json", "yaml", "csv", "xlsx"])
def test_every_door_takes_and_refuses_the_same(door: str, tmp_path: Path) -> None:
    for written in (
        "￥1,234.56",
        "（1 234.56）",
        "1234.56000000003-",
        "１２３４．５６元",
        "\u200b1234.56",
    ):
        assert abs(through(door, written, tmp_path)) == Decimal("1234.56")
    for written in ("125.00①", "1234567²", "5%", "1e999", "nan", "5万元", "2024-05-01"):
        with pytest.raises(InputError) as caught:
            through(door, written, tmp_path)
        (problem,) = caught.value.problems
        assert written in problem.message
        assert "基本支出" in problem.where or "第2行" in problem.where


def long_book(path: Path, cells: dict[str, object], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    sheet.append([*LINE, 5])
    for ref, value in cells.items():
        sheet[ref] = value
    for ref, code in (formats or {}).items():
        sheet[ref].number_format = code
    book.save(path)
    return path


def test_a_formula_without_value_in_a_long_table_is_worked_out(tmp_path: Path) -> None:
    report, _ = load(long_book(tmp_path / "长表.xlsx", {"I2": "=K1*2", "K1": 75}))
    assert report.tables["支出决算表"][0].lists["明细"][0]["基本支出"] == 150


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"I2": "=NOW()"}, "第2行：“值”是公式，没有存储值，也无法复算"),
        ({"G2": '="2010"&"301"'}, "第2行：“科目编码”是公式，没有存储值"),
        ({"C2": "=2024"}, "第2行：“年度”是公式，没有存储值"),
        ({"I2": True}, "第2行：“TRUE”不是数字"),
    ],
)
def test_formulas_that_cannot_be_relied_on_are_refused_with_the_line(
    cells: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load(long_book(tmp_path / "长表.xlsx", cells))
    (problem,) = caught.value.problems
    assert words in str(problem)


def test_a_date_in_a_long_table_is_no_amount(tmp_path: Path) -> None:
    path = long_book(tmp_path / "长表.xlsx", {"I2": 45413}, {"I2": "yyyy-mm-dd"})
    with pytest.raises(InputError, match="“2024-05-01”不是数字"):
        load(path)


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        (0.5, "h:mm", "“12:00”里有“:”，不是数字"),
        (1.5, "[h]:mm", "“1.5天”里有“天”，不是数字"),
        (1500000, "0.00,", "第2行：“值”印出来是“1500.00”，存的是 1500000"),
        (15, '"99.00"', "第2行：“值”印出来是“99.00”，存的是 15"),
        (15, ";;;", "第2行：“值”印出来是“”，存的是 15"),
        (-15, "0.00;0.00", "第2行：“值”印出来是“15.00”，存的是 -15"),
    ],
)
def test_a_figure_of_a_long_table_that_prints_as_another_is_refused(
    value: float, code: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load(long_book(tmp_path / "长表.xlsx", {"I2": value}, {"I2": code}))
    (problem,) = caught.value.problems
    assert words in str(problem)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (28.2195, "#,##0.00"),
        (-15, "(0.00)"),
        (0.95, "0.0%"),
        (15, '0.00"万元"'),
        (1234567.8, "#,##0"),
    ],
)
def test_a_figure_of_a_long_table_may_be_printed_rounded(
    value: float, code: str, tmp_path: Path
) -> None:
    load(
        long_book(tmp_path / "长表.xlsx", {"I2": value, "C2": 2024}, {"I2": code, "C2": '0"年度"'})
    )


def test_the_year_of_a_long_table_may_be_a_date(tmp_path: Path) -> None:
    path = long_book(tmp_path / "长表.xlsx", {"C2": 45657}, {"C2": "yyyy"})
    assert load(path)[0].year == 2024


def document(tmp_path: Path, text: str, name: str = "数据.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


TOTALS = """\
版本: 2023-national
单位名称: 某局
年度: {year}
金额单位: {unit}
表:
  支出决算表:
    合计: {{本年支出合计: {total}}}
    明细:
      - {{科目编码: "2012601", 基本支出: {item}}}
"""


@pytest.mark.parametrize(
    ("unit", "total", "item"), [("万元", "10.00", "10.001"), ("元", "100000.00", "100000.01")]
)
def test_a_total_that_prints_alike_is_no_contradiction_in_either_unit(
    unit: str, total: str, item: str, tmp_path: Path
) -> None:
    document(tmp_path, TOTALS.format(year=2024, unit=unit, total=total, item=item))
    assert xltool("fill", "数据.yaml", "-o", "表.xlsx", folder=tmp_path).code == 0


def test_a_total_that_differs_is_told_in_the_unit_of_the_document(tmp_path: Path) -> None:
    document(tmp_path, TOTALS.format(year=2024, unit="元", total="120000", item="100000.01"))
    result = xltool("fill", "数据.yaml", "-o", "表.xlsx", folder=tmp_path)
    assert result.code == 2
    assert "120,000.00元" in result.err and "100,000.01元" in result.err
    assert "19,999.99元" in result.err


@pytest.mark.parametrize("year", ["２０２４", "二〇二四", "二零二四年度", "2024年", '"2024 年度"'])
def test_years_of_documents_as_people_write_them(year: str, tmp_path: Path) -> None:
    path = document(tmp_path, TOTALS.format(year=year, unit="元", total=5, item=5))
    assert load(path)[0].year == 2024


@pytest.mark.parametrize("year", ["1e999999999", "2024.5", "true", "[]", "24", "20240"])
def test_what_is_no_year_is_refused(year: str, tmp_path: Path) -> None:
    path = document(tmp_path, TOTALS.format(year=year, unit="元", total=5, item=5))
    with pytest.raises(InputError, match="应是四位年份"):
        load(path)


def test_a_schema_key_is_no_fault_and_a_full_width_colon_is_told(tmp_path: Path) -> None:
    text = '"$schema": x.json\n' + TOTALS.format(year=2024, unit="元", total=5, item=5)
    assert load(document(tmp_path, text))[0].unit_name == "某局"
    for wrong in (
        "版本：2024-shanghai\n单位名称：某局\n",
        "版本: 2024-shanghai\n单位名称：某局\n年度: 2024\n",
    ):
        with pytest.raises(InputError, match="行的冒号要用半角"):
            load(document(tmp_path, wrong))
    with pytest.raises(InputError, match="第2行用 Tab 缩进"):
        load(document(tmp_path, "表:\n\t支出决算表: {}\n"))


@pytest.mark.parametrize(
    "number", ["1e999999999", "1e-99999999", "1e99999999999999999999", "-1e15"]
)
@pytest.mark.parametrize("place", ["基本支出", "科目编码"])
def test_huge_exponents_are_refused_at_their_field(number: str, place: str, tmp_path: Path) -> None:
    row = {"科目编码": "2010301", "基本支出": 5}
    raw = dict(zip(HEAD, LINE[:4], strict=False)) | {"表": {"支出决算表": {"明细": [row]}}}
    (row if place in row else raw)[place] = "@"
    text = json.dumps(raw, ensure_ascii=False).replace('"@"', number)
    with pytest.raises(InputError) as caught:
        load(document(tmp_path, text, "数据.json"))
    assert any(place in problem.where for problem in caught.value.problems)
