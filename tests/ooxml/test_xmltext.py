"""XML as text: escapes, attributes, the tree with places, splices."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.ooxml import WorkbookError
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import (
    attributes,
    cell_text,
    check,
    codec_of,
    decode,
    escape,
    escape_cell_text,
    plain_markup,
    set_attribute,
)
from xltool.ooxml.package.xmltree import parse

# Everything but lone surrogates; pieces that look like escapes come often.
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=("Cs",)))
    | st.sampled_from(
        ["_x0041_", "_x005F_", "_x", "&amp;", "<", "]]>", "\r\n", "\t", "\x00", "\uffff"]
    )
).map("".join)


@given(TEXTS)
def test_cell_text_survives_its_escapes(text: str) -> None:
    raw = escape_cell_text(text)
    assert cell_text(raw) == text
    parsed = ET.fromstring(f"<t>{raw}</t>").text or ""
    assert cell_text(escape(parsed)) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("_x000D_", "\r"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x00e9_", "é"),
        ("_xD842__xDFB7_", "𠮷"),
        ("_xD842_", "_xD842_"),
        ("_x41_", "_x41_"),
        ("a&#10;b&#x4e00;&quot;&apos;&gt;", "a\nb一\"'>"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_escapes_as_excel_reads_them(raw: str, text: str) -> None:
    assert cell_text(raw) == text


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(ValueError, match="残缺"):
        escape_cell_text("\ud842")


def test_attributes_in_any_spelling() -> None:
    raw = """ r = "A1"\n  x14ac:dy='0.2' t="a&amp;b&#10;c" n='"' s="a\tb" """
    assert attributes(raw) == {
        "r": "A1",
        "x14ac:dy": "0.2",
        "t": "a&b\nc",
        "n": '"',
        "s": "a b",
    }


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))), st.sampled_from("'\""))
def test_setting_an_attribute(value: str, quote: str) -> None:
    raw = f' a="1"  b={quote}2{quote} c="3"'
    for name in "abcd":
        changed = set_attribute(raw, name, value)
        expected = {"a": "1", "b": "2", "c": "3", name: value}
        assert attributes(changed) == expected
        assert ET.fromstring(f"<x{changed}/>").attrib == expected
    assert set_attribute(raw, "b", None) == ' a="1" c="3"'
    assert set_attribute(raw, "d", None) == raw


def test_markup_without_meaning_goes_and_text_stays() -> None:
    text = '<?xml version="1.0"?><!-- <a> --><a><?p <b>?><![CDATA[<x>&]]>y</a>'
    assert plain_markup(text) == '<?xml version="1.0"?><a>&lt;x&gt;&amp;y</a>'
    assert plain_markup("<a><b/></a>") == "<a><b/></a>"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_codecs(codec: str) -> None:
    data = '<?xml version="1.0"?><a>表</a>'.encode(codec)
    assert decode(data, "x").lstrip("\ufeff") == '<?xml version="1.0"?><a>表</a>'
    assert decode(data, "x").encode(codec_of(data, "x")) == data


def test_a_declared_codec_counts() -> None:
    data = '<?xml version="1.0" encoding="GB18030"?><a>表</a>'.encode("gb18030")
    assert decode(data, "x").endswith("<a>表</a>")
    with pytest.raises(WorkbookError, match="编码 foo"):
        decode(b'<?xml version="1.0" encoding="foo"?><a/>', "x")
    with pytest.raises(WorkbookError, match="第 3 字节"):
        decode(b"<a>\xff</a>", "x")


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        ("<a>", "corrupt"),
        ("<a></b>", "corrupt"),
        ("<a>&nbsp;</a>", "corrupt"),
        ("", "corrupt"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "unsafe-xml"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "unsafe-xml"),
    ],
)
def test_bad_parts_are_refused_by_name(xml: str, kind: str) -> None:
    with pytest.raises(WorkbookError, match=r"部件 x/y\.xml") as refusal:
        check(xml, "x/y.xml")
    assert refusal.value.kind == kind


TREE = """<?xml version="1.0"?>
<!-- <x> --><p:a xmlns:p="u" k='1'><b k = "2" l="3"/><b>t&amp;<![CDATA[<]]></b><p:c><d/></p:c ></p:a>"""


def test_the_tree_knows_places_and_texts() -> None:
    root = parse(TREE, "x")
    assert (root.local, root.prefix, root.get("k")) == ("a", "p:", "1")
    assert [node.name for node in root.iter()] == ["p:a", "b", "b", "p:c", "d"]
    assert root.children[1].text == "t&<"
    assert root.find("c", "d") is not None
    assert root.find("c", "b") is None
    for node in root.iter():
        assert TREE[node.start :].startswith(f"<{node.name}")
        assert TREE[: node.end].endswith(">")


@pytest.mark.parametrize("text", ["<a><b></a></b>", "<a>", "<a/><b/>", "</a>", "no tag"])
def test_tags_that_do_not_nest_are_refused(text: str) -> None:
    with pytest.raises(WorkbookError):
        parse(text, "x")


def test_splices_change_what_they_say_and_nothing_else() -> None:
    root = parse(TREE, "x")
    first, second, third = root.children
    splice = Splice(TREE)
    splice.set(first, "k", "9")
    splice.set(first, "l", None)
    splice.append(first, "<n/>")
    splice.append(first, "<m/>")
    splice.set_text(second, "<u>")
    splice.set(third.children[0], "lost", "1")
    splice.remove(third)
    splice.insert(third.start, "<before/>")
    splice.append(root, "<last/>")
    assert splice.result() == TREE.replace('<b k = "2" l="3"/>', '<b k = "9"><n/><m/></b>').replace(
        "t&amp;<![CDATA[<]]>", "&lt;u&gt;"
    ).replace("<p:c><d/></p:c >", "<before/><last/>")
    assert Splice(TREE).result() == TREE
