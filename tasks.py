"""Everyday commands. Needs nothing but Python: `python tasks.py demo`, `python tasks.py test`.

Each task makes the virtual environment `.venv` when it is not there yet and installs the project
into it, so that a fresh machine needs one command.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")


def setup(extras: str) -> None:
    """Create `.venv` and install the project with `extras`, once per state of pyproject.toml."""
    wanted = f"{extras}:{hashlib.sha256((ROOT / 'pyproject.toml').read_bytes()).hexdigest()}"
    stamp = VENV / "xltool-setup.txt"
    done = stamp.read_text(encoding="utf-8").splitlines() if stamp.exists() else []
    if wanted in done:
        return
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    target = f"{ROOT}[{extras}]" if extras else str(ROOT)
    run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target)
    stamp.write_text("\n".join([*done, wanted]), encoding="utf-8")


def run(*args: str) -> None:
    """Run the environment's Python with `args`; stop with its exit code when it fails."""
    code = subprocess.run([str(PYTHON), *args], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def demo(args: list[str]) -> None:
    """建好环境，用自带样例演示：填报、读取、校验"""
    setup("")
    run("-m", "xltool", "demo", *args)


def test(args: list[str]) -> None:
    """建好环境，跑全部测试"""
    setup("dev")
    # each process has a stretch of its own, so that what tests share is made once, and takes over when it is done
    run("-m", "pytest", "-n", "auto", "--dist", "worksteal", *args)


def lint(args: list[str]) -> None:
    """代码检查：ruff 与 mypy（strict）"""
    setup("dev")
    run("-m", "ruff", "check", ".")
    run("-m", "ruff", "format", "--check", ".")
    run("-m", "mypy")


def templates(args: list[str]) -> None:
    """按映射与版式文件重新生成各版本的空白表样"""
    setup("dev")
    run("tools/build_templates.py", *args)


def docs(args: list[str]) -> None:
    """按程序重新生成 docs/commands.md"""
    setup("dev")
    run("tools/build_commands.py", *args)


def trees(args: list[str]) -> None:
    """按自带的映射、词汇、规则重新生成 mappings/parsed.txt、mappings/rules/trees.json"""
    setup("dev")
    run("tools/build_trees.py", *args)


def samples(args: list[str]) -> None:
    """按样例数据重新填 samples/ 里的工作簿"""
    setup("dev")
    run("tools/build_samples.py", *args)


def windows(args: list[str]) -> None:
    """做 Windows 上用的文件夹：--python 嵌入包.zip --sha256 校验值"""
    setup("dev")
    run("tools/build_windows.py", *args)


TASKS = {f.__name__: f for f in (demo, test, lint, templates, docs, trees, samples, windows)}


def main() -> None:
    """Dispatch to the task named on the command line, or list the tasks."""
    name, *args = sys.argv[1:] or ["help"]
    if name not in TASKS:
        sys.stdout.write("用法：python tasks.py 任务 [参数…]\n")
        for task in TASKS.values():
            sys.stdout.write(f"  {task.__name__:<10} {task.__doc__}\n")
        sys.exit(0 if name == "help" else 2)
    TASKS[name](args)


if __name__ == "__main__":
    main()
