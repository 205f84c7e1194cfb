"""Question answering: retriever, answerers, chain, and the surfaces that serve it."""

import index as index  # before onnxruntime, whose telemetry it switches off
