"""SHACL Core as SPARQL: the condition under which a node may break a shape, or surely does.

Where the engine and a SHACL validator might judge a value differently (a rare lexical form, a date with a time zone)
the condition errs to the side that is asked for, so that what "may break" leaves out does conform. A shape that says
anything which is not translated here has no condition at all. SHACL: https://www.w3.org/TR/shacl/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, count

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, XSD
from rdflib.term import Node

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SILENT = frozenset({
    RDF.type, RDFS.comment, DCTERMS.identifier, SH.message, SH.severity, SH.name, SH.path, SH.ignoredProperties,
    SH.qualifiedMinCount, SH.qualifiedMaxCount, *TARGETS,
})  # fmt: skip
"""Parameters that add no condition."""
_MOST_VALUES = 4
_PLAIN_FORMS: Mapping[Node, str] = {
    XSD.integer: "[+-]?[0-9]{1,18}",
    XSD.date: "[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))",
}
"""Lexical forms that every validator takes; of others nothing is said for sure."""
_DIALECTS = ("\\", "(?", "[[", "&&", "--", "~~")
"""What one library of regular expressions reads so, another otherwise."""


class UntranslatableError(Exception):
    """A shape says something that has no translation."""


@dataclass(frozen=True)
class _Clause:
    """One thing that a shape says, and of which variable its breach is asked."""

    conditions: "Conditions"
    shape: Node
    argument: Node
    variable: str
    surely: bool

    def broken_unless(self, surely: str, perhaps: str) -> str:
        """If ``surely``, negate the lenient test; otherwise the strict one."""
        return f"!COALESCE({perhaps if self.surely else surely}, false)"

    def items(self) -> list[Node]:
        """The list that is the argument."""
        return self.conditions.items(self.argument)

    def member(self, shape: Node, variable: str | None = None, *, surely: bool | None = None) -> str:
        """Return the condition under which the value breaks a shape inside this one."""
        return self.conditions.member(
            shape, variable or self.variable, surely=self.surely if surely is None else surely
        )


class Conditions:
    """Writes the conditions of the shapes of one shapes graph."""

    def __init__(self, shapes: Graph, below: Callable[[Node], list[Node]]) -> None:
        """``below`` names the classes under a class in the graph that is asked."""
        self.shapes, self.below = shapes, below
        self._names = (f"?v{number}" for number in count())

    def breaks(self, shape: Node, variable: str, *, surely: bool) -> str:
        """Write the SPARQL condition under which a variable's value breaks a shape; raises UntranslatableError."""
        path = self.shapes.value(shape, SH.path)
        value = variable if path is None else next(self._names)
        of_values: list[str] = []
        of_sets: list[str] = []
        for parameter, argument in sorted(self.shapes.predicate_objects(shape)):
            if parameter in PER_VALUE_SET and path is not None:
                of_sets.append(PER_VALUE_SET[parameter](_Clause(self, shape, argument, variable, surely)))
            elif parameter in PER_VALUE:
                of_values.append(PER_VALUE[parameter](_Clause(self, shape, argument, value, surely)))
            elif parameter not in _SILENT:
                raise UntranslatableError(str(parameter))
        if of_values and path is not None:
            of_values = [self.exists(shape, variable, value, f"FILTER({_any(of_values)})")]
        return _any([*of_values, *of_sets])

    def member(self, shape: Node, variable: str, *, surely: bool) -> str:
        """Write the condition of a shape inside another, where only a Violation counts for sure."""
        for each in self.shapes.transitive_objects(shape, SH.property):
            if self.shapes.value(each, SH.severity, default=SH.Violation) != SH.Violation:
                raise UntranslatableError("the severity of a shape within a shape")
        return self.breaks(shape, variable, surely=surely)

    def path(self, shape: Node) -> str:
        """Write the path of a property shape: a property, its inverse, several at choice or one after another."""
        return self._path(self.shapes.value(shape, SH.path))

    def _path(self, path: Node | None) -> str:
        if isinstance(path, URIRef):
            return path.n3()
        inverse, choice = self.shapes.value(path, SH.inversePath), self.shapes.value(path, SH.alternativePath)
        if isinstance(inverse, URIRef):
            return f"^{inverse.n3()}"
        if path is not None and (path, RDF.first, None) in self.shapes:
            return f"({'/'.join(self._path(each) for each in self.items(path))})"
        if choice is None:
            raise UntranslatableError("a path")
        return f"({'|'.join(self._path(each) for each in self.items(choice))})"

    def exists(self, shape: Node, variable: str, value: str, tests: str = "") -> str:
        """Write that a path leads from a variable to a value that passes tests, step within step.

        Within EXISTS the engine does not know what is bound, and joins the steps of a path from whichever end.
        """
        path = self.shapes.value(shape, SH.path)
        is_sequence = path is not None and (path, RDF.first, None) in self.shapes
        *steps, last = [self._path(each) for each in (self.items(path) if is_sequence and path else [path])]
        nodes = [variable, *(next(self._names) for _ in steps)]
        text = f"EXISTS {{ {nodes[-1]} {last} {value} {tests} }}"
        for node, step, following in zip(nodes[-2::-1], reversed(steps), nodes[:0:-1], strict=True):
            text = f"EXISTS {{ {node} {step} {following} FILTER {text} }}"
        return text

    def items(self, list_: Node) -> list[Node]:
        """Read a list."""
        return list(Collection(self.shapes, list_))

    def number(self, shape: Node, parameter: URIRef) -> int | None:
        """Read a whole number."""
        value = self.shapes.value(shape, parameter)
        return value.value if isinstance(value, Literal) and isinstance(value.value, int) else None

    def allowed(self, shape: Node) -> Iterator[Node]:
        """Yield the properties that a closed shape knows."""
        paths = (self.shapes.value(each, SH.path) for each in self.shapes.objects(shape, SH.property))
        yield from (path for path in paths if isinstance(path, URIRef))
        for list_ in self.shapes.objects(shape, SH.ignoredProperties):
            yield from self.items(list_)

    def has(self, clause: _Clause, number: int, test: Callable[[str], str] | None = None) -> str:
        """Write that there are so many values, each of which passes a test."""
        if number < 1:
            return "true"
        if number > _MOST_VALUES:
            raise UntranslatableError("a great number")
        values = [next(self._names) for _ in range(number)]
        if number == 1:
            return self.exists(clause.shape, clause.variable, values[0], f"FILTER({test(values[0])})" if test else "")
        tests = [f"!sameTerm({one}, {other})" for one, other in combinations(values, 2)]
        tests += [test(value) for value in values] if test else []
        pattern = " . ".join(f"{clause.variable} {self.path(clause.shape)} {value}" for value in values)
        return f"EXISTS {{ {pattern} {' '.join(f'FILTER({test})' for test in tests)} }}"


