"""Kill, damage and crowd a real library, and see that it keeps its promises."""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from forked import FORK
from library_samples import BREAD, LIGHTHOUSE, TRAM, holds_exactly, save_small_model

from index.errors import FootnoteError, LibraryBusy, LibraryDamaged
from index.library import Library, open_library
from index.settings import Settings
from index.storage.inspection import inspect_library

KILL_POINTS = int(os.environ.get("KILL_POINTS", "6"))
"""Of each kind; `KILL_POINTS=100 pytest -k killed` looks longer."""
WRITING_FILES = {
    f"{name}.py"
    for name in (
        *("article_rows", "database", "folder_caches", "ingest", "lexical", "library", "manifest"),
        *("passage_rows", "store", "upkeep", "vectors"),
    )
}


@pytest.fixture
def settings(tmp_path: Path, small_model: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedding_model=str(small_model))


@pytest.fixture
def bread(settings: Settings) -> Settings:
    """A closed library of one article."""
    with open_library(settings) as library:
        library.add(BREAD)
    return settings


def assert_sound(settings: Settings, library: Library, articles: set[str]) -> None:
    """The stores hold exactly these articles, and the folder nothing of other generations."""
    holds_exactly(library, articles)
    state = library.state()
    [folder] = [p for p in (settings.data_dir / "caches").iterdir() if p.is_dir()]
    assert folder.name == state.generation


# --- kill -9 ---------------------------------------------------------------------------------


def add(settings: Settings) -> None:
    with open_library(settings) as library:
        library.add(TRAM)


def remove(settings: Settings) -> None:
    with open_library(settings) as library:
        library.remove(BREAD.id)


def rebuild_and_swap(settings: Settings) -> None:
    manifest = settings.data_dir / "caches" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"chunker": "', '"chunker": "old '))
    open_library(settings).close()


def run_to_line(
    work: Callable[[Settings], None], settings: Settings, last: int, out: Connection
) -> None:
    """Do `work`, but die as by `kill -9` before the line of the library's code numbered `last`."""
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if Path(frame.f_code.co_filename).name not in WRITING_FILES:
            return None
        if event == "line":
            lines += 1
            if lines == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    work(settings)
    sys.settrace(None)
    out.send(lines)


def run_in_child(work: Callable[[Settings], None], settings: Settings, last: int) -> int | None:
    """How many lines it took, or None if the child was killed."""
    here, there = FORK.Pipe(duplex=False)
    child = FORK.Process(target=run_to_line, args=(work, settings, last, there))
    child.start()
    there.close()
    child.join()
    if last < 0:
        assert child.exitcode == 0
        return int(here.recv())
    assert child.exitcode == -signal.SIGKILL
    return None


@pytest.mark.parametrize("work", [add, remove, rebuild_and_swap])
def test_killed_at_any_line_the_library_is_whole_at_the_next_start(
    work: Callable[[Settings], None], bread: Settings, tmp_path: Path
) -> None:
    with open_library(bread) as library:
        library.add(LIGHTHOUSE)
    whole = tmp_path / "whole"
    shutil.copytree(bread.data_dir, whole)

    def fresh() -> None:
        shutil.rmtree(bread.data_dir)
        shutil.copytree(whole, bread.data_dir)

    lines = run_in_child(work, bread, last=-1)
    assert lines
    random_lines = random.Random(2).sample(range(1, lines + 1), KILL_POINTS)
    for line in random_lines:
        fresh()
        run_in_child(work, bread, last=line)
        with open_library(bread) as library:
            left = {a.id for a in library.articles()}
            before = {BREAD.id, LIGHTHOUSE.id}
            after = {add: before | {TRAM.id}, remove: {LIGHTHOUSE.id}}.get(work, before)
            assert left in (before, after), f"killed at line {line} of {lines}"
            assert_sound(bread, library, left)
            # What was interrupted can be done.
            assert library.add(TRAM).new is (TRAM.id not in left)
            if BREAD.id in left:
                library.remove(BREAD.id)
            assert_sound(bread, library, {LIGHTHOUSE.id, TRAM.id})


def test_killed_at_any_line_of_its_first_start_a_library_begins_again(settings: Settings) -> None:
    lines = run_in_child(add, settings, last=-1)
    assert lines
    for line in random.Random(6).sample(range(1, lines + 1), KILL_POINTS):
        shutil.rmtree(settings.data_dir)
        run_in_child(add, settings, last=line)
        with open_library(settings) as library:
            left = {a.id for a in library.articles()}
            assert left <= {TRAM.id}
            assert_sound(settings, library, left)
            library.add(TRAM)
            assert_sound(settings, library, {TRAM.id})


def add_and_remove_for_ever(settings: Settings, out: Connection) -> None:
    with open_library(settings) as library:
        while True:
            library.add_many([LIGHTHOUSE, TRAM])
            out.send("added")
            library.remove(TRAM.id)
            library.remove(LIGHTHOUSE.id)


def rebuild_and_swap_for_ever(settings: Settings, out: Connection) -> None:
    while True:
        rebuild_and_swap(settings)
        out.send("rebuilt")


