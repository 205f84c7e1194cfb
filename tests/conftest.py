"""What all tests share: no model hub is asked, and every library lives in a temporary folder."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"

from pathlib import Path

import pytest
from library_samples import save_small_model

from index.settings import Settings

pytest_plugins = ["browser"]  # a browser and a service for the tests of the page


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own FOOTNOTE_ variables and library stay out of the tests."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real embedding model that costs nothing, for tests in which its quality does not matter."""
    return save_small_model(tmp_path_factory.mktemp("models") / "small", dimension=32)
