"""The reading: what a person reads out of one source, as the model of a file.

``Reading.model_validate`` takes what a YAML file, a table or a program gives: mappings and lists of texts. Keys are
written with hyphens. Names are those of things (``om``, ``eratauko``); the compiler finds what they are.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from dialogiverkko.graph.source.said import Quotes, SaidValue, SaidValues
from dialogiverkko.graph.source.values import PARTY_FORM, Party, parse_party
from dialogiverkko.namespaces import LANGUAGES

UNTOLD = "todo"
Form = Literal["event", "series", "practice", "support", "unstated"]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", description="a day, such as 2021-06-08")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="small letters, digits and hyphens")]
Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list | tuple) else (value,))
]
"""One text, or a list of them."""


def _party(value: object) -> Party:
    if isinstance(value, Party):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a party is one text; right is: {PARTY_FORM}")
    return parse_party(value)


OneParty = Annotated[Party, BeforeValidator(_party), WithJsonSchema({"type": "string", "description": PARTY_FORM})]
Parties = Annotated[
    tuple[OneParty, ...],
    BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,)),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _hyphens(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Part(BaseModel):
    """What all parts share: keys with hyphens, nothing unknown, nothing changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphens, populate_by_name=True)


class Words(Part):
    """A text in three languages; ``todo`` where one is missing. ``ours`` lists the languages that we translated."""

    fi: str = UNTOLD
    sv: str = UNTOLD
    en: str = UNTOLD
    ours: Names = ()
    words: Quotes = ()
    """The words of the source that it renders, where it does."""

    def texts(self) -> dict[str, str]:
        """Return the texts that are there, by language."""
        said = {language: str(getattr(self, language)) for language in LANGUAGES}
        return {language: text for language, text in said.items() if text and text != UNTOLD}

    def missing(self) -> tuple[str, ...]:
        """Return the languages in which a text is missing."""
        return tuple(language for language in LANGUAGES if language not in self.texts())


class Source(Part):
    """The source itself."""

    slug: Slug
    kind: str = "listing"
    title: Words
    about: Words | None = None
    page: str = ""
    publisher: SaidValues = ()
    issued: Day | None = None
    reference_date: Day | None = None
    """The day that is the source's *now*."""
    retrieved: Day | None = None
    language: Names = ("fi",)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    """Digest of the text, where one is held; ``source add`` and ``source rebase`` write it."""
    text_made: str = ""
    """How the text was made of the page or file."""
    earlier: tuple[dict[str, str], ...] = ()
    """Earlier versions of the text: sha256 and retrieved of each, newest first."""
    revises: str = ""
    """The slug of another source of which this is a later version."""
    answers: Names = ()
    """Names of gaps that this source answers."""
    see_also: Names = ()
    identifier: str = ""
    """Such as an ISBN."""
    words: Quotes = ()
    document: str = ""
    """The name of the document in its address, where it is not the slug."""
    passages: Literal["words", "lines"] = "words"
    """Whether passages are named by their words or, in the first listing, by their lines."""


class Organisation(Part):
    """A new organisation."""

    name: Words
    kind: str
    also: Words | None = None
    unit_of: str = ""
    network: Literal["yes", "no"] = "no"
    """Whether it is a body in which others work together."""
    public: Literal["yes", "no"] = "no"
    homepage: str = ""
    same_as: Names = ()
    identifier: str = ""
    place: str = ""


class Place(Part):
    """A new place."""

    name: Words
    kind: str
    within: str = ""
    identifier: str = ""
    same_as: Names = ()
    close_to: Names = ()
    point: str = Field(default="", pattern=r"^(-?\d+(\.\d+)?, ?-?\d+(\.\d+)?)?$")
    """Latitude and longitude, such as 60.98, 25.66."""
    geonames: str = Field(default="", pattern=r"^\d*$")
    """Number in GeoNames, from which the point is."""


class Context(Part):
    """A new project, programme, process, instrument, product or occasion."""

    name: Words
    about: Words | None = None
    also: Words | None = None
    stage: str = ""
    type: Names = ()
    concerns: Names = ()
    feeds: Names = ()
    identifier: str = ""
    see_also: Names = ()


class Concept(Part):
    """A new theme, method, participant kind or unit."""

    name: Words
    plural: Words | None = None
    """Of a unit: the form after a number other than one."""
    indefinite_plural: Words | None = None
    """Of a unit: the form after a vague word, where it differs from the plural, as in Finnish."""
    definition: Words | None = None
    broader: str = ""
    close_to: Names = ()


class New(Part):
    """Things that this reading names first; each is declared once for all sources."""

    organisations: dict[Slug, Organisation] = {}
    places: dict[Slug, Place] = {}
    projects: dict[Slug, Context] = {}
    programmes: dict[Slug, Context] = {}
    processes: dict[Slug, Context] = {}
    instruments: dict[Slug, Context] = {}
    products: dict[Slug, Context] = {}
    occasions: dict[Slug, Context] = {}
    themes: dict[Slug, Concept] = {}
    methods: dict[Slug, Concept] = {}
    participant_kinds: dict[Slug, Concept] = {}
    units: dict[Slug, Concept] = {}


class Gap(Part):
    """What the source says, or shows, to be missing."""

    id: Slug
    kind: str
    of: str = ""
    """What the gap is about; the source itself where nothing is said."""
    name: Words
    about: Words | None = None
    words: Quotes = ()


