"""Which engine commands and agents open, what they tell of its release, and that it is closed again."""

from types import SimpleNamespace
from typing import Any

import pytest

from dialogiverkko.front import opening
from dialogiverkko.saved.answers import Release
from dialogiverkko.settings import Settings

HERE, THERE = Settings(), Settings(backend="http://localhost/sparql")
SNAPSHOT: Any = SimpleNamespace(full_store=lambda: "the graph", prefixes={"p": "urn:p:"})


@pytest.mark.parametrize(("settings", "expected"), [
    (HERE, ("ours", "the graph", SNAPSHOT.prefixes, HERE)), (THERE, ("theirs", THERE, SNAPSHOT)),
])  # fmt: skip
def test_the_engine_is_ours_unless_an_address_is_given(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, expected: tuple[object, ...]
) -> None:
    """Ours is given the graph; what stands at an address has its own."""
    monkeypatch.setattr(opening, "GuardedBackend", lambda *given: ("ours", *given))
    monkeypatch.setattr(opening, "connect", lambda *given: ("theirs", *given))

    assert opening.start_engine(settings, SNAPSHOT) == expected


@pytest.mark.parametrize(("settings", "digest"), [(HERE, "f" * 64), (THERE, "")])
def test_the_digest_is_told_of_our_own_engine_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, digest: str
) -> None:
    """Nobody knows what lies in another server; either is closed at the end, whatever happens."""
    ended: list[str] = []
    engine = SimpleNamespace(close=lambda: ended.append("closed"))
    for name, made in (("read_built", SNAPSHOT), ("start_engine", engine), ("release_of", Release("1", "f" * 64))):
        monkeypatch.setattr(opening, name, lambda *_, made=made: made)

    def use() -> None:
        with opening.open_saved(settings) as saved:
            assert (saved.release, ended) == (Release("1", digest), [])
            raise LookupError

    with pytest.raises(LookupError):
        use()
    assert ended == ["closed"]
