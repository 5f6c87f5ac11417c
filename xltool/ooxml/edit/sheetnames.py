"""Names of worksheets: what Excel allows, and where the other parts write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xltool.ooxml.package.errors import EditError

MAX_NAME = 31
"""The longest name of a sheet, in UTF-16 code units."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def require_name(name: str, taken: Iterable[str]) -> None:
    """Raise EditError when a sheet cannot be called `name` beside sheets called `taken`."""
    fault = ""
    if not name.strip():
        fault = "不能是空的"
    elif len(name.encode("utf-16-le", "surrogatepass")) // 2 > MAX_NAME:
        fault = f"超过 {MAX_NAME} 个字符"
    elif _FORBIDDEN.search(name):
        fault = r"不能含有 [ ] : * ? / \ 或控制字符"
    elif name.startswith("'") or name.endswith("'"):
        fault = "不能以单引号开头或结尾"
    elif name.lower() in ("history", "历史记录"):
        fault = "是 Excel 保留的名字"
    elif name.lower() in {other.lower() for other in taken}:
        fault = "已经有了"
    if fault:
        raise EditError(f"工作表名“{name}”{fault}，请换一个名字。")
