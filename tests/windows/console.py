"""A console for a program under Wine, which gives one to what runs on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SIZE = struct.pack("HHHH", 50, 250, 0, 0)


def typed(
    command: Sequence[str], *, when: str, key: bytes, folder: Path, env: Mapping[str, str]
) -> tuple[int, str]:
    """Run a command and, when it has printed `when`, press a key; its exit code and what it printed."""
    child, leader = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {**env, "TERM": "xterm"})
    fcntl.ioctl(leader, termios.TIOCSWINSZ, _SIZE)
    printed, pressed, end = b"", False, time.monotonic() + 120
    try:
        while time.monotonic() < end:
            if select.select([leader], [], [], 0.5)[0]:
                printed += os.read(leader, 65536)
            if not pressed and when in _ESCAPES.sub("", printed.decode("utf-8", "replace")):
                os.write(leader, key)
                pressed = True
    except OSError:  # nobody holds the other end
        end = 0
    if end:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(leader)
    return code, _ESCAPES.sub("", printed.decode("utf-8", "replace"))