def _any(conditions: list[str]) -> str:
    return " || ".join(f"({each})" for each in conditions) or "false"


def _class(clause: _Clause) -> str:
    value, classes = clause.variable, [clause.argument, *clause.conditions.below(clause.argument)]
    if len(classes) == 1:
        return f"!EXISTS {{ {value} a {clause.argument.n3()} }}"
    return f"!EXISTS {{ {value} a ?class FILTER(?class IN ({', '.join(each.n3() for each in classes)})) }}"


def _datatype(clause: _Clause) -> str:
    value, datatype = clause.variable, clause.argument
    has = f"DATATYPE({value}) = {datatype.n3()}"
    if datatype in _PLAIN_FORMS:
        return clause.broken_unless(f'{has} && REGEX(STR({value}), "^({_PLAIN_FORMS[datatype]})$")', has)
    if str(datatype).startswith((str(XSD), str(RDF))) and datatype not in (XSD.string, RDF.langString):
        raise UntranslatableError(str(datatype))
    return clause.broken_unless(has, has)


def _pattern(clause: _Clause) -> str:
    pattern, value = str(clause.argument), f"STR({clause.variable})"
    if any(each in pattern for each in _DIALECTS):
        raise UntranslatableError(pattern)
    matches = f"REGEX({value}, {Literal(pattern).n3()})"
    return clause.broken_unless(matches, f'{matches} || CONTAINS({value}, "\\n")')


def _language_in(clause: _Clause) -> str:
    language = f"LANG({clause.variable})"
    tags = [Literal(str(tag).lower()).n3() for tag in clause.items()]
    matches = " || ".join(f"LANGMATCHES({language}, {tag})" for tag in tags)
    return clause.broken_unless(f"{language} IN ({', '.join(tags)})", matches)


def _in(clause: _Clause) -> str:
    items = clause.items()
    if not all(isinstance(item, URIRef) for item in items):
        raise UntranslatableError("a list of literals")
    is_one = f"{clause.variable} IN ({', '.join(item.n3() for item in items)})"
    return clause.broken_unless(is_one, is_one)


