"""The reading data can be made from its public sources: here from small files of the same shape."""

import json
import sys
import zipfile
from pathlib import Path

import pytest

from training import fetch_reading_data

SQUAD = {"data": [{"title": f"Wiki {i}", "paragraphs": []} for i in range(48)], "version": "1.0"}
STORY = 'section,text\n1,"The hare slept\nunder a tree."\n2,The tortoise went on.\n'
ASKED = (
    "question_id,local-or-sum,cor_section,attribute1,attribute2,question,ex-or-im1,"
    "answer1,answer2,answer3,ex-or-im2,answer4,answer5,answer6\n"
    "1,local,1,setting,,Where did the hare sleep?,explicit,Under a tree.,,,,,,\n"
    "2,local,2,feeling,,Why did the tortoise go on?,implicit,she wanted to win,,,,,,\n"
)
SENTENCES = "Wiki1k:wikipedia:7:0:0\t`` Tin '' ( a metal ) melts early .\n"
QAMR = (
    "Wiki1k:wikipedia:7:0:0\t1 5\t1\t0\t1\tWhat melts early?\t1\t2:1\t3:0 1 2\n"
    "Wiki1k:wikipedia:7:0:0\t1 5\t1\t1\t1\tWhat is tin?\t4 5\t2:4 5\t3:1 5\n"
)
QED = [
    {
        "example_id": number,
        "title_text": "Tin",
        "question_text": "when does tin melt",
        "paragraph_text": "Tin , it 's said , melts at 232 degrees ( soon ) .",
        "original_nq_answers": [[{"start": 28, "end": 39, "string": "232 degrees"}]],
    }
    for number in (4, -5)
]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The sources as they lie at their addresses."""

    def put(path: str, text: str) -> None:
        file = tmp_path / "sources" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    for name in ("new_wiki", "reddit", "amazon_reviews"):
        shifts = "modestyachts/squadshifts-website/master/datasets"
        put(f"{shifts}/{name}_v1.0.json", json.dumps(SQUAD))
    lines = "\n".join(map(json.dumps, QED))
    put("google-research-datasets/QED/master/qed-dev.jsonlines", lines)
    put("uwnlp/qamr/master/data/wiki-sentences.tsv", SENTENCES)
    put("uwnlp/qamr/master/data/filtered/dev.tsv", QAMR)
    put("uwnlp/qamr/master/data/filtered/test.tsv", "")
    archive = tmp_path / "sources/uci-soe/FairytaleQAData/archive/refs/heads/main.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as file:
        split = "FairytaleQAData-main/data-by-train-split"
        file.writestr(f"{split}/section-stories/train/the-hare-story.csv", STORY)
        file.writestr(f"{split}/questions/train/the-hare-questions.csv", ASKED)
        file.writestr(f"{split}/questions/test/the-fox-questions.csv", ASKED)
    return tmp_path / "sources"


def test_the_sources_become_files_of_squad(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = tmp_path / "reading"
    monkeypatch.setattr(sys, "argv", ["fetch", str(reading), "--from", str(sources)])
    fetch_reading_data.main()
    made = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["data"]
        for path in reading.iterdir()
    }
    assert set(made) == set(fetch_reading_data.SOURCES)
    assert [len(made[name]) for name in ("wiki_dev", "reddit", "amazon_reviews")] == [24, 48, 48]
    assert made["fairytale"] == [
        {
            "title": "the hare",
            "paragraphs": [
                {
                    "context": "The hare slept under a tree.",
                    "qas": [
                        {
                            "id": "fairy-the-hare-1",
                            "question": "Where did the hare sleep?",
                            "answers": [{"text": "under a tree", "answer_start": 15}],
                        }
                    ],
                }
            ],
        }
    ]
    [natural] = made["natural"]  # half of the two
    [paragraph] = natural["paragraphs"]
    assert paragraph["context"] == "Tin, it's said, melts at 232 degrees (soon)."
    assert paragraph["qas"][0]["answers"] == [{"text": "232 degrees", "answer_start": 25}]
    [sentence] = made["sentences"][0]["paragraphs"]
    assert sentence["context"] == '"Tin" (a metal) melts early.'
    assert [(q["question"], [a["text"] for a in q["answers"]]) for q in sentence["qas"]] == [
        ("What melts early?", ["Tin", '"Tin"'])
    ]


def test_every_answer_stands_at_its_place(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = tmp_path / "reading"
    monkeypatch.setattr(sys, "argv", ["fetch", str(reading), "--from", str(sources)])
    fetch_reading_data.main()
    places = 0
    for path in reading.iterdir():
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for answer in (a for q in paragraph["qas"] for a in q["answers"]):
                    assert paragraph["context"].startswith(answer["text"], answer["answer_start"])
                    places += 1
    assert places == 4
