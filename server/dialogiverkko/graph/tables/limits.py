"""What a table may hold: bytes, rows, columns, cells, and how far a compressed file may swell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of one table; what exceeds them is refused before it is read whole."""

    file_bytes: int = 20_000_000
    swollen_bytes: int = 100_000_000
    ratio: int = 200
    members: int = 2_000
    sheets: int = 50
    rows: int = 20_000
    columns: int = 200
    cell_characters: int = 32_767
    cells: int = 1_000_000
    characters: int = 20_000_000
    seconds: float = 5.0
    memory_bytes: int = 512 * 1024 * 1024


PLAIN = Limits()
