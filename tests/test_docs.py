"""The documents tell the truth: every command in them runs, every link leads somewhere, the command page is new.

In a page, a block ```sh holds commands that are run one after the other in a folder with the samples; a
comment `# 退出码 1` names the exit code where it is not 0. A block whose first line is `# 文件：…` is a file.
Commands that do not end by themselves are run until they have said where they are.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.warm import environment, forked, fresh, in_words
from tests.test_form_questions import county_form
from xltool.core.resources import SAMPLES, TEMPLATES

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(
        ROOT / name
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")
    ),
    *sorted((ROOT / "docs").glob("*.md")),
]
PROGRAMS = [
    page for page in PAGES if "```python" in page.read_text("utf-8") and page.stem != "serve"
]
"""Pages whose Python is run; what docs/serve.md has asks a server that is running."""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"# 文件：(\S+)\n")
EXIT = re.compile(r"\s+#.*?(?:退出码 (\d))?$")
SAYS = re.compile(r"# → (.+)$", re.M)
ENDLESS = ("serve", "watch")
OWN = ("demo", "test", "docs", "lint", "templates", "samples", "windows")
"""Tasks of tasks.py; the README's are tried by CI itself."""


def commands(page: Path) -> Iterator[tuple[str, str]]:
    """(language, text) of each fenced block."""
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield match[1], match[2]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pages take for granted: the samples, filled books, a template of one's own."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLES, folder / "samples")
    (folder / "本市").mkdir()
    template = TEMPLATES / "2023-national" / "部门决算公开表.xlsx"
    shutil.copy(template, folder / "本市" / "市级表样.xlsx")
    county_form(folder / "县级表样.xlsx")
    data = (
        '{"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元",'
        ' "表": {"收入支出决算总表": {"收入": {"其他收入": 150000}, "支出": {"其他支出": 150000}}}}'
    )
    (folder / "数据.json").write_text(data, encoding="utf-8")
    (folder / "上年.json").write_text(data.replace("2024", "2023"), encoding="utf-8")
    assert run(folder, "xltool fill 数据.json -o 决算.xlsx").returncode == 0
    (folder / "报送").mkdir()
    for name in ("甲局", "乙局"):
        own = (folder / "数据.json").read_text(encoding="utf-8").replace("某局", name)
        (folder / f"{name}.json").write_text(own, encoding="utf-8")
        assert run(folder, f"xltool fill {name}.json -o 报送/{name}.xlsx").returncode == 0
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Path:
    """A working folder of its own for each page."""
    return Path(shutil.copytree(prepared, tmp_path / "桌面 1"))


def run(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    program, *args = shlex.split(line, posix=True)
    assert program == "xltool", f"not a command of ours: {line}"
    return in_words(forked(args, folder, _own(folder), workers=False))


def python(folder: Path, script: Path) -> subprocess.CompletedProcess[str]:
    return in_words(fresh((), folder, _own(folder), str(script)))


def _own(folder: Path) -> dict[str, str]:
    # what a page installs is there for that page only
    return environment(XLTOOL_DATA=str(folder / "own"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_runs(page: Path, desk: Path) -> None:
    for language, text in commands(page):
        if named := FILE.match(text):
            target = desk / named[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text[named.end() :], encoding="utf-8")
        if language != "sh":
            continue
        for line in filter(None, map(str.strip, text.splitlines())):
            comment = EXIT.search(line) if "#" in line else None
            bare = line[: comment.start()] if comment else line
            if bare.startswith(("python tasks.py ", "pip ", "pipx ", "py ")):
                assert not bare.startswith("python tasks.py") or bare.split()[2] in OWN
                continue
            wanted = int(comment[1] or 0) if comment else 0
            if bare.split()[1] in ENDLESS:
                bare = f"{bare} --help"
            done = run(desk, bare)
            assert done.returncode == wanted, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PROGRAMS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_runs_and_says_what_the_page_says(page: Path, desk: Path) -> None:
    """The Python of a page is one script; a comment `# → text` at the end of a line is part of what it prints."""
    blocks = [text for language, text in commands(page) if language == "python"]
    script = desk / "页面.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    done = python(desk, script)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    for said in SAYS.findall("\n".join(blocks)):
        assert said in done.stdout, said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    named = re.findall(r"`((?:docs|samples|mappings|xltool|tools|benchmarks)/[\w./-]+)`", text)
    for link in links:
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link
    for path in named:
        assert (ROOT / path).exists(), path


def test_the_command_page_is_up_to_date() -> None:
    path = ROOT / "tools" / "build_commands.py"
    spec = importlib.util.spec_from_file_location("build_commands", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == module.text(), (
        "docs/commands.md is old: python tasks.py docs"
    )
