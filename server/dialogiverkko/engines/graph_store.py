"""Puts a graph into a server by the SPARQL 1.1 Graph Store HTTP Protocol.

Each named graph is put under its name. The merge of all but the shapes is put as the default graph
and, where the server makes something else of its default graph, as a named graph of its own. A large graph
goes in pieces, from the lines in which it is held, so that it is never in memory as a whole.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
    urlopen,
)

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.graph.lines import Triples, ordered, set_apart
from dialogiverkko.namespaces import GRAPH

MERGED_GRAPH: Final = GRAPH + "merged"
"""The graph that stands for the default graph on a server that has none of its own."""
_SECONDS: Final = 600.0
_AT_ONCE: Final = 25
"""Blocks of lines that are sent together: some hundred thousand lines, fifteen megabytes."""


@dataclass(frozen=True)
class GraphStore:
    """A Graph Store Protocol address; a name and a password may stand in it before the host."""

    address: str
    passwords: HTTPPasswordMgrWithDefaultRealm | None = None

    @classmethod
    def at(cls, address: str) -> "GraphStore":
        """Take the credentials out of an address and keep them for when the server asks."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        plain = urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host))
        if not parts.username:
            return cls(plain)
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, plain, unquote(parts.username), unquote(parts.password or ""))
        return cls(plain, passwords)

    def put(self, graph: str | None, triples: Iterable[Triple]) -> None:
        """Replace one graph, the default graph where ``graph`` is None, by its first piece, and add the others."""
        for number, body in enumerate(pieces(ordered(triples))):
            self._send("POST" if number else "PUT", graph, body)

    def _send(self, method: str, graph: str | None, body: bytes) -> None:
        query = urlencode({"graph": graph}) if graph else "default"
        request = Request(  # noqa: S310 - the operator's own setting
            f"{self.address}?{query}", body, {"Content-Type": "application/n-triples"}, method=method
        )
        try:
            if self.passwords and (authorization := self._authorization(request)):
                request.add_unredirected_header("Authorization", authorization)
            with urlopen(request, timeout=_SECONDS):  # noqa: S310 - the same
                return
        except HTTPError as error:
            error.close()
            raise BackendUnavailableError(
                f"The server behind answers {error.code} when a graph is put into it."
            ) from error
        except (URLError, OSError) as error:
            raise BackendUnavailableError("The server behind cannot be reached.") from error

    def _authorization(self, request: Request) -> str | None:
        """Ask which authorization the server wants before a graph is sent: it may hang up on a big body."""
        try:
            with urlopen(Request(request.full_url, method="HEAD"), timeout=_SECONDS):  # noqa: S310 - the same
                return None
        except HTTPError as error:
            error.close()
            scheme, _, rest = error.headers.get("WWW-Authenticate", "").partition(" ")
        if scheme.lower() == "digest":
            answer = HTTPDigestAuthHandler(self.passwords).get_authorization(
                request, parse_keqv_list(parse_http_list(rest))
            )
            return f"Digest {answer}" if answer else None
        if scheme.lower() == "basic" and self.passwords:
            name, password = self.passwords.find_user_password(None, request.full_url)
            return "Basic " + b64encode(f"{name}:{password}".encode()).decode()
        return None


def pieces(triples: Triples) -> Iterator[bytes]:
    """Yield the lines of a graph in pieces; all that name blank nodes are in the first, where they mean the same."""
    named = b"".join(set_apart(text)[0] for text in triples.texts()) if triples.has_blank_nodes else b""
    texts = (set_apart(text)[1] if named else text for text in triples.texts())
    first = named + b"".join(islice(texts, _AT_ONCE))
    yield first
    while some := list(islice(texts, _AT_ONCE)):
        yield b"".join(some)


def publish(endpoint: str, store: GraphStore, graphs: Mapping[str | None, Iterable[Triple]]) -> Mapping[str, int]:
    """Put a dataset into the server behind a query endpoint as it needs it; tells how many triples each graph got."""
    return load(store, graphs, has_default_graph=RemoteBackend.connect(RemoteSetup(endpoint)).has_default_graph)


def by_graph(quads: Iterable[Quad]) -> Mapping[str | None, list[Triple]]:
    """Return the triples of each named graph, and under None those of the default graph."""
    graphs: dict[str | None, list[Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode | DefaultGraph):
            name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
            graphs.setdefault(name, []).append(quad.triple)
    return graphs


def load(
    store: GraphStore, graphs: Mapping[str | None, Iterable[Triple]], *, has_default_graph: bool = True
) -> Mapping[str, int]:
    """Put every graph of a dataset into a server; tells how many triples each got.

    The graph without a name is the merge. ``has_default_graph`` is False for a server such as
    Virtuoso, whose default graph is the union of whatever it holds: the merge then goes into
    ``MERGED_GRAPH``, which the remote backend takes as the default graph of its queries.
    """
    held = {name: ordered(triples) for name, triples in graphs.items()}
    merged = held.pop(None, Triples())
    for name, triples in held.items():
        store.put(name, triples)
    store.put(None if has_default_graph else MERGED_GRAPH, merged)
    sizes = {name: len(triples) for name, triples in held.items() if name is not None}
    return sizes | {"default": len(merged)}
