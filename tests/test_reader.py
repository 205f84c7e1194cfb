"""The shipped reader, run for real, and the rules of decoding."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelProblem
from qa.reading.calibration import Calibration, calibrated
from qa.reading.onnx_reader import OnnxReader
from qa.reading.reader import FOLDER, Reader, load_reader, shipped_reader
from qa.reading.spans import Span, apart, best_spans

MEETING = (
    "The council met on Tuesday. Its chair, Amara Okafor, said that the bridge over the Lune "
    "would reopen in March 2027 after repairs that cost 4.2 million pounds."
)
BREAD = "Sourdough rises slowly: the dough rests for about twelve hours before it is baked."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader("footnote")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is the chair of the council?", "Amara Okafor"),
        ("When will the bridge reopen?", "March 2027"),
        ("How much did the repairs cost?", "4.2 million pounds"),
    ],
)
def test_the_answer_is_found_in_the_passage_that_holds_it(
    reader: Reader, question: str, answer: str
) -> None:
    bread, meeting = reader.read(question, [BREAD, MEETING])
    best = meeting.spans[0]
    assert MEETING[best.start : best.end] == answer
    assert meeting.confidence > bread.confidence
    assert meeting.confidence >= reader.threshold


def test_a_question_about_something_else_is_refused(reader: Reader) -> None:
    readings = reader.read("What is the capital of Mongolia?", [BREAD, MEETING])
    assert max(reading.confidence for reading in readings) < reader.threshold


def test_a_passage_is_read_alike_alone_and_beside_a_longer_one(reader: Reader) -> None:
    question = "How long does the dough rest?"
    alone = reader.read(question, [BREAD])[0]
    padded = reader.read(question, [BREAD, " ".join([MEETING] * 3)])[0]
    assert (alone.spans[0].start, alone.spans[0].end) == (
        padded.spans[0].start,
        padded.spans[0].end,
    )


def test_once_the_first_passage_answers_clearly_no_other_is_looked_at(reader: Reader) -> None:
    question = "How much did the repairs cost?"
    meeting, bread = reader.read(question, [MEETING, BREAD])
    assert meeting.confidence >= reader.threshold
    assert bread.sentences == ()
    assert bread.spans == ()


def test_a_thorough_reader_tells_how_relevant_every_sentence_is(reader: Reader) -> None:
    question = "How much did the repairs cost?"
    meeting, bread = reader.read(question, [MEETING, BREAD], thorough=True)
    assert bread.sentences
    likeliest = max(meeting.sentences, key=lambda sentence: sentence.probability)
    assert "repairs" in MEETING[likeliest.start : likeliest.end]
    assert likeliest.probability > max(sentence.probability for sentence in bread.sentences)


def test_the_others_are_looked_at_where_the_first_passage_does_not_answer(reader: Reader) -> None:
    bread, meeting = reader.read("How much did the repairs cost?", [BREAD, MEETING])
    assert meeting.sentences
    assert bread.confidence < reader.threshold <= meeting.confidence


def test_an_answer_far_into_a_long_passage_is_found(reader: Reader) -> None:
    filler = "The river was high that year and the fields were wet. " * 60
    text = f"{filler}{MEETING} {filler}"
    best = reader.read("When will the bridge reopen?", [text])[0].spans[0]
    assert text[best.start : best.end] == "March 2027"


def test_offsets_count_code_points(reader: Reader) -> None:
    text = "🎻🎻 L’été — " + MEETING
    best = reader.read("When will the bridge reopen?", [text])[0].spans[0]
    assert text[best.start : best.end] == "March 2027"


@pytest.mark.parametrize("question", ["", "?", "🎻", "why " * 500])
def test_odd_questions_and_passages_do_no_harm(reader: Reader, question: str) -> None:
    texts = ["", " \n", "🎻", "x" * 5000, MEETING]
    readings = reader.read(question, texts)
    assert len(readings) == len(texts)
    assert readings[0].spans == ()
    assert readings[0].confidence == 0
    for reading, text in zip(readings, texts, strict=True):
        assert 0 <= reading.confidence <= 1
        assert all(0 <= s.start < s.end <= len(text) for s in reading.spans)


SHIPS = (
    "The Aurora sails from Lund to Visby and carries 120 cars; her captain is Ida Falk. "
    "The Boreas has no car deck. She sails from Lund to Ronne in ninety minutes."
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is the captain of the Aurora?", "Ida Falk"),
        ("Who is the captain of the Boreas?", None),
        ("Who is the captain of the Cygnus?", None),
        ("Who is the engineer of the Aurora?", None),
        ("How long does the Boreas take to Ronne?", "ninety minutes"),
    ],
)
def test_what_is_told_of_one_ship_is_not_told_of_another(
    reader: Reader, question: str, answer: str | None
) -> None:
    (reading,) = reader.read(question, [SHIPS])
    if answer is None:
        assert reading.confidence < reader.threshold
    else:
        assert reading.confidence >= reader.threshold
        best = reading.spans[0]
        assert SHIPS[best.start : best.end] == answer


TABLE = "\n\n".join(
    f"Gauge: {name}; River: {river}; Highest level (cm): {level}; Since: {since}"
    for name, river, level, since in (
        ("Weir Hill", "Sarn", 412, 1931),
        ("Old Mill", "Sarn", 388, 1954),
        ("Ford End", "Tarn", 267, 1931),
        ("Stone Quay", "Tarn", 505, 1978),
    )
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What was the highest level at Old Mill?", "388"),
        ("Since when is there a gauge at Stone Quay?", "1978"),
        ("Which gauge reached 267 cm?", "Ford End"),
        ("Which gauge had the lowest level?", "Ford End"),
        ("What was the highest level at New Mill?", None),
        ("Who reads the gauge at Weir Hill?", None),
        ("Which gauge reached 268 cm?", None),
    ],
)
def test_a_table_is_looked_up_by_its_rows(
    reader: Reader, question: str, answer: str | None
) -> None:
    (reading,) = reader.read(question, [TABLE])
    if answer is None:
        assert reading.confidence < reader.threshold
    else:
        best = reading.spans[0]
        assert (TABLE[best.start : best.end], reading.confidence >= reader.threshold) == (
            answer,
            True,
        )


def test_the_sentences_that_answer_are_told(reader: Reader) -> None:
    (reading,) = reader.read("How much did the repairs cost?", [f"{BREAD} {MEETING}"])
    text = f"{BREAD} {MEETING}"
    best = max(reading.sentences, key=lambda sentence: sentence.probability)
    assert "4.2 million pounds" in text[best.start : best.end]
    assert reading.sentences[0].probability < 0.1


def test_the_context_says_who_is_meant_and_is_never_quoted(reader: Reader) -> None:
    text = "He added that the archive would open its reading room again in May."
    question = "What did Lars Berg say about the archive?"
    (reading,) = reader.read(question, [text], ["Town notes. Lars Berg heads the archive"])
    assert reading.confidence >= reader.threshold
    best = reading.spans[0]
    assert "reading room" in text[best.start : best.end]


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Orders go to sales.north@quarry-works.example by noon.", "Where do orders go?", "@"),
        ("The form is at https://forms.example/a-7/index.html now.", "Where is the form?", "//"),
        ("Doors open at 18:30 and the play begins at 19:15.", "When do doors open?", "18:30"),
    ],
)
def test_an_answer_cuts_no_address_and_no_time(
    reader: Reader, text: str, question: str, answer: str
) -> None:
    best = reader.read(question, [text])[0].spans[0]
    found = text[best.start : best.end]
    assert answer in found
    assert all(part in text.replace(".", " .").split() or part in text.split()
               for part in found.split())  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "label"),
    [
        ("The bridge will reopen in March 2027.", "supported"),
        ("The bridge will reopen in May 2027.", "contradicted"),
        ("The repairs cost 4.2 million pounds.", "supported"),
        ("The repairs cost 2.4 million pounds.", "contradicted"),
        ("The bridge will be painted green.", "untold"),
    ],
)
def test_support_tells_what_a_text_says(statement: str, label: str) -> None:
    (support,) = shipped_reader().support(statement, [MEETING])
    assert (support.supported >= 0.5) == (label == "supported")
    if label == "contradicted":
        assert support.contradicted > 0.5


def test_no_passages_no_readings(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "reader"))
    data = bytearray((folder / "first.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "first.onnx").write_bytes(data)
    with pytest.raises(ModelProblem, match="altered"):
        OnnxReader(folder)


@pytest.mark.parametrize("file", ["first.onnx", "rest.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "reader"))
    (folder / file).unlink()
    with pytest.raises(ModelProblem, match=file):
        OnnxReader(folder)


def test_the_shipped_files_are_what_code_hosts_take() -> None:
    sizes = [file.stat().st_size for file in FOLDER.iterdir()]
    assert max(sizes) <= 95_000_000
    assert sum(sizes) <= 120_000_000
    assert json.loads((FOLDER / "config.json").read_text())["window"] <= 512


def test_reading_needs_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from qa.reading.reader import load_reader"
        "; load_reader('footnote').read('Who?', ['A'])"
        "; sys.exit(bool({'torch', 'transformers'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_reader_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="FOOTNOTE_READER=footnote"):
        load_reader(str(tmp_path / "nothing"))


def test_a_hugging_face_model_takes_its_place(tmp_path: Path) -> None:
    """A real model of one tiny layer, untrained: what is tested is the way through it."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertForQuestionAnswering(config).save_pretrained(tmp_path)
    PreTrainedTokenizerFast(
        tokenizer_file=str(FOLDER / "tokenizer.json"),
        pad_token="<pad>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="[UNK]",
        mask_token="<mask>",
    ).save_pretrained(tmp_path)
    tiny = load_reader(str(tmp_path))
    long = MEETING * 12
    readings = tiny.read("When will the bridge reopen?", [MEETING, "", long])
    assert [bool(reading.spans) for reading in readings] == [True, False, True]
    assert readings[1].confidence < 0.01
    for reading, text in zip(readings, (MEETING, "", long), strict=True):
        scores = [span.score for span in reading.spans]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= s.start < s.end <= len(text) for s in reading.spans)


