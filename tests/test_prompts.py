"""The prompts: shipped texts, a user's overrides, and the version over both."""

from pathlib import Path

import pytest

import prompts
from index.errors import BadInput
from prompts.loading import SHIPPED, VARIABLES
from qa.answer import NOT_IN_ARTICLE


def test_every_shipped_file_is_a_prompt_and_every_prompt_is_shipped() -> None:
    assert {path.stem for path in SHIPPED.glob("*.md")} == VARIABLES.keys()


def test_the_refusal_sentence_comes_from_the_code_and_not_from_a_file() -> None:
    for path in SHIPPED.glob("*.md"):
        assert NOT_IN_ARTICLE not in path.read_text(encoding="utf-8")
    rules = prompts.load().answer_rules.fill(boundary="b", refusal=NOT_IN_ARTICLE)
    assert NOT_IN_ARTICLE in rules


def test_a_value_is_put_in_as_it_is() -> None:
    filled = prompts.load().answer_question.fill(
        boundary="b", sentences="costs $5 and $question", question="How much?"
    )
    assert "costs $5 and $question" in filled
    assert filled.count("How much?") == 1


def test_a_forgotten_value_is_noticed() -> None:
    with pytest.raises(KeyError):
        prompts.load().answer_question.fill(boundary="b", sentences="s")


def test_one_file_of_the_users_replaces_one_prompt_and_changes_the_version(tmp_path: Path) -> None:
    shipped = prompts.load()
    (tmp_path / "condense_rules.md").write_text("Rewrite it. $boundary costs $$5.\r\n")
    own = prompts.load(tmp_path)
    assert own.condense_rules.fill(boundary="b") == "Rewrite it. b costs $5."
    assert own.answer_rules == shipped.answer_rules
    assert own.version != shipped.version
    assert prompts.load().version == shipped.version


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("answer_question.md", "$boundary $sentences", r"answer_question\.md must use \$question"),
        ("answer_question.md", "$boundary $sentences $question $user", r"uses \$user, which is"),
        ("answer_question.md", "costs $5", r"answer_question\.md has a `\$` without a variable"),
        (
            "answer.md",
            "hello",
            r"answer\.md is no prompt of Footnote: the prompts are answer_rules",
        ),
        ("condense_rules.md", "x" * 60_000, r"longer than 50,000 characters"),
    ],
)
def test_a_faulty_override_is_one_sentence_naming_the_file(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match=message):
        prompts.load(tmp_path)


def test_an_override_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "condense_rules.md").write_bytes(b"\xff\xfe $boundary")
    with pytest.raises(BadInput, match=r"condense_rules\.md cannot be read as UTF-8"):
        prompts.load(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there: FOOTNOTE_PROMPTS_DIR names it"):
        prompts.load(tmp_path / "nowhere")
