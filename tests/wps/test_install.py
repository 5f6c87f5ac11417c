"""Installing and removing the add-in: its folder, its entry in publish.xml, and nothing of anybody else."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.terminal import xltool
from xltool import __version__
from xltool.core.problems import InputError
from xltool.wps import default_folder, install, installed, uninstall

OTHERS = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<jsplugins>\r\n'
    "    <!-- 单位统一安装 -->\r\n"
    '    <jspluginonline name="OA助手" type="wps" url="http://10.0.0.8/oa/" enable="true"/>\r\n'
    '\t<jsplugin  name="xltools" type="et" url="xltools_2.0" version="2.0"></jsplugin>\r\n</jsplugins>\r\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kingsoft" / "wps" / "jsaddons"


def entries(folder: Path) -> list[dict[str, str]]:
    return [dict(e.attrib) for e in ElementTree.parse(folder / "publish.xml").getroot()]


def test_a_first_install(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = tmp_path / "张三 \\ 'x\" </script>" / "serve.json"
    monkeypatch.setenv("XLTOOL_ADDRESS", str(address))
    target = install(folder)
    assert target == folder / f"xltool_{__version__}"
    names = {path.name for path in target.iterdir()}
    assert {"ribbon.xml", "index.html", "main.js", "manifest.xml", "settings.js", "images"} <= names
    settings = (target / "settings.js").read_text(encoding="utf-8")
    assert settings.isascii()
    told = settings.removeprefix("window.XltoolSettings = ").removesuffix(";\n")
    assert json.loads(told) == {"address": str(address)}
    assert entries(folder) == [
        {
            "name": "xltool",
            "type": "et",
            "url": target.name,
            "version": __version__,
            "enable": "enable_dev",
            "install": "null",
        }
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["publish.xml", target.name]


def test_entries_of_others_stay_as_they_are(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_bytes(OTHERS.encode())
    (folder / "xltools_2.0").mkdir()
    install(folder)
    text = (folder / "publish.xml").read_bytes().decode()
    assert [entry["name"] for entry in entries(folder)] == ["OA助手", "xltools", "xltool"]
    own = next(line for line in text.split("\r\n") if 'name="xltool"' in line)
    assert text.replace(f"{own}\r\n", "") == OTHERS
    assert uninstall(folder)
    assert (folder / "publish.xml").read_bytes().decode() == OTHERS
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["xltools_2.0"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<jsplugins/>",
        "<jsplugins></jsplugins>",
        "<jsplugins>\n</jsplugins>",
        '\ufeff<?xml version="1.0"?>\n<jsplugins>\n</jsplugins>\n',
        '<jsplugins><jsplugin name="xltool" url="xltool_0.0.1"/></jsplugins>',
        "<jsplugins><jsplugin url='x' name='xltool' ></jsplugin><jspluginonline name=\"xltool\"/></jsplugins>",
        '<jsplugins><!-- <jsplugin name="xltool"/> --></jsplugins>',
    ],
)
def test_whatever_stands_there_one_entry_comes_of_it(folder: Path, before: str) -> None:
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_text(before, encoding="utf-8")
    for _ in range(2):
        install(folder)
        assert [entry["version"] for entry in entries(folder)] == [__version__]
    assert uninstall(folder)
    assert entries(folder) == []
    assert ("<!--" in before) == ("<!--" in (folder / "publish.xml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<jsplugins><jsplugin></jsplugins>", "不是合法的 XML"),
        (b"<html></html>", "不是 WPS 加载项的清单"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><jsplugins/>', "不是 WPS 加载项的清单"),
        ("<jsplugins 名/>".encode("gb18030"), "不是 UTF-8"),
        (b'<jsplugins><jsplugin name="xltool"><x/></jsplugin></jsplugins>', "写法特殊"),
    ],
)
def test_a_list_that_is_not_understood_is_not_touched(folder: Path, text: bytes, said: str) -> None:
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_bytes(text)
    for act in (install, uninstall):
        with pytest.raises(InputError, match=said):
            act(folder)
    assert (folder / "publish.xml").read_bytes() == text
    assert [path.name for path in folder.iterdir()] == ["publish.xml"]


def test_another_version_is_replaced(folder: Path) -> None:
    old = folder / "xltool_0.0.1"
    old.mkdir(parents=True)
    (old / "ribbon.xml").write_text("<customUI/>", encoding="utf-8")
    (folder / "xltool_notes").mkdir()
    install(folder)
    assert installed(folder) == [folder / f"xltool_{__version__}"]
    assert (folder / "xltool_notes").is_dir(), "only folders of the add-in are removed"


def test_removing_what_is_not_there(folder: Path) -> None:
    assert not uninstall(folder)
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="路径里有一段不是文件夹"):
        install(tmp_path / "file" / "jsaddons")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_command_installs_and_removes(tmp_path: Path) -> None:
    options = ("--wps", "--folder", "jsaddons")
    answer = xltool("addin", "install", *options, folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "先运行 xltool serve" in answer.out
    assert len(installed(tmp_path / "jsaddons")) == 1
    assert "已卸载" in xltool("addin", "uninstall", *options, folder=tmp_path).out
    assert "不用卸载" in xltool("addin", "uninstall", *options, folder=tmp_path).out
    assert installed(tmp_path / "jsaddons") == []


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert default_folder() == tmp_path / "kingsoft" / "wps" / "jsaddons"
    monkeypatch.setattr("sys.platform", "linux")
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    assert default_folder() == tmp_path / ".local" / "share" / "Kingsoft" / "wps" / "jsaddons"
