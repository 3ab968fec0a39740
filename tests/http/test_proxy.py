"""Behind a reverse proxy: its headers are believed as far as the settings say, and a copy below a path is whole."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from tests.served import served_on_loopback

from dialogiverkko.app import create_app
from dialogiverkko.errors import UsageError
from dialogiverkko.settings import Settings, read_settings
from dialogiverkko.web.services import Services

FORWARDED = {
    "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "dialogi.example",
    "X-Forwarded-Port": "443", "X-Forwarded-Prefix": "/verkko",
}  # fmt: skip
PAGES = ("fi/", "en/activities", "sv/page/org/om", "queries?lang=en", "queries/guiding-questions?lang=en", "en/data",
         "en/vocabulary", "en/collaboration", "en/page/dataset", "graphs", "en/sparql", "en/source")  # fmt: skip


def client_of(services: Services, **settings: object) -> FlaskClient:
    """A client of the same graph under other settings."""
    made = Settings(workers=2, **settings)  # type: ignore[arg-type]  # pydantic checks each
    return create_app(made, snapshot=services.snapshot, backend=services.backend).test_client()


def linked(page: str) -> set[str]:
    """What a page links to or loads, as written."""
    return {unescape(found) for found in re.findall(r'\s(?:href|src|action)="([^"#]+)', page)}


def test_a_stranger_is_not_believed(services: Services) -> None:
    """Without a setting, the headers of a proxy change nothing."""
    page = client_of(services).get("/en/data", headers=FORWARDED).get_data(as_text=True)

    assert "dialogi.example" not in page
    assert "verkko/static" not in page


def test_a_proxy_is_believed_where_the_settings_say_so(services: Services) -> None:
    """Scheme, host and path of the public address stand in pages, redirections, headers and descriptions."""
    client = client_of(services, trusted_hops=1)
    root = "https://dialogi.example/verkko"
    page = client.get("/en/data", headers=FORWARDED)
    text = page.get_data(as_text=True)
    links = linked(text)

    assert f'<link rel="canonical" href="{root}/en/data">' in text
    assert f"{root}/sparql" in text
    assert {link for link in links if link.startswith("/") and not link.startswith("/verkko/")} == set()
    assert client.get("/id/org/om", headers=FORWARDED).headers["Location"] == "/verkko/data/org/om"
    assert "</verkko/data/org/om.ttl>" in ", ".join(
        client.get("/data/org/om", headers=FORWARDED).headers.getlist("Link")
    )
    assert client.get("/fi", headers=FORWARDED).headers["Location"] == f"{root}/fi/"
    assert client.get("/sparql/?x=1", headers=FORWARDED).headers["Location"] == "/verkko/sparql?x=1"
    assert f"<loc>{root}/" in client.get("/sitemap.xml", headers=FORWARDED).get_data(as_text=True)
    assert f"Sitemap: {root}/sitemap.xml" in client.get("/robots.txt", headers=FORWARDED).get_data(as_text=True)
    assert client.get("/openapi.json", headers=FORWARDED).json["servers"] == [{"url": root}]
    assert f"<{root}/sparql>" in client.get("/sparql?format=nt", headers=FORWARDED).get_data(as_text=True)
    assert f"<{root}/data/org/om>" in client.get("/data/org/om.nt", headers=FORWARDED).get_data(as_text=True)


def test_only_as_many_proxies_as_are_said_are_believed(services: Services) -> None:
    """With one hop the last value of a list counts: what a client wrote itself stands before it."""
    headers = {**FORWARDED, "X-Forwarded-Host": "evil.example, dialogi.example"}
    page = client_of(services, trusted_hops=1).get("/en/data", headers=headers).get_data(as_text=True)

    assert "evil.example" not in page
    assert "https://dialogi.example/verkko/sparql" in page


@pytest.mark.parametrize("prefix", ["//evil.example", '/x"><script>', "/a b", "https://evil.example", "/../x y"])
def test_a_prefix_that_is_no_path_is_left_out(services: Services, prefix: str) -> None:
    """Not even a believed proxy can write markup or another site into a page."""
    client = client_of(services, trusted_hops=1)
    headers = {**FORWARDED, "X-Forwarded-Prefix": prefix}

    assert client.get("/id/org/om", headers=headers).headers["Location"] == "/data/org/om"
    assert prefix not in client.get("/en/data", headers=headers).get_data(as_text=True)


@pytest.mark.parametrize("stays", [False, True], ids=["the proxy takes the path off", "the proxy leaves the path on"])
def test_a_base_address_with_a_path_is_whole(services: Services, stays: bool) -> None:
    """However the proxy passes it on, every link of a page is below the path and answers."""
    client = client_of(services, base_address="https://example.org/a/dialogues/")
    start = "/a/dialogues" if stays else ""
    seen = set()
    for page in PAGES:
        response = client.get(f"{start}/{page}", headers={"Accept": "text/html"}, follow_redirects=False)
        assert response.status_code == 200, page
        seen |= {link for link in linked(response.get_data(as_text=True)) if link.startswith("/")}

    assert [link for link in seen if not link.startswith("/a/dialogues/")] == []
    assert [link for link in seen if link.count("/a/dialogues") > 1] == []
    for link in sorted(seen)[::9]:
        answer = client.get(link, headers={"Accept": "text/html,*/*;q=0.8"})
        assert answer.status_code in (200, 303, 308), link
        assert answer.headers.get("Location", "/a/dialogues/").startswith(
            ("/a/dialogues/", "https://example.org/a/dialogues/")
        )


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org", "https://example.org/a b", "https://x/?a=b", "//x/"]
)
def test_a_base_address_that_is_none_is_refused_at_the_start(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be written into every page."""
    monkeypatch.setenv("DIALOGIVERKKO_BASE_ADDRESS", address)

    with pytest.raises(UsageError, match="DIALOGIVERKKO_BASE_ADDRESS"):
        read_settings()


