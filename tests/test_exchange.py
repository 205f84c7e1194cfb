"""Test sets from and to SQuAD, CSV, promptfoo and ragas."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from index.errors import BadInput
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE
from qa.evaluation.cases import Case, TestSet, load_test_set
from qa.evaluation.exchange.csv_table import from_csv, to_csv
from qa.evaluation.exchange.imported import ImportedSet, write_set
from qa.evaluation.exchange.promptfoo import from_promptfoo, to_promptfoo
from qa.evaluation.exchange.ragas import from_ragas, to_ragas
from qa.evaluation.exchange.squad_set import from_squad, to_squad
from ui.cli import app, run

ARTICLE = "The lighthouse was built in 1858.\n\nKeeper Anna Berg lived there for 31 years."
SET = """\
articles: [lighthouse.txt]
cases:
  - id: built
    kind: number
    tags: [year]
    question: When was it built?
    answers: ["1858"]
    quotes: [built in 1858]
  - id: keeper
    kind: fact
    question: Who lived there, and how long?
    answers: [[Anna Berg, 31 years]]
    quotes: [Anna Berg lived there for 31 years]
    forbidden: [HACKED]
  - id: colour
    kind: near_miss
    question: Which colour has it?
    not_in_article: true
"""

Reader = Callable[[Path], ImportedSet]
Writer = Callable[[TestSet], str]


@pytest.fixture
def test_set(tmp_path: Path) -> TestSet:
    (tmp_path / "lighthouse.txt").write_text(ARTICLE, encoding="utf-8")
    path = tmp_path / "set.yaml"
    path.write_text(SET, encoding="utf-8")
    return load_test_set(path, Settings())


def imported(read: Reader, tmp_path: Path, text: str, *articles: str) -> tuple[TestSet, list[str]]:
    """The text as a set that was written, loaded again, and what was remarked."""
    source = tmp_path / "source"
    source.write_text(text, encoding="utf-8")
    output = tmp_path / "new" / "imported.yaml"
    remarks = write_set(read(source), output, articles)
    return load_test_set(output, Settings()), remarks


def said(test_set: TestSet) -> list[tuple[str, object, bool]]:
    cases = [placed.case for placed in test_set.cases]
    return [(case.question, case.answers, case.not_in_article) for case in cases]


@pytest.mark.parametrize(
    ("read", "write", "kept"),
    [
        (from_csv, to_csv, ["built", "keeper", "colour"]),
        (from_promptfoo, to_promptfoo, ["built", "keeper", "colour"]),
        (from_squad, to_squad, ["built", "colour"]),  # SQuAD has no answer of two parts
    ],
)
def test_what_is_written_is_read_again(
    read: Reader, write: Writer, kept: list[str], test_set: TestSet, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "lighthouse.txt").write_text(ARTICLE, encoding="utf-8")
    if read is from_squad:
        (tmp_path / "new" / "lighthouse.txt").unlink()
    again, _ = imported(read, tmp_path, write(test_set))
    assert [placed.case.id for placed in again.cases] == kept
    before = {case[0]: case for case in said(test_set)}
    for case in said(again):
        assert case == before[case[0]]
    assert again.articles[0].text == test_set.articles[0].text


def test_squad_keeps_the_places_of_the_answers(test_set: TestSet) -> None:
    (article,) = json.loads(to_squad(test_set))["data"]
    first, second = article["paragraphs"]
    answer = first["qas"][0]["answers"][0]
    start = answer["answer_start"]
    assert first["context"][start : start + 4] == answer["text"] == "1858"
    assert first["qas"][1]["is_impossible"]
    assert second["qas"] == []


def test_a_squad_answer_that_stands_in_two_paragraphs_is_told_apart(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "In 1858 it was built.", "qas": []},
        {
            "context": "It was lit in 1858 too.",
            "qas": [
                {
                    "id": "q",
                    "question": "When was it lit?",
                    "answers": [{"text": "1858", "answer_start": 14}],
                },
                {"id": "q", "question": "?", "answers": [{"text": "!", "answer_start": 0}]},
            ],
        },
    ]
    text = json.dumps({"data": [{"title": "The_light", "paragraphs": paragraphs}]})
    again, _ = imported(from_squad, tmp_path, text)
    (placed,) = again.cases  # the second question has no answer to compare
    (gold,) = placed.gold
    assert gold.start == again.articles[0].text.rindex("1858")


def test_a_table_of_questions_is_read_with_the_columns_it_has(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    text = (
        "Question,Answer,Not in article\nWhen was it built?,1858 | in 1858,\n"
        "When was it built?,,yes\n,,\n"
    )
    again, remarks = imported(from_csv, tmp_path, text, "a.txt")
    first, second = (placed.case for placed in again.cases)
    assert first.answers == ("1858", "in 1858")
    assert (first.id, second.id) == ("when-was-it-built", "when-was-it-built-2")
    assert second.not_in_article
    assert remarks == [
        "1 cases have no quote: where the answer is cited from is not judged for them."
    ]


def test_the_table_names_article_and_tags(test_set: TestSet) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(test_set))))
    assert [row["articles"] for row in rows] == ["lighthouse.txt"] * 3
    assert rows[0]["tags"] == "year"
    assert rows[1]["answers"] == "Anna Berg + 31 years"


def test_promptfoo_compares_words_and_the_rest_is_left_out(tmp_path: Path) -> None:
    tests = [
        {
            "vars": {"query": "When?", "context": ARTICLE},
            "assert": [
                {"type": "icontains", "value": "1858"},
                {"type": "not-contains", "value": "1859"},
                {"type": "llm-rubric", "value": "is polite"},
            ],
        },
        {"vars": {"query": "Why?", "context": ARTICLE}, "assert": [{"type": "is-refusal"}]},
        {"vars": {"query": "Nice?"}, "assert": [{"type": "llm-rubric", "value": "is nice"}]},
    ]
    text = yaml.safe_dump({"prompts": ["{{query}}"], "tests": tests})
    again, _ = imported(from_promptfoo, tmp_path, text)
    first, second = (placed.case for placed in again.cases)
    assert (first.answers, first.forbidden) == (("1858",), ("1859",))
    assert second.not_in_article
    assert len(again.articles) == 1


def test_ragas_gives_its_contexts_as_the_article_and_long_answers_are_told(tmp_path: Path) -> None:
    reference = "The lighthouse that Anna Berg kept was built in the year of 1858 by hand."
    rows = [
        {"user_input": "When?", "reference": reference, "reference_contexts": [ARTICLE]},
        {"question": "Colour?", "ground_truth": NOT_IN_ARTICLE, "contexts": [ARTICLE]},
    ]
    text = "\n".join(map(json.dumps, rows))
    again, remarks = imported(from_ragas, tmp_path, text)
    first, second = (placed.case for placed in again.cases)
    assert first.answers == (reference,)
    assert second.not_in_article
    assert remarks[0].startswith("1 cases accept only long answers (when first)")


def test_ragas_is_given_references_and_contexts(test_set: TestSet) -> None:
    rows = [json.loads(line) for line in to_ragas(test_set).splitlines()]
    assert rows[0]["reference"] == "1858"
    assert rows[0]["reference_contexts"] == ["built in 1858"]
    assert rows[2]["reference"] == NOT_IN_ARTICLE


@pytest.mark.parametrize(
    ("read", "text", "problem"),
    [
        (from_csv, "a,b\n1,2\n", "one of them `question`"),
        (from_csv, "question,answer\nWhy?,!\n", "row 2: '!' has no words"),
        (from_csv, "question\nWhy?\n", "row 2: say what is right"),
        (from_promptfoo, "prompts: [x]\n", "no tests of promptfoo: tests"),
        (from_promptfoo, "tests: [{assert: [{type: equals, value: x}]}]", "test 1: none of its"),
        (from_ragas, '{"user_input": "Why?"}', ":1: no sample of ragas: reference"),
        (from_squad, "{}", "not in SQuAD's format"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    read: Reader, text: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "source"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read(path)
    assert str(path) in str(raised.value)
    assert problem in str(raised.value)


def test_nothing_is_written_over_and_every_case_needs_an_article(tmp_path: Path) -> None:
    case = Case(id="a", question="?", not_in_article=True)
    with pytest.raises(BadInput, match="name it with --article"):
        write_set(ImportedSet((case,), {}), tmp_path / "set.yaml")
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="it was left"):
        write_set(ImportedSet((case,), {"a.txt": "theirs"}), tmp_path / "set.yaml", ["a.txt"])
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "mine"


def test_sets_are_carried_on_the_command_line(
    test_set: TestSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def footnote(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["footnote", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run(app)
        return int(ended.value.code or 0)

    table, again = tmp_path / "set.csv", tmp_path / "deep" / "again.yaml"
    assert footnote("check", "export", tmp_path / "set.yaml", "--to", "csv", "-o", table) == 0
    plain = table.read_text(encoding="utf-8").replace("lighthouse.txt", "")
    table.write_text(plain, encoding="utf-8")
    article = tmp_path / "lighthouse.txt"
    arguments = ("check", "import", table, "--from", "csv", "-o", again, "--article", article)
    assert footnote(*arguments) == 0
    assert said(load_test_set(again, Settings())) == said(test_set)
    assert footnote(*arguments) == 2
    assert "it was left" in capsys.readouterr().err
    assert footnote("check", "schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A test set of Footnote"
