"""The query forms: columns of SELECT *, names given twice, expressions reused, groups of ASK and CONSTRUCT."""

from collections.abc import Sequence
from typing import TypeGuard

from dialogiverkko.sparql.rewording.refusal import refused
from dialogiverkko.sparql.suspects import AGGREGATES
from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Leaf, Names, TreeNode, leaves, walk

_UNSEEN = frozenset({"Filter", "Minus", "Expression", "SelectClause", "SolutionModifier"})
"""Where a variable does not come into scope (section 18.2.1)."""
_MOST_LEAVES = 20_000
_ONCE_ONLY = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})


def _is_variable(each: TreeNode | Leaf) -> TypeGuard[Token]:
    return isinstance(each, Token) and each.type == "VAR"


def name_all_columns(root: TreeNode) -> None:
    """Write the variables of each SELECT *, before its pattern gets variables that are not to be seen.

    Those of the outermost are written already where it has any (``sparql/columns``).
    """
    for select in walk(root):
        if select.name not in {"SelectQuery", "SubSelect"}:
            continue
        clause = select.nodes("SelectClause")[0]
        star = clause.index("*")
        modifier = select.nodes("SolutionModifier")[0]
        if star is None or modifier.nodes("GroupClause"):
            continue
        columns = _in_scope([*select.nodes("WhereClause"), *select.nodes("ValuesClause")])
        if not columns:
            raise refused("cannot answer SELECT * without a variable here", "Name a variable, or ASK.")
        clause.children[star] = " ".join(f"?{name}" for name in columns)


def _in_scope(roots: Sequence[TreeNode]) -> list[str]:
    """List the variables that a pattern brings into scope, in the order of the text."""
    found: dict[str, None] = {}
    stack: list[TreeNode | Leaf] = list(reversed(roots))
    while stack:
        each = stack.pop()
        if _is_variable(each):
            found[each.text[1:]] = None
        elif not isinstance(each, TreeNode) or each.name in _UNSEEN:
            continue
        elif each.name == "SubSelect":
            clause = each.nodes("SelectClause")[0]
            projected = each.children if clause.has("*") else filter(_is_variable, clause.children)
            stack.extend(reversed(list(projected)))
        elif each.name == "Bind":
            stack.append(each.children[-2])
        else:
            stack.extend(reversed(each.children))
    return list(found)


def define_once(select: TreeNode) -> None:
    """Drop what SELECT names again, and write out expressions that later ones of a group use (16.1.2)."""
    clause = select.nodes("SelectClause")[0]
    drop_repeated(clause)
    if not is_grouped(select):
        return
    defined: dict[str, list[Leaf]] = {}
    for place, each in enumerate(clause.children):
        if not (isinstance(each, TreeNode) and each.name == "Expression"):
            continue
        written = _substituted(each, defined)
        clause.children[place] = TreeNode("Expression", list(written))
        variable = clause.children[place + 2]
        assert isinstance(variable, Token)  # noqa: S101 - the grammar has AS and a variable here
        defined[variable.text[1:]] = written


def is_grouped(select: TreeNode) -> bool:
    """Return whether a query groups: by GROUP BY, by HAVING, or by an aggregate alone."""
    modifier = select.nodes("SolutionModifier")[0]
    written = leaves(select.nodes("SelectClause")[0])
    aggregates = {leaf.type if isinstance(leaf, Token) else leaf.partition("(")[2][:12] for leaf in written}
    return bool(modifier.nodes("GroupClause") or modifier.nodes("HavingClause") or aggregates & AGGREGATES)


def drop_repeated(clause: TreeNode) -> None:
    """Drop variables that a clause has named before: what it names is a set."""
    seen: set[str] = set()
    kept: list[TreeNode | Leaf] = []
    depth = 0
    for each in clause.children:
        depth += {"(": 1, ")": -1}.get(each.type, 0) if isinstance(each, Token) else 0
        name = _name_of(each)
        if name and not depth and name in seen:
            continue
        seen.add(name)
        kept.append(each)
    clause.children = kept


def _name_of(each: TreeNode | Leaf) -> str:
    """Return the name of a variable of a clause; nothing for an expression, and for what may well stand twice."""
    if isinstance(each, TreeNode) and each.name == "Expression":
        return ""
    written = [leaf for leaf in leaves(each) if isinstance(leaf, Token)]
    return written[0].text[1:] if len(written) == 1 and _is_variable(written[0]) else ""


