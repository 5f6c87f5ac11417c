"""`xltool addin`: build, install, uninstall, doctor."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xltool.addin import install as installing
from xltool.addin.xlam import NAME, build
from xltool.cli import chinese
from xltool.cli.addin import command
from xltool.core.problems import InputError


def run(*arguments: str | Path) -> Result:
    """The command as it is in the program, with Chinese texts."""
    chinese.install()
    return CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "漫游" / "XLSTART"
    monkeypatch.setenv(installing.FOLDER, str(folder))
    return folder


def test_install_and_uninstall(start: Path) -> None:
    assert f"已安装：{start / NAME}" in run("install").output
    assert (start / NAME).read_bytes() == build()
    assert [path.name for path in start.iterdir()] == [NAME]
    assert run("uninstall").output.strip() == f"已卸载：{start / NAME}"
    assert list(start.iterdir()) == []
    assert run("uninstall").output.strip() == "没有安装，不用卸载。"


def test_install_over_an_older_one(start: Path) -> None:
    start.mkdir(parents=True)
    (start / NAME).write_bytes(b"old")
    (start / "别的.xlam").write_bytes(b"other")
    run("install")
    assert (start / NAME).read_bytes() == build()
    assert (start / "别的.xlam").read_bytes() == b"other"


@pytest.mark.parametrize("folder", ["张䶮", "100%"])
def test_where_a_button_would_find_no_python_nothing_is_installed(
    start: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setattr("sys.executable", f"C:\\{folder}\\python\\python.exe")
    with pytest.raises(InputError, match=f"没有安装，.*{folder}.*放到名称里"):
        installing.install()
    assert not start.exists()


def test_folder_can_be_named(tmp_path: Path) -> None:
    run("install", "--folder", tmp_path)
    assert (tmp_path / NAME).exists()
    assert "已卸载" in run("uninstall", "--folder", tmp_path).output


def test_a_file_that_excel_holds_open(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: Path, *args: object) -> None:
        raise PermissionError(13, "held")

    run("install")
    monkeypatch.setattr(Path, "replace", held)
    result = run("install")
    assert isinstance(result.exception, InputError)
    assert "先退出全部 Excel 窗口" in str(result.exception)
    assert [path.name for path in start.iterdir()] == [NAME]


def test_no_start_folder_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(installing.FOLDER, raising=False)
    monkeypatch.setattr(installing.sys, "platform", "linux")
    result = run("install")
    assert isinstance(result.exception, InputError)
    assert "没有 Excel 的启动文件夹" in str(result.exception)


def test_build_writes_what_install_installs(tmp_path: Path) -> None:
    target = tmp_path / "决算工具.xlam"
    assert run("build", "-o", target).output.strip() == f"已生成：{target}"
    assert target.read_bytes() == build()
    again = run("build", "-o", target)
    assert isinstance(again.exception, InputError) and "没有覆盖" in str(again.exception)
    assert run("build", "-o", target, "--force").exception is None
    wrong = run("build", "-o", tmp_path / "x.xlsx")
    assert isinstance(wrong.exception, InputError) and ".xlam" in str(wrong.exception)


def test_doctor_exits_with_1_when_something_is_wrong(start: Path) -> None:
    result = run("doctor")
    assert result.return_value == 1
    assert "[有问题] 加载项文件" in result.output
    run("install")
    assert "[正常] 加载项文件" in run("doctor").output
