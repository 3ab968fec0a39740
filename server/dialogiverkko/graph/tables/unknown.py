"""Says of a name that is not known what is near, what may be written, and what to do with one that is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.known import THINGS, Known, Proposal, normal
from dialogiverkko.graph.tables.near import Near

MOST = 1_000
"""For so many names those that are near are looked for; who has more unknown ones has another trouble."""
_MEANS = "If it means one of them, say so in map.yaml under «values»."
FEW = 25
"""So many values of a closed list are all told; of more, those that are near."""


@dataclass(frozen=True)
class Reader:
    """The person to whom the faults are told: the language, and what can be done about a name that is new."""

    language: str = "en"
    sheets: Mapping[str, str] = field(default_factory=dict)
    """The sheet in which new things of a scheme are declared, by scheme."""
    has_map: bool = True
    """Whether there is a map.yaml; whoever fills the template on the web has none."""


class Unknown:
    """Answers for names that are not known; each is looked for once."""

    def __init__(self, known: Known, reader: Reader) -> None:
        self.known, self.reader = known, reader
        self._near = Near(known)
        self._found: dict[tuple[str, str], list[Proposal]] = {}
        self._allowed: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def error(self, scheme: str, text: str, own: Iterable[str] = ()) -> CellError:
        """Return what is to be told; ``own`` are words that a map gives to values of the scheme."""
        wrong = f"«{text}» is no known {scheme}."
        if scheme in THINGS:
            told = [*self._nearest(scheme, text), self._new(scheme)]
            return CellError("unknown-name", wrong, " ".join(told))
        allowed = self.allowed(scheme, own)
        if len(allowed) <= FEW:
            told = [f"Write one of: {'; '.join(allowed)}.", *([_MEANS] if self.reader.has_map else [])]
            return CellError("unknown-value", wrong, " ".join(told))
        return CellError("unknown-value", wrong, " ".join([*self._nearest(scheme, text), self._new(scheme)]))

    def allowed(self, scheme: str, own: Iterable[str] = ()) -> list[str]:
        """List what may be written for a value of a closed list, in the language of the reader."""
        words = tuple(own)
        found = self._allowed.get((scheme, words))
        if found is None:
            names = sorted(self.known.by_language(scheme, self.reader.language) or self.known.labels[scheme].values())
            seen = {normal(name) for name in names}
            found = [*names, *(word for word in words if word != "*" and normal(word) not in seen)]
            self._allowed[scheme, words] = found
        return found

    def _nearest(self, scheme: str, text: str) -> Sequence[str]:
        found = self._found.get((scheme, text))
        if found is None and len(self._found) >= MOST:
            return []
        if found is None:
            found = self._found[scheme, text] = self._near.names(scheme, text)
        if not found:
            return ["None that is known is like it."]
        names = [self._named(scheme, each) for each in found]
        return [f"Is it {names[0]}?" if len(names) == 1 else f"Is it one of {'; '.join(names)}?"]

    def _named(self, scheme: str, proposal: Proposal) -> str:
        name = self.known.titles[scheme][self.reader.language].get(proposal.key, proposal.name)
        return f"{name} ({proposal.key})" if scheme in THINGS else name

    def _new(self, scheme: str) -> str:
        """Say what to do with one that is new."""
        if scheme in self.reader.sheets:
            return f"If it is new, declare it in the sheet «{self.reader.sheets[scheme]}»."
        if self.reader.has_map:
            return "If it is new, declare it in map.yaml under «new»."
        return "If none fits, leave the cell empty, and say so when you send the table."
