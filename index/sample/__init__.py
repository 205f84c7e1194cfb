"""The article that comes with the installation, so that a new library is not empty."""

from pathlib import Path

BUNDLED_ARTICLE = Path(__file__).parent / "security-guarantees.md"
