"""`Provenance`: what a run was made with, so that a figure can be traced to it later."""

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from index.settings import Settings


class Provenance(BaseModel):
    """When, where and with what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: datetime = Field(description="When the run began, in UTC.")
    footnote: str = Field(description="The version of Footnote.")
    commit: str | None = Field(
        description="The git commit of the working folder, with `+` where files were changed."
    )
    settings: dict[str, str] = Field(
        description="The settings that differ from their defaults; secrets and places left out."
    )
    machine: str = Field(description="Python, system and processor.")
    service: str | None = Field(None, description="Address of the service that was asked.")

    @property
    def sentence(self) -> str:
        """One line for the head of a report."""
        parts = [f"{self.date:%Y-%m-%d %H:%M} UTC", f"Footnote {self.footnote}", self.machine]
        if self.commit:
            parts.append(f"commit {self.commit}")
        if self.service:
            parts.append(f"asked at {self.service}")
        parts += [f"{name}={value}" for name, value in self.settings.items()]
        return ", ".join(parts)


def provenance(settings: Settings, service: str | None = None) -> Provenance:
    """Of a run that begins now, in this process and this working folder."""
    return Provenance(
        date=datetime.now(UTC).replace(microsecond=0),
        footnote=version("footnote-qa"),
        commit=_commit(),
        settings={
            name: str(value)
            for name, field in Settings.model_fields.items()
            if (value := getattr(settings, name)) != field.get_default(call_default_factory=True)
            and not isinstance(value, Path | SecretStr | tuple)
        },
        machine=f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        service=service,
    )


def _commit() -> str | None:
    """None outside a git work tree, or without git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None
