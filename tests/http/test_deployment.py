"""Deployment: the files that start a copy, and how a server starts and ends."""

import configparser
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.asking import SLOW

from dialogiverkko.settings import Settings

INSTRUCTIONS = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL", "CMD"}


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, lines joined."""
    text = re.sub(r"\\\n\s*", "", (root / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


@pytest.fixture(scope="module")
def unit(root: Path) -> configparser.RawConfigParser:
    """The systemd unit."""
    parsed = configparser.RawConfigParser(strict=True)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]  # keeps the case of keys
    parsed.read_string((root / "deploy" / "dialogiverkko.service").read_text())
    return parsed


def test_dockerfile_has_known_instructions_in_order(dockerfile: list[tuple[str, str]]) -> None:
    """Every line is an instruction, images are pinned to a release, and the last one starts the server."""
    assert {name for name, _ in dockerfile} <= INSTRUCTIONS
    assert dockerfile[0][0] == "FROM"
    assert all(re.search(r":\d+[\w.-]*", value) for name, value in dockerfile if name == "FROM")
    assert json.loads(dockerfile[-1][1])[1:] == ["serve"]


def test_dockerfile_runs_as_nobody(dockerfile: list[tuple[str, str]]) -> None:
    """The server is not root, from the moment it starts."""
    last = [index for index, (name, _) in enumerate(dockerfile) if name == "FROM"][-1]
    users = [value for name, value in dockerfile[last:] if name == "USER"]

    assert users == ["dialogiverkko"]


def test_dockerfile_copies_from_stages_that_exist(dockerfile: list[tuple[str, str]]) -> None:
    """COPY --from names an earlier stage."""
    stages: list[str] = []
    for name, value in dockerfile:
        if name == "FROM" and " AS " in value:
            stages.append(value.rsplit(" ", 1)[1])
        if name == "COPY" and value.startswith("--from="):
            assert value.split()[0].removeprefix("--from=") in stages


def test_dockerfile_sets_settings_that_there_are(dockerfile: list[tuple[str, str]]) -> None:
    """An environment variable of ours is a setting, with a value that it takes."""
    given = dict(re.findall(r"(DIALOGIVERKKO_\w+)=(\S+)", " ".join(v for n, v in dockerfile if n == "ENV")))
    values = {name.removeprefix("DIALOGIVERKKO_").lower(): value for name, value in given.items()}
    exposed = next(value for name, value in dockerfile if name == "EXPOSE")

    assert values
    assert Settings(**values).port == int(exposed)  # type: ignore[arg-type]  # text, as in the environment


def test_deployments_run_the_command_of_make_serve(
    root: Path, dockerfile: list[tuple[str, str]], unit: configparser.RawConfigParser
) -> None:
    """One way to start, in three places."""
    recipe = re.search(r"^serve:.*\n((?:\t.*\n)+)", (root / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    command = recipe.group(1).split()[-2:]

    assert [Path(command[0]).name, command[1]] == ["dialogiverkko", "serve"]
    assert unit["Service"]["ExecStart"].split() == ["/opt/dialogiverkko/bin/dialogiverkko", "serve"]
    assert json.loads(dockerfile[-1][1]) == unit["Service"]["ExecStart"].split()


def test_unit_may_do_little(unit: configparser.RawConfigParser) -> None:
    """The process is nobody, gains nothing and writes nowhere but into its own state folder."""
    service = unit["Service"]

    assert (service["DynamicUser"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["TimeoutStopSec"]) > 15


def test_systemd_takes_the_unit(root: Path, tmp_path: Path) -> None:
    """systemd-analyze verify finds nothing to say of the unit itself."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not at hand")
    text = (root / "deploy" / "dialogiverkko.service").read_text()
    copy = tmp_path / "dialogiverkko.service"
    copy.write_text(text.replace("/opt/dialogiverkko/bin/dialogiverkko serve", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, check=False, timeout=60)

    told = [line for line in done.stderr.decode().splitlines() if copy.name in line]
    assert told == []


# --- start and end ----------------------------------------------------------------------------


def _start(tmp_path: Path, port: int, **environment: str) -> subprocess.Popen[bytes]:
    variables = {**os.environ, "DIALOGIVERKKO_PORT": str(port), **environment}
    with (tmp_path / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dialogiverkko.cli", "serve"],
            env=variables, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def _until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the server did not become ready")


def _living(port: int) -> set[int]:
    """List the processes that were started, however indirectly, to serve on a port."""
    mark = f"DIALOGIVERKKO_PORT={port}".encode()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment, state = (folder / "environ").read_bytes(), (folder / "stat").read_text()
        except OSError:
            continue
        if mark in environment.split(b"\0") and state.rpartition(")")[2].split()[0] != "Z":
            found.add(int(folder.name))
    return found


def _kill(port: int) -> None:
    for pid in _living(port):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_the_answer_under_way_come(tmp_path: Path, free_port: int, sent: signal.Signals) -> None:
    """After the signal the query that runs is still answered, nothing new is, and no process is left."""
    process = _start(tmp_path, free_port, DIALOGIVERKKO_TIME_LIMIT="2")
    try:
        _until_ready(free_port, process)
        got: list[int] = []

        def ask() -> None:
            address = f"http://127.0.0.1:{free_port}/sparql?{urlencode({'query': SLOW})}"
            try:
                urllib.request.urlopen(address, timeout=20)
            except urllib.error.HTTPError as error:
                got.append(error.code)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.7)
        process.send_signal(sent)
        thread.join()
        code = process.wait(timeout=25)
        time.sleep(0.5)
        left = _living(free_port)
    finally:
        _kill(free_port)

    assert (got, code) == ([504], 0)
    assert left == set()


def test_a_stop_right_after_the_start_ends_at_once(tmp_path: Path, free_port: int) -> None:
    """A process that speaks HTTP is told to stop as soon as it is forked, before it has a handler of its own."""
    process = _start(tmp_path, free_port)
    children, log = Path(f"/proc/{process.pid}/task/{process.pid}/children"), tmp_path / "log"
    try:
        while "Serving on" not in log.read_text():
            assert process.poll() is None
            time.sleep(0.001)
        before = children.read_text()
        while children.read_text() == before:
            assert process.poll() is None
            time.sleep(0.001)
        process.terminate()
        code = process.wait(timeout=5)
        time.sleep(0.5)
        left = _living(free_port)
    finally:
        _kill(free_port)

    assert (code, left) == (0, set())
    assert "refused" not in log.read_text()


def test_a_lost_web_process_comes_back(tmp_path: Path, free_port: int) -> None:
    """After kill -9 of the process that speaks HTTP another one answers, and the engine of the first is gone."""
    process = _start(tmp_path, free_port, DIALOGIVERKKO_PROCESSES="1")
    try:
        _until_ready(free_port, process)
        time.sleep(4)  # a process that dies younger is taken for one that cannot start
        before = _living(free_port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
        time.sleep(1)
        _until_ready(free_port, process)
        after = _living(free_port)
    finally:
        process.terminate()
        process.wait(timeout=25)
        _kill(free_port)

    assert before & after == {process.pid}
    assert len(after) >= 3


def _children(pid: int) -> set[int]:
    """List the processes that a process has started, in whichever thread, and theirs."""
    own = {int(child) for each in Path(f"/proc/{pid}/task").glob("*/children") for child in each.read_text().split()}
    return own.union(*(_children(child) for child in own))


def _parent(pid: int) -> int:
    """Return the process that started a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_of_two_web_processes_the_other_goes_on(tmp_path: Path, free_port: int) -> None:
    """Both are forked from one parent, as is what forks their workers; one that is killed takes its own with it."""
    process = _start(tmp_path, free_port, DIALOGIVERKKO_PROCESSES="2")
    try:
        _until_ready(free_port, process)
        time.sleep(4)  # see above
        speakers = [int(each) for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        families = {each: {each, *_children(each)} for each in _children(process.pid) if _parent(each) == process.pid}
        os.kill(speakers[0], signal.SIGKILL)
        answered = 0
        for _ in range(20):
            with (
                suppress(urllib.error.URLError, ConnectionError),
                urllib.request.urlopen(f"http://127.0.0.1:{free_port}/sparql?query=ASK%7B%7D", timeout=5) as response,
            ):
                answered += response.status == 200
            time.sleep(0.1)
        after = _living(free_port)
    finally:
        process.terminate()
        process.wait(timeout=25)
        _kill(free_port)

    assert len(speakers) == 2
    gone = {each for each in families if each not in after}
    assert answered >= 15
    assert speakers[0] in gone
    assert speakers[1] in after
    assert len(gone) * 2 == len(families) >= 6
    assert max(len(families[each]) for each in gone) >= 3
    assert set().union(*(families[each] for each in gone)) & after == set()
    assert set().union(*(families[each] for each in families.keys() - gone)) <= after


def test_a_port_that_is_taken_is_an_error(tmp_path: Path, free_port: int) -> None:
    """The system would let two servers share a port: the second one says that it is taken, before it builds."""
    with socket.create_server(("127.0.0.1", free_port), reuse_port=True):
        process = _start(tmp_path, free_port)
        code = process.wait(timeout=60)

    told = (tmp_path / "log").read_text()
    assert code == 2
    assert str(free_port) in told
    assert "--port" in told
    assert "Building" not in told


def test_damaged_data_never_start_a_server(tmp_path: Path, root: Path, free_port: int) -> None:
    """A broken file ends the command with its name and line, before anything listens."""
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(root / folder, tmp_path / "assets" / folder)
    broken = sorted((tmp_path / "assets" / "data" / "reference").glob("*.ttl"))[0]
    broken.write_text(broken.read_text() + "\nactivity:x a dlg:Activity ;;; broken\n")
    process = _start(tmp_path, free_port, DIALOGIVERKKO_ASSETS=str(tmp_path / "assets"))
    code = process.wait(timeout=60)

    told = (tmp_path / "log").read_text()
    assert code == 1
    assert broken.name in told
    assert "Traceback" not in told
