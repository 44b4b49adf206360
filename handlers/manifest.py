"""The Slack app manifest that operators install."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml


def manifest() -> dict[str, Any]:
    """Read the manifest from the installed package, or from the repository root."""
    packaged = files("handlers") / "manifest.yaml"
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:
        text = (Path(__file__).parent.parent / "manifest.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
