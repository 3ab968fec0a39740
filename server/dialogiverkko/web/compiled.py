"""The templates as they were compiled at the build, so that a start need not compile them again."""

import zipfile
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

FILE = "templates.zip"


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
