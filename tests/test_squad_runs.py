"""SQuAD files as benchmarks: what is asked, where the gold is, and runs that go on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.squad import SquadPlan, squad_groups
from qa.evaluation.squad_run import run_squad


def paragraph(context: str, *questions: tuple[str, str, str]) -> dict[str, object]:
    """Each question as (id, question, answer); an answer is at its last place in the context."""
    return {
        "context": context,
        "qas": [
            {
                "id": name,
                "question": question,
                "answers": [{"text": answer, "answer_start": context.rindex(answer)}]
                if answer
                else [],
                "is_impossible": not answer,
            }
            for name, question, answer in questions
        ],
    }


FILE = {
    "version": "v2.0",
    "data": [
        {
            "title": "Old_lighthouse",
            "paragraphs": [
                paragraph(
                    "  The  lighthouse stands on Skarv island.\n", ("where", "Where?", "Skarv")
                ),
                paragraph(
                    "Oil was dear. The lamp burned whale oil. Later it burned oil\u00a0of rape.",
                    ("oil", "What did the lamp burn later?", "oil\u00a0of rape"),
                    ("colour", "What colour was the lamp?", ""),
                ),
            ],
        },
        {
            "title": "Bakery",
            "paragraphs": [
                paragraph(
                    "The bakery of Lund opened in 1931.", ("bakery", "When did it open?", "1931")
                ),
                paragraph(
                    "Its founder was Nils Holm.",
                    ("founder", "Who founded the bakery?", "Nils Holm"),
                ),
            ],
        },
    ],
}


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(FILE), encoding="utf-8")
    return path


def test_gold_answers_are_at_their_place_once_white_space_is_normalised(squad: Path) -> None:
    first, second = squad_groups(SquadPlan(squad))
    (article,) = first.articles
    assert article.title == "Old lighthouse"
    assert article.text.startswith("The lighthouse stands on Skarv island.\n\nOil was dear.")
    golds = {
        placed.case.id: [article.text[g.start : g.end] for g in placed.gold]
        for placed in first.cases
    }
    assert golds == {"where": ["Skarv"], "oil": ["oil of rape"], "colour": []}
    assert [placed.case.not_in_article for placed in first.cases] == [False, False, True]
    assert [placed.case.id for placed in second.cases] == ["bakery", "founder"]


def test_a_corpus_is_one_group_asked_everywhere(squad: Path) -> None:
    (group,) = squad_groups(SquadPlan(squad, scope="corpus"))
    assert len(group.articles) == 2
    assert {placed.article_ids for placed in group.cases} == {None}
    bakery = next(placed for placed in group.cases if placed.case.id == "bakery")
    assert bakery.gold[0].article_id == group.articles[1].id


def test_a_sample_is_the_same_for_a_seed(squad: Path) -> None:
    def ids(seed: int) -> list[str]:
        groups = squad_groups(SquadPlan(squad, sample=3, seed=seed))
        return [placed.case.id for group in groups for placed in group.cases]

    assert len(ids(1)) == 3
    assert ids(1) == ids(1)
    assert len({tuple(ids(seed)) for seed in range(20)}) > 1


def test_half_are_asked_of_another_article(squad: Path) -> None:
    own = {p.case.id: g.articles[0].title for g in squad_groups(SquadPlan(squad)) for p in g.cases}
    moved = 0
    for group in squad_groups(SquadPlan(squad, unanswerable="other-article")):
        for placed in group.cases:
            assert placed.article_ids == (group.articles[0].id,)
            if group.articles[0].title != own[placed.case.id]:
                assert placed.case.not_in_article
                moved += 1
    assert moved == 2  # of five


def test_half_are_asked_without_the_paragraph_that_answers(squad: Path) -> None:
    whole = {g.articles[0].id for g in squad_groups(SquadPlan(squad))}
    groups = squad_groups(SquadPlan(squad, unanswerable="removed"))
    cut = [group for group in groups if group.articles[0].id not in whole]
    assert sum(len(group.cases) for group in cut) == 2
    answers = {"where": "Skarv", "oil": "rape", "bakery": "1931", "founder": "Nils"}
    for group in cut:
        for placed in group.cases:
            assert placed.case.not_in_article
            assert answers[placed.case.id] not in group.articles[0].text


@pytest.mark.parametrize(
    ("content", "plan", "problem"),
    [
        ("[]", {}, "SQuAD's format"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', {}, "data.0.paragraphs.0.context"),
        ('{"data": []}', {}, "no questions"),
        (json.dumps(FILE), {"scope": "corpus", "unanswerable": "removed"}, "--scope article"),
        (json.dumps({"data": FILE["data"][:1]}), {"unanswerable": "other-article"}, "two articles"),
    ],
)
def test_what_cannot_be_run_is_told(
    squad: Path, content: str, plan: dict[str, str], problem: str
) -> None:
    squad.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=problem):
        squad_groups(SquadPlan(squad, **plan))


def test_a_run_through_the_chain_has_the_keys_of_every_report(
    squad: Path, settings: Settings
) -> None:
    report = run_squad(SquadPlan(squad), settings)
    assert [r.case.id for r in report.results] == ["where", "oil", "colour", "bakery", "founder"]
    assert report.sets == ("tiny",)
    assert set(report.by_kind) == {"fact", "not_in_article"}
    assert report.overall.hit_at_5 == 1
    assert not list((settings.data_dir / "runs").iterdir())  # nothing is left to go on from


def test_a_stopped_run_goes_on_where_it_was(
    squad: Path, settings: Settings, tmp_path: Path
) -> None:
    """The record of a whole run, cut in the middle of a line as kill -9 leaves it."""
    output = tmp_path / "out.json"
    record = tmp_path / "out.json.part.jsonl"
    told: list[str] = []
    whole = run_killed_before_the_end(squad, output, settings.data_dir)
    record.write_text(whole, encoding="utf-8")
    with record.open("a", encoding="utf-8") as file:
        file.write('{"set_name": "tiny", "ca')
    done = whole.count("\n") - 1
    assert 1 <= done < 5

    report = run_squad(SquadPlan(squad), settings, beside=output, notify=told.append)
    assert told == [f"Going on after {done} of 5 cases, from {record}."]
    kept = [json.loads(line) for line in whole.splitlines()[1:]]
    assert [r.answer.latency_ms["total"] for r in report.results[:done]] == [
        result["answer"]["latency_ms"]["total"] for result in kept
    ]
    assert len(report.results) == 5
    assert not record.exists()


def test_the_record_of_another_run_is_not_used(
    squad: Path, settings: Settings, tmp_path: Path
) -> None:
    record = tmp_path / "out.json.part.jsonl"
    record.write_text('{"run": "0123456789abcdef"}\n', encoding="utf-8")
    told: list[str] = []
    report = run_squad(
        SquadPlan(squad, sample=1), settings, beside=tmp_path / "out.json", notify=told.append
    )
    assert len(report.results) == 1
    assert "another run" in told[0]


def run_killed_before_the_end(squad: Path, output: Path, data_dir: Path) -> str:
    """Starts the real command and kills it once two cases are written; what it left behind."""
    record = output.with_name(output.name + ".part.jsonl")
    command = [sys.executable, "-c", "from ui.cli import main; main()", "check"]
    process = subprocess.Popen(
        [*command, "--squad", str(squad), "--json", str(output)],
        env=os.environ | {"FOOTNOTE_DATA_DIR": str(data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while True:
            if process.poll() is not None:
                assert process.stderr
                pytest.fail(f"it ended before it was killed: {process.stderr.read()}")
            lines = record.read_text(encoding="utf-8").count("\n") if record.exists() else 0
            if lines >= 3:
                break
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
    text = record.read_text(encoding="utf-8")
    return text[: text.rindex("\n") + 1]


def test_the_report_says_what_was_asked(squad: Path, settings: Settings) -> None:
    report = run_squad(SquadPlan(squad, sample=2), settings)
    assert report.options == {
        "squad": "tiny.json",
        "scope": "article",
        "sample": 2,
        "seed": 0,
        "unanswerable": None,
    }
