"""xltool: an Excel toolkit for 部门决算 (the yearly final accounts of Chinese government units)."""

__version__ = "0.1.0"
