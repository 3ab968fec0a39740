"""The curator's guide, data/README.md: its example is run as it stands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dialogiverkko.cli.source import schema
from dialogiverkko.graph.assets import FOLDERS, find_assets

GUIDE = (find_assets().root / "data" / "README.md").read_text(encoding="utf-8")


def block(language: str) -> list[str]:
    """The examples of the guide in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def test_the_example_of_the_guide_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text, the reading and the commands of the guide give what it says, at the first run."""
    for folder in FOLDERS:
        shutil.copytree(find_assets().root / folder, tmp_path / folder)
    monkeypatch.setenv("DIALOGIVERKKO_ASSETS", str(tmp_path))
    monkeypatch.setenv("DIALOGIVERKKO_SOURCE_TEXTS", str(tmp_path / "texts"))
    (text,), (yaml_text,) = block("text"), block("yaml")
    (tmp_path / "saaristo.txt").write_text(text, encoding="utf-8")
    said = []
    for number, commands in enumerate(block("sh")):
        if number == 1:
            path = tmp_path / "data" / "sources" / "saaristo-2023" / "reading.yaml"
            head = path.read_text(encoding="utf-8").split("sections:\n")[0]
            path.write_text(head + yaml_text, encoding="utf-8")
        for command in commands.splitlines():
            arguments = command.replace("saaristo.txt", str(tmp_path / "saaristo.txt")).split()[1:]
            run = [sys.executable, "-m", "dialogiverkko.cli", *arguments]
            answer = subprocess.run(run, capture_output=True, text=True, check=False, timeout=180)
            assert answer.returncode == 0, (command, answer.stderr)
            said.append(answer.stdout)

    assert "adds 1 activity, 1 document" in said[1]
    assert "about in en" in said[1]
    assert "saaristo-2023: listing; 1 activities" in said[2]
    assert "0 Violation" in said[3]


def test_the_published_schema_is_that_of_the_model() -> None:
    """Editors complete what the compiler takes."""
    stated = (find_assets().root / "data" / "sources" / "reading.schema.json").read_text(encoding="utf-8")

    assert stated == schema()
