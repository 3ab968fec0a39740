"""Files that people bring, broken in ways that files are: each is told of in a sentence, or taken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dialogiverkko import cli
from dialogiverkko.graph.validation.times import bounds_of

ACTIVITY = "https://w3id.org/dialogiverkko/id/activity/x"
DLG = "https://w3id.org/dialogiverkko/ns#"


def check(tmp_path: Path, name: str, content: bytes, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Check a file of some bytes; gives the exit code and all that was told."""
    path = tmp_path / name
    path.write_bytes(content)
    code = cli.main(["check", str(path)])
    told = capfd.readouterr()
    return code, told.out + told.err


@pytest.mark.parametrize("expression", ["2020-1X", "2020-1X/2021", "2020-XX-1X", "199u", "x" * 500, "٢٠٢٠", "[2020"])
def test_what_is_no_time_is_refused(expression: str, capfd: pytest.CaptureFixture[str]) -> None:
    """No other error than the one that is told, and nothing on standard output."""
    with pytest.raises(ValueError, match=re.escape(expression.partition("/")[0])):
        bounds_of(expression)
    assert capfd.readouterr() == ("", "")


def test_a_bad_time_is_a_finding(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The check goes on and names the time span."""
    text = f'<{ACTIVITY}/time> a <{DLG}TimeSpan> ; <{DLG}edtf> "2020-1X"^^<http://id.loc.gov/datatypes/edtf/EDTF> .'
    code, told = check(tmp_path, "time.ttl", text.encode(), capfd)

    assert code == 1
    assert "DLG-026" in told
    assert "2020-1X" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"# only a comment\n", b"@prefix a: <http://e/> .\n", b"\xef\xbb\xbf"]
)
def test_a_file_that_says_nothing_is_told_of(tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """An empty file is most likely not the one that was meant."""
    code, told = check(tmp_path, "empty.ttl", content, capfd)

    assert (code, "says nothing" in told) == (2, True)


def test_a_byte_order_mark_is_taken(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The file of a Windows editor is checked like any other."""
    text = f"\ufeff<{ACTIVITY}> a <{DLG}Activity> ."
    code, told = check(tmp_path, "mark.ttl", text.encode(), capfd)

    assert code == 1
    assert "DLG-001" in told
    assert f"<{ACTIVITY}>" in told


def test_a_thing_without_an_iri_is_named_by_what_points_at_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """With its kind and its file, and never mixed up with a blank node of another file."""
    text = f"<{ACTIVITY}> <{DLG}hasCount> [ a <{DLG}Count> ] . [] a <{DLG}Count> ."
    _, told = check(tmp_path, "unnamed.ttl", text.encode(), capfd)

    assert f"<{ACTIVITY}> (unnamed.ttl): a node without a name" in told.replace("countedUnit ", "")
    assert "a node without a name, of nothing" in told
    assert "first KnownGap" not in told


def run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dialogiverkko.cli", *arguments],
        capture_output=True, check=False, timeout=120, env=environment,
    )  # fmt: skip


def test_a_terminal_that_knows_ascii_only_gets_an_answer() -> None:
    """What it cannot show is written by its number."""
    done = run(
        ["query", "guiding-questions"], LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii", PYTHONCOERCECLOCALE="0"
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\xe4" in done.stdout


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [(b"# \xff\nASK {}", 2, b"is not UTF-8: byte 2 is 0xFF"), (b"\xef\xbb\xbfASK {}", 0, b"true")],
)
def test_a_query_file_is_utf_8(tmp_path: Path, content: bytes, code: int, words: bytes) -> None:
    """A byte that is none is told of by its place; a mark is taken."""
    path = tmp_path / "own.rq"
    path.write_bytes(content)
    done = run(["query", str(path)])

    assert done.returncode == code
    assert words in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr
