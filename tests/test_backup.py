"""A backup holds all that cannot be made again; a restore puts it back or changes nothing."""

import json
import os
import signal
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from forked import FORK
from library_samples import BREAD, LIGHTHOUSE, TRAM
from pydantic import SecretStr
from served import QUESTION, TIN

from index.errors import BadInput, FootnoteError, LibraryDamaged, NotFound
from index.library import Library, open_library
from index.settings import Settings
from qa.evaluation.own_set import own_set_path
from qa.http.app import create_app
from qa.records.backup import write_backup
from qa.records.backup_format import MANIFEST, OWN_SET
from qa.records.restore import restore_backup, verified
from ui.cli import main

BROWSER = {"footnote_browser": "the-browser-of-a-test-"}
"""Without keys, a conversation is that of the browser that began it."""


@pytest.fixture
def settings(tmp_path: Path, small_model: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedding_model=str(small_model))


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})


@pytest.fixture
def spoken(settings: Settings) -> dict[str, Any]:
    """A library with a conversation, a correction and a test set; what its service says of them."""
    with TestClient(create_app(settings), base_url="http://localhost", cookies=BROWSER) as client:
        article = client.post("/v1/articles", json={"text": TIN}).json()["id"]
        conversation = client.post("/v1/conversations").json()["id"]
        for question in (QUESTION, "And copper?"):
            client.post(
                "/v1/answer", json={"question": question, "conversation_id": conversation}
            ).raise_for_status()
        answers = client.get(f"/v1/conversations/{conversation}").json()["answers"]
        start = TIN.index("Mary Walker")
        client.post(
            "/v1/feedback",
            json={
                "conversation_id": conversation,
                "answer_id": answers[0]["id"],
                "rating": "down",
                "correct": {"article_id": article, "start": start, "end": start + 11},
                "comment": "She did: ✓ 日本",
            },
        ).raise_for_status()
        return said_by(client)


def said_by(client: TestClient) -> dict[str, Any]:
    articles = client.get("/v1/articles").json()
    conversations = client.get("/v1/conversations").json()
    return {
        "articles": [client.get(f"/v1/articles/{a['id']}").json() for a in articles],
        "conversations": [client.get(f"/v1/conversations/{c['id']}").json() for c in conversations],
        "feedback": rows(client, "SELECT * FROM feedback"),
    }


def rows(client: TestClient, query: str) -> list[tuple[Any, ...]]:
    library: Library = client.app.state.library  # type: ignore[attr-defined]
    with library.database.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def answers_of(settings: Settings) -> set[str]:
    """The ids of the articles, after each was found to be answerable and nothing to be doubled."""
    with open_library(settings) as library:
        ids = set(library.article_ids())
        for id_ in ids:
            found = library.search("How long does it take?", [id_], 50)
            assert {c.passage for c in found} == set(library.passages(id_))
        state = library.state()
        assert state.passages == state.vectors == state.lexical
        assert (state.to_rebuild, state.to_repair) == ((), ())
    return ids


def restored(path: Path, settings: Settings, **options: Any) -> list[str]:
    said: list[str] = []
    restore_backup(path, settings, said.append, **options)
    return said


def test_everything_comes_back(
    settings: Settings, elsewhere: Settings, spoken: dict[str, Any], tmp_path: Path
) -> None:
    backup = tmp_path / "backup.zip"
    manifest = write_backup(settings, backup)
    assert {name: part.rows for name, part in manifest.parts.items()} == {
        "articles.jsonl": 1,
        "conversations.jsonl": 1,
        "answers.jsonl": 2,
        "feedback.jsonl": 1,
        "spaces.jsonl": 0,
        "shares.jsonl": 0,
        "audit.jsonl": 4,
        OWN_SET: None,
    }
    said = restored(backup, elsewhere)
    assert said == ["Making the indexes of 1 article again: a backup was restored."]
    with TestClient(create_app(elsewhere), base_url="http://localhost", cookies=BROWSER) as client:
        assert said_by(client) == spoken
        answer = client.post("/v1/answer", json={"question": QUESTION}).json()
        assert "232 degrees" in answer["text"]
        # The conversation goes on: nothing of it hangs on where it was kept.
        conversation = spoken["conversations"][0]["id"]
        client.post(
            "/v1/answer", json={"question": "And copper?", "conversation_id": conversation}
        ).raise_for_status()
    assert own_set_path(elsewhere).read_bytes() == own_set_path(settings).read_bytes()
    answers_of(elsewhere)


def test_a_backup_of_a_backup_is_the_same(
    settings: Settings, elsewhere: Settings, spoken: dict[str, Any], tmp_path: Path
) -> None:
    first = write_backup(settings, tmp_path / "first.zip")
    restored(tmp_path / "first.zip", elsewhere)
    assert write_backup(elsewhere, tmp_path / "second.zip").parts == first.parts
    # An older backup is replaced; nothing is left beside it.
    write_backup(settings, tmp_path / "first.zip")
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["first.zip", "second.zip"]


