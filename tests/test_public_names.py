"""The packages give the names that they promise."""

import subprocess
import sys
from importlib import import_module

import pytest


@pytest.mark.parametrize("package", ["index", "qa", "prompts"])
def test_every_public_name_is_there(package: str) -> None:
    module = import_module(package)
    assert module.__all__ == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = module.Nothing


def test_importing_a_package_imports_nothing_of_it() -> None:
    code = (
        "import qa, index, sys; print([m for m in sys.modules if m.startswith(('qa.', 'index.'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
