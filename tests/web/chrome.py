"""Chromium without a window, driven over its own pipe: a page is clicked, typed into and looked at as people do.

The browser's DevTools protocol comes over two file descriptors, so that nothing but the browser is needed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
    "--remote-debugging-pipe",
)
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowUp": 38, "ArrowDown": 40}
_KEYS |= {"Delete": 46}
_PATIENCE = 30.0

Raw = dict[str, Any]


class Browser:
    """A running Chromium with an empty profile in `folder`."""

    def __init__(self, browser: str, folder: Path) -> None:
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()
        profile = f"--user-data-dir={folder / 'profile'}"
        # the browser looks for its commands on descriptor 3 and answers on 4
        moves = f'exec {to_read}<&{to_read} 3<&{to_read} 4>&{to_write}; exec "$0" "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", moves, browser, *_FLAGS, profile, "about:blank"],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        self._buffer, self._number = b"", 0
        self.events: list[Raw] = []

    def ask(self, method: str, session: str | None = None, **params: Any) -> Raw:
        """The result of one command. AssertionError when the browser refuses it or does not answer."""
        self._number += 1
        message: Raw = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _PATIENCE
        while True:
            answer = self._next(until)
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                result: Raw = answer["result"]
                return result
            self.events.append(answer)

    def _next(self, until: float) -> Raw:
        while b"\0" not in self._buffer:
            ready = select.select([self._in], [], [], max(0.0, until - time.monotonic()))[0]
            assert ready, "the browser does not answer"
            piece = os.read(self._in, 1 << 16)
            assert piece, "the browser has ended"
            self._buffer += piece
        first, self._buffer = self._buffer.split(b"\0", 1)
        answer: Raw = json.loads(first)
        return answer

    def open(self, url: str, *, width: int = 1280, height: int = 720) -> Page:
        """A new tab."""
        page = self.attach(self.ask("Target.createTarget", url="about:blank")["targetId"])
        page.resize(width, height)
        page.go(url)
        return page

    def attach(self, target: str) -> Page:
        """A tab that is there, by its name among `pages`."""
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "DOM"):
            page.ask(f"{domain}.enable")
        page.ask(
            "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True
        )
        return page

    def pages(self) -> list[str]:
        """The tabs that are there."""
        found = self.ask("Target.getTargets")["targetInfos"]
        return [info["targetId"] for info in found if info["type"] == "page"]

    def close(self) -> None:
        """End the browser and the processes that it started."""
        with contextlib.suppress(OSError, AssertionError):
            self.ask("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.kill()

    def kill(self) -> None:
        """End the browser at once, as a crash does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._out)
        os.close(self._in)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target

    def ask(self, method: str, **params: Any) -> Raw:
        return self._browser.ask(method, self._session, **params)

    def go(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self.ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def resize(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def run(self, script: str) -> Any:
        """The value of an expression (awaited) in the page."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, script: str) -> Any:
        """The value of an expression as soon as it is true."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if value := self.run(script):
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}; the page shows {self._shown()}")

    def text(self, css: str) -> str:
        """The visible text of an element, white space made single."""
        found = self.run(f"document.querySelector({json.dumps(css)}).innerText")
        return " ".join(str(found).split())

    def texts(self, css: str) -> list[str]:
        found = self.run(f"[...document.querySelectorAll({json.dumps(css)})].map(e => e.innerText)")
        return [" ".join(str(text).split()) for text in found]

    def click(self, css: str) -> None:
        """Click into the middle of an element with the mouse, again where it moved away meanwhile."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            x, y = self._aim(css)
            for kind in ("mousePressed", "mouseReleased"):
                self.ask(
                    "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
                )
            # the browser answers when the page has had the event: no click now is a click beside it
            if self.run("window.clickLanded !== false"):
                return
            time.sleep(0.05)
        raise AssertionError(f"{css} does not take a click; the page shows {self._shown()}")

    def _aim(self, css: str) -> tuple[float, float]:
        """The middle of an element in view; `window.clickLanded` tells whether a click came to it."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(css)});"
            " window.clickLanded = false;"
            " e.addEventListener('click', () => { window.clickLanded = true; },"
            " { once: true, capture: true });"
            " e.scrollIntoView({block: 'nearest'}); const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2, b.width]; })()"
        )
        assert box[2] > 0, f"{css} is not to be seen"
        return box[0], box[1]

    def _shown(self) -> str:
        """The text of the page, for what is said when it is not as expected."""
        return str(self.run("document.body.innerText"))[:2000]

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key as the keyboard does."""
        text = {"text": "\r"} if key == "Enter" else {}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        self.ask("Input.dispatchKeyEvent", type="keyDown", modifiers=8 * shift, **common, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", modifiers=8 * shift, **common)

    def choose_files(self, css: str, files: Iterable[Path]) -> None:
        """What choosing files in the dialog of an input does."""
        found = self.ask(
            "Runtime.evaluate", expression=f"document.querySelector({json.dumps(css)})"
        )
        self.ask(
            "DOM.setFileInputFiles",
            files=[str(file) for file in files],
            objectId=found["result"]["objectId"],
        )

    def drop(self, files: Iterable[Path]) -> None:
        """Drag files from the desktop into the middle of the window and let them go."""
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.ask("Input.dispatchDragEvent", type=kind, x=500, y=400, data=data)

    def answer_dialogs(self) -> None:
        """Say yes to every question from now on (`confirm` blocks the page until somebody does)."""
        self.run("window.confirm = () => true")

    def in_frame(self, script: str) -> Any:
        """The value of an expression in the report's frame, as soon as it is true there.

        The frame is of another origin, so the browser runs it apart from the page.
        """
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            for frame in self._frames():
                with contextlib.suppress(AssertionError):  # a frame that has just gone
                    if value := Page(self._browser, frame, "").run(script):
                        return value
            time.sleep(0.05)
            self.run("0")
        raise AssertionError(f"never true in the frame: {script}")

    def _frames(self) -> list[str]:
        """The sessions of the frames that are there now."""
        frames = {}
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Target.attachedToTarget":
                frames[event["params"]["sessionId"]] = event["params"]["targetInfo"]["type"]
            if event["method"] == "Target.detachedFromTarget":
                frames.pop(event["params"]["sessionId"], None)
        return [session for session, kind in frames.items() if kind == "iframe"]

    def faults(self) -> list[str]:
        """What the browser complained about in this tab: script errors, refused resources."""
        self.run("0")
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                found.append(event["params"]["exceptionDetails"].get("text", "exception"))
            if event["method"] == "Log.entryAdded":
                entry = event["params"]["entry"]
                if entry["level"] == "error":
                    found.append(f"{entry['text']} {entry.get('url', '')}")
        return found

    def picture(self) -> bytes:
        """The window as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def close(self) -> None:
        self._browser.ask("Target.closeTarget", targetId=self._target)


@contextlib.contextmanager
def opened(chrome: Browser, url: str) -> Iterator[Page]:
    """The page in a tab of its own, ready to be worked with; it must not complain."""
    page = chrome.open(url)
    page.wait("document.querySelectorAll('#edition option').length > 1")
    page.answer_dialogs()
    yield page
    faults = page.faults()
    page.close()
    assert faults == [], faults
