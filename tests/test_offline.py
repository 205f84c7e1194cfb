"""Nothing leaves the machine on a default path; with the guard on, nothing can."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from forked import FORK
from served import QUESTION, TIN

from index.errors import BadInput, ModelProblem
from index.loading.fetch import PageFetcher
from index.offline import Offline, go_offline, is_local
from index.settings import Settings
from qa.chat.model import open_chat_model

STRACE = shutil.which("strace")

# The command line, with every outbound attempt that Python knows of written to a file.
RECORDED = """
import os, sys
log = open(os.environ["SEEN"], "a", buffering=1)
def record(event, arguments):
    if event == "socket.connect" and arguments[0].family in (2, 10):
        log.write(f"{arguments[1][0]}\\n")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        log.write(f"{arguments[0] or 'localhost'}\\n")
sys.addaudithook(record)
from ui.cli import main
main()
"""


# --- the guard -------------------------------------------------------------------------------


async def through_asyncio() -> None:
    await asyncio.open_connection("192.0.2.1", 443)


def by_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", ("192.0.2.1", 53))


OUTBOUND: dict[str, Callable[[], object]] = {
    "an address": lambda: socket.create_connection(("192.0.2.1", 443), 1),
    "an IPv6 address": lambda: socket.create_connection(("2001:db8::1", 443), 1),
    "IPv4 in IPv6": lambda: socket.create_connection(("::ffff:192.0.2.1", 443), 1),
    "a name": lambda: socket.getaddrinfo("example.org", 443),
    "a name that begins as ours": lambda: socket.getaddrinfo("localhost.example.org", 443),
    "an old lookup": lambda: socket.gethostbyname("example.org"),
    "a datagram": by_datagram,
    "connect_ex": lambda: socket.socket().connect_ex(("192.0.2.1", 443)),
    "urllib": lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=1),
    "httpx": lambda: httpx.get("http://example.org/", timeout=1),
    "asyncio": lambda: asyncio.run(through_asyncio()),
}


def to_itself() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    for host in ("127.0.0.1", "localhost"):
        socket.create_connection((host, listening.getsockname()[1]), 5).close()
    one, other = socket.socketpair()
    one.sendall(b"x")
    assert other.recv(1) == b"x"
    socket.getaddrinfo(None, 80)
    asyncio.run(asyncio.sleep(0))


def try_all(out: "object") -> None:
    """In a process of its own, since the guard cannot be taken away again."""
    go_offline()
    to_itself()
    outcomes = {}
    for name, attempt in OUTBOUND.items():
        try:
            attempt()
            outcomes[name] = "went through"
        except BaseException as error:
            chain: BaseException | None = error
            while chain and not isinstance(chain, Offline):
                chain = chain.__cause__ or chain.__context__
            outcomes[name] = str(chain)
    out.send(outcomes)  # type: ignore[attr-defined]


def test_the_guard_refuses_what_would_leave_the_machine_and_nothing_else() -> None:
    here, there = FORK.Pipe(duplex=False)
    child = FORK.Process(target=try_all, args=(there,))
    child.start()
    there.close()
    outcomes = here.recv()  # EOFError: the child failed on its way to itself
    child.join()
    assert outcomes.keys() == OUTBOUND.keys()
    for name, outcome in outcomes.items():
        # httpx wraps errors without keeping the first; that nothing went through is what counts.
        assert "Footnote is offline" in outcome or (name == "httpx" and outcome == "None"), name


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("LOCALHOST.", True),
        (None, True),
        ("", True),
        ("0.0.0.0", True),
        (b"localhost", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("example.org", False),
    ],
)
def test_what_counts_as_this_machine(host: str | bytes | None, local: bool) -> None:
    assert is_local(host) is local


def test_an_address_is_not_fetched_and_says_why() -> None:
    with pytest.raises(BadInput, match=r"offline .*download the page and add it as a file"):
        PageFetcher(Settings(offline=True)).article("https://example.org/article")


@pytest.mark.parametrize(
    ("model", "address", "environment", "opens"),
    [
        ("openai:gpt-4.1-mini", None, {}, False),
        ("openai:m", "https://llm.example.org/v1", {}, False),
        ("openai:m", "http://127.0.0.1:8000/v1", {}, True),
        ("anthropic:m", None, {}, False),
        ("ollama:m", None, {}, True),
        ("ollama:m", None, {"OLLAMA_HOST": "gpu.example.org:11434"}, False),
        ("ollama:m", None, {"OLLAMA_HOST": "localhost:11434"}, True),
        ("ollama:m", "http://192.168.0.7:11434", {}, False),
    ],
)
def test_offline_a_chat_model_must_be_on_this_machine(
    model: str,
    address: str | None,
    environment: dict[str, str],
    opens: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(offline=True, chat_model=model, chat_base_url=address)
    if opens:
        assert open_chat_model(settings)
        return
    with pytest.raises(ModelProblem, match="is not on this machine, and Footnote is offline"):
        open_chat_model(settings)


# --- the whole process -----------------------------------------------------------------------


def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
        "SEEN": str(tmp_path / "seen"),
        "HF_HUB_OFFLINE": "0",  # what holds must hold without it
        "ORT_DISABLE_TELEMETRY": "",
    }


def traced(tmp_path: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-c", RECORDED, *arguments]
    if STRACE:
        calls = "trace=bind,connect,sendto,sendmsg,sendmmsg"
        command = [STRACE, "-f", "-qq", "-e", calls, "-o", str(tmp_path / "trace"), *command]
    return command


@contextmanager
def serving(tmp_path: Path, *options: str) -> Iterator[str]:
    """`footnote serve` in a process of its own, traced; its address once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        traced(tmp_path, "serve", *options),
        env=environment(tmp_path) | {"FOOTNOTE_PORT": str(port)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr
    said: list[str] = []
    up = threading.Event()

    def listen() -> None:
        assert process.stderr
        for line in process.stderr:
            said.append(line)
            if "Footnote is at" in line:
                up.set()
        up.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert up.wait(200), "it does not begin"
        assert process.poll() is None, "".join(said)
        address = f"http://127.0.0.1:{port}"
        transport = httpx.HTTPTransport(retries=8)  # it says so just before it listens
        with httpx.Client(transport=transport) as client:
            client.get(f"{address}/healthz").raise_for_status()
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        listener.join()


def assert_nothing_left_the_machine(tmp_path: Path) -> None:
    seen = (tmp_path / "seen").read_text().split()
    assert [host for host in seen if not is_local(host)] == []
    if STRACE:
        text = (tmp_path / "trace").read_text()
        addresses = re.findall(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"', text)
        assert [address for address in addresses if not is_local(address)] == []


needs_strace = pytest.mark.skipif(
    STRACE is None and "CI" not in os.environ,
    reason="strace is not installed (apt-get install strace); native code could not be seen",
)


@needs_strace
def test_a_question_on_the_command_line_connects_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tin.md"
    file.write_text(TIN, encoding="utf-8")
    done = subprocess.run(
        traced(tmp_path, "ask", QUESTION, str(file), "--json"),
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "232" in json.loads(done.stdout)["text"]
    assert_nothing_left_the_machine(tmp_path)


@needs_strace
def test_the_service_connects_to_nothing_while_it_adds_answers_and_shows_its_page(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as address, httpx.Client(base_url=address, timeout=120) as client:
        client.post("/v1/articles", json={"text": TIN}).raise_for_status()
        _heading, *paragraphs = TIN.split("\n\n")
        source = f"<article>{''.join(f'<p>{text}</p>' for text in paragraphs)}</article>"
        file = {"file": ("tin.html", source.encode())}
        client.post("/v1/articles", files=file).raise_for_status()
        answer = client.post("/v1/answer", json={"question": QUESTION}).json()
        assert answer["status"] == "answered"
        events = client.post(
            "/v1/answer", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
        )
        assert "event: answer" in events.text
        page = client.get("/")
        assert page.status_code == 200
        parts = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        local = {urljoin(f"{address}/", part) for part in parts}
        for part in sorted(part for part in local if part.startswith(address)):
            client.get(part)
        for path in ("/docs", "/openapi.json", "/metrics", "/readyz", "/config"):
            client.get(path)
    assert STRACE, "CI must install strace"
    # The service listens: had strace not seen even that, it would not have been looking.
    assert "bind(" in (tmp_path / "trace").read_text()
    assert_nothing_left_the_machine(tmp_path)


def test_serving_offline_says_what_it_cannot_do_and_does_the_rest(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--offline") as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        client.post("/v1/articles", json={"text": TIN}).raise_for_status()
        assert "232" in client.post("/v1/answer", json={"question": QUESTION}).json()["text"]
        assert client.get("/").status_code == 200
        refused = client.post("/v1/articles", json={"url": "https://example.org/article"})
        assert refused.status_code == 422
        assert "offline" in refused.json()["detail"]
    assert_nothing_left_the_machine(tmp_path)
