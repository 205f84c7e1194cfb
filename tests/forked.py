"""Processes for tests to kill, forked from a clean one that has the imports behind it."""

import multiprocessing

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    [
        "sentence_transformers",
        "chromadb",
        "index.library",
        "qa.records.restore",
        "qa.http.app",
        "pytest",
    ]
)
