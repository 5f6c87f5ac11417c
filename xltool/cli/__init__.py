"""The command line. One module per command; each is imported only when it is called."""

from __future__ import annotations

import codecs
import gc
import os
import sys


def main() -> None:
    """Entry point of `xltool`."""
    if sys.argv[1:] == ["--version"]:
        # asked by scripts and installers: answered before anything else is imported
        from xltool.core.version import __version__

        try:
            sys.stdout.write(f"xltool {__version__}\n")
            sys.stdout.flush()
        except OSError:
            # the reader went away; nothing may be left for the interpreter to write at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)
        return
    _name_chinese_files()
    from xltool.cli.app import run
    from xltool.core.stopping import stoppable

    with stoppable():
        code = run()
    # at its end the interpreter seeks circles among all that a command made: a sixth of a short command's time
    gc.freeze()
    sys.exit(code)


def _name_chinese_files() -> None:
    """Begin anew in UTF-8 mode where Python could not name the mapping files (LC_ALL=C, a GBK locale on Linux).

    What goes to the screen stays in the screen's encoding.
    """
    tried = os.environ.get("PYTHONUTF8") == "1"
    if sys.platform == "win32" or sys.getfilesystemencoding() == "utf-8" or tried:
        return
    environment = {**os.environ, "PYTHONUTF8": "1"}
    screen = sys.stdout.encoding if sys.stdout is not None else "ascii"
    if codecs.lookup(screen).name != "ascii":
        environment.setdefault("PYTHONIOENCODING", screen)
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
