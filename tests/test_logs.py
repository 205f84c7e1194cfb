"""Logs that may be passed on: JSON lines without keys and, unless asked for, without texts."""

import json
import logging
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from servers import footnote

from index.settings import Settings
from qa.observability.logs import Line, logging_to_stderr

KEY = "key-that-nobody-may-see"
WRONG_KEY = "another-key-that-nobody-may-see"
SENTENCE = "The zephyrglass of Ambrose Quill melts at 412 degrees."
QUESTION = "At what temperature does the zephyrglass melt?"
TEXTS = ("zephyrglass", "Ambrose", "degrees")  # no number: a time may hold it


def record_of(error: Exception, name: str = "uvicorn.error") -> logging.LogRecord:
    try:
        raise error
    except Exception:
        return logging.LogRecord(
            name, logging.ERROR, __file__, 1, "It failed", None, sys.exc_info()
        )


def lines_of_a_service(folder: Path, settings: dict[str, str]) -> list[dict[str, Any]]:
    """What `footnote serve` logs while an article is added, asked, refused and removed."""
    log = folder / "stderr"
    environment = {
        "FOOTNOTE_DATA_DIR": str(folder / "data"),
        "FOOTNOTE_API_KEYS": KEY,
        "FOOTNOTE_LOG_FORMAT": "json",
        "OPENAI_API_KEY": KEY,
    }
    with (
        log.open("wb") as stderr,
        footnote(environment | settings, stderr) as (address, process),
        httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {KEY}"}, timeout=60
        ) as client,
    ):
        added = client.post("/v1/articles", json={"text": SENTENCE}).raise_for_status().json()
        asked = {"question": QUESTION, "article_ids": [added["id"]]}
        answer = client.post("/v1/answer", json=asked).raise_for_status().json()
        assert answer["status"] == "answered"
        wrong = {"Authorization": f"Bearer {WRONG_KEY}"}
        assert client.post("/v1/answer", json=asked, headers=wrong).status_code == 401
        assert client.post("/v1/answer", json={"question": [SENTENCE]}).status_code == 422
        assert client.post(f"/v1/answer?key={KEY}", content=SENTENCE).status_code == 415
        assert client.get(f"/{SENTENCE}").status_code == 404
        client.delete(f"/v1/articles/{added['id']}").raise_for_status()
        process.send_signal(signal.SIGINT)
        process.wait()
    text = log.read_text(encoding="utf-8")
    assert KEY not in text
    assert WRONG_KEY not in text
    return [json.loads(line) for line in text.splitlines()]


def test_a_service_logs_what_happened_and_neither_keys_nor_texts(tmp_path: Path) -> None:
    lines = lines_of_a_service(tmp_path, {})
    requests = [(x["method"], x["route"], x["status"]) for x in lines if x["event"] == "request"]
    assert ("POST", "/v1/articles", 201) in requests
    assert ("POST", "/v1/answer", 200) in requests
    assert ("POST", "/v1/answer", 422) in requests
    assert ("POST", "other", 401) in requests
    [answer] = [line for line in lines if line["event"] == "answer"]
    assert answer["status"] == "answered"
    assert answer["citations"] == 1
    assert answer["latency_ms"]["total"] > 0
    assert {"added", "removed"} <= {line["event"] for line in lines}
    assert not [text for text in TEXTS if text in json.dumps(lines)]


def test_a_text_is_logged_where_that_is_asked_for(tmp_path: Path) -> None:
    lines = lines_of_a_service(tmp_path, {"FOOTNOTE_LOG_TEXT": "true"})
    [answer] = [line for line in lines if line["event"] == "answer"]
    assert answer["question"] == QUESTION
    assert "412" in answer["text"]


def test_of_a_fault_the_types_and_places_are_logged_and_not_the_messages() -> None:
    error = ValueError(f"cannot parse {SENTENCE!r} with {KEY}")
    error.__cause__ = KeyError(SENTENCE)
    settings = Settings(log_format="json", api_keys=(SecretStr(KEY),))
    line = Line(settings).format(record_of(error))
    fault, cause = json.loads(line)["fault"]
    assert (fault["type"], cause["type"]) == ("ValueError", "KeyError")
    assert fault["at"][-1].endswith(":record_of")
    assert not [text for text in (*TEXTS, KEY) if text in line]
    asked_for = Line(settings.model_copy(update={"log_text": True})).format(record_of(error))
    assert "zephyrglass" in asked_for
    assert KEY not in asked_for


def test_of_other_packages_only_the_place_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to_stderr(Settings(log_format="json")):
        logging.getLogger("chromadb.api").warning("cannot add %s", SENTENCE)
        logging.getLogger("httpx").info("GET http://x/?token=%s", KEY)
        try:
            raise ValueError(SENTENCE)
        except ValueError:
            traceback.print_exc()  # as gradio does
    outside, printed = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert outside["logger"] == "chromadb.api"
    assert outside["event"].startswith("a message from test_logs.py:")
    assert printed["at"].startswith(__file__)


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_key_is_left_out_wherever_it_turns_up(
    log_format: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-1234")
    settings = Settings(
        log_format=log_format,
        log_text=True,
        database_url=SecretStr('postgresql://me:pass"word@db/x'),
        chroma_url=SecretStr("http://:chroma-token@chroma"),
    )
    record = logging.makeLogRecord(
        {
            "name": "qa.x",
            "msg": "with sk-ant-1234",
            "tried": {"as": ['me with pass"word'], "at": Path("/chroma-token")},
        }
    )
    line = Line(settings).format(record)
    assert not [s for s in ("sk-ant-1234", "word", "chroma-token") if s in line]
    assert line.count("***") == 3


def test_a_person_reads_words(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to_stderr(Settings()):
        logging.getLogger("qa.http.problems").warning(
            "cannot serve now", extra={"error": "LibraryBusy"}
        )
        logging.getLogger("qa.chain").info("answer")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("warning qa.http.problems cannot serve now error='LibraryBusy'")
