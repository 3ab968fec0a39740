"""Retells activities: their statements become the keys and values of a reading."""

from collections.abc import Iterable

from dialogiverkko.graph.source.compiling import FORMS, ORGANISES
from dialogiverkko.graph.source.quoting import Mapping_, Quoter, slug
from dialogiverkko.graph.source.statements import PLAIN
from dialogiverkko.graph.source.text import Span
from dialogiverkko.namespaces import ID, VOCAB


class Reteller(Quoter):
    """Retells the activities of one document."""

    def _here(self, passages: Iterable[str], item: str, *, is_main: bool) -> list[str]:
        """Return the passages that are retold at this item: its own, and with the main item those of headings."""
        own = []
        for passage in passages:
            if passage not in self.spans:
                continue
            holder = self.index.one(passage, "dcterms:isPartOf")
            if not item or holder == item or passage == item or (is_main and not holder and passage not in self.items):
                own.append(passage)
        return own

    def _activity(self, activity: str, item: str, *, is_main: bool) -> Mapping_:
        index = self.index
        found: Mapping_ = {}
        form = next((key for key, kind in FORMS.items() if index.is_a(activity, kind.removeprefix("dlg:"))), "unstated")
        if is_main:
            found = {"id": slug(activity), "form": form}
            found["name"] = index.words(activity, "skos:prefLabel")
            found["about"] = index.words(activity, "dcterms:description")
            also = index.words(activity, "skos:altLabel")
            if also:
                found["also"] = also
        else:
            found["adds-to"] = slug(activity)
        evidence = self._here(index.all(activity, "dlg:isEvidencedBy"), item, is_main=is_main)
        used: set[str] = {item} if item else set(self.items)
        self._status(activity, evidence, item, found, used, is_main=is_main)
        self._plain(activity, evidence, item, found, used, is_main=is_main)
        self._ordinal(activity, evidence, item, found, used, is_main=is_main)
        self._questions(activity, evidence, item, found, used, is_main=is_main)
        self._nodes(activity, item, found, is_main=is_main)
        rest = [p for p in self.in_order(evidence) if p not in used]
        if rest:
            found["words"] = [self.quote(p, item) for p in rest]
        return found

    def _status(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        node = next((n for n in self.index.all(activity, "dlg:hasStatusStatement") if "/status/x-" not in n), "")
        status = self.index.one(node, "dlg:statedStatus") or self.index.one(activity, "dlg:hasRealisationStatus")
        quotes = [p for p in evidence if status in self.index.all(p, "dlg:mentions")]
        if status and (is_main or quotes):
            used |= set(quotes)
            found["status"] = self.said(" ".join([slug(status), *self.hedges(node)]), quotes, item, status)

    def _plain(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        for key, (predicate, _) in PLAIN.items():
            values: list[tuple[Span, str]] = []
            for value in self.index.all(activity, predicate):
                quotes = [p for p in evidence if value in self.index.all(p, "dlg:mentions")]
                if predicate == "dlg:hasOpenness" and slug(value) == "unstated":
                    continue
                if quotes or is_main:
                    used |= set(quotes)
                    first = min((self.spans[p] for p in quotes), default=Span(0, 0))
                    values.append((first, self.said(self._short(value), quotes, item, value)))
            if values:
                texts = [text for _, text in sorted(values)]
                found[key.replace("_", "-")] = texts[0] if len(texts) == 1 else texts

    def _short(self, iri: str) -> str:
        """Write a name, with its kind where several kinds have it."""
        base = iri.removeprefix(ID).removeprefix(VOCAB)
        kind, _, own = base.partition("/")
        same = [s for s in self.index.said if s.endswith("/" + own) and s != iri and s.count("/") == iri.count("/")]
        return f"{kind}:{own}" if same and kind in ("process", "instrument", "programme", "project") else own

    def _ordinal(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        ordinal = self.index.one(activity, "dlg:eventOrdinal")
        if ordinal and is_main:
            quotes = [p for p in evidence if p not in used and not self.index.all(p, "dlg:mentions")]
            used |= set(quotes)
            found["ordinal"] = self.said(ordinal, quotes, item)

    def _questions(
        self, activity: str, evidence: list[str], item: str, found: Mapping_, used: set[str], *, is_main: bool
    ) -> None:
        question = self.index.words(activity, "dlg:guidingQuestion")
        if question and is_main:
            quotes = [p for p in evidence if p not in used and not self.index.all(p, "dlg:mentions")]
            used |= set(quotes)
            found["question"] = [{**question, "words": [self.quote(p, item) for p in self.in_order(quotes)]}]

    def _nodes(self, activity: str, item: str, found: Mapping_, *, is_main: bool) -> None:
        index = self.index
        parties = self._parties(activity, item, is_main=is_main)
        heading = parties.pop("heading-role", None)
        if heading:
            found["heading-role"] = heading
        if parties:
            found["parties"] = list(parties.values())
        nodes = [n for n in index.all(activity, "dlg:hasCount") if self._is_here(n, item)]
        if nodes:
            found["count"] = [self._count(n, item) for n in sorted(nodes, key=slug)]
        for node in index.all(activity, "dlg:hasTimeSpan"):
            if self._is_here(node, item):
                relative = " (relative)" if index.one(node, "dlg:resolvedAgainst") else ""
                found["time"] = self.said(
                    " ".join([index.one(node, "dlg:edtf") + relative, *self.hedges(node)]),
                    index.all(node, "dlg:isEvidencedBy"),
                    item,
                )
        objectives = [n for n in index.all(activity, "dlg:hasObjective") if self._is_here(n, item)]
        if objectives:
            found["objective"] = [
                {
                    **index.words(n, "dlg:objectiveText"),
                    "words": [self.quote(p, item) for p in self.in_order(index.all(n, "dlg:isEvidencedBy"))],
                }
                for n in sorted(objectives, key=slug)
            ]

    def _is_here(self, node: str, item: str) -> bool:
        if not item:
            return True
        said = self.index.all(node, "dlg:isEvidencedBy")
        inside = [p for p in said if p == item or self.index.one(p, "dcterms:isPartOf") == item]
        return bool(inside)

    def _count(self, node: str, item: str) -> str:
        index = self.index
        value, low, high = (index.one(node, f"schema:{each}") for each in ("value", "minValue", "maxValue"))
        amount = value or (f"{low}-{high}" if high else f"{low}+" if low else slug(index.one(node, "dlg:quantifier")))
        if index.one(node, "dlg:isApproximate"):
            amount = "~" + amount
        per = f" per {slug(index.one(node, 'dlg:perUnit'))}" if index.one(node, "dlg:perUnit") else ""
        unit = slug(index.one(node, "dlg:countedUnit"))
        return self.said(
            " ".join([f"{amount} {unit}{per}", *self.hedges(node)]), index.all(node, "dlg:isEvidencedBy"), item
        )

    def _parties(self, activity: str, item: str, *, is_main: bool) -> Mapping_:
        index, found = self.index, {}
        nodes = [n for n in index.all(activity, "cv:hasParticipation") if self._is_here(n, item)]
        implied = [n for n in nodes if slug(index.one(n, "dlg:assertionBasis")) != "explicit"]
        explicit = sorted((n for n in nodes if n not in implied), key=lambda n: int(slug(n)))
        roles = {slug(index.one(n, "cv:role")) for n in explicit}
        if item and is_main and not implied and not roles & ORGANISES:
            found["heading-role"] = "none"
        if implied and (roles & ORGANISES or not is_main):
            found["heading-role"] = slug(index.one(implied[0], "cv:role"))
        for place, node in enumerate(explicit, len(implied) + 1):
            number = int(slug(node))
            expected = place if is_main else 0
            as_ = "" if number == expected else f" as {number}"
            found[node] = self._party(node, item).replace(" @as", as_)
        return found

    def hedges(self, node: str) -> list[str]:
        """Write what hedges a statement, each between brackets."""
        said = [*self.index.all(node, "dlg:enumerationScope"), *self.index.all(node, "dlg:hedge")]
        return [f"({slug(each)})" for each in said]

    def _party(self, node: str, item: str) -> str:
        index = self.index
        role, who = (
            index.one(node, "cv:role"),
            index.one(node, "cv:hasParticipant") or index.one(node, "dlg:participantKind"),
        )
        passages = self.in_order(index.all(node, "dlg:isEvidencedBy"))
        of_role = [
            p for p in passages if role in index.all(p, "dlg:mentions") and who not in index.all(p, "dlg:mentions")
        ]
        of_who = [p for p in passages if p not in of_role]
        if of_who == [item] and who not in index.all(item, "dlg:mentions"):
            of_who = []
        head = self.said(slug(role), of_role, item, role)
        parts = [head, slug(who)]
        others = index.all(node, "dlg:participantAffiliation")
        if others:
            parts += ["of", *(slug(each) for each in others)]
        areas = index.all(node, "dlg:participantArea")
        if areas:
            parts += ["in", *(slug(each) for each in areas)]
        parts.append("@as")
        other = index.one(node, "dlg:isAlternativeTo")
        if other and int(slug(other)) < int(slug(node)):
            parts[-1:] = ["or", slug(other), "@as"]
        parts += self.hedges(node)
        return self.said(" ".join(parts), of_who, item, who)
