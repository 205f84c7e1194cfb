"""A test set as YAML text, for what is drafted or imported."""

from collections.abc import Iterable, Sequence

import yaml

from qa.evaluation.cases import Case


def set_text(articles: Sequence[str], cases: Iterable[Case], remarks: Sequence[str] = ()) -> str:
    """The file: `remarks` as comments, the common articles, and a case after the other."""
    lines = [f"# {remark}" for remark in remarks]
    if articles:
        lines += [yaml.safe_dump({"articles": list(articles)}, allow_unicode=True).rstrip(), ""]
    lines.append("cases:")
    for case in cases:
        lines += [f"  {line}".rstrip() for line in as_yaml(case).splitlines()]
    return "\n".join(lines) + "\n"


def as_yaml(case: Case) -> str:
    """The case as an item of a YAML list, without the fields that say nothing."""
    fields = case.model_dump(mode="json", exclude_defaults=True)
    if "quotes" in fields:
        fields["quotes"] = [
            quote if quote.get("within") else quote["text"] for quote in fields["quotes"]
        ]
    return yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=100)
