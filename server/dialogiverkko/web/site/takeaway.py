"""What people take with them: tables as CSV, XLSX and JSON rows, and pictures as SVG and PNG, licence and source in each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from dialogiverkko.media import CSV, PNG, SVG, MediaType
from dialogiverkko.network import asked as network_asked
from dialogiverkko.network.surroundings import around, strongest
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.drawing import standalone
from dialogiverkko.web.drawing.network import Network
from dialogiverkko.web.drawing.places import Map
from dialogiverkko.web.drawing.timeline import Timeline
from dialogiverkko.web.drawing.timeline import timeline as draw_timeline
from dialogiverkko.web.http import sheets
from dialogiverkko.web.http.representation import BY_LANGUAGE, chosen, language_of, represent
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import links, pictures, related, rows, things
from dialogiverkko.web.site.index import Index, address

PICTURES = (SVG, PNG)
_DRAWN = 24
"""How many organisations the picture of the network holds, the most linked: so many all have their names."""
_BARS = 40
"""How many activities the timeline holds: those that may have begun last."""

Drawn = Network | Map | Timeline


@dataclass(frozen=True)
class Picture:
    """One picture: what is drawn, its title, and what else is to be said below it."""

    drawn: Drawn
    title: str
    below: tuple[str, ...] = ()


Draw = Callable[[Services, Index, str], Picture]


def blueprint(services: Services, index: Index) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("takeaway", __name__, template_folder="../templates")
    names = ", ".join(rows.TABLES)

    @routes.get(f"/tables/<any({names}):name>.<suffix>")
    def table(name: str, suffix: str) -> Response:
        return _table(services, index, name, suffix)

    for name, draw in PICTURE_OF.items():
        for media_type in PICTURES:
            view = _drawing(services, index, name, media_type, draw)
            routes.add_url_rule(f"/{name}.{media_type.suffix}", f"{name}_{media_type.suffix}", view)
    return routes


def _table(services: Services, index: Index, name: str, suffix: str) -> Response:
    media_type = chosen(sheets.TYPES, suffix=suffix)
    asked = Asked(request.args.items(multi=True), ("lang", *rows.FILTERS[name]))
    language = language_of(services, asked)
    with told_in(language):
        sheet = rows.TABLES[name](services, index, language, [pair for pair in asked.pairs if pair[0] != "lang"])
        body = sheets.write_sheet(_about(services, sheet, str(rows.NAMES[name])), media_type)
    disposition = "inline" if media_type == CSV else "attachment"
    response = represent(services, body, media_type, language=language, vary=BY_LANGUAGE)
    response.headers["Content-Disposition"] = f"{disposition}; filename=dialogiverkko-{name}.{suffix}"
    return response


def _about(services: Services, sheet: sheets.Sheet, name: str) -> sheets.Sheet:
    release = services.saved.release
    source = "Dialogiverkko, https://w3id.org/dialogiverkko/"
    about = ((_("Table"), name), *sheets.provenance(source, release.version, release.digest))
    return replace(sheet, name=name, about=about)


# --- pictures -----------------------------------------------------------------------------------


def _drawing(services: Services, index: Index, name: str, media_type: MediaType, draw: Draw) -> Callable[[], Response]:
    def view() -> Response:
        if name != "collaboration":
            Asked(request.args.items(multi=True), ("lang",))
        language = language_of(services)
        text = drawn(services, index, draw, language)
        if media_type == PNG:
            services.require_files()
        body = standalone.png(text) if media_type == PNG else text.encode()
        response = represent(services, body, media_type, language=language, vary=BY_LANGUAGE)
        response.headers["Content-Disposition"] = (
            f"inline; filename=dialogiverkko-{name}-{language}.{media_type.suffix}"
        )
        return response

    return view


def drawn(services: Services, index: Index, draw: Draw, language: str) -> str:
    """Write a picture as an SVG that stands alone."""
    root = root_address(services.settings.base_address)
    with told_in(language):
        picture = draw(services, index, language)
        inner = render_template(
            "picture.svg", drawn=picture.drawn, label=picture.title, href=lambda iri: address(iri, language)
        )
        release = services.saved.release
        told = _(
            "Source: Dialogiverkko %(version)s (%(digest)s), https://w3id.org/dialogiverkko/. Licence: CC BY 4.0.",
            version=release.version, digest=release.short,
        )  # fmt: skip
        return standalone.svg(inner, picture.title, (*picture.below, told), language, root)


def network(services: Services, index: Index, language: str) -> Picture:
    """Draw the links that an address chooses, as the other exports do: the most linked organisations of them."""
    asked = network_asked.read_request(request.args.items(multi=True), services.saved)
    scope = asked.of(services.network)
    many = len(scope.organisations)
    shown = around(scope, asked.around, asked.depth, _DRAWN) if asked.around else strongest(scope, _DRAWN)
    made = links.picture(index, shown, language, middle=asked.around) or Network((), (), 40)
    below = [
        _("Links and organisations: %(links)s links between %(many)s organisations.", links=len(scope.links), many=many)
    ]
    if len(made.nodes) < many:
        below.append(_("The picture shows the %(drawn)s organisations that are linked most, of %(total)s.", drawn=len(made.nodes), total=many))  # fmt: skip
    below.append(_("The thicker the line, the stronger the link; a broken line is a shared context or people."))
    return Picture(made, _("Collaboration of the organisations"), tuple(below))


def times(services: Services, index: Index, language: str) -> Picture:
    """Draw when the latest activities went on."""
    del services
    everything = related.all_times(index, language)
    shown = [related.item(index, time, language) for time in everything[-_BARS:]]
    made = draw_timeline(shown) or Timeline((), (), (), 40)
    below = [_("Dark: certainly ongoing. Light: possibly ongoing.")]
    if len(shown) < len(everything):
        below.append(
            _("The picture shows the last %(drawn)s of %(total)s times.", drawn=len(shown), total=len(everything))
        )
    return Picture(made, _("Timeline of the dialogues"), tuple(below))


def places(services: Services, index: Index, language: str) -> Picture:
    """Draw where dialogues were held and which places they were about."""
    made = pictures.places(index, services.positions, things.places(index, language), language)
    attribution = _(
        "Coordinates: GeoNames, CC BY 4.0; some regions, lakes and rivers, for which the graph has none, are placed by "
        "eye. Outline: Natural Earth, public domain."
    )
    return Picture(made, _("Places of the dialogues"), (attribution,))


PICTURE_OF: dict[str, Draw] = {"collaboration": network, "timeline": times, "places": places}
"""The pictures by their names in an address."""
