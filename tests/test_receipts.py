"""A receipt says what was answered from which words; `footnote verify` says what became of them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from served import COPPER, QUESTION, TIN

import prompts
from index.errors import BadInput
from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.chain import AnswerChain, answer_chain
from qa.http.app import create_app
from qa.records.receipts import Receipt, checksum, make_receipt, read_receipt
from qa.records.verification import among, in_library, standings
from ui.cli import main

COPPER_QUESTION = "Which country digs up more copper than any other?"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("receipts"))


@pytest.fixture(scope="module")
def library(kept: Settings) -> Iterator[Library]:
    with open_library(kept) as library:
        for text, source in ((TIN, "tin.md"), (COPPER, "copper.md")):
            library.add(load_text(text, kept, source=source))
        yield library


@pytest.fixture(scope="module")
def chain(library: Library, kept: Settings) -> AnswerChain:
    return answer_chain(library, kept)


@pytest.fixture(scope="module")
def receipt(library: Library, chain: AnswerChain) -> Receipt:
    return make_receipt(
        [chain.invoke({"question": question}) for question in (QUESTION, COPPER_QUESTION)], library
    )


def article(text: str, source: str = "tin.md") -> Any:
    return load_text(text, Settings(), source=source)


def test_a_receipt_names_all_that_an_answer_was_made_with(
    receipt: Receipt, library: Library, chain: AnswerChain
) -> None:
    from hashlib import sha256

    assert {a.source for a in receipt.articles} == {"tin.md", "copper.md"}
    for named in receipt.articles:
        text = library.article(named.id).text
        assert named.sha256 == sha256(text.encode()).hexdigest()
        assert named.sha256.startswith(named.id)
        assert named.characters == len(text)
    for answer in receipt.answers:
        assert answer.quotes
        for quote in answer.quotes:
            assert library.article(quote.article_id).text[quote.start : quote.end] == quote.quote
        assert answer.answerer == "reader:footnote"
        assert answer.fingerprint == chain.fingerprint
        assert answer.index_fingerprint == library.fingerprint
        assert answer.prompt_version is None  # no chat model was asked


def test_with_a_chat_model_it_names_the_prompts(library: Library, kept: Settings) -> None:
    # Nothing listens there: the reader answers in its place, and the prompts are still recorded.
    changed = {"chat_model": "openai:none", "chat_base_url": "http://127.0.0.1:9/v1"}
    settings = kept.model_copy(update=changed | {"chat_retries": 0})
    answer = answer_chain(library, settings).invoke({"question": QUESTION})
    [recorded] = make_receipt([answer], library).answers
    assert recorded.prompt_version == prompts.load().version


def test_every_quote_stands_in_the_article_it_came_from(receipt: Receipt, library: Library) -> None:
    found = standings(receipt, in_library(library))
    assert [s.outcome for s in found] == ["stands"] * len(found)
    assert len(found) == sum(len(answer.quotes) for answer in receipt.answers)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda text: text, "stands"),
        (lambda text: text + "\n\nTin is cheap.", "stands"),
        (lambda text: text.replace("# Tin\n", "# Tin\n\nAn older metal.\n"), "moved"),
        (lambda text: text.replace("232", "233"), "gone"),
        (lambda text: "Something else altogether.", "gone"),
    ],
)
def test_a_quote_is_looked_up_in_the_article_as_it_is_now(
    receipt: Receipt, change: Callable[[str], str], outcome: str
) -> None:
    now = article(change(TIN))
    found = standings(receipt, among([now, article(COPPER, "copper.md")]))
    [tin] = [s for s in found if "232" in s.quote.quote]
    assert tin.outcome == outcome
    assert tin.article_id == now.id
    if tin.holds:
        assert now.text[tin.start : tin.end] == tin.quote.quote
    assert all(s.outcome == "stands" for s in found if "Chile" in s.quote.quote)


def test_a_quote_that_is_there_twice_is_found_at_the_nearest_place(receipt: Receipt) -> None:
    [tin] = [s for s in standings(receipt, among([article(TIN)])) if "232" in s.quote.quote]
    sentence = tin.quote.quote
    filler = "Something else is said here. " * 20
    now = article(f"{sentence}\n\n{filler}\n\nOh: {sentence}\n\n{filler}\n\n{sentence}")
    [moved] = [s for s in standings(receipt, among([now])) if s.quote == tin.quote]
    assert moved.outcome == "moved"
    assert moved.start == 0


def test_an_article_that_was_changed_or_removed_in_the_library(
    receipt: Receipt, settings: Settings
) -> None:
    with open_library(settings) as other:
        find = in_library(other)
        assert {s.outcome for s in standings(receipt, find)} == {"no_article"}
        other.add(article(TIN.replace("232", "231")))
        other.add(article(TIN.replace("232", "230")))
        now = other.add(article(TIN.replace("soft", "very soft"))).article
        other.add(article(COPPER.replace("Chile", "Peru"), source="elsewhere.md"))  # same title
        found = standings(receipt, find)
    [tin] = [s for s in found if "232" in s.quote.quote]
    assert (tin.outcome, tin.article_id) == ("moved", now.id)
    [copper] = [s for s in found if "Chile" in s.quote.quote]
    assert copper.outcome == "gone"


def altered(**fields: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda receipt: receipt | fields


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda _: [], "is not a receipt"),
        (lambda _: {}, "is not a receipt of Footnote: footnote_receipt: Field required"),
        (altered(footnote_receipt=2), "newer version"),
        (altered(footnote_receipt="x"), "is not a receipt"),
        (altered(title="Another"), "was changed after it was made"),
        (altered(articles=[]), "does not name"),
        (altered(answers=[{}]), "is not a receipt"),
        (altered(more=1), "is not a receipt of Footnote: more"),
    ],
)
def test_what_is_no_receipt_or_was_changed_is_told(
    receipt: Receipt, tmp_path: Path, change: Callable[[dict[str, Any]], Any], says: str
) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(receipt.model_dump_json())
    assert read_receipt(path) == receipt
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(BadInput, match=says) as caught:
        read_receipt(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"{" * 9, b"1", b"null"])
def test_garbage_is_no_receipt(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="is not a receipt of Footnote"):
        read_receipt(path)
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_receipt(tmp_path / "none.json")


def test_a_quote_that_somebody_made_up_does_not_stand_even_with_a_new_checksum(
    receipt: Receipt, library: Library
) -> None:
    first = receipt.answers[0]
    lie = first.quotes[0].model_copy(update={"quote": first.quotes[0].quote.replace("232", "999")})
    forged = receipt.model_copy(
        update={"answers": (first.model_copy(update={"quotes": (lie,)}), *receipt.answers[1:])}
    )
    forged = forged.model_copy(update={"sha256": checksum(forged)})
    assert standings(forged, in_library(library))[0].outcome == "gone"


def test_over_http_a_conversation_or_one_answer_is_exported(
    library: Library, kept: Settings, tmp_path: Path
) -> None:
    with TestClient(create_app(kept, library), base_url="http://localhost") as client:
        id_ = client.post("/v1/conversations").json()["id"]
        for question in (QUESTION, "Who won the cup?"):
            client.post("/v1/answer", json={"question": question, "conversation_id": id_})
        url = f"/v1/conversations/{id_}/export"
        response = client.get(url, params={"format": "receipt"})
        assert "conversation.receipt.json" in response.headers["content-disposition"]
        path = tmp_path / "receipt.json"
        path.write_bytes(response.content)
        whole = read_receipt(path)
        assert whole.title == QUESTION
        assert [a.status for a in whole.answers] == ["answered", "not_in_article"]
        stored = client.get(f"/v1/conversations/{id_}").json()["answers"]
        assert [a.id for a in whole.answers] == [answer["id"] for answer in stored]
        for format_ in ("receipt", "json"):
            one = {"format": format_, "answer_id": stored[1]["id"]}
            assert len(client.get(url, params=one).json()["answers"]) == 1
        nothing = client.get(url, params={"format": "receipt", "answer_id": "none"})
        assert nothing.status_code == 404


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def footnote(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["footnote", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    file, receipt = tmp_path / "tin.md", tmp_path / "receipt.json"
    file.write_text(TIN, encoding="utf-8")
    code, out, _ = footnote("ask", QUESTION, str(file), "--receipt", str(receipt))
    assert code == 0
    assert "232" in out
    code, out, _ = footnote("verify", str(receipt))
    assert code == 0
    assert "stands, characters" in out
    file.write_text(TIN.replace("232", "233"), encoding="utf-8")
    code, out, _ = footnote("verify", str(receipt), "--article", str(file))
    assert code == 1
    assert "is not in the article any more" in out
    code, out, _ = footnote("verify", str(receipt), "--article", str(file), "--json")
    assert code == 1
    report = json.loads(out)
    assert report["stand"] < len(report["quotes"])
    assert report["quotes"][0]["outcome"] == "gone"
    code, _, error = footnote("verify", str(file))
    assert code == 2
    assert len(error.splitlines()) == 1
