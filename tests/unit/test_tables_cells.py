"""Cells as people write them: what each means, and what is said of one that cannot be read."""

import pytest

from dialogiverkko.graph.tables import cells
from dialogiverkko.graph.tables.amounts import Amount, read_amount
from dialogiverkko.graph.tables.annotated import harmless
from dialogiverkko.graph.tables.cells import CellError
from dialogiverkko.graph.tables.times import read_time

TIMES = """
12.3.2022 | 2022-03-12
1.–3.2.2022 | 2022-02-01/2022-02-03
1. - 3.2.2022 | 2022-02-01/2022-02-03
28.2.–1.3.2022 | 2022-02-28/2022-03-01
15.12.2021–10.1.2022 | 2021-12-15/2022-01-10
kevät 2025 | 2025-21
keväällä 2025 | 2025-21
2021 syksy | 2021-23
hösten 2021 | 2021-23
spring 2024 | 2024-21
syksy 2020–kevät 2021 | 2020-23/2021-21
kevät–syksy 2021 | 2021-21/2021-23
talvi 2020–2021 | 2020-24
Q3/2023 | 2023-35
2023 Q1 | 2023-33
II/2023 | 2023-34
3/2023 | 2023-03
9/2020–5/2021 | 2020-09/2021-05
9–12/2020 | 2020-09/2020-12
tammikuu 2020 | 2020-01
maaliskuussa 2021 | 2021-03
tammi–maaliskuu 2021 | 2021-01/2021-03
12. maaliskuuta 2022 | 2022-03-12
3 mars 2022 | 2022-03-03
1–3 March 2022 | 2022-03-01/2022-03-03
to 12.3.2022 | 2022-03-12
12.3.2022 klo 14–16 | 2022-03-12
2022-03-12 00:00:00 | 2022-03-12
n. 2019 | 2019~
noin kevät 2021 | 2021-21~
1.3.2022 alkaen | 2022-03-01/..
1.3.2022– | 2022-03-01/..
2023 asti | ../2023
2010-luku | 201X
vuonna 2021 | 2021
2021–2022 | 2021/2022
2021-2022 | 2021/2022
2023-21 | 2023-21
2023-04/2023-05 | 2023-04/2023-05
2023-05/.. | 2023-05/..
../2023 | ../2023
2021? | 2021?
2023-01-25/2023 | 2023-01-25/2023
"""
BAD_TIMES = """
31.4.2023 | no-such-day | 30.4.2023
29.2.2023 | no-such-day | 28.2.2023
2023-04-31 | no-such-day | 30.4.2023
1.–31.4.2023 | no-such-day | 30.4.2023
13/2022 | no-such-day | 1 to 12
2024-13 | no-such-day | 01 to 12
0.5.2021 | no-such-day | 5/2021
12/3/2022 | ambiguous-time | 12.3.2022
1.2.23 | ambiguous-time | 1.2.2023
1.2. | ambiguous-time | day.month.year
45000 | serial-number | 15.3.2023
3.2.2022–1.2.2022 | ends-before-begin | 2022-02-01/2022-02-03
2023/2021 | ends-before-begin | 2021/2023
eilen | not-a-time | kevät 2025
joskus keväällä | not-a-time | Q3/2023
.. | not-a-time | 12.3.2022
"""


