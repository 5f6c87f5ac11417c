"""The version of the tool, for rooms below the package's own face."""

__version__ = "0.1.0"
