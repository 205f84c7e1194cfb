"""The report as JUnit XML, which continuous integration shows case by case."""

import re
from xml.etree import ElementTree

from qa.evaluation.report import Report
from qa.evaluation.scoring import CaseResult
from qa.evaluation.verdict import Verdict

# XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    """A `testsuite` for the gate and one for each set.

    A rule of the gate that fails the run is a `failure`, so that there is one exactly where the
    exit code is 1. A wrong case is `skipped` with what was wrong: the gate says whether it matters.
    """
    root = ElementTree.Element("testsuites", name="footnote check")
    if report.verdict and report.verdict.judgements:
        _add_gate(root, report.verdict)
    for name in report.sets:
        results = [result for result in report.results if result.set_name == name]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=name,
            tests=str(len(results)),
            failures="0",
            errors="0",
            skipped=str(sum(not result.right for result in results)),
            time=_seconds(results),
        )
        for result in results:
            _add_case(suite, result)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _add_gate(root: ElementTree.Element, verdict: Verdict) -> None:
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name="gate",
        tests=str(len(verdict.judgements)),
        failures=str(len(verdict.broken) if verdict.enforced else 0),
        errors="0",
    )
    for judgement in verdict.judgements:
        case = ElementTree.SubElement(
            suite, "testcase", classname="gate", name=_clean(judgement.rule)
        )
        if not judgement.passed:
            kind = "failure" if verdict.enforced else "skipped"
            ElementTree.SubElement(case, kind, message=_clean(judgement.figures))


def _add_case(suite: ElementTree.Element, result: CaseResult) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{result.set_name}.{result.case.kind}",
        name=_clean(result.case.id),
        time=_seconds([result]),
    )
    if not result.right:
        said = result.answer.short_answer or result.answer.text
        ElementTree.SubElement(case, "skipped", message=_clean(f"wrong: {said}"))
        out = ElementTree.SubElement(case, "system-out")
        out.text = _clean(
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