def table(text: str) -> list[tuple[str, ...]]:
    """The rows of a small table of cases."""
    return [tuple(part.strip() for part in line.split(" | ")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("cell", "edtf"), table(TIMES))
def test_a_time_is_read_as_people_write_it(cell: str, edtf: str) -> None:
    """Finnish, Swedish and English forms become EDTF, which itself passes through."""
    assert read_time(cell) == edtf


@pytest.mark.parametrize(("cell", "code", "right"), table(BAD_TIMES))
def test_a_bad_time_is_told_with_what_would_be_right(cell: str, code: str, right: str) -> None:
    """Each has a kind, its own text, and a way out."""
    with pytest.raises(CellError) as caught:
        read_time(cell)

    assert caught.value.code == code
    assert right in caught.value.right


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("20", Amount(20)),
        ("20.0", Amount(20)),
        ("0", Amount(0)),
        ("1 130", Amount(1130)),
        ("1\u00a0130", Amount(1130)),
        ("1,130", Amount(1130)),
        ("900 000 euroa", Amount(900_000, unit="euroa")),
        ("1,2 milj. euroa", Amount(1_200_000)),
        ("noin 20", Amount(20, approximate=True)),
        ("n. 20", Amount(20, approximate=True)),
        ("~20", Amount(20, approximate=True)),
        ("kymmenkunta", Amount(10, approximate=True)),
        ("parikymmentä", Amount(20, approximate=True)),
        ("ett hundratal", Amount(100, approximate=True)),
        ("lähes 300", Amount(300, approximate=True)),
        ("nästan 300 deltagare", Amount(300, approximate=True, unit="deltagare")),
        ("yli 100", Amount(least=100, approximate=True)),
        ("vähintään 30", Amount(least=30)),
        ("minst 30", Amount(least=30)),
        ("at least 30", Amount(least=30)),
        ("50+", Amount(least=50)),
        ("enintään 12", Amount(most=12)),
        ("5–9", Amount(least=5, most=9)),
        ("5 - 9 ryhmää", Amount(least=5, most=9, unit="ryhmää")),
        ("noin 20-30", Amount(least=20, most=30, approximate=True)),
        ("kolme", Amount(3)),
        ("useita", Amount(vague="several")),
        ("paljon", Amount(vague="much")),
    ],
)
def test_a_count_is_read_as_people_write_it(cell: str, amount: Amount) -> None:
    """Numbers, ranges, bounds and vague words; no number is invented for a vague word."""
    assert read_amount(cell) == amount


@pytest.mark.parametrize(
    ("cell", "code", "right"),
    [
        ("-5", "negative-count", "nothing"),
        ("−5", "negative-count", "nothing"),
        ("9–5", "range-backwards", "5–9"),
        ("2,5", "not-whole", "5–9"),
        ("ei tietoa", "not-a-count", "noin 20"),
        ("1-2-3", "not-a-count", "noin 20"),
    ],
)
def test_a_bad_count_is_told_with_what_would_be_right(cell: str, code: str, right: str) -> None:
    """Each has a kind and a way out."""
    with pytest.raises(CellError) as caught:
        read_amount(cell)

    assert caught.value.code == code
    assert right in caught.value.right


@pytest.mark.parametrize(
    ("reader", "good", "value", "bad", "code"),
    [
        (cells.read_yes_no, "Kyllä", True, "ehkä", "not-yes-or-no"),
        (cells.read_yes_no, "nej", False, "?", "not-yes-or-no"),
        (cells.read_language, "ruotsi", "sv", "klingon", "unknown-language"),
        (cells.read_language, "EN", "en", "x", "unknown-language"),
        (cells.read_identifier, "kevat-2025", "kevat-2025", "Kevät 2025", "not-an-identifier"),
        (cells.read_address, "https://vm.fi/a?b=1", "https://vm.fi/a?b=1", "vm.fi/a", "not-an-address"),
        (cells.read_words, "a  b\nc", "a b c", " ".join("abcdefghijklm"), "words-too-long"),
    ],
)
def test_plain_cells(reader: object, good: str, value: object, bad: str, code: str) -> None:
    """A good cell has its value, a bad one its kind of fault."""
    assert reader(good) == value  # type: ignore[operator]
    with pytest.raises(CellError) as caught:
        reader(bad)  # type: ignore[operator]
    assert caught.value.code == code


def test_an_identifier_is_proposed_for_a_name() -> None:
    """What would be right is the name without its accents."""
    assert cells.slug("Åbo Akademin kevät – 2025!") == "abo-akademin-kevat-2025"


@pytest.mark.parametrize(
    "text", ["ota yhteyttä: etu.suku@vm.fi", "puh. 040 123 4567", "etu.suku(at)vm.fi", "+358 50 123 4567"]
)
def test_persons_are_refused(text: str) -> None:
    """Addresses and numbers of persons do not come in."""
    with pytest.raises(CellError) as caught:
        cells.refuse_persons(text)
    assert caught.value.code == "personal-data"


@pytest.mark.parametrize(
    "text", ["12.3.2022", "yli 1 600 henkeä", "2020-04-16", "Q5693", "60.16952", "ISBN 978-952-347-266-2"]
)
def test_numbers_that_are_no_telephones_are_let_in(text: str) -> None:
    """Dates, counts and identifiers are no persons."""
    cells.refuse_persons(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_what_we_write_is_no_formula(text: str) -> None:
    """A text that a spreadsheet would run is written with an apostrophe before it."""
    assert harmless(text) == "'" + text
    assert harmless("1+1=2") == "1+1=2"
