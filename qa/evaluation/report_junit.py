"""The report as JUnit XML, which continuous integration shows case by case."""

import re
from xml.etree import ElementTree

from qa.evaluation.report import Report
from qa.evaluation.scoring import CaseResult

# XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    """A `testsuite` for each set, a `testcase` for each case, with what was wrong."""
    root = ElementTree.Element("testsuites", name="footnote check")
    for name in report.sets:
        results = [result for result in report.results if result.set_name == name]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(results)),
            failures=str(sum(not result.right for result in results)),
            errors="0",
            time=_seconds(results),
        )
        for result in results:
            _add(suite, result)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _add(suite: ElementTree.Element, result: CaseResult) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{result.set_name}.{result.case.kind}",
        name=_clean(result.case.id),
        time=_seconds([result]),
    )
    if not result.right:
        said = result.answer.short_answer or result.answer.text
        failure = ElementTree.SubElement(case, "failure", message=_clean(said))
        failure.text = _clean(
            f"Question: {result.case.question}\n"
            f"Right: {_right(result)}\n"
            f"Said: {result.answer.text}\n"
            f"Confidence: {result.answer.confidence:.2f}"
        )


def _right(result: CaseResult) -> str:
    if result.case.not_in_article:
        return "not in the article"
    answers = [a if isinstance(a, str) else " + ".join(a) for a in result.case.answers]
    return " | ".join(answers or [gold.text for gold in result.gold])


def _seconds(results: list[CaseResult]) -> str:
    return f"{sum(r.answer.latency_ms.get('total', 0.0) for r in results) / 1000:.3f}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
