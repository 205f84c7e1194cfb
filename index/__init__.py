"""Articles, their passages, and the indexes that find them."""

import os

# onnxruntime's builds for Linux and macOS report their use to Microsoft unless this is set before
# they are imported, natively, where no guard of Python's sees it (onnxruntime/Privacy.md).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
