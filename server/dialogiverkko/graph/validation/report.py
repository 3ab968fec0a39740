"""What a validation found, and how it is told: to people, as JSON, as a SHACL report."""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

SHOWN = 10
"""How many findings of one rule a text shows, where the rule is no Violation."""


class Severity(Enum):
    """The three severities of SHACL, gravest first."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True)
class Finding:
    """One thing that breaks one rule."""

    rule: str
    severity: Severity
    focus: str
    label: str = ""
    path: str = ""
    value: str = ""
    messages: Mapping[str, str] = field(default_factory=dict)
    """What is wrong and what would be right, by language (fi, en)."""
    files: tuple[str, ...] = ()
    """The files that describe the thing."""

    def line(self) -> str:
        """Return the thing, its files, and the property and value that are meant, in one line."""
        where = f" ({', '.join(self.files)})" if self.files else ""
        what = " ".join(part for part in (self.path, self.value) if part)
        named = f"{self.label} " if self.label else ""
        return f"{named}<{self.focus}>{where}{': ' + what if what else ''}"

    def message(self, language: str = "en") -> str:
        """The message in a language, or in whichever there is."""
        return self.messages.get(language) or next(iter(self.messages.values()), "")


@dataclass(frozen=True)
class Report:
    """All findings of one run, gravest first."""

    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Report":
        """Put findings in order, each once."""
        rank = {severity: number for number, severity in enumerate(Severity)}
        unique = {(f.rule, f.focus, f.path, f.value): f for f in findings}
        ordered = sorted(unique.values(), key=lambda f: (rank[f.severity], f.rule, f.focus, f.path, f.value))
        return cls(tuple(ordered))

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that keep a graph from being served."""
        return tuple(f for f in self.findings if f.severity is Severity.VIOLATION)

    @property
    def conforms(self) -> bool:
        """True where there is no Violation; warnings and infos are for people to settle."""
        return not self.violations

    def counts(self) -> Counter[str]:
        """Findings by severity."""
        return Counter(f.severity.value for f in self.findings)

    def text(self, language: str = "en") -> str:
        """Write the findings for a curator: by severity and rule, which thing, and what would mend it.

        Of a rule that is no Violation the first are shown, so that nothing drowns in what is known for long.
        """
        lines: list[str] = []
        for (severity, rule), group in itertools.groupby(self.findings, key=lambda f: (f.severity, f.rule)):
            found = list(group)
            lines.append(f"{severity.value} {rule}: {found[0].message(language)}")
            shown = found if severity is Severity.VIOLATION else found[:SHOWN]
            lines += [f"  - {f.line()}" for f in shown]
            if len(found) > len(shown):
                lines.append(f"  … and {len(found) - len(shown)} more; --format json lists them all")
        counts = self.counts()
        total = ", ".join(f"{counts.get(s.value, 0)} {s.value}" for s in Severity)
        return "\n".join([*lines, total])

    def turtle(self) -> str:
        """Write the findings as a SHACL validation report (SHACL, section 3)."""
        from rdflib import BNode, Graph, Literal, URIRef  # heavy, and most reports are text
        from rdflib.namespace import DCTERMS, RDF, SH

        graph = Graph()
        graph.bind("sh", SH)
        report = BNode()
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, Literal(self.conforms)))
        for f in self.findings:
            result = BNode()
            graph.add((report, SH.result, result))
            graph.add((result, RDF.type, SH.ValidationResult))
            graph.add((result, SH.focusNode, URIRef(f.focus)))
            graph.add((result, SH.resultSeverity, SH[f.severity.value]))
            graph.add((result, DCTERMS.identifier, Literal(f.rule)))
            if f.value:
                graph.add((result, SH.value, Literal(f.value)))
            for language, message in f.messages.items():
                graph.add((result, SH.resultMessage, Literal(message, lang=language)))
        return str(graph.serialize(format="turtle"))

    def json(self) -> str:
        """Write the findings for a program."""
        return json.dumps(
            {"conforms": self.conforms, "counts": self.counts(), "findings": self.rows()},
            ensure_ascii=False,
            indent=2,
        )

    def rows(self) -> list[dict[str, Any]]:
        """List the findings as JSON holds them."""
        return [{**asdict(f), "severity": f.severity.value} for f in self.findings]

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]]) -> "Report":
        """Read findings back from JSON."""
        return cls.of(
            Finding(**{**row, "severity": Severity(row["severity"]), "files": tuple(row["files"])}) for row in rows
        )
