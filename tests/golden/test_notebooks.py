"""The notebooks run from the client alone against a served endpoint, and are committed as run."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent.parent / "queries" / "notebooks").glob("*.ipynb"))


def test_there_is_a_notebook() -> None:
    """The folder is not empty, so the tests below run."""
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_notebook_runs_against_a_served_graph(
    path: Path, served: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every cell runs, and every table and figure of the committed notebook comes out again."""
    monkeypatch.setenv("DIALOGIVERKKO_ADDRESS", served)
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    committed = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()

    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    before = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert all(cell.outputs or cell.source.startswith("import") for cell in cells)
    assert [sorted(kinds(cell)) for cell in cells] == [sorted(kinds(cell)) for cell in before]
    figures = [cell for cell in cells if "image/png" in kinds(cell)]
    assert len(figures) >= 3


def kinds(cell: nbformat.NotebookNode) -> set[str]:
    """Return the media types of a cell's outputs."""
    return {kind for output in cell.outputs for kind in output.get("data", {})}
