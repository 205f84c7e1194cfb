"""How long `/healthz` takes while a service is busy, and while it is sent hostile bodies.

    python -m benchmarks.healthz                  # 100 busy clients, then each hostile body
    python -m benchmarks.healthz --clients 20 --seconds 10

The service, the clients, the sender and the one that measures are processes of their own, so that
none is held up by another's Python. A body is sent again and again for as long as is measured.
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.load import Run, ask_until, ready, serve

_PAUSE_S = 0.02


def unknown_keys(length: int) -> bytes:
    """An object of about so many bytes."""
    return json.dumps({f"k{n:07}": 1 for n in range(length // 15)}).encode()


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "0.9 MB of unknown keys": ("/v1/answer", lambda: unknown_keys(900_000)),
    "2.3 MB of unknown keys": ("/v1/answer", lambda: unknown_keys(2_300_000)),
    "59 MB of unknown keys": ("/v1/answer", lambda: unknown_keys(59_000_000)),
    "9.5 MB of unknown keys as an article": ("/v1/articles", lambda: unknown_keys(9_500_000)),
    "20 MB of numbers as an article": ("/v1/articles", lambda: b"[" + b"1," * 10_000_000 + b"1]"),
    "28 MB of line ends as an article": (
        "/v1/articles",
        lambda: b'{"text": "' + b"\\n" * 14_000_000 + b'"}',
    ),
    "20 MB of brackets as an article": ("/v1/articles", lambda: b"[" * 20_000_000),
    "1 MB of fields of a form": ("/login", lambda: b"a=1&" * 249_000),
}


def ask(address: str, clients: int, seconds: float) -> None:
    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=clients)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=120) as client:
            end = time.monotonic() + seconds
            await asyncio.gather(*(ask_until(end, i, client, False, Run()) for i in range(clients)))

    asyncio.run(all_of_them())


def send(address: str, name: str, seconds: float) -> None:
    path, make = HOSTILE[name]
    body, end = make(), time.monotonic() + seconds
    kind = "application/x-www-form-urlencoded" if path == "/login" else "application/json"
    with httpx.Client(base_url=address, timeout=120) as client:
        while time.monotonic() < end:
            with suppress(httpx.TransportError):  # refused by its length while it is sent
                client.post(path, content=body, headers={"Content-Type": kind})


def measured(address: str, process: SpawnProcess | None, seconds: float) -> list[float]:
    """Milliseconds of each `/healthz` while `process` runs, or for `seconds`."""
    if process:
        process.start()
    times, end = [], time.monotonic() + seconds
    with httpx.Client(base_url=address, timeout=120) as client:
        client.get("/healthz")
        while process.is_alive() if process else time.monotonic() < end:
            began = time.perf_counter()
            client.get("/healthz").raise_for_status()
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(_PAUSE_S)
    return times


def report(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    late = sum(time > 100 for time in times)
    print(
        f"{what:<40} {len(times):>5} asked, p50 {cuts[49]:6.1f} ms, p95 {cuts[94]:6.1f} ms, "
        f"p99 {cuts[98]:6.1f} ms, max {max(times):6.1f} ms, over 100 ms {late}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        listening.listen(options.clients * 2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        context = multiprocessing.get_context("spawn")
        service = context.Process(target=serve, args=(listening, Path(folder)), daemon=True)
        service.start()
        try:
            ready(address, service)
            report("nothing else", measured(address, None, options.seconds))
            busy = context.Process(target=ask, args=(address, options.clients, options.seconds))
            report(f"{options.clients} clients that ask", measured(address, busy, 0))
            for name in HOSTILE:
                sender = context.Process(target=send, args=(address, name, options.seconds))
                report(name, measured(address, sender, 0))
        finally:
            service.terminate()
            service.join()


if __name__ == "__main__":
    main()
