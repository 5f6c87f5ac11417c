"""The command line. One module per command; each is imported only when it is called."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `xltool`."""
    if sys.argv[1:] == ["--version"]:
        # asked by scripts and installers: answered before anything else is imported
        from xltool import __version__

        sys.stdout.write(f"xltool {__version__}\n")
        return
    from xltool.cli.app import run

    sys.exit(run())