def test_a_library_in_use_is_backed_up_as_it_was_at_one_moment(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
        stop = threading.Event()

        def change() -> None:
            while not stop.is_set():
                library.add_many([LIGHTHOUSE, TRAM])
                library.remove(TRAM.id)
                library.remove(LIGHTHOUSE.id)

        thread = threading.Thread(target=change)
        thread.start()
        try:
            paths = [tmp_path / f"{i}.zip" for i in range(8)]
            for path in paths:
                write_backup(settings, path)
        finally:
            stop.set()
            thread.join()
    both, one = {LIGHTHOUSE.id, TRAM.id}, {LIGHTHOUSE.id}
    for path in paths:
        restored(path, elsewhere, replace=True)
        assert answers_of(elsewhere) - {BREAD.id} in (both, one, set())


def test_a_library_that_holds_something_is_not_replaced_unless_told(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    for where, article in ((settings, BREAD), (elsewhere, TRAM)):
        with open_library(where) as library:
            library.add(article)
    own_set_path(elsewhere).write_text("# mine\ncases: []\n")
    backup = tmp_path / "backup.zip"
    write_backup(settings, backup)
    with pytest.raises(BadInput, match="holds 1 article already; say --replace"):
        restored(backup, elsewhere)
    assert answers_of(elsewhere) == {TRAM.id}
    restored(backup, elsewhere, replace=True)
    assert answers_of(elsewhere) == {BREAD.id}
    assert own_set_path(elsewhere).read_text().startswith("# mine")  # the backup holds none


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The same zip, whole, with other contents."""
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def manifest_says(**fields: Any) -> Callable[[Path], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | fields).encode()

    return lambda path: rewritten(path, change)


def bytes_changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[80] ^= 0xFF  # inside the articles
    path.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda p: p.unlink(), "cannot be read: No such file"),
    "a folder": (lambda p: (p.unlink(), p.mkdir()), "cannot be read: Is a directory"),
    "empty": (lambda p: p.write_bytes(b""), "is not a backup"),
    "garbage": (lambda p: p.write_bytes(bytes(range(256)) * 40), "is not a backup"),
    "cut off": (lambda p: p.write_bytes(p.read_bytes()[:-200]), "is not a backup"),
    "one byte changed": (bytes_changed, "is damaged"),
    "another text": (
        lambda p: rewritten(
            p, lambda parts: parts.update({"articles.jsonl": parts["articles.jsonl"] + b" "})
        ),
        r"is damaged \(articles.jsonl is not what was written\)",
    ),
    "a part too few": (
        lambda p: rewritten(p, lambda parts: parts.pop("feedback.jsonl") and None),
        r"is damaged \(feedback.jsonl",
    ),
    "another zip": (lambda p: rewritten(p, lambda parts: parts.clear()), "is not a backup"),
    "no manifest's words": (manifest_says(parts=[]), "is not a backup"),
    "unknown parts": (manifest_says(parts={}), "is not a backup"),
    "of the future": (
        manifest_says(footnote_backup=99),
        r"was made by a newer version, footnote \S+; install",
    ),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_what_is_no_whole_backup_is_told_and_changes_nothing(
    settings: Settings, elsewhere: Settings, tmp_path: Path, how: str
) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
    with open_library(elsewhere) as library:
        library.add(TRAM)
    backup = tmp_path / "backup.zip"
    write_backup(settings, backup)
    damage, says = DAMAGE[how]
    damage(backup)
    with pytest.raises(BadInput, match=says) as caught:
        restored(backup, elsewhere, replace=True)
    assert "\n" not in str(caught.value)
    assert answers_of(elsewhere) == {TRAM.id}


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("articles.jsonl", b'{"id": "0123456789abcdef", "title": "t", "source": "s"}'),
        (
            "articles.jsonl",
            b'{"id": "0123456789abcdef", "title": "t", "source": "s", "text": "not of that id", '
            b'"added_at": "2026-01-01T00:00:00"}',
        ),
        (
            "answers.jsonl",
            b'{"answer_id": "a", "conversation_id": "none", "asked_at": "2026-01-01T00:00:00", '
            b'"article_ids": null, "answer": "{}"}',
        ),
        (
            "feedback.jsonl",
            b'{"answer_id": "none", "rating": "up", "article_id": null, "start": null, '
            b'"end": null, "not_in_article": false, "comment": "", '
            b'"given_at": "2026-01-01T00:00:00"}',
        ),
        ("conversations.jsonl", b"no JSON"),
    ],
)
def test_rows_that_are_forged_with_their_hashes_change_nothing(
    settings: Settings, elsewhere: Settings, tmp_path: Path, part: str, line: bytes
) -> None:
    from hashlib import sha256

    with open_library(settings) as library:
        library.add(BREAD)
    with open_library(elsewhere) as library:
        library.add(TRAM)
    backup = tmp_path / "backup.zip"
    write_backup(settings, backup)

    def forge(parts: dict[str, bytes]) -> None:
        parts[part] += line
        manifest = json.loads(parts[MANIFEST])
        manifest["parts"][part] = {
            "sha256": sha256(parts[part]).hexdigest(),
            "bytes": len(parts[part]),
            "rows": 1,
        }
        parts[MANIFEST] = json.dumps(manifest).encode()

    rewritten(backup, forge)
    with pytest.raises(FootnoteError):
        restored(backup, elsewhere, replace=True)
    assert answers_of(elsewhere) == {TRAM.id}


def restore_and_die(path: Path, settings: Settings, after: str) -> None:
    """Restore, but die as by `kill -9` when the function of that name begins."""

    def trace(frame: Any, event: str, _: Any) -> None:
        if frame.f_code.co_name == after:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(trace)
    restore_backup(path, settings, lambda _: None, replace=True)


@pytest.mark.parametrize(
    ("during", "replaced"),
    [
        ("insert_passages", False),
        ("_replace_rest", False),
        ("build_generation", True),
        ("write_manifest", True),
        ("delete_leftovers", True),
    ],
)
def test_killed_during_a_restore_the_library_is_the_old_one_or_the_new_one(
    settings: Settings, elsewhere: Settings, tmp_path: Path, during: str, replaced: bool
) -> None:
    with open_library(settings) as library:
        library.add_many([BREAD, LIGHTHOUSE])
    with open_library(elsewhere) as library:
        library.add_many([TRAM, BREAD])
    backup = tmp_path / "backup.zip"
    write_backup(settings, backup)
    child = FORK.Process(target=restore_and_die, args=(backup, elsewhere, during))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    expected = {BREAD.id, LIGHTHOUSE.id} if replaced else {TRAM.id, BREAD.id}
    assert answers_of(elsewhere) == expected


def test_a_service_sees_what_another_process_restored(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
    backup = tmp_path / "backup.zip"
    write_backup(settings, backup)
    with open_library(elsewhere) as open_all_along:
        open_all_along.add(TRAM)
        child = FORK.Process(target=restored, args=(backup, elsewhere), kwargs={"replace": True})
        child.start()
        child.join()
        assert child.exitcode == 0
        assert open_all_along.article_ids() == (BREAD.id,)
        assert open_all_along.search("How long does the dough rest?", None, 3)


def test_a_damaged_article_is_not_backed_up_in_silence(settings: Settings, tmp_path: Path) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
    with sqlite3.connect(settings.data_dir / "articles.db") as connection:
        connection.execute("UPDATE articles SET text = replace(text, 'eleven', 'twelve')")
    with pytest.raises(LibraryDamaged, match="restore a backup"):
        write_backup(settings, tmp_path / "backup.zip")
    assert [p for p in tmp_path.iterdir() if p.is_file()] == []


def test_no_file_but_a_backup_is_replaced(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no library"):
        write_backup(settings, tmp_path / "backup.zip")
    with open_library(settings) as library:
        library.add(BREAD)
    article = tmp_path / "article.md"
    article.write_text("# Mine\n")
    with pytest.raises(BadInput, match="give another name"):
        write_backup(settings, article)
    assert article.read_text() == "# Mine\n"
    with pytest.raises(BadInput, match="cannot be written: No such file or directory"):
        write_backup(settings, tmp_path / "no such folder" / "backup.zip")


def test_a_library_on_servers_is_left_to_the_database_server(
    settings: Settings, tmp_path: Path
) -> None:
    shared = settings.model_copy(
        update={"database_url": SecretStr("postgresql://footnote@127.0.0.1/footnote")}
    )
    with pytest.raises(BadInput, match="pg_dump"):
        write_backup(shared, tmp_path / "backup.zip")
    with pytest.raises(BadInput, match="pg_dump"):
        restore_backup(tmp_path / "backup.zip", shared, print)


def test_from_the_command_line(
    settings: Settings,
    elsewhere: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with open_library(settings) as library:
        library.add(BREAD)
    monkeypatch.setenv("FOOTNOTE_EMBEDDING_MODEL", settings.embedding_model)

    def footnote(where: Settings, *arguments: str) -> tuple[object, str, str]:
        monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(where.data_dir))
        monkeypatch.setattr("sys.argv", ["footnote", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    file = tmp_path / "backup.zip"
    code, out, error = footnote(settings, "backup", str(file))
    assert (code, error) == (0, "")
    assert "1 articles, 0 conversations, 0 answers, 0 feedback" in out
    assert verified(file)
    code, out, _ = footnote(elsewhere, "restore", str(file))
    assert (code, out.startswith("restored from ")) == (0, True)
    code, _, error = footnote(elsewhere, "restore", str(file))
    assert code == 2
    assert "--replace" in error
    assert len(error.splitlines()) == 1
