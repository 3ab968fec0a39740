"""What parameters may be is kept at the build as the graph tells it, and read back without the engine."""

from pathlib import Path

from flask import Flask

from dialogiverkko.app import build_answers
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network import asked, compared
from dialogiverkko.saved import choosing
from dialogiverkko.saved.answers import SavedQueries, list_key
from dialogiverkko.saved.parameters import Parameter


def test_the_lists_that_are_kept_are_those_of_the_whole_graph(
    saved: SavedQueries, application: Flask, tmp_path: Path
) -> None:
    """Of every parameter of a public query and of the network, in each language, in the same order."""
    build_answers(application.extensions["dialogiverkko"].snapshot, tmp_path)
    kept = choosing.read(tmp_path / choosing.FILE)

    for parameter in offered(saved):
        for language in LANGUAGES:
            assert kept(list_key(parameter, language)) == saved.choices(parameter, language), parameter.choices_query


def test_other_lists_are_asked_of_the_engine(saved: SavedQueries, application: Flask, tmp_path: Path) -> None:
    """Where the values are written by another beginning, or their labels are in another language, none is kept."""
    build_answers(application.extensions["dialogiverkko"].snapshot, tmp_path)
    kept = choosing.read(tmp_path / choosing.FILE)
    engine = saved._backend
    with_kept = SavedQueries(saved.catalogue, engine, saved.limits, saved.release, kept)

    for parameter in offered(saved):
        query, base, _ = list_key(parameter, "fi")
        assert kept((query, base, "de")) is None
        assert kept((query, f"{base}x/", "fi")) is None
        assert with_kept.choices(parameter, "de") == saved.choices(parameter, "de")


def test_a_kept_list_is_offered_as_it_is(saved: SavedQueries) -> None:
    """Though the graph would tell more."""
    parameter = offered(saved)[0]
    some = saved.choices(parameter, "sv")[:1]
    engine = saved._backend
    with_kept = SavedQueries(
        saved.catalogue, engine, saved.limits, saved.release, {list_key(parameter, "sv"): some}.get
    )

    assert with_kept.choices(parameter, "sv") == some
    assert len(with_kept.choices(parameter, "fi")) > 1


def offered(saved: SavedQueries) -> list[Parameter]:
    """Every parameter that offers a list of the graph."""
    public = (each for query in saved.catalogue.public() for each in query.parameters)
    return [each for each in (*public, *asked.PARAMETERS, *compared.PARAMETERS) if each.choices_query]
