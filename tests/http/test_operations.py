"""Alive, ready, measured, logged; and told apart by a request id."""

import json
import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dialogiverkko.app import create_app
from dialogiverkko.cli import main
from dialogiverkko.settings import Settings, setting_rows, settings_table
from dialogiverkko.web.http.operations import LOG
from dialogiverkko.web.services import Services

ASK = "/sparql?query=ASK%7B%7D"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """Read the log of requests."""
    return [json.loads(record.message) for record in caplog.records if record.name == LOG.name]


def metric(client: FlaskClient, name: str) -> float:
    """Read one metric."""
    for line in client.get("/metrics").get_data(as_text=True).splitlines():
        if line.startswith(name):
            return float(line.rsplit(" ", 1)[1])
    raise AssertionError(name)


def test_healthz_says_alive(client: FlaskClient) -> None:
    """Alive says nothing of the engine."""
    assert client.get("/healthz").get_json() == {"status": "alive"}


def test_readyz_asks_a_canary(client: FlaskClient, services: Services) -> None:
    """Ready says which graph is answered from."""
    told = client.get("/readyz").get_json()

    assert (told["status"], told["digest"], told["loading"]) == ("ready", services.snapshot.digest, False)


def test_readyz_is_503_while_the_canary_is_silent(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balancer takes a server that cannot answer out of its pool."""
    monkeypatch.setattr(services.backend, "is_ready", lambda: False)

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_metrics_count_queries_by_outcome(client: FlaskClient) -> None:
    """Each query that reaches the engine is counted once."""
    name = 'dialogiverkko_queries_total{outcome="ok"}'
    client.get("/sparql?query=SELECT(RAND()AS%20%3Fx)%7B%7D")
    before = metric(client, name)
    client.get("/sparql?query=SELECT(RAND()AS%20%3Fx)%7B%7D")

    assert metric(client, name) == before + 1


@pytest.mark.parametrize(
    "name",
    [
        "dialogiverkko_query_seconds_total",
        "dialogiverkko_workers_killed_total",
        "dialogiverkko_queries_running",
        "dialogiverkko_queries_queued",
        "dialogiverkko_worker_resident_bytes",
        "dialogiverkko_graph_triples",
    ],
)
def test_metrics_have_what_an_operator_watches(client: FlaskClient, name: str) -> None:
    """Seconds, kills, queue and memory are there from the start."""
    assert metric(client, name) >= 0


def test_a_request_id_comes_back(client: FlaskClient) -> None:
    """A caller's id is kept, where it is one."""
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a;b", "é"])
def test_a_bad_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    """An id that could break a log is not written into one."""
    got = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": given}).headers["X-Request-Id"]

    assert got != given
    assert len(got) == 32


def test_the_log_is_one_json_line_without_the_query(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """What people ask is theirs: the log has path and status, and no query text."""
    with caplog.at_level(logging.INFO, logger=LOG.name):
        client.get(ASK, headers={"X-Request-Id": "log-1"})

    (entry,) = lines(caplog)
    assert (entry["request"], entry["path"], entry["status"]) == ("log-1", "/sparql", 200)
    assert "ASK" not in json.dumps(entry)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_setting_writes_queries_into_the_log(
    services: Services, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """An operator who must may see the queries."""
    app = create_app(Settings(log_queries=True), snapshot=services.snapshot, backend=services.backend)
    with caplog.at_level(logging.INFO, logger=LOG.name):
        if method == "get":
            app.test_client().get(ASK)
        else:
            app.test_client().post("/sparql", data={"query": "ASK{}"})

    assert lines(caplog)[0]["query"] == "ASK{}"


@pytest.mark.parametrize("path", ["/", ASK, "/nothing", "/healthz"])
def test_security_headers_stand_on_every_answer(client: FlaskClient, path: str) -> None:
    """Nothing is sniffed, framed, or fetched from elsewhere."""
    headers = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "default-src" in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]


def test_two_applications_live_side_by_side(services: Services) -> None:
    """Nothing is kept in globals: two configurations, one process."""
    apps = [
        create_app(Settings(base_address=a), snapshot=services.snapshot, backend=services.backend)
        for a in ("https://a.example", "https://b.example")
    ]
    texts = [app.test_client().get("/sparql", headers={"Accept": "text/turtle"}).get_data(as_text=True) for app in apps]

    assert "https://a.example/sparql" in texts[0]
    assert "https://b.example/sparql" in texts[1]


# --- settings ---------------------------------------------------------------------------------


def test_every_setting_is_shown_by_serve_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`serve --help` lists each variable with its meaning."""
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    shown = capsys.readouterr().out

    assert all(name in shown and meaning in shown for name, _, meaning in setting_rows())
    assert len(setting_rows()) == len(Settings.model_fields)


def test_the_readme_has_the_table_of_settings(root: Path) -> None:
    """The table of the README is the one that the settings write."""
    assert settings_table() in (root / "README.md").read_text(encoding="utf-8")


def test_every_setting_has_a_meaning() -> None:
    """A setting without a help text is not one."""
    assert all(meaning for _, _, meaning in setting_rows())
    assert settings_table().count("\n") == len(Settings.model_fields) + 2
