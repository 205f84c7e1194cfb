"""Where `make serve` gets torch from. pip is replaced by `echo`; everything else runs."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


class Index(BaseHTTPRequestHandler):
    """A package index that has torch."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/cpu/torch/" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def index() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def installed(folder: Path, torch_cpu: str, nvidia: str = "exit 9", extras: str = "models") -> str:
    """What `make` says and hands to pip; `nvidia` is what the driver's program does."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "nvidia-smi").write_text(f"#!/bin/sh\n{nvidia}\n")
    (programs / "nvidia-smi").chmod(0o755)
    (folder / "venv" / "bin").mkdir(parents=True)
    (folder / "venv" / "bin" / "python").symlink_to(sys.executable)
    done = subprocess.run(
        [
            *("make", "-C", str(ROOT), f"VENV={folder / 'venv'}", f"TORCH_CPU={torch_cpu}"),
            *("PIP=echo pip", f"EXTRAS={extras}", str(folder / "venv" / "installed")),
        ],
        env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not done.stderr
    return done.stdout


def test_no_torch_is_installed_unless_it_is_asked_for(tmp_path: Path, index: str) -> None:
    said = installed(tmp_path, f"{index}/cpu", extras="")
    assert "torch: none; make EXTRAS=models brings it" in said
    assert "pip install -c constraints.txt -e .[]" in said


def test_without_an_nvidia_card_torch_is_the_build_for_the_cpu(tmp_path: Path, index: str) -> None:
    said = installed(tmp_path, f"{index}/cpu")
    assert f"torch: for the CPU, from {index}/cpu" in said
    assert f"install --extra-index-url {index}/cpu -c constraints.txt -e .[models]" in said


def test_where_that_index_cannot_be_reached_the_usual_one_is_enough(
    tmp_path: Path, index: str
) -> None:
    said = installed(tmp_path, f"{index}/gone")
    assert "torch: as the package index has it" in said
    assert "pip install -c constraints.txt -e .[models]" in said


def test_an_nvidia_card_keeps_cuda(tmp_path: Path, index: str) -> None:
    said = installed(tmp_path, f"{index}/cpu", "echo 'GPU 0: NVIDIA H100'")
    assert "torch: with CUDA" in said
    assert "--extra-index-url" not in said
