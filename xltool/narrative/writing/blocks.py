"""What a text is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A title or a paragraph. `key` names it so that it is known again when the text is written anew."""

    kind: Literal["title", "subtitle", "paragraph"]
    text: str
    key: str
