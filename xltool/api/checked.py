"""The result of `xltool.validate`: a validation that can show itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING, Any

from xltool import checks
from xltool.checks.validation import Validation
from xltool.core.paths import AnyPath
from xltool.reading import Reading, Source

if TYPE_CHECKING:
    import pandas

    from xltool.checks.explanations import Explained
    from xltool.checks.external import External
    from xltool.checks.prior import Prior
    from xltool.editions import EditionLike

_SHOWN = 50


class CheckedBook(Validation):
    """What checking a workbook gave: `verdict`, `findings`, `ledger`, `reading`."""

    def __repr__(self) -> str:
        from xltool.reporting.summary import summary

        return f"<CheckedBook {self.reading.file} {self.verdict}：{summary(self)}>"

    def _repr_html_(self) -> str:
        """For notebooks: the verdict and the findings."""
        from xltool.reporting.summary import headline, levels, summary

        rows = "".join(
            f"<tr><td>{levels(f)}</td><td>{escape(f.rule)}</td>"
            f"<td>{escape('、'.join(map('!'.join, f.cells[:3])))}</td>"
            f"<td>{escape(f.message)}</td><td>{escape(f.advice)}</td></tr>"
            for f in self.findings[:_SHOWN]
        )
        more = len(self.findings) - _SHOWN
        rest = f"<p>…… 还有 {more} 处</p>" if more > 0 else ""
        head = "<tr><th>级别</th><th>规则</th><th>单元格</th><th>内容</th><th>怎么改</th></tr>"
        return (
            f"<p>{escape(headline(self))}</p>"
            f"<p><b>{self.verdict}</b>　{escape(summary(self))}</p>"
            f"<table>{head}{rows}</table>{rest}"
        )

    def to_dict(self) -> dict[str, Any]:
        """The report of `xltool validate --format json`; amounts are `Decimal`."""
        from xltool.reporting.json import report

        return report(self)

    def to_frame(self) -> pandas.DataFrame:
        """The findings as a DataFrame with the columns of the table `findings` (docs/queries.md). Needs pandas."""
        from xltool.reading.frame import CONTEXT, context, frame_of
        from xltool.reporting.rows import FINDING, finding_rows

        lead = context(self.reading)
        rows = [(*lead, *row) for row in finding_rows(self)]
        return frame_of((*CONTEXT, *FINDING), rows, whole=("年度", "同因"))

    def to_html(self) -> str:
        """The report as a page that stands alone."""
        from xltool.reporting.html import render

        return render(self, file=self.reading.file)

    def annotate(self, target: AnyPath, *, force: bool = False) -> None:
        """Write a marked copy of the workbook. Raises `InputError`; then nothing is written."""
        from xltool.reporting.workbook.annotate import annotate

        annotate(self, target, force=force)

    def counts(self) -> Counter[str]:
        """How many findings there are of each level: 不符, 需核实, 提示, 尾差, 数据不足, 已说明."""
        from xltool.reporting.summary import levels

        return Counter(map(levels, self.findings))


def validate(
    source: Source | Reading,
    edition: EditionLike | None = None,
    *,
    prior: Prior | None = None,
    explanations: Explained | None = None,
    unit_type: str | None = None,
    rules: AnyPath | Iterable[AnyPath] = (),
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
    summed: int = 1,
    external: External | None = None,
    external_unit: str | None = None,
    together: Iterable[Source | Reading] | None = None,
) -> CheckedBook:
    """Check a workbook. See `xltool.checks.validate`, which this is for people who program."""
    found = checks.validate(
        source,
        edition,
        prior=prior,
        explanations=explanations,
        unit_type=unit_type,
        rules=rules,
        only=only,
        skip=skip,
        summed=summed,
        external=external,
        external_unit=external_unit,
        together=together,
    )
    return CheckedBook(*(getattr(found, part.name) for part in fields(found)))
