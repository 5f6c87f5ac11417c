"""Asking a process to end, as the system does: a signal, or what Windows tells the programs of a console."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

WINDOW_CLOSED = 2
"""CTRL_CLOSE_EVENT; no program can send it, only the console does when somebody closes its window."""

ENDINGS: list[int]
if sys.platform == "win32":
    ENDINGS = [WINDOW_CLOSED, signal.CTRL_BREAK_EVENT]
else:
    ENDINGS = [signal.SIGINT, signal.SIGTERM]


def ask_to_end(running: subprocess.Popen[Any], how: int) -> None:
    """Send a signal; on Windows do in the process what its console does, in a thread of its own."""
    if sys.platform != "win32":
        running.send_signal(how)
        return
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.GetModuleHandleW.restype = wintypes.HMODULE
    kernel.GetProcAddress.restype = ctypes.c_void_p
    kernel.GetProcAddress.argtypes = [wintypes.HMODULE, ctypes.c_char_p]
    kernel.CreateRemoteThread.restype = wintypes.HANDLE
    kernel.CreateRemoteThread.argtypes = [
        wintypes.HANDLE,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.c_void_p,
    ]
    # the system's libraries lie at the same address in every process
    routine = kernel.GetProcAddress(kernel.GetModuleHandleW("kernelbase.dll"), b"CtrlRoutine")
    process = wintypes.HANDLE(int(running._handle))  # type: ignore[attr-defined]
    thread = kernel.CreateRemoteThread(process, None, 0, routine, how, 0, None)
    if not thread:
        raise ctypes.WinError(ctypes.get_last_error())
    kernel.CloseHandle(wintypes.HANDLE(thread))