def _closed(clause: _Clause) -> str:
    if not isinstance(clause.argument, Literal) or clause.argument.value is not True:
        raise UntranslatableError("closed")
    known = ", ".join(sorted(each.n3() for each in clause.conditions.allowed(clause.shape)))
    spared = f"?property = {RDF.type.n3()} && ?object = {RDFS.Resource.n3()}"
    return f"EXISTS {{ {clause.variable} ?property ?object FILTER(?property NOT IN ({known}) && !({spared})) }}"


def _in_order(clause: _Clause, sign: str, other: str) -> str:
    """Write the test of a bound; whole numbers and dates without a time zone are compared alike by every engine."""
    value, datatype = clause.variable, f"DATATYPE({clause.variable})"
    days = f"{datatype} = {XSD.date.n3()} && STRLEN(STR({value})) = 10 && STRLEN(STR({other})) = 10"
    alike = f"{datatype} = DATATYPE({other}) && ({datatype} = {XSD.integer.n3()} || {days})"
    order = f"{value} {sign} {other}"
    return clause.broken_unless(f"{alike} && {order}", f"COALESCE(!({alike}) || {order}, true)")


def _or(clause: _Clause) -> str:
    return " && ".join(f"({clause.member(each)})" for each in clause.items())


def _xone(clause: _Clause) -> str:
    kept_surely, kept_perhaps = (
        " + ".join(f"IF({clause.member(each, surely=surely)}, 0, 1)" for each in clause.items())
        for surely in (False, True)
    )
    if clause.surely:
        return f"{kept_surely} > 1 || {kept_perhaps} = 0"
    return f"{kept_surely} != 1 || {kept_perhaps} != 1"


def _min_count(clause: _Clause) -> str:
    return f"!{clause.conditions.has(clause, clause.conditions.number(clause.shape, SH.minCount) or 0)}"


def _max_count(clause: _Clause) -> str:
    return clause.conditions.has(clause, (clause.conditions.number(clause.shape, SH.maxCount) or 0) + 1)


def _has_value(clause: _Clause) -> str:
    return f"!{clause.conditions.exists(clause.shape, clause.variable, clause.argument.n3())}"


def _unique_lang(clause: _Clause) -> str:
    path = clause.conditions.path(clause.shape)
    return (
        f"EXISTS {{ {clause.variable} {path} ?one . {clause.variable} {path} ?other "
        'FILTER(!sameTerm(?one, ?other) && LANG(?one) = LANG(?other) && LANG(?one) != "") }'
    )


def _pair(sign: str) -> Callable[[_Clause], str]:
    def compared(clause: _Clause) -> str:
        path, other = clause.conditions.path(clause.shape), clause.argument.n3()
        out_of_order = _in_order(
            _Clause(clause.conditions, clause.shape, clause.argument, "?one", clause.surely), sign, "?other"
        )
        return f"EXISTS {{ {clause.variable} {path} ?one . {clause.variable} {other} ?other FILTER({out_of_order}) }}"

    return compared


def _qualified(clause: _Clause) -> str:
    write = clause.conditions
    least, most = (write.number(clause.shape, each) for each in (SH.qualifiedMinCount, SH.qualifiedMaxCount))
    if len(list(write.shapes.objects(clause.shape, SH.qualifiedValueShape))) != 1:
        raise UntranslatableError("several qualified shapes")

    def kept(*, surely: bool) -> Callable[[str], str]:
        return lambda value: f"!({clause.member(clause.argument, value, surely=not surely)})"

    too_few = f"!{write.has(clause, least, kept(surely=not clause.surely))}" if least else "false"
    if most is None:
        return too_few
    return f"{too_few} || {write.has(clause, most + 1, kept(surely=clause.surely))}"


PER_VALUE: Mapping[Node, Callable[[_Clause], str]] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH["in"]: _in,
    SH.closed: _closed,
    SH.minInclusive: lambda clause: _in_order(clause, ">=", clause.argument.n3()),
    SH["or"]: _or,
    SH["not"]: lambda clause: f"!({clause.member(clause.argument, surely=not clause.surely)})",
    SH.xone: _xone,
    SH.node: lambda clause: clause.member(clause.argument),
    SH.property: lambda clause: clause.conditions.breaks(clause.argument, clause.variable, surely=clause.surely),
}
"""What is said of each value."""

PER_VALUE_SET: Mapping[Node, Callable[[_Clause], str]] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.hasValue: _has_value,
    SH.uniqueLang: _unique_lang,
    SH.lessThan: _pair("<"),
    SH.lessThanOrEquals: _pair("<="),
    SH.qualifiedValueShape: _qualified,
}
"""What is said of all values of a path together."""