class Remark(Part):
    """An evaluating or intending sentence of the source, in our words."""

    of: str = ""
    name: Words
    text: Words
    words: Quotes = ()


class Membership(Part):
    """Whom a body has as members: ``member: vm``, ``of: koordinointiryhma``."""

    member: SaidValue
    of: str


class Statements(Part):
    """What can be said of an activity, and, but for its form, of any other thing."""

    parties: Parties = ()
    """``role who [of organisation …] [in place …] (hedge) «words»``."""
    counts: SaidValues = Field(default=(), alias="count")
    """``~10 discussion``, ``1-2 group per discussion-day``, ``several event``, ``40+ copy``, ``3 event in sv``."""
    status: SaidValue | None = None
    time: SaidValue | None = None
    """EDTF, with ``(relative)`` where the source's own day fixes it."""
    objectives: Annotated[tuple[Words, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="objective")
    questions: Annotated[tuple[Words, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="question")
    openness: SaidValue | None = None
    method: SaidValues = ()
    replaces: SaidValues = ()
    activity_kind: SaidValue | None = None
    theme: SaidValues = ()
    theme_scope: SaidValue | None = None
    place: SaidValues = ()
    across: SaidValues = ()
    mainly_across: SaidValues = ()
    about_place: SaidValues = ()
    part_of: SaidValues = ()
    at: SaidValues = ()
    connected: SaidValues = ()
    feeds: SaidValues = ()
    used_in: SaidValues = ()
    product: SaidValues = ()
    continues: SaidValues = ()
    practice: SaidValues = ()
    language: SaidValues = ()
    mode: SaidValue | None = None
    scope: SaidValue | None = None
    """That a list of the item is illustrative or predominant."""
    ordinal: SaidValue | None = None
    hedge: SaidValues = ()
    words: Quotes = ()
    """Further words on which the thing as a whole rests."""
    identifier: SaidValue | None = None
    note: Words | None = None
    also: Words | None = None
    """Further names."""
    hidden: Words | None = None
    """Names to be found by, such as misspellings."""
    title: Words | None = None
    see_also: Names = ()
    page: str = ""
    """The page of the row or bullet, where it is not the source's."""
    homepage: str = ""
    issued: Day | None = None
    unit_of: SaidValue | None = None
    outcome: SaidValues = ()
    """Addresses of acts that a policy instrument became."""


class Activity(Statements):
    """An activity: told for the first time (``id``, ``name``), or further (``adds-to``)."""

    id: Slug | None = None
    adds_to: str = ""
    form: Form = "unstated"
    name: Words | None = None
    about: Words | None = None
    heading_role: str = ""
    """The role of the section's organisation by its heading alone; ``none``, or by default organiser."""
    reported_by: Names = ()
    """Who reports it, where it is not the organisation of the section."""


class Fact(Statements):
    """What a source says of a thing that is no activity: ``of: instrument:tulevaisuusselonteko``."""

    of: str
    name: Words | None = None
    about: Words | None = None


class Item(Part):
    """One bullet, sentence or row of the source, by its first words."""

    words: Quotes = ()
    language: str = ""
    """The language of the item, where it is not the source's."""
    line: int | None = None
    """The line or row, from 1, where a program knows it; people give words."""
    activities: Annotated[tuple[Activity, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="activity")
    facts: Annotated[tuple[Fact, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="fact")
    gaps: Annotated[tuple[Gap, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="gap")
    remarks: Annotated[tuple[Remark, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="remark")
    memberships: Annotated[tuple[Membership, ...], BeforeValidator(_one_or_many)] = Field(
        default=(), alias="membership"
    )
    names: SaidValues = ()
    """Further things that words of the item name: ``saimaa «Saimaalla»``."""
    says_nothing: Literal["yes", "no"] = "no"

    @property
    def says_something(self) -> bool:
        """Whether a person has read it: something is told of it, if only that it says nothing."""
        told = (self.activities, self.facts, self.gaps, self.remarks, self.memberships, self.names)
        return any(told) or self.says_nothing == "yes"


class Section(Part):
    """A part of the source under one heading."""

    heading: Quotes = ()
    about: str = ""
    """The organisation that the heading names."""
    id: Slug | None = None
    title: str = ""
    """What a program calls it, such as the name of a sheet."""
    kind: str = "main"
    names: SaidValues = ()
    """What words of the heading name, where it is more than ``about``: ``om «Oikeusministeriö»``."""
    items: Annotated[tuple[Item, ...], BeforeValidator(_one_or_many)] = ()
    sections: Annotated[tuple["Section", ...], BeforeValidator(_one_or_many)] = ()


class Event(Activity):
    """The event whose participants' activities a listing lists."""

    participants: SaidValues = ()


class Reading(Part):
    """A whole reading."""

    source: Source
    event: Event | None = None
    new: New = New()
    sections: Annotated[tuple[Section, ...], BeforeValidator(_one_or_many)] = ()
    activities: Annotated[tuple[Activity, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="activity")
    """What a source without sections says, such as a web page."""
    facts: Annotated[tuple[Fact, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="fact")
    gaps: Annotated[tuple[Gap, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="gap")
    remarks: Annotated[tuple[Remark, ...], BeforeValidator(_one_or_many)] = Field(default=(), alias="remark")
    memberships: Annotated[tuple[Membership, ...], BeforeValidator(_one_or_many)] = Field(
        default=(), alias="membership"
    )
