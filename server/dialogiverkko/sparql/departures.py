"""The one table of what is known to be answered otherwise than SPARQL 1.1 says, or to be refused though valid.

Documents and the service description show it; each row has a test that fails on the day it no longer holds.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Departure:
    """One row: a kind of query, and what becomes of it."""

    code: str
    what: str
    section: str
    """Where the Recommendation says what is right."""
    query: str
    """An example, over a graph of one triple and two named graphs of one."""
    right: str
    """The answer that would be right, as CSV."""
    is_refused: bool
    """Whether the query is refused, with a sentence that says so; else it is answered otherwise."""

    @property
    def outcome(self) -> str:
        """Return the outcome in words."""
        return "refused" if self.is_refused else "answered otherwise"

    @property
    def sentence(self) -> str:
        """Return the whole row as a sentence."""
        return f"Known departure from SPARQL 1.1 ({self.section}), {self.outcome}: {self.what}."


def table() -> str:
    """Write the table as documents show it."""
    rows = [f"| {each.what} | {each.section} | {each.outcome} |" for each in DEPARTURES]
    return "\n".join(("| what | where the standard says so | here |", "|---|---|---|", *rows))


_LONG = " ".join(f"?x <urn:x:p> {number} ." for number in range(4_500))

DEPARTURES: tuple[Departure, ...] = (
    Departure(
        "lexical-forms",
        "numbers, booleans, durations and language tags are kept by value: 01 is 1, 1.0 is 1, @en-GB is @en-gb",
        "RDF 1.1 Concepts 3.3",
        "SELECT (STR(01) AS ?x) {}",
        "x\r\n01\r\n",
        False,
    ),
    Departure(
        "patterns",
        "patterns of REGEX and REPLACE have no back-references and no classes of XML names: an error",
        "17.4.3.14",
        'SELECT (REGEX("abab", "(ab)\\\\1") AS ?x) {}',
        "x\r\ntrue\r\n",
        False,
    ),
    Departure(
        "class-subtraction",
        "a class of characters from which another is taken, as in [a-z-[b]], is read as both together",
        "17.4.3.14",
        'SELECT (REGEX("b", "^[a-z-[b]]$") AS ?x) {}',
        "x\r\nfalse\r\n",
        False,
    ),
    Departure(
        "casts",
        "a cast to a number takes no white space around it: an error",
        "17.5",
        'SELECT (<http://www.w3.org/2001/XMLSchema#integer>(" 1 ") AS ?x) {}',
        "x\r\n1\r\n",
        False,
    ),
    Departure(
        "reused-once-only",
        "in a group, RAND(), UUID(), STRUUID() or BNODE() under a name that the same SELECT uses again",
        "16.1.2",
        "SELECT (RAND() + COUNT(*) AS ?r) (?r - ?r AS ?x) {}",
        "x\r\n0\r\n",
        True,
    ),
    Departure(
        "reused-bound",
        "in a group, BOUND of a name that the same SELECT defines",
        "16.1.2",
        "SELECT (COUNT(*) AS ?n) (BOUND(?n) AS ?x) {}",
        "n,x\r\n1,true\r\n",
        True,
    ),
    Departure(
        "values-behind-a-group",
        "ASK, CONSTRUCT or DESCRIBE that groups, with VALUES of another variable behind it",
        "18.2.4.3",
        "ASK { ?s ?p ?o } GROUP BY ?s VALUES ?x { 1 }",
        "true",
        True,
    ),
    Departure(
        "many-paths-of-no-step",
        "more than four paths that may have no step, at terms, in one group",
        "18.4",
        "ASK { " + " ".join(f"<urn:x:s> <urn:x:q>* ?v{number} ." for number in range(5)) + " }",
        "true",
        True,
    ),
    Departure(
        "long-queries",
        "queries of more than 60,000 characters that need other words",
        "16.1.2",
        f"ASK {{ {_LONG} }} GROUP BY ?x",
        "false",
        True,
    ),
)
