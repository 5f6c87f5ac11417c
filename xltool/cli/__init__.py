"""The command line. One module per command; each is imported only when it is called."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point of `xltool`."""
    if sys.argv[1:] == ["--version"]:
        # asked by scripts and installers: answered before anything else is imported
        from xltool import __version__

        try:
            sys.stdout.write(f"xltool {__version__}\n")
            sys.stdout.flush()
        except OSError:
            # the reader went away; nothing may be left for the interpreter to write at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)
        return
    from xltool.cli.app import run

    sys.exit(run())
