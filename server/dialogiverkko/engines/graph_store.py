"""Puts a graph into a server by the SPARQL 1.1 Graph Store HTTP Protocol.

Each named graph is put under its name. The merge of all but the shapes is put as the default graph
and, where the server makes something else of its default graph, as a named graph of its own.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.namespaces import GRAPH

MERGED_GRAPH: Final = GRAPH + "merged"
"""The graph that stands for the default graph on a server that has none of its own."""
_SECONDS: Final = 600.0


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
        """Replace one graph, the default graph where ``graph`` is None."""
        query = urlencode({"graph": graph}) if graph else "default"
        body = serialize(triples, format=RdfFormat.N_TRIPLES)
        request = Request(  # noqa: S310 - the operator's own setting
            f"{self.address}?{query}", body, {"Content-Type": "application/n-triples"}, method="PUT"
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


def publish(endpoint: str, store: GraphStore, quads: Iterable[Quad]) -> None:
    """Put a dataset into the server behind a query endpoint, in the way that it needs."""
    load(store, quads, has_default_graph=RemoteBackend.connect(RemoteSetup(endpoint)).has_default_graph)


def load(store: GraphStore, quads: Iterable[Quad], *, has_default_graph: bool = True) -> Mapping[str, int]:
    """Put every graph of a dataset into a server; tells how many triples each got.

    The default graph of ``quads`` is the merge. ``has_default_graph`` is False for a server such as
    Virtuoso, whose default graph is the union of whatever it holds: the merge then goes into
    ``MERGED_GRAPH``, which the remote backend takes as the default graph of its queries.
    """
    graphs: dict[str | None, list[Triple]] = {}
    for quad in quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
        if name is None and not isinstance(quad.graph_name, DefaultGraph):
            continue
        graphs.setdefault(name, []).append(quad.triple)
    merged = graphs.pop(None, [])
    for name, triples in graphs.items():
        store.put(name, triples)
    store.put(None if has_default_graph else MERGED_GRAPH, merged)
    sizes = {name: len(triples) for name, triples in graphs.items() if name is not None}
    return sizes | {"default": len(merged)}
