"""What the header of a saved query says, as models: texts in three languages, parameters, columns, view."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import BASE
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.headers import Fields

RESERVED: Final = ("lang", "limit", "offset", "version", "format")
"""Names of the address that are no parameters of a query."""

_VARIABLE = re.compile(r"[a-z][A-Za-z0-9]*")


def _one_line(text: str) -> str:
    return " ".join(text.split())


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Sentence = Annotated[Text, AfterValidator(_one_line)]


class Texts(Fields):
    """A text in the languages of every label."""

    fi: Sentence
    sv: Sentence
    en: Sentence


class ParameterHeader(Fields):
    """One parameter, as a header declares it."""

    name: Text
    type: ParameterType
    base: Text | None = None
    choices: tuple[Text, ...] = ()
    choices_query: str = ""
    """Name of a query in choices/; a header writes it, too, in ``choices``."""
    default: tuple[str, ...] = ()
    required: bool = False
    many: bool = False
    not_before: str = ""
    other_than: str = ""

    @model_validator(mode="before")
    @classmethod
    def _choices_of_a_query(cls, value: object) -> object:
        """Take a single text in ``choices`` for the name of a query, and a single default for a list of one."""
        if not isinstance(value, dict):
            return value
        written = dict(value)
        if isinstance(written.get("choices"), str):
            written["choices_query"] = written.pop("choices")
        if isinstance(written.get("default"), str):
            written["default"] = [written["default"]]
        return written

    @field_validator("name")
    @classmethod
    def _names_a_variable(cls, name: str) -> str:
        if not _VARIABLE.fullmatch(name) or name in RESERVED:
            others = ", ".join(RESERVED)
            raise ValueError(f"'{name}' cannot name a parameter; write a variable name other than {others}")
        return name

    @model_validator(mode="after")
    def _makes_sense(self) -> "ParameterHeader":
        if self.type is ParameterType.CHOICE and not (self.choices or self.choices_query):
            raise ValueError(f"the parameter '{self.name}' is a choice and has no choices")
        if len(self.default) > 1 and not self.many:
            raise ValueError(f"the parameter '{self.name}' has several defaults but is not 'many'")
        parameter = self.parameter({})
        for value in self.default:
            try:
                parameter.term(value)
            except BadParameterError as error:
                raise ValueError(f"the default of '{self.name}' is not allowed: {error}") from None
        return self

    def parameter(self, labels: dict[str, str]) -> Parameter:
        """Return the parameter that this declares, with its names for readers."""
        return Parameter(
            name=self.name,
            type=self.type,
            base=BASE + self.base if self.base else "",
            choices=self.choices,
            choices_query=self.choices_query,
            default=self.default,
            required=self.required,
            many=self.many,
            labels=labels,
            not_before=self.not_before,
            other_than=self.other_than,
        )


class QueryHeader(Fields):
    """The whole header of a saved query."""

    title: Texts
    question: Texts
    explanation: Texts
    tags: tuple[Text, ...]
    parameters: tuple[ParameterHeader, ...] = ()
    columns: tuple[Text, ...] = Field(default=())
    view: Literal["table", "graph", "map", "timeline", "chart"] = "table"

    @field_validator("parameters")
    @classmethod
    def _compares_with_others(cls, parameters: tuple[ParameterHeader, ...]) -> tuple[ParameterHeader, ...]:
        names = [each.name for each in parameters]
        for each in parameters:
            for other in (each.not_before, each.other_than):
                if other and (other == each.name or other not in names):
                    raise ValueError(f"the parameter '{each.name}' is compared with '{other}', which is no other one")
        return parameters
