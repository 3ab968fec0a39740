"""The commands `query` and `network`, run in this process on the graph that the tests share."""

import json
import re
import shlex
import socket
from contextlib import nullcontext
from pathlib import Path

import networkx as nx
import pytest

from dialogiverkko import cli
from dialogiverkko.cli import queries as cli_queries
from dialogiverkko.saved.answers import SavedQueries

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def _shared_graph(saved: SavedQueries, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands use the graph that is open already."""
    monkeypatch.setattr(cli_queries, "open_saved", lambda _settings: nullcontext(saved))


def test_network_tells_the_chain_of_two_organisations(capfd: pytest.CaptureFixture[str]) -> None:
    """`network om vm` prints a sentence with the lines that it rests on."""
    code = cli.main(["network", "om", "vm", "--lang", "en"])

    told = capfd.readouterr().out
    assert code == 0
    assert told.startswith("Ministry of Justice and Ministry of Finance organise or coordinate together")
    assert "line 41" in told


def test_network_tells_the_links_of_one_organisation(capfd: pytest.CaptureFixture[str]) -> None:
    """`network om` prints one sentence for each of its links."""
    cli.main(["network", "om"])

    assert len(capfd.readouterr().out.splitlines()) == 7


def test_network_says_what_lies_beside_it(capfd: pytest.CaptureFixture[str]) -> None:
    """`network` prints the links, then measures and who is known only by kind."""
    cli.main(["network", "--strength", "partnership"])

    links, _, measures = capfd.readouterr().out.partition("\n\n")
    found = json.loads(measures)
    assert len(links.splitlines()) == 4
    assert found["knownOnlyByKind"]
    assert len(found["components"]) == 1


@pytest.mark.parametrize("form", ["graphml", "gexf", "json", "csv"])
def test_network_writes_every_format(form: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Each format comes whole on standard output."""
    code = cli.main(["network", "--format", form])

    body = capfdbinary.readouterr().out.decode()
    assert code == 0
    if form == "graphml":
        assert nx.parse_graphml(body, force_multigraph=True).number_of_edges() == 22
    assert "om--vm--poikkeusajan-dialogit" in body


def test_query_lists_what_can_be_asked(capfd: pytest.CaptureFixture[str], saved: SavedQueries) -> None:
    """`query --list` prints every public query with its question."""
    cli.main(["query", "--list", "--lang", "fi"])

    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == len(saved.catalogue.public())
    assert any("collaboration-links" in line and "yhteydessä" in line for line in lines)


def test_query_takes_parameters_as_options(capfd: pytest.CaptureFixture[str]) -> None:
    """`--organisation om`, `--organisation=om` and `--param organisation=om` mean the same."""
    outputs = []
    for option in (["--organisation", "om"], ["--organisation=om"], ["--param", "organisation=om"]):
        assert cli.main(["query", "planned-and-aspired-activities", *option, "--format", "csv"]) == 0
        outputs.append(capfd.readouterr().out)

    assert outputs[0] == outputs[1] == outputs[2]
    assert len(outputs[0].splitlines()) == 3


def test_query_prints_a_table_that_can_be_cited(capfd: pytest.CaptureFixture[str]) -> None:
    """Without a format the answer is a table with headings, the number of rows, and the citation."""
    cli.main(["query", "planned-and-aspired-activities", "--lang", "sv", "--limit", "2"])

    told = capfd.readouterr().out
    assert "genomförandestatus" in told
    assert "2 / 7" in told
    assert "fråga ”" in told


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["planned-and-aspired-activities", "--organisation", "omm"], 2, "The nearest is 'om'"),
        (["planned-and-aspired-activity"], 1, "planned-and-aspired-activities"),
        (["planned-and-aspired-activities", "--format", "pdf"], 2, "--format takes"),
        (["planned-and-aspired-activities", "--param", "om"], 2, "NAME=VALUE"),
        (["planned-and-aspired-activities", "--organisation"], 2, "takes a value"),
        (["no-such-file.rq"], 2, "cannot be read"),
    ],
)
def test_query_says_what_was_wrong(
    arguments: list[str], code: int, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """A bad answer is 1, wrong use is 2, and the sentence says what would be right."""
    assert cli.main(["query", *arguments]) == code
    assert words in capfd.readouterr().err


def test_query_answers_a_file(root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file with a header is a saved query; one without is plain SPARQL."""
    own = tmp_path / "own.rq"
    own.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", encoding="utf-8")
    saved_file = root / "queries" / "competency" / "what-continued-what.rq"

    assert cli.main(["query", str(own)]) == 0
    counted = json.loads(capfd.readouterr().out)
    assert cli.main(["query", str(saved_file), "--format", "csv", "--lang", "en"]) == 0

    assert int(counted["results"]["bindings"][0]["n"]["value"]) > 10_000
    assert "mmm-dialogikoulutus-syksy-2021" in capfd.readouterr().out


README_COMMANDS = re.findall(r"`\.venv/bin/dialogiverkko ([^`]+)`", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readme_names_commands_as_they_are_typed() -> None:
    """In a checkout the command lies in the virtual environment, and nowhere else."""
    assert {command.split()[0] for command in README_COMMANDS} >= {"query", "network", "mcp"}


@pytest.mark.parametrize("command", [each for each in README_COMMANDS if each.split()[0] in ("query", "network")])
def test_a_command_of_the_readme_answers(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Typed as it stands, it ends well and says something."""
    assert cli.main(shlex.split(command)) == 0
    assert capfd.readouterr().out.strip()


def test_serve_refuses_a_port_that_is_none(capfd: pytest.CaptureFixture[str]) -> None:
    """A sentence, not a traceback."""
    assert cli.main(["serve", "--port", "99999"]) == 2
    assert "--port: Input should be less than or equal to 65535" in capfd.readouterr().err


def test_serve_refuses_a_port_that_is_taken(capfd: pytest.CaptureFixture[str]) -> None:
    """Before the graph is built; two servers would share it, each with half of the requests."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert cli.main(["serve", "--port", str(other.getsockname()[1])]) == 2
    assert "in use" in capfd.readouterr().err
