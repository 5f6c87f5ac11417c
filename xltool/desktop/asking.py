"""Questions in the black window. Where nobody can answer, the answer is the careful one."""

from __future__ import annotations

import click

_YES = ("y", "yes", "是", "可以", "1")
_NO = ("n", "no", "不", "否", "0")


def agreed(question: str, *, default: bool) -> bool:
    """Whether a person agrees; Enter alone means `default`, the end of the input means no."""
    usual = "可以" if default else "不"
    while True:
        try:
            answer = str(
                click.prompt(
                    f"{question}\n输入 y 可以、n 不，直接按回车是“{usual}”",
                    default="",
                    show_default=False,
                )
            )
        except click.Abort:
            return False
        word = answer.strip().casefold()
        if not word:
            return default
        if word in (*_YES, *_NO):
            return word in _YES
