"""Puts a graph into a server by the SPARQL 1.1 Graph Store HTTP Protocol.

Each named graph is put under its name. The merge of all but the shapes is put as the default graph
and, where the server makes something else of its default graph, as a named graph of its own. A large graph
goes in pieces, from the lines in which it is held, so that it is never in memory as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import Triple

from dialogiverkko.engines.remote import RemoteBackend, RemoteSetup
from dialogiverkko.errors import BackendUnavailableError
from dialogiverkko.graph.lines import Triples, ordered, set_apart
from dialogiverkko.namespaces import GRAPH

if TYPE_CHECKING:
    from requests.auth import AuthBase  # the library is imported where a server behind is loaded

MERGED_GRAPH: Final = GRAPH + "merged"
"""The graph that stands for the default graph on a server that has none of its own."""
_SECONDS: Final = 600.0
_CONTENT: Final = {"Content-Type": "application/n-triples"}
_AT_ONCE: Final = 100
"""Blocks of lines that are sent together: some hundred thousand lines, fifteen megabytes."""


@dataclass(frozen=True)
class GraphStore:
    """A Graph Store Protocol address; a name and a password may stand in it before the host."""

    address: str = field(repr=False)

    def put(self, graph: str | None, triples: Iterable[Triple]) -> None:
        """Replace one graph, the default graph where ``graph`` is None, by its first piece, and add the others."""
        for number, body in enumerate(pieces(ordered(triples))):
            self._send("POST" if number else "PUT", {"graph": graph} if graph else "default", body)

    def _send(self, method: str, graph: dict[str, str] | str, body: bytes) -> None:
        import requests

        plain = requests.utils.urldefragauth(self.address)
        try:
            authorization = self._authorization(plain)
            answer = requests.request(
                method, plain, params=graph, data=body, headers=_CONTENT, timeout=_SECONDS, auth=authorization
            )
        except requests.RequestException as error:
            raise BackendUnavailableError("The server behind cannot be reached.") from error
        if not answer.ok:
            raise BackendUnavailableError(
                f"The server behind answers {answer.status_code} when a graph is put into it."
            )

    def _authorization(self, plain: str) -> "AuthBase | None":
        """Ask which authorization the server wants before a graph is sent: it may hang up on a big body."""
        import requests
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        credentials = requests.utils.get_auth_from_url(self.address)
        if not any(credentials):
            return None
        digest = HTTPDigestAuth(*credentials)  # it remembers the challenge
        answer = requests.head(plain, timeout=_SECONDS, auth=digest)
        scheme = [*answer.history, answer][0].headers.get("WWW-Authenticate", "").partition(" ")[0].lower()
        return {"digest": digest, "basic": HTTPBasicAuth(*credentials)}.get(scheme)


def pieces(triples: Triples) -> Iterator[bytes]:
    """Yield the lines of a graph in pieces; all that name blank nodes are in the first, where they mean the same."""
    named = b"".join(set_apart(text)[0] for text in triples.texts()) if triples.has_blank_nodes else b""
    texts = (set_apart(text)[1] if named else text for text in triples.texts())
    yield named + b"".join(islice(texts, _AT_ONCE))
    while some := list(islice(texts, _AT_ONCE)):
        yield b"".join(some)


def publish(endpoint: str, store: GraphStore, graphs: Mapping[str | None, Iterable[Triple]]) -> None:
    """Put a dataset into the server behind a query endpoint as it needs it."""
    load(store, graphs, has_default_graph=RemoteBackend.connect(RemoteSetup(endpoint)).has_default_graph)


def load(store: GraphStore, graphs: Mapping[str | None, Iterable[Triple]], *, has_default_graph: bool = True) -> None:
    """Put every graph of a dataset into a server.

    The graph without a name is the merge. ``has_default_graph`` is False for a server such as
    Virtuoso, whose default graph is the union of whatever it holds: the merge then goes into
    ``MERGED_GRAPH``, which the remote backend takes as the default graph of its queries.
    """
    merge = None if has_default_graph else MERGED_GRAPH
    for name, triples in {**graphs, None: graphs.get(None, ())}.items():
        store.put(name or merge, triples)
