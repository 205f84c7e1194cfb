"""The files for containers, as far as they can be held to their word without a container."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from served import served
from servers import free_port

from index.library import open_library
from index.settings import Settings
from qa.http.app import create_app

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
OURS = ("footnote-1", "footnote-2", "vectors")
HEALTH: list[str] = json.loads(
    re.findall(r"^HEALTHCHECK .*\n +CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)[0]
)


def instructions(word: str) -> list[str]:
    """What follows this instruction, in the last stage."""
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    return re.findall(rf"^{word} (.+)$", last, re.MULTILINE)


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE], ids=["Dockerfile", "compose.yaml"])
def test_every_setting_that_is_named_exists(text: str) -> None:
    named = set(re.findall(r"\bFOOTNOTE_(\w+)", text))
    assert named
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


def test_the_image_runs_as_nobody_in_particular() -> None:
    [user] = instructions("USER")
    assert int(user) > 0
    assert f"--uid {user} " in DOCKERFILE
    # A user without a home and a container without a key: neither may be what lets strangers in.
    assert "FOOTNOTE_API_KEYS" not in DOCKERFILE
    assert "FOOTNOTE_OPEN_ACCESS" not in DOCKERFILE + COMPOSE


def test_the_image_has_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = [pattern.removesuffix("*") for pattern in found]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (*packages, "pyproject.toml", "README.md", "LICENSE", "NOTICE", "constraints.txt"):
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", DOCKERFILE, re.MULTILINE)
        assert f"!{name}" in ignored
    extras = re.findall(r"^ARG EXTRAS=(.+)$", DOCKERFILE, re.MULTILINE)[0].split(",")
    assert set(extras) <= project["project"]["optional-dependencies"].keys()


def test_the_health_check_tells_a_service_that_answers_from_one_that_does_not(
    tmp_path: Path,
) -> None:
    def healthy(port: int) -> bool:
        command = [part.replace("7860", str(port)) for part in HEALTH[1:]]
        done = subprocess.run([sys.executable, *command], capture_output=True, check=False)
        return done.returncode == 0

    settings = Settings(data_dir=tmp_path)
    with open_library(settings) as library, served(create_app(settings, library)) as address:
        assert healthy(int(address.rpartition(":")[2]))
    assert not healthy(free_port())


def test_what_compose_starts_keeps_nothing_but_the_articles_and_vectors() -> None:
    volumes = {
        name: [v.partition(":")[0] for v in service.get("volumes", ())]
        for name, service in SERVICES.items()
    }
    assert volumes["footnote-1"] == volumes["footnote-2"] == []
    assert volumes["articles"] == ["articles"]
    assert volumes["vectors"] == ["vectors"]


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_can_do_as_little_as_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # stays the image's
    assert "ports" not in service


def test_compose_offers_one_address_to_this_machine_alone_and_demands_a_key() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:7860:7860"]
    address = SERVICES["address"]["environment"]
    assert {address["FIRST"], address["SECOND"]} == {"footnote-1:7860", "footnote-2:7860"}
    for secret in ("FOOTNOTE_API_KEYS", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{secret}(.*?)\}}", COMPOSE)) == {":?choose one"}


def test_the_health_check_of_the_vectors_is_a_program() -> None:
    *_, program = SERVICES["vectors"]["healthcheck"]["test"]
    ast.parse(program)
