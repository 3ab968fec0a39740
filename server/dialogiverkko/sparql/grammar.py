"""The grammar of SPARQL 1.1 queries as data, and a predictive parser that needs no recursion.

The productions are those of `SPARQL 1.1 Query Language, section 19.8
<https://www.w3.org/TR/sparql11-query/#sparqlGrammar>`_, which is LL(1): one token decides. The
parser keeps its own stack, so that no depth of nesting can exhaust the stack of the process.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_PRODUCTIONS = """
QueryUnit = Query EOF
Query = Prologue ( SelectQuery | ConstructQuery | DescribeQuery | AskQuery ) ValuesClause
Prologue = ( BaseDecl | PrefixDecl )*
BaseDecl = BASE IRIREF
PrefixDecl = PREFIX PNAME_NS IRIREF
SelectQuery = SelectClause DatasetClause* WhereClause SolutionModifier
SubSelect = SelectClause WhereClause SolutionModifier ValuesClause
SelectClause = SELECT ( DISTINCT | REDUCED )? ( ( VAR | '(' Expression AS VAR ')' )+ | '*' )
ConstructQuery = CONSTRUCT ( ConstructTemplate DatasetClause* WhereClause | ConstructWhere ) SolutionModifier
ConstructWhere = DatasetClause* WHERE '{' TriplesTemplate? '}'
DescribeQuery = DESCRIBE ( VarOrIri+ | '*' ) DatasetClause* WhereClause? SolutionModifier
AskQuery = ASK DatasetClause* WhereClause SolutionModifier
DatasetClause = FROM ( iri | NAMED iri )
WhereClause = WHERE? GroupGraphPattern
SolutionModifier = GroupClause? HavingClause? OrderClause? LimitOffsetClauses?
GroupClause = GROUP BY GroupCondition+
GroupCondition = BuiltInCall | FunctionCall | '(' Expression ( AS VAR )? ')' | VAR
HavingClause = HAVING Constraint+
OrderClause = ORDER BY OrderCondition+
OrderCondition = ( ASC | DESC ) BrackettedExpression | Constraint | VAR
LimitOffsetClauses = LimitClause OffsetClause? | OffsetClause LimitClause?
LimitClause = LIMIT INTEGER
OffsetClause = OFFSET INTEGER
ValuesClause = ( VALUES DataBlock )?
TriplesTemplate = TriplesSameSubject ( '.' TriplesTemplate? )?
GroupGraphPattern = '{' ( SubSelect | GroupGraphPatternSub ) '}'
GroupGraphPatternSub = TriplesBlock? ( GraphPatternNotTriples '.'? TriplesBlock? )*
TriplesBlock = TriplesSameSubjectPath ( '.' TriplesBlock? )?
GraphPatternNotTriples = GroupOrUnion | Optional | Minus | GraphGraph | Service | Filter | Bind | InlineData
Optional = OPTIONAL GroupGraphPattern
GraphGraph = GRAPH VarOrIri GroupGraphPattern
Service = SERVICE SILENT? VarOrIri GroupGraphPattern
Bind = BIND '(' Expression AS VAR ')'
InlineData = VALUES DataBlock
DataBlock = VAR '{' DataBlockValue* '}' | ( NIL | '(' VAR* ')' ) '{' ( '(' DataBlockValue* ')' | NIL )* '}'
DataBlockValue = iri | RDFLiteral | NumericLiteral | BooleanLiteral | UNDEF
Minus = MINUS GroupGraphPattern
GroupOrUnion = GroupGraphPattern ( UNION GroupGraphPattern )*
Filter = FILTER Constraint
Constraint = BrackettedExpression | BuiltInCall | FunctionCall
FunctionCall = iri ArgList
ArgList = NIL | '(' DISTINCT? Expression ( ',' Expression )* ')'
ExpressionList = NIL | '(' Expression ( ',' Expression )* ')'
ConstructTemplate = '{' TriplesTemplate? '}'
TriplesSameSubject = VarOrTerm PropertyListNotEmpty | TriplesNode PropertyListNotEmpty?
PropertyListNotEmpty = Verb ObjectList ( ';' ( Verb ObjectList )? )*
Verb = VarOrIri | a
ObjectList = GraphNode ( ',' GraphNode )*
TriplesSameSubjectPath = VarOrTerm PropertyListPathNotEmpty | TriplesNodePath PropertyListPathNotEmpty?
PropertyListPathNotEmpty = VerbPath ObjectListPath ( ';' ( VerbPath ObjectListPath )? )*
VerbPath = Path | VAR
ObjectListPath = GraphNodePath ( ',' GraphNodePath )*
Path = PathSequence ( '|' PathSequence )*
PathSequence = PathEltOrInverse ( '/' PathEltOrInverse )*
PathEltOrInverse = PathElt | '^' PathElt
PathElt = PathPrimary ( '?' | '*' | '+' )?
PathPrimary = iri | a | '!' PathNegatedPropertySet | '(' Path ')'
PathNegatedPropertySet = PathOneInPropertySet | NIL | '(' PathOneInPropertySet AnotherInPropertySet* ')'
AnotherInPropertySet = '|' PathOneInPropertySet
PathOneInPropertySet = iri | a | '^' ( iri | a )
TriplesNode = '(' GraphNode+ ')' | '[' PropertyListNotEmpty ']'
TriplesNodePath = '(' GraphNodePath+ ')' | '[' PropertyListPathNotEmpty ']'
GraphNode = VarOrTerm | TriplesNode
GraphNodePath = VarOrTerm | TriplesNodePath
VarOrTerm = VAR | GraphTerm
VarOrIri = VAR | iri
GraphTerm = iri | RDFLiteral | NumericLiteral | BooleanLiteral | BLANK_NODE_LABEL | ANON | NIL
Expression = ConditionalAnd ( '||' ConditionalAnd )*
ConditionalAnd = Relational ( '&&' Relational )*
Relational = Additive ( Comparison Additive | IN ExpressionList | NOT IN ExpressionList )?
Comparison = '=' | '!=' | '<' | '>' | '<=' | '>='
Additive = Multiplicative ( ( '+' | '-' ) Multiplicative | SignedLiteral ( ( '*' | '/' ) Unary )* )*
SignedLiteral = NumericLiteralPositive | NumericLiteralNegative
Multiplicative = Unary ( ( '*' | '/' ) Unary )*
Unary = '!' Primary | '+' Primary | '-' Primary | Primary
Primary = BrackettedExpression | BuiltInCall | iri ArgList? | Literal | VAR
Literal = RDFLiteral | NumericLiteral | BooleanLiteral
BrackettedExpression = '(' Expression ')'
BuiltInCall = Aggregate | Call0 NIL | Call1 One | Call2 Two | Call3 Three | CallN ExpressionList | OtherCall
One = '(' Expression ')'
Two = '(' Expression ',' Expression ')'
Three = '(' Expression ',' Expression ',' Expression ')'
Call0 = RAND | NOW | UUID | STRUUID
Call1 = STR | LANG | DATATYPE | IRI | URI | ABS | CEIL | FLOOR | ROUND | STRLEN | UCASE | LCASE | Call1Rest
Call1Rest = ENCODE_FOR_URI | YEAR | MONTH | DAY | HOURS | MINUTES | SECONDS | TIMEZONE | TZ | Hash | Test
Hash = MD5 | SHA1 | SHA256 | SHA384 | SHA512
Test = ISIRI | ISURI | ISBLANK | ISLITERAL | ISNUMERIC
Call2 = LANGMATCHES | CONTAINS | STRSTARTS | STRENDS | STRBEFORE | STRAFTER | STRLANG | STRDT | SAMETERM
Call3 = IF
CallN = CONCAT | COALESCE
OtherCall = BOUND '(' VAR ')' | BNODE ( One | NIL ) | Substring | Exists
Substring = SUBSTR TwoOrThree | REGEX TwoOrThree | REPLACE ThreeOrFour
ThreeOrFour = '(' Expression ',' Expression ',' Expression Flags ')'
TwoOrThree = '(' Expression ',' Expression Flags ')'
Flags = ( ',' Expression )?
Exists = EXISTS GroupGraphPattern | NOT EXISTS GroupGraphPattern
Aggregate = COUNT '(' DISTINCT? ( '*' | Expression ) ')' | Fold '(' DISTINCT? Expression ')' | GroupConcat
Fold = SUM | MIN | MAX | AVG | SAMPLE
GroupConcat = GROUP_CONCAT '(' DISTINCT? Expression ( ';' SEPARATOR '=' STRING )? ')'
RDFLiteral = STRING ( LANGTAG | '^^' iri )?
NumericLiteral = INTEGER | DECIMAL | DOUBLE | NumericLiteralPositive | NumericLiteralNegative
NumericLiteralPositive = INTEGER_POSITIVE | DECIMAL_POSITIVE | DOUBLE_POSITIVE
NumericLiteralNegative = INTEGER_NEGATIVE | DECIMAL_NEGATIVE | DOUBLE_NEGATIVE
BooleanLiteral = TRUE | FALSE
iri = IRIREF | PNAME_LN | PNAME_NS
"""

_CLASSES = {"EOF", "IRIREF", "VAR", "PNAME_LN", "PNAME_NS", "BLANK_NODE_LABEL", "STRING", "LANGTAG", "NIL", "ANON"} | {
    number + sign for number in ("INTEGER", "DECIMAL", "DOUBLE") for sign in ("", "_POSITIVE", "_NEGATIVE")
}
"""The terminals that are no keywords."""

Symbols = tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """A predictive table: which symbols replace a nonterminal when a certain token comes next."""

    table: dict[str, dict[str, Symbols]]
    first: dict[str, frozenset[str]]
    """For each nonterminal the tokens it may start with; the empty string where it may be nothing."""
    conflicts: tuple[str, ...]
    """Choices that one token does not decide; a sound grammar has none."""
    keywords: frozenset[str]
    """The keywords, in capitals; ``a``, which has no capital, is not among them."""

    def expected(self, stack: list[str]) -> frozenset[str]:
        """Collect the tokens that may come next when ``stack`` (its top last) is still to be read."""
        found: set[str] = set()
        for symbol in reversed(stack):
            first = self.first.get(symbol, frozenset({symbol}))
            found |= first - {""}
            if "" not in first:
                break
        return frozenset(found)


class _Reader:
    """Turns the productions, with their groups and repetitions, into plain alternatives."""

    def __init__(self) -> None:
        self.rules: dict[str, list[Symbols]] = {}

    def read(self, text: str) -> None:
        for line in text.strip().splitlines():
            name, _, right = line.partition(" = ")
            symbols = iter(re.findall(r"'[^']+'[*+?]?|\w+[*+?]?|\(|\)[*+?]?|\|", right))
            alternatives, _ = self._alternatives(name, symbols)
            self.rules[name] = alternatives

    def _alternatives(self, name: str, symbols: Iterator[str]) -> tuple[list[Symbols], str]:
        alternatives: list[list[str]] = [[]]
        for written in symbols:
            if written == "|":
                alternatives.append([])
            elif written == "(":
                group = f"{name}.{len(self.rules)}"
                self.rules[group] = []
                inner, suffix = self._alternatives(group, symbols)
                self.rules[group] = inner
                alternatives[-1].append(self._repeat(group, suffix))
            elif written.startswith(")"):
                return [tuple(alternative) for alternative in alternatives], written[1:]
            else:
                suffix = written[-1] if written[-1] in "*+?" else ""
                symbol = written.removesuffix(suffix) if suffix else written
                alternatives[-1].append(self._repeat(symbol.strip("'"), suffix))
        return [tuple(alternative) for alternative in alternatives], ""

    def _repeat(self, symbol: str, suffix: str) -> str:
        name = f"{symbol}{suffix}" if suffix else symbol
        if suffix == "?":
            self.rules.setdefault(name, [(symbol,), ()])
        elif suffix:
            many = f"{symbol}*"
            self.rules.setdefault(many, [(symbol, many), ()])
            if suffix == "+":
                self.rules.setdefault(name, [(symbol, many)])
        return name


def _first_of(symbols: Symbols, first: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    for symbol in symbols:
        start = first.get(symbol, {symbol})
        found |= start - {""}
        if "" not in start:
            return found
    return found | {""}


def _first_sets(rules: dict[str, list[Symbols]]) -> dict[str, set[str]]:
    first: dict[str, set[str]] = {name: set() for name in rules}
    changed = True
    while changed:
        changed = False
        for name, alternatives in rules.items():
            found = set().union(*(_first_of(symbols, first) for symbols in alternatives))
            if not found <= first[name]:
                first[name] |= found
                changed = True
    return first


def _follow_sets(rules: dict[str, list[Symbols]], first: dict[str, set[str]]) -> dict[str, set[str]]:
    follow: dict[str, set[str]] = {name: set() for name in rules}
    changed = True
    while changed:
        changed = False
        for name, alternatives in rules.items():
            for symbols in alternatives:
                for index, symbol in enumerate(symbols):
                    if symbol not in rules:
                        continue
                    rest = _first_of(symbols[index + 1 :], first)
                    found = (rest - {""}) | (follow[name] if "" in rest else set())
                    if not found <= follow[symbol]:
                        follow[symbol] |= found
                        changed = True
    return follow


@cache
def grammar() -> Grammar:
    """Make the predictive table of the productions, once."""
    reader = _Reader()
    reader.read(_PRODUCTIONS)
    rules = reader.rules
    first = _first_sets(rules)
    follow = _follow_sets(rules, first)
    table: dict[str, dict[str, Symbols]] = {}
    conflicts: list[str] = []
    for name, alternatives in rules.items():
        row: dict[str, Symbols] = {}
        for symbols in alternatives:
            starts = _first_of(symbols, first)
            for token in (starts - {""}) | (follow[name] if "" in starts else set()):
                if token in row:
                    conflicts.append(f"{name} at {token}")
                row.setdefault(token, tuple(reversed(symbols)))
        table[name] = row
    used = {symbol for alternatives in rules.values() for symbols in alternatives for symbol in symbols}
    return Grammar(
        table,
        {name: frozenset(tokens) for name, tokens in first.items()},
        tuple(conflicts),
        frozenset(symbol for symbol in used - table.keys() - _CLASSES if symbol[0].isalpha() and symbol != "a"),
    )
