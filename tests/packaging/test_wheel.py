"""The wheel is what people get: it holds the code, the four folders, and works where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dialogiverkko.graph.assets import FOLDERS, find_assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the pinned backend of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_four_folders_are_in_the_wheel(wheel: Path) -> None:
    """Each Turtle file, query and release of the checkout is in the wheel, byte for byte."""
    assets = find_assets(ROOT)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for folder in FOLDERS:
            patterns = ("**/*.ttl", "**/*.rq", "releases/*/*", "*.jsonld")
            wanted = [p for pattern in patterns for p in assets.files(folder, pattern)]
            assert wanted, folder
            for path in wanted:
                name = f"dialogiverkko/assets/{assets.name(path)}"
                assert name in names
                assert archive.read(name) == path.read_bytes()


def test_every_module_and_template_is_in_the_wheel(wheel: Path) -> None:
    """Code, type marker and templates travel together."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = ROOT / "server"
    wanted = {
        path.relative_to(package).as_posix()
        for pattern in ("*.py", "*.html", "*.svg", "*.ttf", "*.atom", "py.typed")
        for path in (package / "dialogiverkko").rglob(pattern)
    }

    assert wanted - names == set()


def test_the_wheel_builds_the_same_graph_as_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Installed elsewhere, the command finds its own folders and writes the dumps with the same digest."""
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DIALOGIVERKKO_")}
    script = (
        "import dialogiverkko, sys; from dialogiverkko.graph.assets import find_assets;"
        "from dialogiverkko.graph.validation.build import assemble; assets = find_assets();"
        "print(dialogiverkko.__file__); print(assemble(assets).digest)"
    )

    def digest(path: Path) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True, text=True, check=True, cwd=tmp_path, env={**environment, "PYTHONPATH": str(path)},
        )  # fmt: skip
        return done.stdout.split()

    from_wheel, from_checkout = digest(target), digest(ROOT / "server")

    assert from_wheel[0].startswith(str(target))
    assert from_checkout[0].startswith(str(ROOT))
    assert from_wheel[1] == from_checkout[1]
