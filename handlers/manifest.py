"""The app's manifest, as an operator gives it to Slack."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml


def manifest() -> dict[str, Any]:
    """From the package where Baton is installed, else from the folder above this one."""
    packaged = files("handlers") / "manifest.yaml"
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:
        text = (Path(__file__).parent.parent / "manifest.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
