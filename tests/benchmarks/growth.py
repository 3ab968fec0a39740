"""Measures our own build and check on graphs of growing size: processor seconds, and the peak of memory of each."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Growth:
    """How long our own commands take on one graph."""

    activities: int
    triples: int
    day: str
    load: float
    """Load average of the machine just before."""
    build_seconds: float
    """Of processor, in all its processes: what other programs do on the machine hardly matters."""
    build_mib: float
    check_seconds: float
    check_mib: float


def run(command: list[str], assets: Path) -> tuple[float, float]:
    """Run one of our commands on a folder of assets; seconds of processor, and the peak of its memory in MiB.

    Raises CalledProcessError where it fails.
    """
    environment = {**os.environ, "DIALOGIVERKKO_ASSETS": str(assets)}
    words = [str(Path(sys.executable).parent / "dialogiverkko"), *command]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def growth(assets: Path, activities: int, out: Path, day: str) -> Growth:
    """Build the dumps and check the graph by our own commands."""
    load = os.getloadavg()[0]
    build_seconds, build_mib = run(["build", "--out", str(out)], assets)
    check_seconds, check_mib = run(["check"], assets)
    with (out / "dialogiverkko.nt").open("rb") as lines:
        triples = sum(1 for _ in lines)
    return Growth(activities, triples, day, load, build_seconds, build_mib, check_seconds, check_mib)
