"""Run by a Python that has LibreOffice's bridge (`uno`): loads a workbook, calls one of its macros, tells.

    python3 unobridge.py SOFFICE WORKBOOK PROFILE MACRO

Prints JSON: the names of the VBA modules with their sources, and the texts in column D of the first sheet
after the macro has run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

_ALWAYS = 4
_SECONDS = 60


def main(soffice: str, workbook: Path, profile: Path, macro: str) -> None:
    pipe = f"xltool{profile.stat().st_ino}"
    office = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        desktop = _desktop(pipe)
        print(json.dumps(_told(desktop, workbook, macro)))  # noqa: T201
        desktop.terminate()
        office.wait(_SECONDS)
    finally:
        office.kill()


def _desktop(pipe: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + _SECONDS
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
            continue
        return context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )


def _told(desktop: object, workbook: Path, macro: str) -> dict:
    loading = (
        PropertyValue("Hidden", 0, True, 0),
        PropertyValue("MacroExecutionMode", 0, _ALWAYS, 0),
    )
    document = desktop.loadComponentFromURL(workbook.as_uri(), "_blank", 0, loading)
    library = document.BasicLibraries.getByName("xltool")
    modules = {name: library.getByName(name) for name in library.getElementNames()}
    pressed = []
    if macro:
        address = f"vnd.sun.star.script:xltool.{macro}?language=Basic&location=document"
        document.getScriptProvider().getScript(address).invoke((), (), ())
        sheet = document.Sheets.getByIndex(0)
        texts = (sheet.getCellByPosition(3, row).String for row in range(40))
        pressed = [text for text in texts if text]
    document.close(True)
    return {"modules": modules, "pressed": pressed}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
