"""The service over real HTTP on 127.0.0.1, and the articles that its tests ask."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

TIN = """# Tin

Tin is a soft, silvery metal. It melts at 232 degrees Celsius, which is low for a metal.

Mary Walker measured the price of tin in 2019. She found that a tonne cost 18,700 dollars.

## Uses

Most tin becomes solder. The second use is the coating of steel cans, because tin does not rust.
"""
COPPER = """# Copper

Copper is a reddish metal. It melts at 1,085 degrees Celsius and conducts electricity well.

Chile digs up more copper than any other country, 5.7 million tonnes in 2020.
"""
QUESTION = "At what temperature does tin melt?"
ANSWER = "232 degrees"


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Runs `app` under uvicorn in a thread; gives its address, such as `http://127.0.0.1:4711`."""
    listening = socket.create_server(("127.0.0.1", 0))
    # Without the timeout a client that is still connected would hold up the end of the test.
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
