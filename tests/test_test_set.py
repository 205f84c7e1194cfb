"""Test set files: what is read, and what is said about a wrong one."""

import json
import threading
from collections import Counter
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml

from index.errors import BadInput, NotFound
from index.sentences import sentence_spans
from index.settings import Settings
from qa.evaluation.case_files import read_entries
from qa.evaluation.cases import Case, CaseKind, ExpectedQuote, TestSet, load_test_set, schema
from qa.evaluation.limits import Limits
from qa.evaluation.metrics import normalize_answer
from qa.evaluation.own_set import append_case
from qa.evaluation.run import BUNDLED_SETS

ARTICLE = """\
# The lighthouse

The lighthouse was built in 1858. It was lit with oil.

Keeper Anna Berg lived there for 31 years. It was lit with oil even then.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lighthouse.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str, settings: Settings, name: str = "set.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_test_set(path, settings)


def test_a_case_is_read_with_its_quote_at_its_place(folder: Path, settings: Settings) -> None:
    loaded = load(
        folder,
        """\
articles: [lighthouse.md]
cases:
  - id: built
    kind: number
    question: When was it built?
    history: [{role: user, content: "What stands there?"}]
    answers: ["1858", [eighteen, fifty-eight]]
    quotes:
      - built in
        1858
""",
        settings,
    )
    (placed,) = loaded.cases
    (article,) = loaded.articles
    assert placed.article_ids == (article.id,)
    assert article.text[placed.gold[0].start : placed.gold[0].end] == "built in 1858"
    assert placed.case.answers == ("1858", ("eighteen", "fifty-eight"))
    assert placed.case.history[0].content == "What stands there?"


def test_json_lines_hold_the_same(folder: Path, settings: Settings) -> None:
    line = (
        '{"id": "x", "question": "When?", "articles": ["lighthouse.md"],'
        ' "quotes": ["built in 1858"]}\n'
    )
    loaded = load(folder, "\n" + line, settings, "set.jsonl")
    assert loaded.cases[0].gold[0].article_id == loaded.articles[0].id


def test_a_quote_that_occurs_twice_is_told_apart_by_what_is_around_it(
    folder: Path, settings: Settings
) -> None:
    loaded = load(
        folder,
        """\
articles: [lighthouse.md]
cases:
  - id: oil
    question: What lit it later?
    quotes: [{text: lit with oil, within: lit with oil even then}]
