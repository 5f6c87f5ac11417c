"""Installing by a double click: for what is on the machine, from a place that stays; and undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addin.test_doctor import OfficePc
from xltool.addin.install import FOLDER
from xltool.addin.machine import Machine
from xltool.addin.xlam import NAME
from xltool.core.problems import InputError
from xltool.desktop import place, setup, trial
from xltool.wps import installed

pytest.importorskip("xlwings")

WPS = ("HKCU", r"Software\Kingsoft\Office\6.0\Common", "InstallRoot")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a user who has neither Excel nor WPS yet."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XLTOOL_DATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv(FOLDER, str(tmp_path / "Excel" / "XLSTART"))
    return tmp_path


def package(folder: Path) -> Path:
    """What the unpacked folder has, as far as it matters here."""
    (folder / "python").mkdir(parents=True)
    (folder / "python" / "python.exe").write_bytes(b"MZ")
    (folder / place.README).write_text("读我", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("keys", "excel", "wps"),
    [({}, True, False), ({WPS: r"C:\WPS"}, True, True)],
)
def test_it_installs_for_what_is_there(
    user: Path, keys: dict[tuple[str, str, str], str], excel: bool, wps: bool
) -> None:
    assert setup.install(OfficePc(keys=keys)) == 0
    assert (user / "Excel" / "XLSTART" / NAME).exists() == excel
    assert bool(installed()) == wps
    assert setup.uninstall() == 0
    assert not (user / "Excel" / "XLSTART" / NAME).exists()
    assert not installed()


def test_without_excel_and_wps_it_names_the_page(
    user: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup.install(Machine()) == 0
    assert "打开页面" in capsys.readouterr().out
    assert [path for path in user.rglob("*") if path.is_file()] == []


def test_from_a_stick_it_asks_and_copies_first(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = package(user / "U 盘" / "工具")
    started: list[list[str]] = []

    class Done:
        returncode = 0

    def start(command: list[str], check: bool) -> Done:
        started.append(command)
        return Done()

    monkeypatch.setattr(place, "home", lambda: stick)
    monkeypatch.setattr(place, "kind", lambda folder: "U 盘")
    monkeypatch.setattr(setup.subprocess, "run", start)
    monkeypatch.setattr(setup, "agreed", lambda question, default: False)
    assert setup.install(OfficePc()) == 0
    assert not started and not place.own_place().exists()
    monkeypatch.setattr(setup, "agreed", lambda question, default: True)
    assert setup.install(OfficePc()) == 0
    own = user / "Programs" / "xltool"
    assert (own / "python" / "python.exe").read_bytes() == b"MZ"
    assert started == [[str(own / "python" / "python.exe"), "-m", "xltool.desktop", "install"]]
    assert not (user / "Excel" / "XLSTART").exists(), "the copy installs, not the stick"
    assert setup.uninstall() == 0
    assert not own.exists()


def test_a_copy_replaces_an_earlier_one_whole_and_nothing_else(tmp_path: Path) -> None:
    source, target = package(tmp_path / "新版"), tmp_path / "own" / "xltool"
    package(target)
    (target / "旧版才有的.txt").touch()
    place.copy(source, target)
    assert sorted(p.name for p in target.iterdir()) == sorted(p.name for p in source.iterdir())
    assert [p.name for p in target.parent.iterdir()] == ["xltool"]
    other = tmp_path / "别人的"
    other.mkdir()
    (other / "要紧.xlsx").touch()
    with pytest.raises(InputError, match="不是本工具的"):
        place.copy(source, other)
    assert (other / "要紧.xlsx").exists()


def test_a_copy_that_breaks_off_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = package(tmp_path / "新版"), package(tmp_path / "own" / "xltool")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(place.shutil, "copytree", full)
    with pytest.raises(InputError, match="磁盘满了"):
        place.copy(source, target)
    assert (target / "python" / "python.exe").exists()


def test_the_trial_is_taken_up_where_it_was_broken_off(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json
    import zipfile

    import click

    walked = trial.steps()
    assert len({step.id for step in walked}) == len(walked)
    said = iter(["Windows 11", "", "12.1", "1", "9", "2", "没有图标"])

    def answer(question: str, **_: object) -> str:
        try:
            return next(said)
        except StopIteration:
            raise click.Abort from None

    monkeypatch.setattr(click, "prompt", answer)
    with pytest.raises(click.Abort):
        trial.walk(OfficePc())
    folder = user / trial.FOLDER
    (folder / "截图 1.png").write_bytes(b"png")
    rest = iter(["3"] * (len(walked) - 2))
    monkeypatch.setattr(click, "prompt", lambda question, **_: next(rest))
    result = trial.walk(OfficePc())
    with zipfile.ZipFile(result) as archive:
        told = json.loads(archive.read(trial.ANSWERS))
        assert set(archive.namelist()) == {
            "试用结果.txt",
            trial.ANSWERS,
            "自检报告.txt",
            "截图/截图 1.png",
        }
    steps = list(told["步骤"].values())
    assert [step["结果"] for step in steps[:3]] == ["通过", "不符", "没有做"]
    assert (steps[1]["说明"], told["WPS"]) == ("没有图标", "12.1")


def test_who_has_no_wps_is_asked_about_it_once(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    import click

    asked: list[str] = []
    ask = trial._ask
    monkeypatch.setattr(trial, "_ask", lambda step, at: asked.append(step.app) or ask(step, at))

    def answer(question: str, **_: object) -> str:
        if "版本" in question:
            return ""
        return "4" if asked[-1] == "WPS" else "1"

    monkeypatch.setattr(click, "prompt", answer)
    trial.walk(OfficePc())
    answers = json.loads((user / trial.FOLDER / trial.ANSWERS).read_text(encoding="utf-8"))
    results = {step.id: answers["步骤"][step.id]["结果"] for step in trial.steps()}
    wps = [step.id for step in trial.steps() if step.app == "WPS"]
    assert {results.pop(name) for name in wps} == {"没有这个程序"} and len(wps) > 2
    assert set(results.values()) == {"通过"}
    assert asked.count("WPS") == 1