# --- a real proxy -----------------------------------------------------------------------------

_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; proxy_max_temp_file_size 0;
  server {{
    listen 127.0.0.1:{port};
    location /dialogues/ {{
      proxy_pass {address};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Prefix /dialogues;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def proxied(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this copy behind nginx, below a path."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not at hand")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(Settings(workers=2, trusted_hops=1), snapshot=services.snapshot, backend=services.backend)
    with served_on_loopback(app) as address:
        (folder / "conf").write_text(_NGINX.format(folder=folder, port=port, address=address))
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(folder / "conf")], env={**os.environ, "TZ": "UTC"}
        )
        try:
            _until(port, process)
            yield f"http://127.0.0.1:{port}/dialogues/"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _until(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not come up")


def fetch(address: str, accept: str = "text/html,*/*;q=0.8") -> tuple[str, str]:
    """Get an address, following redirections; gives where it ended and the text."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=60) as answer:
        return answer.url, answer.read().decode("utf-8", "replace")


def test_a_crawler_stays_below_the_path(proxied: str) -> None:
    """Pages, styles, scripts and downloads, each by its link, and no link leads to another part of the host."""
    waiting, seen = [proxied], set()
    while waiting and len(seen) < 120:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        end, text = fetch(address)
        assert end.startswith(proxied), (address, end)
        if text.startswith("<!doctype html>"):
            links = sorted({urljoin(end, link) for link in linked(text)})
            here = [link for link in links if urlsplit(link).netloc == urlsplit(proxied).netloc]
            assert [link for link in here if not link.startswith(proxied)] == [], end
            waiting += here[:: max(1, len(here) // 12)]

    assert len(seen) == 120
    assert any("/static/site.css" in address for address in seen)


def test_programs_find_their_way_below_the_path(proxied: str) -> None:
    """An IRI, a query, OpenAPI's server and the next page of an answer."""
    end, turtle = fetch(f"{proxied}id/org/om", "text/turtle")
    document = json.loads(fetch(f"{proxied}openapi.json", "application/json")[1])
    answer = fetch(f"{proxied}sparql?query=ASK%7B%7D", "application/sparql-results+json")[1]

    assert end == f"{proxied}data/org/om"
    assert len(Graph().parse(data=turtle, format="turtle")) > 10
    assert document["servers"] == [{"url": proxied.rstrip("/")}]
    assert json.loads(answer)["boolean"] is True
    with pytest.raises(urllib.error.HTTPError, match="422"):
        fetch(f"{proxied}queries?lang=xx")
