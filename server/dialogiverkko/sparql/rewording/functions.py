"""REPLACE and GROUP_CONCAT in words that Oxigraph takes as the Recommendation means them."""

import re
from itertools import accumulate
from typing import Final

from dialogiverkko.sparql.tokens import Token
from dialogiverkko.sparql.tree import Leaf, TreeNode, leaves, text_of

_SAME_IN_PYTHON: Final = re.compile(r"(?:[^\\\[(]|\\[^a-zA-Z]|\\[dwsDWSnrt]|\[[^\[\]\\&~|]+\]|\((?!\?))*")
"""Patterns that Python reads as XPath does, as far as an empty match goes."""
_LONGEST_READ: Final = 500
_UNESCAPED: Final = re.compile(r"\\(?:\\|\$)|\$(?:[0-9]+)|[\\$]")
_STRING: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_MARK, _END = "\ue000", "\ue001"
"""Private characters that stand around what tells terms of equal text apart; they are taken out again."""


def plain_strings(call: TreeNode) -> None:
    """Have GROUP_CONCAT join the texts of terms: Oxigraph keeps a common language, and fails over IRIs."""
    expression = call.nodes("Expression")[0]
    if _is_string(expression):
        return
    at = call.children.index(expression)
    text = text_of(expression)
    if not call.has("DISTINCT"):
        call.children[at : at + 1] = ["STR(", expression, ")"]
        return
    call.children[at] = (
        f'CONCAT(STR({text}), "{_MARK}", COALESCE(LANG({text}), ""), "{_MARK}", '
        f'COALESCE(STR(DATATYPE({text})), ""), "{_END}")'
    )
    call.children = [f"REPLACE({text_of(*call.children)}", f', "{_MARK}[^{_END}]*{_END}", "")']


def _is_string(expression: TreeNode) -> bool:
    written = [leaf for leaf in leaves(expression) if isinstance(leaf, Token)]
    if written[0].type != "STR":
        return False
    depths = list(accumulate({"(": 1, ")": -1}.get(leaf.type, 0) for leaf in written))
    return depths.index(0, 1) == len(depths) - 1  # the bracket that closes the one behind STR is the last token


def replacement_of_xpath(call: TreeNode) -> None:
    """Write REPLACE so that ``$1`` and ``\\$`` are read as XPath does, and a match of nothing is an error."""
    if not call.has("REPLACE"):
        return
    arguments = call.nodes("ThreeOrFour")[0]
    _, pattern, replacement = arguments.nodes("Expression")
    flags = [each for node in arguments.nodes("Flags") for each in node.nodes("Expression")]
    arguments.children[arguments.children.index(replacement)] = _replacement(replacement, _groups(pattern))
    if not _never_empty(pattern, flags):
        guard = f'REGEX("", {text_of(pattern)}' + (f", {text_of(flags[0])})" if flags else ")")
        call.children = [f"IF({guard}, 1/0,", *call.children, ")"]


def _constant(expression: TreeNode) -> str | None:
    """Return the value of a string that stands there as such."""
    written: list[Leaf] = list(leaves(expression))
    if len(written) != 1 or not isinstance(written[0], Token) or written[0].type != "STRING":
        return None
    text = written[0].text
    quotes = 3 if text[:3] in {'"""', "'''"} else 1
    return re.sub(
        r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))",
        lambda match: chr(int(match[1] or match[2], 16)) if match[1] or match[2] else _STRING[match[3]],
        text[quotes:-quotes],
    )


def _groups(pattern: TreeNode) -> int:
    """Count the groups of a pattern; nine, the most that one digit names, where it is not known."""
    text = _constant(pattern)
    if text is None:
        return 9
    return len(re.findall(r"\((?!\?)", re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "", text)))


def _never_empty(pattern: TreeNode, flags: list[TreeNode]) -> bool:
    """Check that a constant pattern matches no empty text; False also where it cannot be seen."""
    text = _constant(pattern)
    if text is None or len(text) > _LONGEST_READ or not _SAME_IN_PYTHON.fullmatch(text):
        return False
    if any(set(_constant(each) or "x") - set("ims") for each in flags):
        return False
    try:
        return re.search(text, "") is None
    except re.error:
        return False  # the engine refuses it, too


def _replacement(expression: TreeNode, groups: int) -> str:
    """Write a replacement in Oxigraph's manner: a constant here, another by functions of its own."""
    text = _constant(expression)
    if text is None:
        return _computed(text_of(expression))
    found = _UNESCAPED.sub(lambda match: _in_their_manner(match[0], groups), text)
    return "(1/0)" if _WRONG in found else _quoted(found)


_WRONG: Final = "\ue002"


def _in_their_manner(written: str, groups: int) -> str:
    if written == "\\\\":
        return "\\"
    if written == "\\$":
        return "$$"
    if len(written) == 1:
        return _WRONG
    digits = written[1:]
    length = len(digits)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    return f"${{{digits[:length]}}}{digits[length:]}"


def _computed(text: str) -> str:
    """Write a replacement that is computed at run time as calls of Oxigraph's own REPLACE."""
    marked = rf'REPLACE(REPLACE({text}, "\\\\\\\\", "\ue003"), "\\\\\\$", "\ue004")'
    theirs = rf'REPLACE(REPLACE(REPLACE({marked}, "\\$([0-9])", "$${{${{1}}}}"), "\ue004", "$$$$"), "\ue003", "\\")'
    return rf'IF(REGEX({marked}, "\\\\|\\$([^0-9]|$)"), 1/0, {theirs})'


def _quoted(text: str) -> str:
    escaped = {value: f"\\{letter}" for letter, value in _STRING.items() if letter != "'"}
    return '"' + "".join(escaped.get(character, character) for character in text) + '"'
