import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from library_samples import BREAD, LIGHTHOUSE, TRAM, save_small_model

from index import search
from index.articles import Article
from index.embedding.embedder import load_embedder
from index.errors import BadInput, FootnoteError, NotFound
from index.library import Library, open_library
from index.passages import embedding_text, split
from index.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, small_model: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedding_model=str(small_model))


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    with open_library(settings) as library:
        yield library


def ids_found(library: Library, question: str, scope: list[str] | None = None) -> set[str]:
    return {c.passage.article_id for c in library.search(question, scope, 3)}


def test_an_article_comes_back_as_it_was_added(library: Library) -> None:
    at = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
    article = Article.of("# Ünïcode\n\nمرحبا 👩‍🚀 — a line.", "Title “x”", "https://x.example", at)
    added = library.add(article)
    assert (added.article, added.new) == (article, True)
    assert library.article(article.id) == article
    assert library.passages(article.id) == split(article)
    [summary] = library.articles()
    assert (summary.id, summary.title, summary.source, summary.added_at) == (
        article.id,
        article.title,
        article.source,
        at,
    )
    assert (summary.characters, summary.passages) == (len(article.text), added.passages)


def test_the_same_text_twice_adds_nothing(library: Library) -> None:
    first = library.add(BREAD)
    before = library.state()
    second = library.add(Article.of(BREAD.text, "Another title", "elsewhere"))
    assert not second.new
    assert second.article == first.article
    assert second.passages == first.passages == 2
    assert library.state() == before
    assert [a.new for a in library.add_many([TRAM, TRAM, BREAD])] == [True, False, False]
    assert [a.id for a in library.articles()] == [BREAD.id, TRAM.id]


def test_every_passage_of_a_few_articles_is_scored_exactly(
    library: Library, settings: Settings
) -> None:
    library.add_many([LIGHTHOUSE, BREAD, TRAM])
    question = "How long does the dough rest?"
    found = {c.passage: c for c in library.search(question, [BREAD.id], 1)}
    assert set(found) == set(split(BREAD))
    embedder = load_embedder(settings.embedding_model)
    [asked] = embedder.embed([question])
    for passage, candidate in found.items():
        [vector] = embedder.embed([embedding_text(BREAD, passage)])
        assert candidate.dense == pytest.approx(float(vector @ asked), abs=1e-5)
    resting, baking = (found[passage] for passage in split(BREAD))
    assert resting.lexical > 0
    assert baking.lexical == 0


