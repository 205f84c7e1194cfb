"""One library, several processes: PostgreSQL and a Chroma server, for real, on loopback."""

import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from library_samples import BREAD, LIGHTHOUSE, TRAM, holds_exactly
from pydantic import SecretStr
from served import ANSWER, QUESTION, TIN
from servers import chroma, footnote, free_port, haproxy, kill, postgresql

from index.articles import Article
from index.errors import BadInput, FootnoteError, LibraryBusy
from index.library import open_library
from index.settings import Settings
from index.storage.inspection import inspect_library
from index.storage.postgresql import open_postgresql
from qa.chain import answer_chain
from qa.evaluation.run import default_sets
from qa.http.app import create_app
from qa.http.door import WRONG_PER_MINUTE
from qa.http.shared_limits import SharedRateLimit
from qa.records.conversations import Conversations
from qa.records.feedback import Feedback, FeedbackBook, Place

HAPROXY = Path(__file__).parent.parent / "deploy" / "haproxy.cfg"
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with chroma(tmp_path_factory.mktemp("chroma"), port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def database(server: str) -> str:
    """A new, empty database."""
    name = f"footnote{random.randrange(10**9)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return server.replace("/postgres", f"/{name}")


@pytest.fixture
def settings(tmp_path: Path, database: str, vectors: str, small_model: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "first",
        database_url=SecretStr(database),
        chroma_url=SecretStr(vectors),
        embedding_model=str(small_model),
    )


def elsewhere(settings: Settings, folder: str) -> Settings:
    """The same library from a process with another data folder."""
    return settings.model_copy(update={"data_dir": settings.data_dir.with_name(folder)})


def test_what_one_adds_or_removes_the_other_finds_or_misses(settings: Settings) -> None:
    with (
        open_library(settings) as first,
        open_library(elsewhere(settings, "second")) as second,
    ):
        first.add_many([LIGHTHOUSE, BREAD])
        assert second.article(BREAD.id).text == BREAD.text
        [best, *_] = sorted(second.search("the oven", None, 5), key=lambda c: -c.lexical)
        assert best.passage.article_id == BREAD.id
        assert best.lexical > 0
        second.remove(BREAD.id)
        second.add(TRAM)
        for library in (first, second):
            holds_exactly(library, {LIGHTHOUSE.id, TRAM.id})
            assert not any(c.lexical for c in library.search("the oven", None, 5))
        assert first.fingerprint == second.fingerprint


def test_no_process_has_a_file_that_must_be_kept(settings: Settings) -> None:
    with open_library(settings) as library:
        library.add_many([LIGHTHOUSE, BREAD])
    assert not settings.data_dir.exists()
    notes: list[str] = []
    with open_library(elsewhere(settings, "new"), notify=notes.append) as library:
        holds_exactly(library, {LIGHTHOUSE.id, BREAD.id})
    assert not notes
    assert inspect_library(settings).lexical == 4


def test_one_writes_at_a_time_and_the_other_is_told(settings: Settings) -> None:
    with (
        open_library(settings) as first,
        open_library(elsewhere(settings, "second"), lock_wait_s=0.1) as second,
    ):
        first.add(BREAD)
        with first._store.writing(), first._store.writing():  # its holder may take it again
            with pytest.raises(LibraryBusy, match="is being written to"):
                second.add(TRAM)
            assert second.search("the oven", None, 5)  # readers go on
        second.add(TRAM)
        holds_exactly(first, {BREAD.id, TRAM.id})


def _add_for_ever(settings: Settings, seed: int) -> None:
    draw = random.Random(seed)
    with open_library(settings) as library:
        while True:
            article = draw.choice([BREAD, LIGHTHOUSE, TRAM])
            library.add(article)
            library.remove(article.id)


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_that_is_killed_loses_nothing_and_blocks_nobody(
    settings: Settings, seed: int
) -> None:
    kept = Article.of(BREAD.text.replace("rye", "wheat"), "Wheat bread", "wheat.md")
    with open_library(settings) as library:
        library.add(kept)
        writer = SPAWN.Process(target=_add_for_ever, args=(elsewhere(settings, "other"), seed))
        writer.start()
        begun = {kept.id}
        while begun == {kept.id}:  # until it has added something at least once
            begun = set(library.article_ids())
            assert writer.is_alive()
        writer.join(random.Random(seed).uniform(0, 1))
        writer.kill()
        writer.join()
        library.add(TRAM)  # the lock ended with the process that held it
        left = set(library.article_ids())
        assert {kept.id, TRAM.id} <= left
        assert library.search("the loaf", [kept.id], 5)
    with open_library(elsewhere(settings, "third")) as again:  # clears away what was half done
        holds_exactly(again, left)


def test_a_chroma_server_that_is_away_is_said_and_one_that_is_back_goes_on(
    settings: Settings, tmp_path: Path
) -> None:
    port, folder = free_port(), tmp_path / "chroma"
    away = settings.model_copy(update={"chroma_url": SecretStr(f"http://127.0.0.1:{port}")})
    notes: list[str] = []
    with ExitStack() as stack:
        with chroma(folder, port):
            library = stack.enter_context(open_library(away, notify=notes.append))
            library.add(BREAD)
        with pytest.raises(FootnoteError, match=f"The Chroma server at 127.0.0.1:{port}"):
            library.search("the oven", None, 5)
        with pytest.raises(FootnoteError, match="FOOTNOTE_CHROMA_URL"):
            open_library(elsewhere(away, "second"))
        with chroma(folder, port):
            holds_exactly(library, {BREAD.id})
        assert not notes
        with chroma(tmp_path / "empty", port):  # a server without a disk was started again
            assert library.search("the oven", None, 5)
            holds_exactly(library, {BREAD.id})
        assert "Making the indexes of 1 article again" in notes[0]


def test_a_correction_is_kept_in_the_database_and_written_where_it_is_asked(
    settings: Settings,
) -> None:
    second = elsewhere(settings, "second")
    with open_library(settings) as library, open_library(second) as other:
        library.add(BREAD)
        talks = Conversations(library.database)
        talk = talks.create()
        answer = answer_chain(library, settings).invoke({"question": "How hot is the oven?"})
        stored = talks.append(talk.id, answer, [BREAD.id])
        assert Conversations(other.database).read(talk.id).answers[0].answer == answer
        start = BREAD.text.index("The oven must reach")
        said = Feedback(
            conversation_id=talk.id,
            answer_id=stored.id,
            rating="down",
            correct=Place(article_id=BREAD.id, start=start, end=start + 34),
        )
        case = FeedbackBook(other, Conversations(other.database), second).give(said)
        assert case
        assert not second.data_dir.exists()
    third = elsewhere(settings, "third")
    for _ in range(2):  # the second time there is nothing to write
        [*_, own] = default_sets(third)
        assert own.read_text(encoding="utf-8").count(case.id) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"chroma_url": None}, "FOOTNOTE_DATABASE_URL needs FOOTNOTE_CHROMA_URL"),
        ({"database_url": SecretStr("mysql://x/y")}, "must be the address of a PostgreSQL"),
        ({"database_url": SecretStr("what")}, "must be the address of a PostgreSQL"),
        ({"chroma_url": SecretStr("localhost")}, "must be the address of a Chroma server"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(
    settings: Settings, changes: dict[str, SecretStr | None], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        open_library(settings.model_copy(update=changes))


def test_a_database_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    nowhere = SecretStr(f"postgresql://me:secret@127.0.0.1:{free_port()}/articles")
    with pytest.raises(FootnoteError, match="cannot be used now") as caught:
        open_library(settings.model_copy(update={"database_url": nowhere}))
    assert "me:***@127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_title_with_a_nul_is_refused_in_words(settings: Settings) -> None:
    with open_library(settings) as library, pytest.raises(BadInput, match="cannot keep this text"):
        Conversations(library.database).create("a\0b")


def test_two_services_are_one_and_outlive_each_other(
    tmp_path: Path, database: str, vectors: str
) -> None:
    shared = {"FOOTNOTE_DATABASE_URL": database, "FOOTNOTE_CHROMA_URL": vectors}
    first_folder, second_folder = tmp_path / "one", tmp_path / "two"
    with footnote(shared | {"FOOTNOTE_DATA_DIR": str(first_folder)}) as (one, first):
        with footnote(shared | {"FOOTNOTE_DATA_DIR": str(second_folder)}) as (two, second):
            added = httpx.post(f"{one}/v1/articles", json={"text": TIN}, timeout=60).json()
            asked = {"question": QUESTION, "article_ids": [added["id"]]}
            answer = httpx.post(f"{two}/v1/answer", json=asked, timeout=60).json()
            assert ANSWER in answer["citations"][0]["quote"]
            begun = httpx.post(f"{two}/v1/conversations", json={}, timeout=60)
            talk, cookies = begun.json(), begun.cookies
            turn = asked | {"conversation_id": talk["id"]}
            httpx.post(
                f"{one}/v1/answer", json=turn, cookies=cookies, timeout=60
            ).raise_for_status()
            kill(second)
        kill(first)
    with footnote(shared | {"FOOTNOTE_DATA_DIR": str(tmp_path / "three")}) as (three, _):
        answer = httpx.post(f"{three}/v1/answer", json=asked, timeout=60).json()
        assert ANSWER in answer["citations"][0]["quote"]
        kept = httpx.get(
            f"{three}/v1/conversations/{talk['id']}", cookies=cookies, timeout=60
        ).json()
        assert len(kept["answers"]) == 1


def test_limits_hold_over_all_processes(settings: Settings) -> None:
    """What one gave away, another does not give again: of requests and of wrong keys."""
    keys = (SecretStr("correct-horse-battery"),)
    first = settings.model_copy(update={"api_keys": keys, "rate_per_minute": 4})
    second = elsewhere(first, "second")
    with open_library(first) as one, open_library(second) as two:
        clients = [
            TestClient(create_app(s, library), base_url="http://localhost", client=("192.0.2.7", 1))
            for s, library in ((first, one), (second, two))
        ]
        right = {"Authorization": "Bearer correct-horse-battery"}
        statuses = [
            clients[n % 2].post("/v1/conversations", headers=right).status_code for n in range(6)
        ]
        assert statuses == [201] * 4 + [429] * 2
        wrong = {"Authorization": "Bearer wrong"}
        tried = [
            clients[n % 2].get("/v1/articles", headers=wrong).status_code
            for n in range(WRONG_PER_MINUTE + 2)
        ]
        assert tried == [401] * WRONG_PER_MINUTE + [429] * 2


def test_no_two_threads_are_given_the_same_token(database: str) -> None:
    engine = open_postgresql(SecretStr(database))
    limits = [SharedRateLimit(engine, "test", 20) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda n: limits[n % 4].wait_seconds("a"), range(60)))
    assert 20 <= waits.count(0) <= 22  # one comes back every three seconds
    assert limits[0].wait_seconds("b") == 0
    engine.dispose()


def test_behind_one_address_a_crash_is_not_noticed(
    tmp_path: Path, database: str, vectors: str
) -> None:
    shared = {"FOOTNOTE_DATABASE_URL": database, "FOOTNOTE_CHROMA_URL": vectors}
    with ExitStack() as stack:
        (one, first), (two, _) = (
            stack.enter_context(footnote(shared | {"FOOTNOTE_DATA_DIR": str(tmp_path / name)}))
            for name in ("one", "two")
        )
        servers = (address.removeprefix("http://") for address in (one, two))
        address = stack.enter_context(haproxy(HAPROXY, *servers))

        def ask() -> str:
            """The process that answered, once it has: its name in HAProxy's cookie."""
            asked = {"question": QUESTION, "article_ids": [added["id"]]}
            reply = httpx.post(f"{address}/v1/answer", json=asked, timeout=60).raise_for_status()
            assert ANSWER in reply.json()["citations"][0]["quote"]
            return reply.cookies["server"]

        added = httpx.post(f"{address}/v1/articles", json={"text": TIN}, timeout=60).json()
        assert {ask() for _ in range(4)} == {"first", "second"}
        with httpx.Client(base_url=address, timeout=60) as visitor:
            assert "Footnote" in visitor.get("/").text
            stays = visitor.cookies["server"]
            for _ in range(4):  # HAProxy says nothing where the cookie is right
                assert "server" not in visitor.get("/gradio_api/info").raise_for_status().cookies
            assert visitor.cookies["server"] == stays
        kill(first)
        assert {ask() for _ in range(4)} == {"second"}
