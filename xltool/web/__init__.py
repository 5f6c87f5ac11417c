"""The local page (`xltool serve`): on 127.0.0.1 only, for this user only; nothing leaves the machine."""