def test_scores_do_not_depend_on_which_index_found_a_passage(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add_many([LIGHTHOUSE, BREAD, TRAM])
    question = "Who rowed to the lighthouse?"
    exact = {c.passage.id: c for c in library.search(question, None, 6)}
    monkeypatch.setattr(search, "EXACT_PASSAGES", 0)
    for scope in (None, [LIGHTHOUSE.id, TRAM.id]):
        best = library.search(question, scope, 2)
        assert 2 <= len(best) <= 4
        for candidate in best:
            same = exact[candidate.passage.id]
            assert candidate.passage == same.passage
            assert candidate.dense == pytest.approx(same.dense, abs=1e-5)
            assert candidate.lexical == pytest.approx(same.lexical, abs=1e-5)
    assert len(library.search(question, None, 6)) == len(exact)


def test_a_question_keeps_to_its_articles(library: Library) -> None:
    library.add_many([LIGHTHOUSE, BREAD, TRAM])
    assert ids_found(library, "the oven", [TRAM.id, LIGHTHOUSE.id]) == {TRAM.id, LIGHTHOUSE.id}
    assert ids_found(library, "the oven", [TRAM.id, TRAM.id]) == {TRAM.id}
    assert ids_found(library, "the oven") == {LIGHTHOUSE.id, BREAD.id, TRAM.id}
    assert library.search("the oven", [], 3) == []
    with pytest.raises(NotFound, match="no article 0000 in the library"):
        library.search("the oven", [TRAM.id, "0000"], 3)


def test_a_removed_article_is_gone_from_every_store(library: Library) -> None:
    library.add_many([LIGHTHOUSE, BREAD])
    library.remove(LIGHTHOUSE.id)
    assert [a.id for a in library.articles()] == [BREAD.id]
    assert ids_found(library, "Who rowed to the lighthouse?") == {BREAD.id}
    for ask in (library.article, library.passages, library.remove):
        with pytest.raises(NotFound):
            ask(LIGHTHOUSE.id)
    state = library.state()
    assert (state.articles, state.passages, state.vectors, state.lexical) == (1, 2, 2, 2)
    assert library.add(LIGHTHOUSE).new
    assert ids_found(library, "Who?") == {LIGHTHOUSE.id, BREAD.id}


def test_an_empty_library_finds_nothing_and_a_text_of_unknown_words_is_kept(
    library: Library,
) -> None:
    assert library.search("Anything?", None, 3) == []
    assert library.articles() == []
    strange = library.add(Article.of("«…» — „“!", "?", "?"))
    assert strange.new
    for candidate in library.search("Anything?", None, 3):
        assert np.isfinite(candidate.dense)


def test_the_fingerprint_stands_for_the_articles_and_the_model(
    library: Library, settings: Settings, tmp_path: Path
) -> None:
    empty = library.fingerprint
    library.add_many([LIGHTHOUSE, BREAD])
    both = library.fingerprint
    library.remove(BREAD.id)
    assert len({empty, both, library.fingerprint}) == 3
    other = save_small_model(tmp_path / "other", dimension=32, seed=1)
    with open_library(
        Settings(data_dir=tmp_path / "second", embedding_model=settings.embedding_model)
    ) as same:
        same.add(BREAD)
        same.add(LIGHTHOUSE)
        assert same.fingerprint == both
    with open_library(Settings(data_dir=tmp_path / "third", embedding_model=str(other))) as third:
        third.add_many([LIGHTHOUSE, BREAD])
        assert third.fingerprint != both


def test_an_unchanged_library_opens_in_silence_without_loading_torch(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")  # the default model
    with open_library(settings) as library:
        library.add(BREAD)
    script = (
        "import sys; from index.library import open_library; from index.settings import Settings\n"
        "with open_library(Settings(), notify=sys.exit) as library:\n"
        f"    assert library.article({BREAD.id!r}).title == 'Rye bread'\n"
        "    assert library.fingerprint\n"
        "    print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_progress_counts_passages_to_the_last(library: Library) -> None:
    seen: list[tuple[int, int]] = []
    added = library.add_many([LIGHTHOUSE, BREAD], progress=lambda *now: seen.append(now))
    total = sum(a.passages for a in added)
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_questions_are_answered_from_threads_while_articles_come_and_go(
    library: Library,
) -> None:
    library.add(BREAD)
    stop = threading.Event()

    def ask() -> int:
        asked = 0
        while not stop.is_set():
            assert ids_found(library, "How long does the dough rest?", [BREAD.id]) == {BREAD.id}
            assert BREAD.id in ids_found(library, "How long does the dough rest?")
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        askers = [pool.submit(ask) for _ in range(3)]
        try:
            for _ in range(5):
                library.add_many([LIGHTHOUSE, TRAM])
                library.remove(LIGHTHOUSE.id)
                library.remove(TRAM.id)
        finally:
            stop.set()
        assert all(asker.result() > 0 for asker in askers)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FootnoteError, match="FOOTNOTE_DATA_DIR") as caught:
        open_library(Settings(data_dir=tmp_path / "file" / "data"))
    assert "\n" not in str(caught.value)


def test_a_renamed_article_keeps_its_id_and_is_found_by_its_new_title(
    library: Library, settings: Settings
) -> None:
    library.add_many([LIGHTHOUSE, BREAD])
    library.rename(BREAD.id, "  Zanzibar \n cookery ")
    assert library.article(BREAD.id).title == "Zanzibar cookery"
    best = max(library.search("Zanzibar", None, 3), key=lambda candidate: candidate.lexical)
    assert best.passage.article_id == BREAD.id
    library.close()
    with open_library(settings, notify=pytest.fail) as again:  # nothing has to be mended
        assert again.article(BREAD.id).title == "Zanzibar cookery"
        with pytest.raises(BadInput, match="The title is empty"):
            again.rename(BREAD.id, " ")
        with pytest.raises(NotFound):
            again.rename("0000", "A title")
