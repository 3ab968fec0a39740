"""Declares what a reading names first: organisations, places, contexts and concepts, each once for all sources."""

from pyoxigraph import Literal

from dialogiverkko.graph.source.namebook import Namebook, address, new_names
from dialogiverkko.graph.source.problems import Path, Problem
from dialogiverkko.graph.source.reading import Concept, Context, New, Organisation, Place
from dialogiverkko.graph.source.statements import StatementWriter
from dialogiverkko.graph.source.triples import Sheet, name, typed
from dialogiverkko.namespaces import VOCAB

_CLASSES = {
    "projects": ("project", ("dlg:Context", "dlg:Project")),
    "programmes": ("programme", ("dlg:Context", "dlg:Programme")),
    "processes": ("process", ("dlg:Context", "dlg:PolicyProcess")),
    "occasions": ("occasion", ("dlg:Context", "dlg:Occasion")),
    "instruments": ("instrument", ("dlg:PolicyInstrument",)),
    "products": ("product", ("dlg:WorkProduct",)),
}
_CONCEPTS = (
    ("themes", "theme"),
    ("methods", "method"),
    ("participant_kinds", "participant-kind"),
    ("units", "unit"),
)
GEONAMES = "https://sws.geonames.org/"


class Declarer:
    """Writes new things to data/reference, under the name of the source."""

    def __init__(self, sheet: Sheet, writer: StatementWriter, known: Namebook, slug: str) -> None:
        self.sheet, self.writer, self.known = sheet, writer, known
        self.file = f"reference/{slug}.ttl"
        self.vocabulary = f"reference/vocab/{slug}.ttl"
        self.problems: list[Problem] = []

    def declare(self, new: New) -> None:
        """Write all that is new; what exists already is a problem."""
        for key, kind, slug in new_names(new):
            if slug in self.known.slugs(kind):
                message = f"«{slug}» is the name of a known {kind} already"
                self.problems.append(Problem(("new", key, slug), message, "use it as it is, or choose another name"))
        for slug, organisation in new.organisations.items():
            self._organisation(address("org", slug), organisation, ("new", "organisations", slug))
        for slug, place in new.places.items():
            self._place(address("place", slug), place, ("new", "places", slug))
        for field, (kind, classes) in _CLASSES.items():
            for slug, context in getattr(new, field).items():
                self._context(address(kind, slug), classes, context, ("new", field, slug))
        for field, scheme in _CONCEPTS:
            for slug, concept in getattr(new, field).items():
                self._concept(scheme, slug, concept, ("new", field.replace("_", "-"), slug))

    def _labels(self, iri: str, of: Organisation | Place | Context, path: Path) -> None:
        self.sheet.label(self.file, iri, of.name)
        self.writer.require_languages((*path, "name"), of.name)

    def _link(self, iri: str, predicate: str, path: Path, named: str, kinds: tuple[str, ...]) -> None:
        target = self.writer.resolve(path, named, kinds) if named else ""
        if target:
            self.sheet.add(self.file, iri, predicate, target)

    def _organisation(self, iri: str, of: Organisation, path: Path) -> None:
        classes = ["org:Organization"]
        classes += ["org:OrganizationalUnit"] if of.unit_of else []
        classes += ["org:OrganizationalCollaboration"] if of.network == "yes" else []
        classes += ["cv:PublicOrganisation"] if of.public == "yes" else []
        self.sheet.a(self.file, iri, *classes)
        self._labels(iri, of, path)
        self.sheet.words(self.file, iri, "skos:altLabel", of.also)
        self._link(iri, "org:classification", (*path, "kind"), of.kind, ("organisation-kind",))
        self._link(iri, "org:unitOf", (*path, "unit-of"), of.unit_of, ("org",))
        self._link(iri, "dcterms:spatial", (*path, "place"), of.place, ("place",))
        if of.homepage:
            self.sheet.add(self.file, iri, "foaf:homepage", name(of.homepage))
        for each in of.same_as:
            self.sheet.add(self.file, iri, "owl:sameAs", name(each))
        if of.identifier:
            self.sheet.add(self.file, iri, "dcterms:identifier", Literal(of.identifier))

    def _place(self, iri: str, of: Place, path: Path) -> None:
        self.sheet.a(self.file, iri, "dcterms:Location")
        self._labels(iri, of, path)
        self._link(iri, "dcterms:type", (*path, "kind"), of.kind, ("place-kind",))
        self._link(iri, "dcterms:isPartOf", (*path, "within"), of.within, ("place",))
        if of.identifier:
            self.sheet.add(self.file, iri, "dcterms:identifier", Literal(of.identifier))
        for predicate, values in (("skos:exactMatch", of.same_as), ("skos:closeMatch", of.close_to)):
            for each in values:
                self.sheet.add(self.file, iri, predicate, name(each))
        if of.geonames:
            self.sheet.add(self.file, iri, "skos:exactMatch", name(f"{GEONAMES}{of.geonames}/"))
        if of.point:
            self._geometry(iri, of, path)

    def _geometry(self, iri: str, of: Place, path: Path) -> None:
        latitude, longitude = (float(part) for part in of.point.split(","))
        if abs(latitude) > 90 or abs(longitude) > 180:  # degrees
            mend = "latitude comes first, such as 60.98, 25.66"
            self.problems.append(Problem((*path, "point"), f"«{of.point}» lies on no globe", mend))
            return
        node = f"{iri}/geometry"
        self.sheet.add(self.file, iri, "geo:hasGeometry", node)
        self.sheet.a(self.file, node, "geo:Geometry")
        self.sheet.add(self.file, node, "geo:asWKT", typed(f"POINT({longitude:g} {latitude:g})", "geo:wktLiteral"))
        if of.geonames:
            self.sheet.add(self.file, node, "dcterms:source", name(f"{GEONAMES}{of.geonames}/"))

    def _context(self, iri: str, classes: tuple[str, ...], of: Context, path: Path) -> None:
        self.sheet.a(self.file, iri, *classes)
        self._labels(iri, of, path)
        self.sheet.words(self.file, iri, "dcterms:description", of.about)
        self.sheet.words(self.file, iri, "skos:altLabel", of.also)
        self._link(iri, "dlg:policyStage", (*path, "stage"), of.stage, ("stage",))
        for number, each in enumerate(of.type):
            self._link(iri, "dcterms:type", (*path, "type", number), each, ("instrument-type",))
        for number, each in enumerate(of.concerns):
            where = (*path, "concerns", number)
            self._link(iri, "dlg:concernsInstrument", where, each, ("instrument", "programme"))
        for number, each in enumerate(of.feeds):
            self._link(iri, "dlg:feedsInto", (*path, "feeds", number), each, ("process", "product"))
        if of.identifier:
            self.sheet.add(self.file, iri, "dcterms:identifier", Literal(of.identifier))
        for each in of.see_also:
            self.sheet.add(self.file, iri, "rdfs:seeAlso", name(each))

    def _concept(self, scheme: str, slug: str, of: Concept, path: Path) -> None:
        iri, file = address(scheme, slug), self.vocabulary
        self.sheet.a(file, iri, "skos:Concept")
        self.sheet.add(file, iri, "skos:inScheme", VOCAB + scheme)
        self.sheet.label(file, iri, of.name)
        self.writer.require_languages((*path, "name"), of.name)
        self.sheet.words(file, iri, "skos:definition", of.definition)
        self.writer.require_languages((*path, "definition"), of.definition)
        if of.definition is None:
            message, mend = f"«{slug}» has no definition", "write  definition: {fi: …, sv: …, en: …}"
            self.problems.append(Problem(path, message, mend))
        self.sheet.words(file, iri, "dlg:pluralLabel", of.plural)
        self.sheet.words(file, iri, "dlg:indefinitePluralLabel", of.indefinite_plural)
        if of.broader:
            broader = self.writer.resolve((*path, "broader"), of.broader, (scheme,))
            if broader:
                self.sheet.add(file, iri, "skos:broader", broader)
        for each in of.close_to:
            self.sheet.add(file, iri, "skos:closeMatch", name(each))
