"""Makes a release of a checkout: its number and day where they stand, its graph kept for ever, its citation.

Everything is written, or nothing: where the graph is not valid, the files are as they were.
"""

import io
import json
import lzma
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from dialogiverkko.errors import UsageError
from dialogiverkko.graph import dumps, releases, turtle
from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.releases import DUMP, FOLDER, QUERIES, STATEMENT
from dialogiverkko.graph.validation.build import build_snapshot
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.saved import querygraph
from dialogiverkko.saved.catalogue import COLUMNS

_VERSION: Final = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
_UNRELEASED: Final = "## Unreleased\n"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
CATALOGUE: Final = "data/catalogue.ttl"
CITATION: Final = "CITATION.cff"
CODEMETA: Final = "codemeta.json"
ZENODO: Final = ".zenodo.json"
_REPOSITORY_FILES: Final = ("pyproject.toml", CITATION, "CHANGELOG.md", CATALOGUE)

Document = dict[str, Any]  # Any: as JSON and YAML hold them


@dataclass(frozen=True)
class Plan:
    """What is to be released: its version, its day, and what it brought, by language."""

    version: str
    day: str
    notes: Mapping[str, str]


def check(assets: Assets, plan: Plan) -> None:
    """Raise UsageError where a release cannot be made, with what would be right."""
    missing = [name for name in _REPOSITORY_FILES if not (assets.root / name).is_file()]
    if missing:
        raise UsageError(f"A release is made in a checkout; here is no {', '.join(missing)}.")
    if not _VERSION.fullmatch(plan.version):
        raise UsageError(f"'{plan.version}' is no version: write three numbers, such as 0.2.0.")
    known = releases.read_releases(assets)
    if known and releases.order(plan.version) <= releases.order(known[-1].version):
        raise UsageError(f"Version {plan.version} is not later than {known[-1].version}, which is released.")
    lacking = [language for language in LANGUAGES if not plan.notes.get(language)]
    if lacking:
        raise UsageError(f"Say what the release brought in {', '.join(lacking)} too: --notes {lacking[0]}=…")
    if not _entries((assets.root / "CHANGELOG.md").read_text(encoding="utf-8")):
        raise UsageError("CHANGELOG.md tells nothing under 'Unreleased': there is nothing to release.")


def release(assets: Assets, plan: Plan, out: Path) -> Snapshot:
    """Make a release and write its dumps; return its graph."""
    check(assets, plan)
    folder = assets.root / FOLDER / plan.version
    with _all_or_nothing(assets.root, folder):
        for name, change in _CHANGES.items():
            path = assets.root / name
            path.write_text(change(path.read_text(encoding="utf-8"), plan), encoding="utf-8")
        turtle.format_file(assets.root / CATALOGUE, assets, check=False)
        for name, made in described(assets).items():
            (assets.root / name).write_text(made, encoding="utf-8")
        snapshot, _ = build_snapshot(assets, queries=querygraph.from_assets)
        keep(assets, snapshot, plan, folder)
        dumps.write_dumps(snapshot, out)
    return snapshot


@contextmanager
def _all_or_nothing(root: Path, folder: Path) -> Iterator[None]:
    before = {name: _bytes(root / name) for name in (*_REPOSITORY_FILES, CODEMETA, ZENODO)}
    try:
        yield
    except BaseException:
        for name, body in before.items():
            if body is None:
                (root / name).unlink(missing_ok=True)
            else:
                (root / name).write_bytes(body)
        for path in folder.glob("*"):
            path.unlink()
        if folder.is_dir():
            folder.rmdir()
        raise


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


# --- the graph and its questions ----------------------------------------------------------------


def keep(assets: Assets, snapshot: Snapshot, plan: Plan, folder: Path) -> None:
    """Write the graph and its saved queries, compressed, and what they are: the same bytes for the same graph."""
    folder.mkdir(parents=True)
    text = b"".join(snapshot.texts())
    (folder / DUMP).write_bytes(lzma.compress(text, check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME))
    (folder / QUERIES).write_bytes(_archive(assets))
    said = {
        "version": plan.version,
        "issued": plan.day,
        "digest": snapshot.digest,
        "triples": len(snapshot.merged),
        "notes": {language: plan.notes[language] for language in LANGUAGES},
    }
    (folder / STATEMENT).write_text(_json(said), encoding="utf-8")


