"""The sentences that our code says to people, as they stand in it."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path


def sentences(files: Iterable[Path]) -> Iterator[str]:
    """Each sentence that stands in some modules and is no docstring, with a number in the place of a value."""
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        passed |= {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
        for node in ast.walk(tree):
            if id(node) in passed or not isinstance(node, ast.JoinedStr | ast.Constant):
                continue
            pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in pieces)
            if re.search(r"\w \w|\w \d", text) and re.fullmatch(r"[A-Z«7'].*[.?…]", text, re.DOTALL):
                yield text