""",
        settings,
    )
    text, gold = loaded.articles[0].text, loaded.cases[0].gold[0]
    assert gold.start == text.rindex("lit with oil")


def test_tags_limits_and_cases_that_must_pass_are_read(folder: Path, settings: Settings) -> None:
    loaded = load(
        folder,
        "limits: {min-accepted: 0.9, max_sure_wrong: 0}\n"
        + HEAD
        + GOOD
        + "    tags: [year]\n    must_pass: true\n",
        settings,
    )
    assert loaded.limits == Limits(min_accepted=0.9, max_sure_wrong=0)
    assert loaded.cases[0].case.must_pass
    assert loaded.cases[0].case.tags == ("year",)


def test_the_published_schema_is_that_of_the_loader(settings: Settings) -> None:
    published = Path(__file__).parent.parent / "docs" / "test-set.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == schema(), (
        "write it again: footnote check schema > docs/test-set.schema.json"
    )
    for path in BUNDLED_SETS:  # what the loader takes, an editor must not underline
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema()).validate(data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cases": [{"id": "a", "question": "?", "anwsers": ["x"]}]},
        {"cases": [{"id": "a", "question": "?", "answers": [1858]}]},
        {"cases": [{"id": "a", "question": "?", "kind": "numbre"}]},
        {"cases": [{"question": "?"}]},
        {"cases": [], "limits": {"min-accepted": 90}},
        {"articles": ["a.md"]},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(
    folder: Path, settings: Settings, wrong: dict[str, object]
) -> None:
    assert not jsonschema.Draft202012Validator(schema()).is_valid(wrong)
    with pytest.raises(BadInput):
        load(folder, yaml.safe_dump(wrong), settings)


HEAD = "articles: [lighthouse.md]\ncases:\n"
GOOD = "  - id: a\n    question: When?\n    answers: ['1858']\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("cases: [", 1, "not YAML"),
        ("articles: [lighthouse.md]\n", 1, "a list `cases:`"),
        ("article: x\ncases:\n" + GOOD, 1, "no such field"),
        (HEAD + "  - id: a\n    answers: ['1858']\n", 3, "question: Field required"),
        (HEAD + GOOD + "    anwsers: [x]\n", 6, "no such field"),
        (HEAD + "  - id: a\n    quesion: When?\n", 4, "quesion: there is no such field"),
        ("articles: [none.md]\ncases:\n" + GOOD, 1, "none.md"),
        (HEAD + GOOD + "    kind: numbre\n", 6, "kind"),
        (HEAD + "  - id: a\n    question: When?\n    answers: [1858]\n", 5, "put it in quotes"),
        (HEAD + "  - id: a\n    question: When?\n", 3, "say what is right"),
        (HEAD + GOOD + "    not_in_article: true\n", 3, "neither answers nor quotes"),
        (HEAD + GOOD + "    forbidden: ['!']\n", 3, "no words to compare"),
        (HEAD + GOOD + "    quotes: [built in 1859]\n", 6, "is not in the article"),
        (HEAD + GOOD + "    quotes: [lit with oil]\n", 6, "is there 2 times"),
        (HEAD + GOOD + "    quotes:\n      - built in 1858\n      - no such\n", 8, "no such"),
        (HEAD + GOOD + "    articles: [other.md]\n", 6, "other.md"),
        (HEAD + GOOD + "    question: Again?\n", 6, "a second time"),
        (HEAD + GOOD + GOOD, 6, "also the id in line 3"),
        ("limits: {min-acepted: 1}\n" + HEAD + GOOD, 1, "known are min-accepted"),
        ("limits: {min-accepted: 90}\n" + HEAD + GOOD, 1, "less than or equal to 1"),
        ("cases:\n" + GOOD, 2, "which articles"),
        (HEAD + "  - just words\n", 3, "expected fields"),
        (HEAD + GOOD + "    articles: ['library:0123456789abcdef']\n", 6, "no library is open"),
    ],
)
def test_a_wrong_set_is_told_with_file_and_line(
    folder: Path, settings: Settings, text: str, line: int, problem: str
) -> None:
    with pytest.raises(BadInput, match=r"set\.yaml") as raised:
        load(folder, text, settings)
    assert f"set.yaml:{line}: " in str(raised.value)
    assert problem in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_json_line_is_told_with_its_number(folder: Path, settings: Settings) -> None:
    with pytest.raises(BadInput, match=r"set\.jsonl:2: this line is not JSON"):
        load(folder, "\n{'id': 1}\n", settings, "set.jsonl")


@pytest.mark.parametrize(
    ("name", "problem"), [("none.yaml", "cannot be read"), ("set.txt", "a test set is a")]
)
def test_a_file_of_another_kind_is_refused(
    folder: Path, settings: Settings, name: str, problem: str
) -> None:
    (folder / "set.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=problem):
        load_test_set(folder / name, settings)


def test_a_case_whose_article_left_the_library_is_skipped_and_told(
    folder: Path, settings: Settings
) -> None:
    def gone(article_id: str):
        raise NotFound(f"There is no article {article_id}.")

    path = folder / "set.yaml"
    path.write_text(
        HEAD + GOOD + "    articles: ['library:0123456789abcdef']\n"
        "  - id: b\n    question: When?\n    answers: ['1858']\n",
        encoding="utf-8",
    )
    loaded = load_test_set(path, settings, gone)
    assert [placed.case.id for placed in loaded.cases] == ["b"]
    assert "a is left out" in loaded.skipped[0]


@pytest.fixture(scope="module")
def bundled() -> list[TestSet]:
    return [load_test_set(path, Settings()) for path in BUNDLED_SETS]


def test_the_bundled_sets_cover_every_kind(bundled: list[TestSet]) -> None:
    placed = [one for test_set in bundled for one in test_set.cases]
    kinds = Counter(one.case.kind for one in placed)
    assert sum(kinds.values()) >= 140
    assert set(kinds) == set(get_args(CaseKind)) - {"feedback", "other"}
    assert min(kinds.values()) >= 5
    for one in placed:
        case = one.case
        assert case.not_in_article or case.answers, case.id
        about_the_whole = case.kind == "whole_article"
        assert case.not_in_article or case.quotes or about_the_whole, case.id


def test_the_near_misses_are_of_many_kinds_and_stand_beside_what_is_answered(
    bundled: list[TestSet],
) -> None:
    for test_set in bundled[1:]:
        misses = [one.case for one in test_set.cases if one.case.kind == "near_miss"]
        assert len(misses) >= 8
        assert len({tag for case in misses for tag in case.tags}) >= 6
        assert len(test_set.cases) - len(misses) >= len(misses)
    tags = {tag for t in bundled for one in t.cases for tag in one.case.tags}
    assert tags >= {"name", "year", "number", "unit", "role", "place", "order", "polarity"}


def test_gold_quotes_of_the_bundled_sets_hold_one_of_their_answers(
    bundled: list[TestSet],
) -> None:
    """Or the sentence around them does; a slip of the writer would show here."""
    articles = {article.id: article for test_set in bundled for article in test_set.articles}
    for placed in (one for test_set in bundled for one in test_set.cases):
        if not placed.gold:
            continue
        said = ""
        for gold in placed.gold:
            text = articles[gold.article_id].text
            said += " ".join(
                text[start:end]
                for start, end in sentence_spans(text)
                if start < gold.end and gold.start < end
            )
        parts = [(a,) if isinstance(a, str) else a for a in placed.case.answers]
        assert any(
            all(normalize_answer(word) in normalize_answer(said) for word in part) for part in parts
        ), placed.case.id


def test_a_case_is_added_without_touching_what_the_user_wrote(
    folder: Path, settings: Settings
) -> None:
    path = folder / "set.yaml"
    path.write_text("# mine\n" + HEAD + GOOD + "    # a remark", encoding="utf-8")
    case = Case(
        id="oil: “lamp”",
        kind="feedback",
        question="- what\nlit it?",
        quotes=(ExpectedQuote(text="lit with oil", within="lit with oil even then"),),
    )
    append_case(path, case)
    assert path.read_text(encoding="utf-8").startswith("# mine\n" + HEAD + GOOD + "    # a remark")
    loaded = load_test_set(path, settings)
    assert [placed.case.id for placed in loaded.cases] == ["a", "oil: “lamp”"]
    assert loaded.cases[1].case == case


@pytest.mark.parametrize(
    "text", [None, "cases:\n", "cases: []\n", "articles: [x]\ncases:\n- {id: z}\n"]
)
def test_a_case_is_added_to_a_new_an_empty_and_an_unindented_set(
    tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "new" / "set.yaml"
    path.parent.mkdir()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    append_case(path, Case(id="a", question="Why?", not_in_article=True))
    assert read_entries(path)[1][-1].data == {
        "id": "a",
        "question": "Why?",
        "not_in_article": True,
    }


def test_the_same_case_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    case = Case(id="a", question="Why?", not_in_article=True)
    append_case(path, case)
    with pytest.raises(BadInput, match="already holds"):
        append_case(path, case)


def test_cases_added_at_once_are_all_there(tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    threads = [
        threading.Thread(
            target=append_case, args=(path, Case(id=f"c{n}", question="Why?", not_in_article=True))
        )
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.data["id"] for entry in read_entries(path)[1]} == {f"c{n}" for n in range(12)}
