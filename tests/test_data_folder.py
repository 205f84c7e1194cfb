"""What else can be wrong with a data folder: the disk, its permissions, its age, its owner."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from library_samples import BREAD, LIGHTHOUSE, TRAM

from index.articles import Article
from index.errors import FootnoteError, LibraryDamaged
from index.library import Library, open_library
from index.settings import Settings

MANY = [
    Article.of(BREAD.text + f"\n\n# More {i}\n\nSome {i} words." * 9, f"Bread {i}", "bread.md")
    for i in range(100)
]
"""Enough passages (over 1,000) that Chroma writes its HNSW files."""


@pytest.fixture
def settings(tmp_path: Path, small_model: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedding_model=str(small_model))


@pytest.fixture
def bread(settings: Settings) -> Settings:
    """A closed library of one article."""
    with open_library(settings) as library:
        library.add(BREAD)
    return settings


def holds(settings: Settings, articles: set[str]) -> None:
    """Exactly these articles are listed, each is answered from, and no store holds more."""
    with open_library(settings) as library:
        assert set(library.article_ids()) == articles
        for article_id in articles:
            found = library.search("How long does it take?", [article_id], 50)
            assert {c.passage for c in found} == set(library.passages(article_id))
        state = library.state()
        assert state.passages == state.vectors == state.lexical
        assert (state.to_rebuild, state.to_repair) == ((), ())


# --- HNSW files ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, small_model: Path) -> Settings:
    settings = Settings(data_dir=tmp_path_factory.mktemp("large"), embedding_model=str(small_model))
    with open_library(settings) as library:
        library.add_many(MANY)
        library.search("How long does the dough rest?", None, 5)
    return settings


def damaged(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "deleted":
        file.unlink()
    elif how == "truncated":
        file.write_bytes(content[: len(content) // 2])
    else:
        file.write_bytes(random.Random(4).randbytes(len(content)))


def hnsw_files(settings: Settings) -> dict[str, Path]:
    return {file.name: file for file in settings.data_dir.glob("caches/*/chroma/*/*")}


def test_sound_indexes_are_not_made_again(large: Settings) -> None:
    assert "index_metadata.pickle" in hnsw_files(large)
    with open_library(large, notify=pytest.fail) as library:
        assert library.search("How long does the dough rest?", None, 5)


@pytest.mark.parametrize("how", ["deleted", "truncated", "garbage"])
@pytest.mark.parametrize(
    "name",
    ["data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"],
)
@pytest.mark.filterwarnings("ignore:overflow")  # of the length of a garbage vector
def test_damaged_hnsw_files_are_made_again_with_a_message(
    large: Settings, tmp_path: Path, name: str, how: str
) -> None:
    """Chroma itself follows garbage links to a segmentation fault."""
    settings = large.model_copy(update={"data_dir": tmp_path / "copy"})
    shutil.copytree(large.data_dir, settings.data_dir)
    damaged(hnsw_files(settings)[name], how)
    said: list[str] = []
    with open_library(settings, notify=said.append) as library:
        assert library.search("How long does the dough rest?", None, 5)
        state = library.state()
    assert state.vectors == state.passages
    assert len(said) == 1
    assert said[0].startswith("Making the indexes of 100 articles again: ")


# --- a full disk -----------------------------------------------------------------------------

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs root"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount, as in a container without that right")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def add_until_full(library: Library) -> tuple[set[str], str]:
    """The articles that were added before the disk was full, and what was said then."""
    added: set[str] = set()
    for article in MANY:
        try:
            library.add(article)
        except FootnoteError as error:
            return added, str(error)
        added.add(article.id)
    pytest.fail("the disk is not small enough")


@needs_root
def test_on_a_full_disk_what_was_added_stays_and_the_rest_is_refused_in_words(
    settings: Settings, small_disk: Path
) -> None:
    settings = settings.model_copy(update={"data_dir": small_disk / "data"})
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    with open_library(settings) as library:
        added, said = add_until_full(library)
        assert "\n" not in said
        assert "disk" in said or "free space" in said
        assert set(library.article_ids()) == added  # readers go on
    assert len(added) > 3
    ballast.unlink()
    holds(settings, added)
    with open_library(settings) as library:
        assert library.add(TRAM).new
    holds(settings, added | {TRAM.id})


@needs_root
def test_a_rebuild_on_a_full_disk_says_so_and_loses_nothing(
    settings: Settings, small_disk: Path
) -> None:
    settings = settings.model_copy(update={"data_dir": small_disk / "data"})
    with open_library(settings) as library:
        library.add_many(MANY[:40])
    shutil.rmtree(small_disk / "data" / "caches")
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1000)):
                pass
        except OSError:
            pass
    with pytest.raises(FootnoteError, match=r"full|free space|cannot be made or written") as caught:
        open_library(settings)
    assert "\n" not in str(caught.value)
    ballast.unlink()
    holds(settings, {article.id for article in MANY[:40]})


# --- a folder that may not be written --------------------------------------------------------


@pytest.mark.parametrize("made", [True, False])
@needs_root
def test_a_folder_that_may_not_be_written_is_told_in_one_sentence(
    settings: Settings, tmp_path: Path, made: bool
) -> None:
    settings.data_dir.mkdir()
    if made:
        with open_library(settings) as library:
            library.add(BREAD)
    bind = ["mount", "--bind", str(settings.data_dir), str(settings.data_dir)]
    if subprocess.run(bind, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount, as in a container without that right")
    try:
        remount = ["mount", "-o", "remount,ro,bind", str(settings.data_dir)]
        subprocess.run(remount, check=True)
        with pytest.raises(FootnoteError) as caught:
            open_library(settings)
    finally:
        subprocess.run(["umount", str(settings.data_dir)], check=True)
    assert "\n" not in str(caught.value)
    assert str(settings.data_dir) in str(caught.value)
    assert "FOOTNOTE_DATA_DIR" in str(caught.value)
    if made:
        holds(settings, {BREAD.id})


# --- a database that is not there ------------------------------------------------------------


def test_a_missing_database_beside_indexes_of_articles_is_told_and_nothing_is_changed(
    bread: Settings,
) -> None:
    database = bread.data_dir / "articles.db"
    kept = database.read_bytes()
    for file in bread.data_dir.glob("articles.db*"):
        file.unlink()
    before = {file: file.stat().st_mtime_ns for file in bread.data_dir.rglob("*") if file.is_file()}
    with pytest.raises(LibraryDamaged, match=r"articles\.db is missing.*hold articles") as caught:
        open_library(bread)
    assert "\n" not in str(caught.value)
    assert not database.exists()
    for file, changed_at in before.items():
        if file.name != "write.lock":
            assert file.stat().st_mtime_ns == changed_at, file
    database.write_bytes(kept)
    holds(bread, {BREAD.id})


def test_without_articles_a_missing_database_is_begun_anew(settings: Settings) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
        library.remove(BREAD.id)
    (settings.data_dir / "articles.db").unlink()
    with open_library(settings) as library:
        assert library.article_ids() == ()


# --- permissions -----------------------------------------------------------------------------


def test_files_of_the_data_folder_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    article = tmp_path / "bread.md"
    article.write_text(BREAD.text, encoding="utf-8")
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from ui.cli import main; main()", "add", str(article)]
    subprocess.run(command, env=environment, check=True, capture_output=True, umask=0o022)
    written = [folder, *folder.rglob("*")]
    assert len(written) > 10
    assert [path for path in written if path.stat().st_mode & 0o077] == []


# --- age and owner ---------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "age"), [(99, "a newer"), (0, "an older")])
def test_a_library_of_another_version_is_refused_in_words_and_left_as_it_is(
    bread: Settings, version: int, age: str
) -> None:
    path = bread.data_dir / "articles.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE library SET schema_version = ?", (version,))
        connection.execute("DROP TABLE passages")  # what other tables it has, nobody knows
    before = path.read_bytes()
    with pytest.raises(FootnoteError, match=f"was made by {age} version of Footnote"):
        open_library(bread)
    assert path.read_bytes() == before


def test_another_program_s_database_is_left_as_it_is(settings: Settings) -> None:
    settings.data_dir.mkdir()
    path = settings.data_dir / "articles.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.execute("INSERT INTO recipes VALUES ('rye bread')")
    before = path.read_bytes()
    with pytest.raises(FootnoteError, match="is the database of another program") as caught:
        open_library(settings)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def older_layout(manifest: str) -> str:
    return manifest.replace('"layout": 2', '"layout": 1')


def older_chunker(manifest: str) -> str:
    return manifest.replace('"chunker": "', '"chunker": "old ')


@pytest.mark.parametrize(
    ("older", "says"), [(older_layout, "layout was 1, is 2"), (older_chunker, "chunker was old")]
)
def test_indexes_of_an_older_version_are_made_again_with_a_message(
    bread: Settings, older: Callable[[str], str], says: str
) -> None:
    manifest = bread.data_dir / "caches" / "manifest.json"
    changed = older(manifest.read_text())
    assert changed != manifest.read_text()
    manifest.write_text(changed)
    said: list[str] = []
    with open_library(bread, notify=said.append) as library:
        library.add(LIGHTHOUSE)
    assert len(said) == 1
    assert says in said[0]
    holds(bread, {BREAD.id, LIGHTHOUSE.id})
