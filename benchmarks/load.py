"""Many clients asking one service at once: errors, latency, memory.

    python -m benchmarks.load                     # 50 clients for 60 seconds
    python -m benchmarks.load --clients 10 --seconds 20 --stream

Starts the service in a process of its own on 127.0.0.1 with a library of the bundled article.
Each client asks its next question as soon as the one before is answered, so the number of
questions under way is always the number of clients. The first seconds, in which the models are
loaded, are not counted.
"""

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

QUESTIONS = (
    "How long would a missile need to reach Moscow?",
    "What did the president say about NATO?",
    "When were the draft agreements published?",
    "Who met in Geneva?",
    "What is this article about?",
    "Who won the football cup?",
    "Why are security guarantees demanded?",
)


@dataclass
class Run:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    megabytes: list[float] = field(default_factory=list)
    """Resident memory of the service, once a second."""


def serve(listening: socket.socket, data_dir: Path) -> None:
    import uvicorn

    from index.library import open_library
    from index.loading.loader import load_file
    from index.sample import BUNDLED_ARTICLE
    from index.settings import Settings
    from qa.http.app import create_app

    settings = Settings(data_dir=data_dir)
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE, settings))
        config = uvicorn.Config(create_app(settings, library), log_level="error")
        uvicorn.Server(config).run([listening])


async def ask_until(
    end: float, number: int, client: httpx.AsyncClient, stream: bool, run: Run
) -> None:
    headers = {"Accept": "text/event-stream"} if stream else {}
    asked = number
    while time.monotonic() < end:
        question = QUESTIONS[asked % len(QUESTIONS)]
        asked += 1
        began = time.monotonic()
        try:
            response = await client.post("/v1/answer", json={"question": question}, headers=headers)
            whole = not stream or "event: answer" in response.text
            outcome = str(response.status_code) if whole else "stream without an answer"
        except httpx.HTTPError as error:
            outcome = type(error).__name__
        run.milliseconds.append((time.monotonic() - began) * 1000)
        run.outcomes[outcome] += 1


async def watch(end: float, process: psutil.Process, run: Run) -> None:
    while time.monotonic() < end:
        run.megabytes.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(1)


async def load(address: str, process: psutil.Process, options: argparse.Namespace) -> Run:
    limits = httpx.Limits(max_connections=options.clients)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=120) as client:
        warm = time.monotonic() + options.warm_seconds
        await asyncio.gather(
            *(ask_until(warm, i, client, options.stream, Run()) for i in range(options.clients))
        )
        run = Run()
        end = time.monotonic() + options.seconds
        await asyncio.gather(
            watch(end, process, run),
            *(ask_until(end, i, client, options.stream, run) for i in range(options.clients)),
        )
        return run


def ready(address: str, service: SpawnProcess) -> None:
    while service.is_alive():
        try:
            if httpx.get(f"{address}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass  # it is still starting
    raise SystemExit("The service did not start.")


def report(run: Run, options: argparse.Namespace) -> None:
    times = sorted(run.milliseconds)
    cuts = statistics.quantiles(times, n=100)
    third = max(1, len(run.megabytes) // 3)
    first = statistics.median(run.megabytes[:third])
    last = statistics.median(run.megabytes[-third:])
    errors = sum(count for outcome, count in run.outcomes.items() if outcome != "200")
    print(f"clients             {options.clients}, {'events' if options.stream else 'JSON'}")
    print(f"questions           {len(times)} in {options.seconds} s")
    print(f"errors              {errors}  {dict(run.outcomes)}")
    print(
        f"latency             p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, max {times[-1]:.0f} ms"
    )
    print(f"memory, first third {first:.0f} MB")
    print(f"memory, last third  {last:.0f} MB  ({last - first:+.0f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm-seconds", type=float, default=10)
    parser.add_argument("--stream", action="store_true", help="Ask for Server-Sent Events.")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        listening.listen(options.clients * 2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        context = multiprocessing.get_context("spawn")
        service = context.Process(target=serve, args=(listening, Path(folder)), daemon=True)
        service.start()
        try:
            ready(address, service)
            assert service.pid is not None
            process = psutil.Process(service.pid)
            report(asyncio.run(load(address, process, options)), options)
        finally:
            service.terminate()
            service.join()


if __name__ == "__main__":
    main()