@pytest.mark.parametrize("work", [add_and_remove_for_ever, rebuild_and_swap_for_ever])
def test_killed_inside_the_engines_the_library_is_whole_at_the_next_start(
    bread: Settings, work: Callable[[Settings, Connection], None]
) -> None:
    moments = random.Random(3)
    for _ in range(KILL_POINTS // 2):
        here, there = FORK.Pipe(duplex=False)
        child = FORK.Process(target=work, args=(bread, there))
        child.start()
        here.recv()
        child.join(moments.uniform(0, 0.3))  # the moment of the kill, not a wait for anything
        child.kill()
        child.join()
        with open_library(bread) as library:
            left = {a.id for a in library.articles()}
            assert BREAD.id in left
            assert_sound(bread, library, left)
            for article_id in left - {BREAD.id}:
                library.remove(article_id)


# --- damaged caches --------------------------------------------------------------------------


def damage_manifest(caches: Path, content: bytes | None) -> None:
    if content is None:
        (caches / "manifest.json").unlink()
    else:
        (caches / "manifest.json").write_bytes(content)


def damage(caches: Path, pattern: str, how: str) -> None:
    files = [p for p in caches.glob(f"*/{pattern}") if p.is_file()]
    assert files
    for file in files:
        content = file.read_bytes()
        if how == "deleted":
            file.unlink()
        else:
            file.write_bytes(
                content[: len(content) // 2]
                if how == "truncated"
                else random.Random(4).randbytes(len(content))
            )


CACHE_DAMAGE = {
    "no manifest": lambda caches: damage_manifest(caches, None),
    "empty manifest": lambda caches: damage_manifest(caches, b""),
    "truncated manifest": lambda caches: damage_manifest(caches, b'{"generation": "ab'),
    "garbage manifest": lambda caches: damage_manifest(caches, bytes(range(256))),
    "manifest of nothing": lambda caches: damage_manifest(caches, b"[]"),
    "manifest that leads out": lambda caches: damage_manifest(
        caches,
        json.dumps(
            json.loads((caches / "manifest.json").read_text()) | {"generation": "../../x"}
        ).encode(),
    ),
    **{
        f"{how} {pattern}": lambda caches, pattern=pattern, how=how: damage(caches, pattern, how)
        for pattern in ("chroma/chroma.sqlite3", "bm25/meta.json", "bm25/*.term", "bm25/*.store")
        for how in ("deleted", "truncated", "garbage")
    },
    "no generation": lambda caches: [shutil.rmtree(p) for p in caches.iterdir() if p.is_dir()],
    "no caches": lambda caches: shutil.rmtree(caches),
}


@pytest.mark.parametrize("what", CACHE_DAMAGE)
def test_a_damaged_cache_is_made_again_with_a_message(bread: Settings, what: str) -> None:
    CACHE_DAMAGE[what](bread.data_dir / "caches")
    looked = inspect_library(bread)
    said: list[str] = []
    with open_library(bread, notify=said.append) as library:
        # Some damage shows only when the file is read.
        library.search("How long does the dough rest?", None, 3)
        assert_sound(bread, library, {BREAD.id})
    assert len(said) == 1, said
    assert said[0].startswith("Making the indexes of 1 article again: ")
    if looked.to_rebuild:
        assert looked.articles == 1
    with open_library(bread, notify=said.append):
        assert len(said) == 1


@pytest.mark.parametrize("pattern", ["bm25/*.idx", "bm25/*.term", "bm25/*.store"])
def test_a_cache_that_is_damaged_while_open_is_made_again(bread: Settings, pattern: str) -> None:
    said: list[str] = []
    with open_library(bread, notify=said.append) as library:
        damage(bread.data_dir / "caches", pattern, "garbage")
        library.add(TRAM)
        for question in ("How long does the dough rest?", "What does a ticket cost?"):
            assert library.search(question, None, 3)
        assert {a.id for a in library.articles()} == {BREAD.id, TRAM.id}
    with open_library(bread, notify=said.append) as library:
        library.search("How long does the dough rest?", None, 3)
        assert_sound(bread, library, {BREAD.id, TRAM.id})


def test_what_one_cache_lost_or_has_too_much_is_all_that_is_indexed_again(
    bread: Settings,
) -> None:
    with open_library(bread) as library:
        library.add_many([LIGHTHOUSE, TRAM])
        lost = [p.id for p in library.passages(TRAM.id)]
        view = library._store.view()
        view.generation.vectors.remove(lost)
        view.generation.lexical.add(["stranger:0-1"], ["stranger"], ["No article has this."])
    assert set(inspect_library(bread).to_repair) == {TRAM.id, "stranger"}
    said: list[str] = []
    slices: list[tuple[int, int]] = []
    with open_library(bread, notify=said.append, progress=lambda *n: slices.append(n)) as library:
        assert slices == [(2, 2)]
        assert_sound(bread, library, {BREAD.id, LIGHTHOUSE.id, TRAM.id})
        assert library.state().generation == view.generation.name
    assert len(said) == 1


def test_what_a_kill_after_the_swap_left_of_the_old_generation_is_deleted(bread: Settings) -> None:
    old = bread.data_dir / "caches" / ("0" * 32)
    shutil.copytree(inspect_library(bread).folder or "", old)
    rows = "SELECT count(*) FROM passages WHERE generation = ?"
    with sqlite3.connect(bread.data_dir / "articles.db") as connection:
        connection.execute(
            "INSERT INTO passages SELECT ?, id, article_id, start, end, heading FROM passages",
            (old.name,),
        )
        assert connection.execute(rows, (old.name,)).fetchone() == (2,)
    with open_library(bread, notify=pytest.fail) as library:
        assert_sound(bread, library, {BREAD.id})
    with sqlite3.connect(bread.data_dir / "articles.db") as connection:
        assert connection.execute(rows, (old.name,)).fetchone() == (0,)


def test_another_model_makes_the_vectors_again_and_back(bread: Settings, tmp_path: Path) -> None:
    wide = save_small_model(tmp_path / "wide", dimension=48)
    said: list[str] = []
    with open_library(bread) as reader:
        changed = bread.model_copy(update={"embedding_model": str(wide)})
        with open_library(changed, notify=said.append) as library:
            assert_sound(changed, library, {BREAD.id})
            view = library._store.view()
            assert view.generation.vectors.get([library.passages(BREAD.id)[0].id]).shape == (1, 48)
        assert "dimension was 32, is 48" in said[0]
        with pytest.raises(FootnoteError, match="start this one again"):
            reader.search("How long does the dough rest?", None, 3)
    with open_library(bread, notify=said.append) as library:
        assert_sound(bread, library, {BREAD.id})
    assert "dimension was 48, is 32" in said[1]


# --- two processes ---------------------------------------------------------------------------


def add_slowly(settings: Settings, steps: Connection) -> None:
    """Add an article, but stop in the middle of indexing until told to go on."""

    def wait(done: int, total: int) -> None:
        steps.send((done, total))
        steps.recv()

    with open_library(settings) as library:
        library.add_many([TRAM], progress=wait)
    steps.send("closed")


@pytest.fixture
def busy(bread: Settings) -> Iterator[Connection]:
    """Another process that is in the middle of adding an article."""
    here, there = FORK.Pipe()
    child = FORK.Process(target=add_slowly, args=(bread, there))
    child.start()
    assert here.recv() == (2, 2)
    yield here
    child.kill()
    child.join()


def test_a_second_writer_is_told_and_readers_go_on(bread: Settings, busy: Connection) -> None:
    with open_library(bread, lock_wait_s=0.2) as library:
        with pytest.raises(LibraryBusy, match="being written to; try again") as caught:
            library.add(LIGHTHOUSE)
        assert "\n" not in str(caught.value)
        assert_sound(bread, library, {BREAD.id})
        busy.send("go on")
        assert busy.recv() == "closed"
        # What the other process added is seen without opening the library again.
        assert_sound(bread, library, {BREAD.id, TRAM.id})
        library.add(LIGHTHOUSE)
        library.remove(BREAD.id)
        assert_sound(bread, library, {TRAM.id, LIGHTHOUSE.id})


def test_the_lock_of_a_killed_writer_is_free(bread: Settings) -> None:
    here, there = FORK.Pipe()
    child = FORK.Process(target=add_slowly, args=(bread, there))
    child.start()
    here.recv()
    child.kill()
    child.join()
    with open_library(bread, lock_wait_s=0.2) as library:
        assert library.add(TRAM).new
        assert_sound(bread, library, {BREAD.id, TRAM.id})


def test_a_second_writer_waits_for_the_first(bread: Settings, busy: Connection) -> None:
    with open_library(bread, lock_wait_s=120) as library:
        writing = threading.Thread(target=library.add, args=(LIGHTHOUSE,))
        writing.start()
        busy.send("go on")
        assert busy.recv() == "closed"
        writing.join()
        assert_sound(bread, library, {BREAD.id, TRAM.id, LIGHTHOUSE.id})


def test_a_reader_follows_a_swap_by_another_process(bread: Settings) -> None:
    with open_library(bread) as library:
        before = library.state().generation
        child = FORK.Process(target=rebuild_and_swap, args=(bread,))
        child.start()
        child.join()
        assert child.exitcode == 0
        assert_sound(bread, library, {BREAD.id})
        assert library.state().generation != before


# --- a damaged database ----------------------------------------------------------------------


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(path.stat().st_size))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def text_changed(path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b"eleven hours") == 1
    path.write_bytes(content.replace(b"eleven hours", b"twelve hours"))


@pytest.mark.parametrize("how", [garbage, truncated, emptied, text_changed])
def test_a_damaged_database_is_told_and_left_as_it_is(
    bread: Settings, how: Callable[[Path], None]
) -> None:
    path = bread.data_dir / "articles.db"
    how(path)
    damaged = path.read_bytes()
    with pytest.raises(LibraryDamaged) as caught, open_library(bread) as library:
        library.article(BREAD.id)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == damaged