def _archive(assets: Assets) -> bytes:
    """Pack the saved queries and the headings of their columns."""
    files = [path for path in assets.files("queries", "**/*.rq") if path.parent.name != "checks"]
    files.append(assets.root / "queries" / COLUMNS)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path.relative_to(assets.root / "queries").as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return body.getvalue()


# --- where number and day stand -----------------------------------------------------------------


def _replaced(pattern: str, text: str, value: str) -> str:
    found, times = re.subn(pattern, lambda match: f"{match[1]}{value}{match[2]}", text, flags=re.MULTILINE)
    if times != 1:
        raise UsageError(f"One line that looks like {pattern} was expected, and {times} were found.")
    return found


def _in_project(text: str, plan: Plan) -> str:
    return _replaced(r'^(version = ")[^"]*(")$', text, plan.version)


def _in_citation(text: str, plan: Plan) -> str:
    return _replaced(r"^(date-released: ).*()$", _replaced(r"^(version: ).*()$", text, plan.version), plan.day)


def _in_changelog(text: str, plan: Plan) -> str:
    return text.replace(_UNRELEASED, f"{_UNRELEASED}\n## {plan.version} – {plan.day}\n", 1)


def _in_catalogue(text: str, plan: Plan) -> str:
    text = _replaced(r'^(\s*dcat:version ")[^"]*(" ;)$', text, plan.version)
    text = _replaced(r'^(\s*dcterms:modified ")[^"]*("\^\^xsd:date ;)$', text, plan.day)
    notes = " ,\n        ".join(f"{_quoted(plan.notes[each])}@{each}" for each in ("en", "fi", "sv"))
    return _replaced(r"(adms:versionNotes\s)(?:\s*\"(?:[^\"\\]|\\.)*\"@[a-z]+\s*,?)+(\s*;)", text, f"\n        {notes}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _entries(changelog: str) -> list[str]:
    """List what a changelog tells as not released yet."""
    _, _, rest = changelog.partition(_UNRELEASED)
    return [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("- ")]


_CHANGES: Mapping[str, Callable[[str, Plan], str]] = {
    "pyproject.toml": _in_project,
    CITATION: _in_citation,
    "CHANGELOG.md": _in_changelog,
    CATALOGUE: _in_catalogue,
}


# --- what catalogues of code and data read ------------------------------------------------------


def described(assets: Assets) -> dict[str, str]:
    """Write codemeta.json and .zenodo.json from the citation and the project file."""
    cited: Document = yaml.safe_load((assets.root / CITATION).read_text(encoding="utf-8"))
    project = (assets.root / "pyproject.toml").read_text(encoding="utf-8")
    about = re.search(r'^description = "(.*)"$', project, re.MULTILINE)
    summary = about[1] if about else cited["title"]
    return {CODEMETA: _json(_codemeta(cited, summary, project)), ZENODO: _json(_zenodo(cited, summary))}


def _codemeta(cited: Document, summary: str, project: str) -> Document:
    """Describe the software by CodeMeta 3.0."""
    python = re.search(r'^requires-python = "(.*)"$', project, re.MULTILINE)
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "identifier": cited["url"],
        "name": "Dialogiverkko",
        "description": summary,
        "version": str(cited["version"]),
        "datePublished": str(cited["date-released"]),
        "license": "https://spdx.org/licenses/EUPL-1.2",
        "author": [{"@type": "Organization", "name": each["name"]} for each in cited["authors"]],
        "keywords": cited["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {python[1]}" if python else "Python",
        "developmentStatus": "active",
        "url": cited["url"],
    }


def _zenodo(cited: Document, summary: str) -> Document:
    """Describe the data set as Zenodo reads it."""
    return {
        "title": cited["title"],
        "description": f"{summary}. {cited['message']}",
        "upload_type": "dataset",
        "creators": [{"name": each["name"]} for each in cited["authors"]],
        "version": str(cited["version"]),
        "publication_date": str(cited["date-released"]),
        "access_right": "open",
        "license": "cc-by-4.0",
        "keywords": cited["keywords"],
        "related_identifiers": [
            {"identifier": each["url"], "relation": "isDerivedFrom", "scheme": "url"} for each in cited["references"]
        ]
        + [{"identifier": cited["url"], "relation": "isIdenticalTo", "scheme": "url"}],
    }


def _json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
