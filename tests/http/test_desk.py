"""The desk of ``source read``: a text beside its reading, told at once what holds, and written for nobody else."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dialogiverkko.errors import UsageError
from dialogiverkko.graph.assets import FOLDERS, Assets, find_assets
from dialogiverkko.graph.source.desk import Desk, digest_of
from dialogiverkko.web.desk.pages import TOKEN, create_desk

SLUG = "rannikko-2022"
FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "second-listing"
HOST = "localhost"
"""The host that the client of the tests asks."""
SENT = "HTTP_" + TOKEN.upper().replace("-", "_")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """A copy of the four folders, the tables left out, with a second listing whose reading is as the fixture's."""
    root = tmp_path_factory.mktemp("desk")
    ours = find_assets().root
    for folder in FOLDERS:
        shutil.copytree(ours / folder, root / folder, ignore=shutil.ignore_patterns("national-dialogues*"))
    lay(Assets(root))
    (root / "texts").mkdir()
    shutil.copy(FIXTURE / "text.txt", root / "texts" / f"{SLUG}.txt")
    return Assets(root)


def lay(assets: Assets) -> str:
    """Lay the fixture's reading into the copy, as it was at first."""
    folder = assets.root / "data" / "sources" / SLUG
    folder.mkdir(exist_ok=True)
    shutil.copy(FIXTURE / "reading.yaml", folder)
    return (FIXTURE / "reading.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(copy: Assets) -> Desk:
    """The second listing on the desk."""
    return Desk(copy, SLUG, copy.root / "texts")


@pytest.fixture
def client(desk: Desk) -> Iterator[FlaskClient]:
    """The page's application, spoken to as its page does; the reading is the fixture's at the start."""
    lay(desk.assets)
    with create_desk(desk, frozenset({HOST})).test_client() as client:
        token = re.search(r'data-token="([^"]+)"', client.get("/").text)
        assert token is not None
        client.environ_base[SENT] = token[1]
        yield client


def test_each_line_shows_what_rests_on_it(desk: Desk) -> None:
    """Lines are headings, read or not; a phrase leads to the line of the reading that quotes it."""
    text = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
    view = desk.look(text)

    words = {"".join(part["text"] for part in row["parts"]): row for row in view.rows}
    bullet = words["Erätauko-menetelmällä keskusteluja käyty noin 10 kpl kuntalaisten kanssa, syksystä 2021 alkaen."]
    assert (view.problems, view.is_form) == ((), True)
    assert words["Koivulahti"]["state"] == "heading"
    assert bullet["state"] == "item"
    said = {part["text"]: part["said"] for part in bullet["parts"] if part["said"]}
    (count,) = said["noin 10 kpl"]
    assert count["key"] == "count"
    assert "count: ~10 discussion «noin 10 kpl»" in text.splitlines()[count["line"] - 1]
    assert "words: «Erätauko-menetelmällä" in text.splitlines()[bullet["line"] - 1]


def test_what_is_not_read_is_seen(desk: Desk) -> None:
    """An item of which nothing is told waits; a line that no item is stands unread, with the words to begin one."""
    text = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")
    begin = text.index("  - words: «Henkilöstön")
    end = text.index("- heading: «Sisäministeriö»")
    gone = desk.look(text[:begin] + text[end:])
    empty = desk.look(text[:begin] + "  - words: «Henkilöstön»\n" + text[end:])

    def state(view: object) -> list[tuple[str, str]]:
        return [(r["state"], r["opening"]) for r in view.rows if "Henkilöstön" in r["parts"][0]["text"]]  # type: ignore[attr-defined]

    assert state(gone) == [("unread", "Henkilöstön sisäinen dialogi.")]
    assert state(empty) == [("waiting", "Henkilöstön sisäinen dialogi.")]


def test_faults_are_told_with_their_place(client: FlaskClient) -> None:
    """What is wrong is told a moment after it is written: words that are not there, and what has no form."""
    good = (FIXTURE / "reading.yaml").read_text(encoding="utf-8")

    wrong = client.post("/look", data=good.replace("«noin 10 kpl»", "«noin 11 kpl»")).json
    broken = client.post("/look", data=good.replace("form: series", "form: serie", 1)).json

    (fault,) = wrong["problems"]
    assert "«noin 11 kpl» is not in the text" in fault["text"]
    assert "«noin 10 kpl»" in good.splitlines()[fault["line"] - 1]
    assert broken["isForm"] is False
    assert "Did you mean series?" in broken["problems"][0]["text"]


def test_it_writes_the_same_file(client: FlaskClient, desk: Desk) -> None:
    """Saved, the file is what the page holds; a file that changed meanwhile is not written over."""
    first = client.get("/reading").json
    text = first["reading"].replace("keskusteluja käyty»\n", "keskusteluja käyty»\n", 1) + "# a remark of ours\n"

    answer = client.post(f"/save?before={first['digest']}", data=text.replace("\n", "\r\n"))
    late = client.post(f"/save?before={first['digest']}", data="source: {}\n")

    assert answer.json["digest"] == digest_of(text)
    assert desk.reading() == text
    assert late.status_code == 409
    assert "has changed since" in late.json["wrong"][0]


def test_it_compiles_as_the_command_does(client: FlaskClient) -> None:
    """The page's button compiles into the graph's files, and tells the difference in the same sentences."""
    answer = client.post("/compile").json

    assert answer["wrong"] == []
    assert "adds 11 activities, 1 document, 1 gap, 1 organisation" in answer["said"][0]


def test_names_of_the_graph_are_offered(client: FlaskClient) -> None:
    """Names come with their kinds and labels; a key of the reading says which kinds fit it."""
    answer = client.get("/names").json

    known = {(kind, slug): label for kind, slug, label in answer["names"]}
    assert "Sisäministeriö" in known[("org", "sm")]
    assert answer["kinds"]["theme"][0] == "theme"
    assert answer["kinds"]["part-of"] == ["project", "programme", "process", "activity", "occasion"]
    assert {kind for kinds in answer["kinds"].values() for kind in kinds} <= {kind for kind, _ in known}


@pytest.mark.parametrize("path", ["/save", "/look", "/compile"])
def test_no_other_page_writes(client: FlaskClient, path: str) -> None:
    """Without the token of the page, or under another name of the host, nothing is done."""
    client.environ_base.pop(SENT)
    before = client.get("/reading").json["reading"]

    refused = client.post(path, data="source: {}\n")
    elsewhere = client.get("/reading", headers={"Host": "desk.example"})

    assert (refused.status_code, elsewhere.status_code) == (403, 403)
    assert client.get("/reading").json["reading"] == before


def test_a_source_without_text_has_its_page(copy: Assets) -> None:
    """Of a web page we hold no text: the reading stands alone beside the page's address."""
    desk = Desk(copy, "yle-fi", copy.root / "texts")

    with create_desk(desk, frozenset({HOST})).test_client() as client:
        page = client.get("/").text

    assert desk.look(desk.reading()).rows == ()
    assert f'href="{desk.page}"' in page


def test_the_command_says_where_and_refuses_a_taken_port(copy: Assets) -> None:
    """It listens on this machine alone; a port that is taken and a source that is not there are told."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        environment = {"DIALOGIVERKKO_ASSETS": str(copy.root), "DIALOGIVERKKO_SOURCE_TEXTS": str(copy.root / "texts")}
        command = [sys.executable, "-m", "dialogiverkko.cli", "source", "read", SLUG, "--port", number]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == f"dialogiverkko: Port {number} is taken; name another with --port, or leave it out.\n"
    with pytest.raises(UsageError, match="There is no reading"):
        Desk(copy, "ei-ole")
