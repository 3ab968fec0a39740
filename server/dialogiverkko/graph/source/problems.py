"""What is wrong with a reading: where in it, what would be right, what was perhaps meant, what the source says."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The keys and places, from the whole down, that lead to a part of a reading."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    path: Path
    message: str
    mend: str = ""
    nearest: str = ""
    source_line: str = ""
    """What the source says where the words were looked for."""

    def text(self) -> str:
        """Return it in one paragraph, without its place."""
        said = self.message + (f"; {self.mend}" if self.mend else "")
        said += f". Did you mean {self.nearest}?" if self.nearest else "."
        return said + (f"\n    the source says: «{self.source_line}»" if self.source_line else "")