def _substituted(expression: TreeNode, defined: dict[str, list[Leaf]]) -> list[Leaf]:
    """Write an expression with the variables that were defined before it by what defines them."""
    found: list[Leaf] = []
    brackets: list[bool] = []
    before: Leaf = ""
    for leaf in leaves(expression):
        kind = leaf.type if isinstance(leaf, Token) else ""
        within = "aggregate" if any(brackets) else ""
        if kind == "(":
            brackets.append(isinstance(before, Token) and before.type in AGGREGATES)
        elif kind == ")":
            brackets.pop()
        elif kind == "VAR" and isinstance(leaf, Token) and leaf.text[1:] in defined and not within:
            _check_reuse(leaf, defined[leaf.text[1:]], expression)
            if _is_within(expression, leaf, "BOUND"):
                raise refused("cannot tell BOUND of what the same SELECT defines in a group", "Use a subquery.")
            found += ["(", *defined[leaf.text[1:]], ")"]
            before = leaf
            continue
        elif isinstance(leaf, str) and any(f"?{name}" in leaf for name in defined):
            raise refused("cannot use what the same SELECT defines within this function", "Use a subquery.")
        found.append(leaf)
        before = leaf
    if len(found) > _MOST_LEAVES:
        raise refused("cannot reuse expressions that grow so long", "Use a subquery.")
    return found


def _check_reuse(variable: Token, written: Sequence[Leaf], expression: TreeNode) -> None:
    """Refuse where the same text twice is not the same value."""
    if any(isinstance(leaf, Token) and leaf.type in _ONCE_ONLY for leaf in written):
        raise refused(
            f"would make the value of {variable.text} anew where it is used again in a group", "Use a subquery."
        )
    if any(node.name == "Exists" for node in walk(expression)):
        raise refused(f"cannot use {variable.text} again within EXISTS in a group", "Use a subquery.")


def _is_within(expression: TreeNode, variable: Token, function: str) -> bool:
    written = [leaf for leaf in leaves(expression) if isinstance(leaf, Token)]
    place = written.index(variable)
    return place > 1 and written[place - 2].type == function


def alias_before_grouping(select: TreeNode) -> None:
    """Write GROUP BY (?x AS ?y) as a BIND before and a group by ?y."""
    modifier = select.nodes("SolutionModifier")[0]
    for group in modifier.nodes("GroupClause"):
        for condition in group.nodes("GroupCondition"):
            alias = condition.index("AS")
            if alias is None:
                continue
            expression, variable = condition.children[1], condition.children[alias + 1]
            written = [leaf for leaf in leaves(expression) if isinstance(leaf, Token)]
            if len(written) != 1 or written[0].type != "VAR":
                continue
            where = select.nodes("WhereClause")[0]
            pattern = where.nodes("GroupGraphPattern")[0]
            at = where.children.index(pattern)
            where.children[at] = TreeNode(
                "GroupGraphPattern", ["{", pattern, "BIND(", written[0], "AS", variable, ")", "}"]
            )
            condition.children = [variable]


def group_within(query: TreeNode, names: Names) -> None:
    """Put the groups of ASK, CONSTRUCT and DESCRIBE into a subquery, which Oxigraph can group."""
    form = query.children[1]
    assert isinstance(form, TreeNode)  # noqa: S101 - the grammar has the form behind the prologue
    if form.name == "DescribeQuery":
        drop_repeated(form)
    modifier = form.nodes("SolutionModifier")[0]
    if form.name == "SelectQuery" or not (modifier.nodes("GroupClause") or modifier.nodes("HavingClause")):
        return
    template = _long_form(form) if form.nodes("ConstructWhere") else None
    where = next(iter(form.nodes("WhereClause")), None)
    columns, values = _grouped(modifier), query.nodes("ValuesClause")[0]
    if any(f"?{leaf.text[1:]}" not in columns for leaf in leaves(values) if _is_variable(leaf)):
        raise refused("joins VALUES to a group only by grouped variables", "Put VALUES into the pattern.")
    select = TreeNode(
        "SubSelect",
        [
            TreeNode("SelectClause", ["SELECT", " ".join(columns) or f"(COUNT(*) AS {names.fresh()})"]),
            where or TreeNode("WhereClause", [TreeNode("GroupGraphPattern", ["{}"])]),
            modifier,
            values,
        ],
    )
    alias_before_grouping(select)
    query.children.remove(values)
    at = form.children.index(where or modifier)
    form.children.remove(modifier)
    form.children[at : at + bool(where)] = [TreeNode("WhereClause", ["WHERE {", select, "}"])]
    if template:
        form.children.insert(1, template)


def _long_form(form: TreeNode) -> TreeNode:
    """Turn CONSTRUCT WHERE { … } into the form with a template of its own, which is returned."""
    short = form.nodes("ConstructWhere")[0]
    opening = short.index("{")
    assert opening is not None  # noqa: S101 - the grammar has it
    triples = list(leaves(*short.children[opening:]))
    at = form.children.index(short)
    form.children[at : at + 1] = [
        *short.nodes("DatasetClause"),
        TreeNode("WhereClause", ["WHERE", TreeNode("GroupGraphPattern", list(triples))]),
    ]
    return TreeNode("ConstructTemplate", list(triples))


def _grouped(modifier: TreeNode) -> list[str]:
    """List the variables that a group keeps."""
    found: dict[str, None] = {}
    for group in modifier.nodes("GroupClause"):
        for condition in group.nodes("GroupCondition"):
            alias = condition.index("AS")
            variable = condition.children[0 if alias is None else alias + 1]
            if _is_variable(variable):
                found[f"?{variable.text[1:]}"] = None
    return list(found)