def test_a_span_is_at_most_thirty_tokens_and_never_backwards() -> None:
    text = " ".join("abcdefghij"[i % 10] for i in range(60))
    offsets = [(2 * i, 2 * i + 1) for i in range(60)]
    start, end = np.zeros(60, np.float32), np.zeros(60, np.float32)
    start[40], end[5], end[50] = 9, 9, 1
    found = best_spans(text, offsets, start, end, 3)
    assert (found[0].start, found[0].end) == (80, 101)
    assert all(s.start < s.end <= s.start + 60 for s in found)


def test_a_cut_word_is_made_whole() -> None:
    logits = np.array([0, 5, 0], np.float32)
    offsets = [(0, 4), (4, 8), (8, 11)]
    assert best_spans("rebuilding!", offsets, logits, logits, 1)[0] == Span(0, 10, 10.0)


def test_spans_of_overlapping_windows_are_told_once() -> None:
    spans = [Span(0, 5, 2.0), Span(3, 8, 3.0), Span(10, 12, 1.0)]
    assert apart(sorted(spans, key=lambda s: -s.score), 5) == [Span(3, 8, 3.0), Span(10, 12, 1.0)]


def test_the_best_answerable_passage_has_the_highest_confidence() -> None:
    calibration = Calibration(answerable=0.5, span=0.1, lead=0.2, intercept=0.0)
    span = [Span(0, 1, 1.0)]
    low, high = calibrated(calibration, [span, span], [0.0, 2.0], [(), ()])
    assert high.confidence == pytest.approx(1 / (1 + np.exp(-1.5)))
    assert low.confidence == pytest.approx(1 / (1 + np.exp(0.3)))
