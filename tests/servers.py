"""Real servers for the tests of a shared library: Debian's PostgreSQL and `chroma run`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

import httpx
import psycopg
import pytest

_PATIENCE_S = 240


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Until `ready`; an error counts as not yet. Fails when the process ends first."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            if ready():
                return
        except (OSError, httpx.HTTPError, psycopg.Error):
            pass
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"{process.args} did not get ready"
        time.sleep(0.05)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, at once."""
    process.send_signal(signal.SIGKILL)
    process.wait()


@contextmanager
def postgresql() -> Iterator[str]:
    """A new PostgreSQL on loopback; gives the address of an empty database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        _missing("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="footnote-postgresql-"))
    root = os.geteuid() == 0
    if root:  # which PostgreSQL refuses to run as
        shutil.chown(folder, "postgres", "postgres")
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
    binary, data, port = programs[-1].parent, folder / "data", free_port()
    subprocess.run(
        [binary / "initdb", "-D", data, "-U", "footnote", "-A", "trust", "-E", "UTF8", "-N"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **user,  # type: ignore[call-overload]
    )
    address = f"postgresql://footnote@127.0.0.1:{port}/postgres"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(binary / "postgres", "-D", data, "-p", str(port), "-k", ""),
                *("-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB"),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
            **user,
        )
    try:
        wait_until(lambda: psycopg.connect(address).close() is None, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # "fast" shutdown
        process.wait()
        shutil.rmtree(folder)


@contextmanager
def haproxy(configuration: Path, first: str, second: str) -> Iterator[str]:
    """HAProxy before two addresses with ports; gives its own address."""
    program = shutil.which("haproxy") or "/usr/sbin/haproxy"
    if not Path(program).exists():
        _missing("HAProxy is not installed: apt-get install haproxy")
    listen = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [program, "-db", "-f", configuration],
        env={"LISTEN": listen, "FIRST": first, "SECOND": second},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: httpx.get(f"http://{listen}/readyz").is_success, process)
        yield f"http://{listen}"
    finally:
        kill(process)


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chroma(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`chroma run` on loopback, ready to be asked."""
    program = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        beat = f"http://127.0.0.1:{port}/api/v2/heartbeat"
        wait_until(lambda: httpx.get(beat).is_success, process)
        yield process
    finally:
        if process.poll() is None:
            kill(process)


@contextmanager
def footnote(
    environment: dict[str, str], stderr: IO[bytes] | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`footnote serve` in a process of its own; gives its address and the process."""
    port = free_port()
    clean = {name: v for name, v in os.environ.items() if not name.startswith("FOOTNOTE_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", "serve"],
        env=clean | environment | {"FOOTNOTE_PORT": str(port)},
        stderr=stderr,
    )
    try:
        wait_until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz").is_success, process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.poll() is None:
            kill(process)
