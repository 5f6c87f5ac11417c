"""Analysis of a database of a batch: who stands out among units and years, how far the checks went."""

from xltool.review.analysis.asking import Answer, analyse
from xltool.review.analysis.output import write_analysis

__all__ = ["Answer", "analyse", "write_analysis"]
