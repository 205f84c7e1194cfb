from pathlib import Path

import pytest
import tantivy

from index.storage.damage import CacheDamaged
from index.storage.lexical import LexicalIndex

TEXTS = {
    "a:0-1": "The keeper rowed to the lighthouse every evening.",
    "a:1-2": "The lamp burned whale oil.",
    "b:0-1": "The baker bakes rye bread; the loaves cool.",
    "b:1-2": "Évora has a café beside its lighthouse.",
}


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "bm25", create=True)
    index.add(list(TEXTS), [id_[0] for id_ in TEXTS], list(TEXTS.values()))
    return index


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Who was rowing?", "a:0-1"),  # stemmed
        ("LOAF and BREADS", "b:0-1"),  # case
        ("evora's cafe", "b:1-2"),  # accents
        ('"oil" AND (lamp OR', "a:1-2"),  # a question is words, not a query language
    ],
)
def test_words_are_found_in_the_forms_people_write(
    lexical: LexicalIndex, question: str, best: str
) -> None:
    assert next(iter(lexical.best(question, 3))) == best


@pytest.mark.parametrize(
    "question", ["", "the of and", "Who did what?", "?!", "zebra", "\x00", "👩‍🚀"]
)
def test_a_question_without_a_known_word_finds_nothing(
    lexical: LexicalIndex, question: str
) -> None:
    assert lexical.best(question, 3) == {}
    assert lexical.scores(question, list(TEXTS)) == {}


def test_scores_are_the_same_whether_found_in_all_in_scope_or_by_id(lexical: LexicalIndex) -> None:
    everywhere = lexical.best("lighthouse evening", 9)
    assert set(everywhere) == {"a:0-1", "b:1-2"}
    assert lexical.best("lighthouse evening", 9, ["b"]) == {"b:1-2": everywhere["b:1-2"]}
    assert lexical.best("lighthouse evening", 9, []) == {}
    assert lexical.scores("lighthouse evening", list(TEXTS)) == everywhere
    assert everywhere["a:0-1"] > everywhere["b:1-2"] > 0


def test_adding_an_article_again_replaces_it_and_counts_see_no_deleted_passage(
    lexical: LexicalIndex,
) -> None:
    lexical.add(["a:0-9"], ["a"], ["The lighthouse is dark."])
    assert lexical.counts() == {"a": 1, "b": 2}
    assert lexical.count() == 3
    lexical.remove(["b", "absent"])
    assert lexical.counts() == {"a": 1}
    assert list(lexical.best("lighthouse", 9)) == ["a:0-9"]


def test_the_index_stays_and_another_opening_sees_what_is_added(
    lexical: LexicalIndex, tmp_path: Path
) -> None:
    other = LexicalIndex(tmp_path / "bm25")
    assert other.count() == 4
    lexical.add(["c:0-1"], ["c"], ["A tram."])
    other.reload()
    assert list(other.best("trams", 3)) == ["c:0-1"]


def test_many_small_additions_leave_few_segments(lexical: LexicalIndex, tmp_path: Path) -> None:
    for i in range(40):
        lexical.add([f"{i}:0-1"], [str(i)], ["The same words."])
    segments = tantivy.Index.open(str(tmp_path / "bm25")).searcher().num_segments
    assert segments < 15
    assert lexical.count() == 44


@pytest.mark.parametrize("damage", ["meta.json", "segments", "folder"])
def test_a_damaged_index_is_reported(lexical: LexicalIndex, tmp_path: Path, damage: str) -> None:
    del lexical
    folder = tmp_path / "bm25"
    if damage == "meta.json":
        (folder / "meta.json").write_text('{"segments": [')
    for file in folder.iterdir():
        if damage == "folder" or (damage == "segments" and file.suffix in (".idx", ".term")):
            file.unlink() if damage == "folder" else file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(CacheDamaged):
        LexicalIndex(folder).best("lighthouse", 3)
