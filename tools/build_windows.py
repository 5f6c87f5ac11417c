"""Makes dist/xltool-win64-<version>: a folder and a zip that run on any Windows PC without installing anything.

    python tasks.py windows --python python-3.11.9-embed-amd64.zip --sha256 HEX

Also makes dist/xltool-win64-<version>-wheels.zip, with which pip installs offline.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from py_compile import PycInvalidationMode

sys.path.insert(0, str(Path(__file__).resolve().parent))

from windows import cpython, doors, wheels

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("doc", "excel", "web")
"""What a clerk needs; with `batch` the folder is five times as large."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build; say where it is and how large."""
    options = _options(arguments)
    if options.python is None:
        raise SystemExit(cpython.WANTED)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        runtime = cpython.lay_down(options.python, options.sha256, work / "python")
        own = wheels.build_own(work / "own")
        house = work / "house"
        found = wheels.fetch(own, options.extras, runtime.version, house, options.wheels)
        version = wheels.read(own).metadata["Version"]
        name = f"xltool-win64-{version}"
        _complete(runtime, found, version, work / name)
        target = options.output / name
        for old in (target, options.output / f"{name}-wheels"):
            if old.exists():
                shutil.rmtree(old)
        options.output.mkdir(parents=True, exist_ok=True)
        shutil.move(work / name, target)
        _zip(target, options.output / f"{name}.zip", name)
        _house(house, options.output / f"{name}-wheels.zip", runtime.version, options.extras)
    _tell(target)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="做 Windows 上用的文件夹和压缩包")
    parser.add_argument(
        "--python", type=Path, help="CPython 的 Windows 嵌入包（zip），或试用的文件夹"
    )
    parser.add_argument("--sha256", default="", help="嵌入包的 SHA-256")
    parser.add_argument("--wheels", type=Path, help="从这个文件夹取 wheel，不上网")
    parser.add_argument(
        "--extras", type=lambda s: tuple(filter(None, s.split(","))), default=EXTRAS
    )
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    return parser.parse_args(arguments)


def _complete(
    runtime: cpython.Runtime, found: Sequence[wheels.Wheel], version: str, folder: Path
) -> None:
    """Everything that goes into the folder."""
    wheels.lay_down(found, runtime.folder, runtime.version)
    folder.mkdir()
    wheels.list_licences(found, runtime.folder, folder / "许可")
    _compile(runtime)
    shutil.move(runtime.folder, folder / "python")
    for name, content in doors.doors().items():
        (folder / name).write_bytes(content)
    python = f"CPython {runtime.version}，" + (
        "官方嵌入包，按 SHA-256 核对过" if runtime.official else "没有核对来源"
    )
    (folder / "读我.txt").write_bytes(doors.readme(version, python, official=runtime.official))


def _compile(runtime: cpython.Runtime) -> None:
    """Compile beforehand: from a share that cannot be written to, each start would compile everything anew.

    A Python compiles for its own minor version only. The files do not say of what time their source was, since
    unpacking and time zones change it.
    """
    own = ".".join(map(str, sys.version_info[:2]))
    if own != runtime.version:
        sys.stdout.write(
            f"没有预先编译：这里是 Python {own}，不是 {runtime.version}，每次启动会慢些\n"
        )
        return
    for folder in (runtime.folder / "Lib", runtime.folder / "DLLs"):
        if folder.is_dir():
            compileall.compile_dir(
                folder,
                quiet=2,
                stripdir=str(runtime.folder),
                invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
            )


def _zip(folder: Path, target: Path, root: str) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{root}/{path.relative_to(folder).as_posix()}")


def _house(house: Path, target: Path, version: str, extras: Sequence[str]) -> None:
    """The wheels for offline pip, with the line that installs them."""
    line = f'py -{version} -m pip install --no-index --find-links=. "xltool[{",".join(extras)}]"'
    text = f"解压后在这个文件夹里打开命令提示符（要 64 位的 Python {version}）：\r\n\r\n{line}\r\n"
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(house.glob("*.whl")):
            archive.write(path, path.name)
        archive.writestr("读我.txt", text.encode("utf-8-sig"))


def _tell(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    longest = max(len(path.relative_to(folder).as_posix()) for path in files)
    size = sum(path.stat().st_size for path in files) / 1e6
    zipped = folder.with_name(f"{folder.name}.zip").stat().st_size / 1e6
    sys.stdout.write(
        f"已生成 {folder}：{len(files)} 个文件，{size:.0f} MB，压缩后 {zipped:.0f} MB；最长的路径 {longest} 个字\n"
    )


if __name__ == "__main__":
    main()
