"""How templates are compiled: with a quick escape, and at the build, so that a start need not do it again."""

import zipfile
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr, Template
from markupsafe import Markup, escape

FILE = "templates.zip"


def escaped(value: object) -> str:
    """Escape a value for HTML as markupsafe does, without a copy of what is escaped already, as half of a page is."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # it is a text
    if kind is int or kind is float:
        return str(value)
    if kind is not str:
        return escape(value)
    text: str = value  # type: ignore[assignment]  # the same
    text = text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
    return text.replace("'", "&#39;").replace('"', "&#34;")


class Generator(CodeGenerator):
    """Compiles templates with our escape."""

    def visit_Template(self, node: Template, frame: Frame | None = None) -> None:  # noqa: N802 - the library's name
        """Write a template; its first line names where the escape is from."""
        self.writeline(f"from {escaped.__module__} import {escaped.__name__}")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:  # Any: the library's own, unnamed
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{escaped.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Compiled(BytecodeCache):
    """Compiled templates by their names; one that was compiled from another text, or by another Python, is not used."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    @classmethod
    def of(cls, folder: Path) -> "Compiled":
        """Read what was kept in a folder of what was built."""
        compiled = cls()
        with zipfile.ZipFile(folder / FILE) as file:
            compiled.kept = {name: file.read(name) for name in file.namelist()}
        return compiled

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of a template; its file may lie elsewhere than it lay at the build."""
        del filename
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is kept."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


def install(app: Flask, folder: Path) -> None:
    """Let an application take its templates from a folder of what was built."""
    app.jinja_env.bytecode_cache = Compiled.of(folder)


def keep(app: Flask, folder: Path) -> None:
    """Compile every template of an application into a folder of what is built."""
    app.jinja_env.bytecode_cache = compiled = Compiled()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with zipfile.ZipFile(folder / FILE, "w") as file:
        for name, code in sorted(compiled.kept.items()):
            file.writestr(name, code)
