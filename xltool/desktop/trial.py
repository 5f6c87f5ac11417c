"""Walks a volunteer through the trial in a real Excel and WPS, and packs what was seen into one file to send back."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from xltool.addin.doctor import examine_installation
from xltool.addin.machine import Machine
from xltool.cli.app import run
from xltool.core.problems import InputError, Problem
from xltool.core.saving.files import write_text, writing
from xltool.core.version import __version__
from xltool.core.yamlfile import load_yaml
from xltool.desktop.report import text

FOLDER, ANSWERS, RESULT = "xltool试用", "试用结果.json", "xltool试用结果.zip"
ANSWER = {"1": "通过", "2": "不符", "3": "没有做", "4": "没有这个程序"}
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp")
_SHELL = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


class TrialStep(NamedTuple):
    """What to do and what should be seen."""

    id: str
    app: str
    do: str
    see: str


def steps() -> list[TrialStep]:
    """The walk, from trial.yaml."""
    written = Path(__file__).with_name("trial.yaml").read_text(encoding="utf-8")
    return [TrialStep(**entry) for entry in load_yaml(written)]


def desktop(machine: Machine) -> Path:
    """The user's desktop, wherever it has been moved to; his home where there is none."""
    named = machine.registry("HKCU", _SHELL, "Desktop")
    path = Path(os.path.expandvars(str(named))) if named else Path.home() / "Desktop"
    return path if path.is_dir() else Path.home()


def walk(machine: Machine | None = None) -> Path:
    """Ask step by step, from where it was broken off; the file to send back. Raises `InputError`."""
    machine = machine or Machine()
    folder = desktop(machine) / FOLDER
    answers = _begun(folder)
    click.echo(f"样例在 {folder}。截图也存到这个文件夹，结束时一起打包。")
    click.echo(
        "每一步照着做，再输入 1（是这样）、2（不是）、3（没有做）或 4（没有这个程序，它的都不做）。"
    )
    click.echo("中途关掉，下次接着走。")
    walked = steps()
    for number, step in enumerate(walked, start=1):
        if step.id not in answers["步骤"]:
            lacking = any(
                other.app == step.app and _said(answers, other) == ANSWER["4"] for other in walked
            )
            told = _written(step, "4") if lacking else _ask(step, f"{number}/{len(walked)}")
            answers["步骤"][step.id] = told
            _keep(folder, answers)
    return _pack(folder, answers)


def _begun(folder: Path) -> dict[str, Any]:
    """The answers so far; with none, the samples are made and the versions asked."""
    kept = folder / ANSWERS
    if kept.exists():
        try:
            found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
            assert isinstance(found["步骤"], dict)
            return found
        except (ValueError, KeyError, TypeError, AssertionError):
            raise InputError(
                Problem(str(kept), "读不出上次的结果", "把它改名，再来一次", code="unreadable")
            ) from None
    if run(arguments=["demo", str(folder)]):
        raise InputError(Problem(str(folder), "做不出样例", "把这个文件夹改名", code="exists"))
    answers = {"xltool": __version__, "日期": f"{datetime.now():%Y-%m-%d}", "步骤": {}}
    for name in ("Windows", "Excel", "WPS"):
        answers[name] = _line(f"{name} 的版本（不知道或没有，直接按回车）")
    _keep(folder, answers)
    return answers


def _ask(step: TrialStep, number: str) -> dict[str, str]:
    click.echo("")
    click.echo(f"【{number}　{step.app}　{step.id}】{step.do}")
    click.echo(f"  应当看到：{step.see}")
    while (answer := _line("  1 是这样　2 不是　3 没有做　4 没有这个程序")) not in ANSWER:
        pass
    said = _line("  看到了什么（一句话）") if answer == "2" else ""
    return _written(step, answer, said)


def _written(step: TrialStep, answer: str, said: str = "") -> dict[str, str]:
    return {"做": step.do, "应当看到": step.see, "结果": ANSWER[answer], "说明": said}


def _said(answers: dict[str, Any], step: TrialStep) -> str:
    return str(answers["步骤"].get(step.id, {}).get("结果", ""))


def _line(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False)).strip()


def _keep(folder: Path, answers: dict[str, Any]) -> None:
    write_text(folder / ANSWERS, json.dumps(answers, ensure_ascii=False, indent=1), force=True)


def _pack(folder: Path, answers: dict[str, Any]) -> Path:
    """One file with the answers, what the doctor says, and the pictures."""
    target = folder / RESULT
    told = [f"{name}：{answers[name]}" for name in ("xltool", "日期", "Windows", "Excel", "WPS")]
    for name, step in answers["步骤"].items():
        more = f"：{step['说明']}" if step["说明"] else ""
        told.append(f"{name} {step['结果']}{more}　（{step['做']}）")
    with (
        writing(target, overwrite=True) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr("试用结果.txt", _page(told))
        archive.write(folder / ANSWERS, ANSWERS)
        archive.writestr("自检报告.txt", _page(list(text(examine_installation()))))
        for picture in sorted(folder.iterdir()):
            if picture.suffix.lower() in _PICTURES:
                archive.write(picture, f"截图/{picture.name}")
    return target


def _page(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
