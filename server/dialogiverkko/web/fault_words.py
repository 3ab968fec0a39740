"""Says in the language of the page what the checker of tables and the reader of addresses say in English.

Their sentences are known by their form: what stands in the place of a value is put into the translation.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from flask_babel import gettext

from dialogiverkko.web.languages import catalogue

_ENDS = re.compile(r"(?<=[.?…]) (?=[A-Z«])|: ")
"""Where one sentence ends and the next begins, or what stands before a sentence: the name of a file."""
_VALUE = re.compile(r"%\((\w)\)s")
_FIRST_MARK = 0xE000
"""The first of the characters that stand in the place of what a visitor wrote; no text of ours has one."""


def _(message: str) -> str:
    """Mark a message for the catalogues; it is put into the language of the page when it is told."""
    return message


OF_CELLS: tuple[str, ...] = (
    _("«%(a)s» is less than none."),
    _("Write how many there were, or nothing."),
    _("«%(a)s» is no whole number."),
    _("Write a whole number, or 5–9 for a range."),
    _("«%(a)s» is no count that can be read."),
    _("Write such as 20, noin 20, lähes 300, yli 100, 5–9 or vähintään 30."),
    _("«%(a)s» runs downwards."),
    _("Is it %(a)s?"),
    _("«%(a)s» is neither yes nor no."),
    _("Write yes or no (kyllä, ei; ja, nej)."),
    _("«%(a)s» is no language that is known here."),
    _("Write a code such as fi, sv, en or se."),
    _("«%(a)s» cannot be an identifier."),
    _("Write small letters a to z, digits and hyphens, such as %(a)s."),
    _("«%(a)s» is no address of a web page."),
    _("Write it whole, such as %(a)s."),
    _("«%(a)s» has %(b)s words."),
    _("Quote at most %(a)s words that say the fact."),
    _("«%(a)s» is no number of degrees."),
    _("Write such as %(a)s."),
    _("%(a)s lies outside %(b)s to %(c)s degrees."),
    _("Are latitude and longitude swapped?"),
    _("The cell holds an e-mail address."),
    _("Leave persons and their addresses out."),
    _("The cell holds a telephone number."),
    _("Leave persons and their numbers out."),
    _("The cell holds the character %(a)s."),
    _("Remove what cannot be seen; copy the text as plain text."),
    _("A letter was lost when the file was saved (�)."),
    _("Save it again as UTF-8 from the origin."),
    _("«%(a)s» is no single number."),
    _("Write digits only, such as 20."),
    _("«%(a)s» is no single year."),
    _("There is no table %(a)s."),
    _("Add %(a)s."),
    _("The column «%(a)s» is missing."),
    _("A column has cells but no name."),
    _("Name it or empty it."),
    _("Two columns are named «%(a)s»."),
    _("Rename one."),
    _("The map does not say what «%(a)s» means."),
    _("Say it in map.yaml, or «ignore»."),
    _("Is it «%(a)s»? Name it as in map.yaml."),
    _("Add it, or take it out of map.yaml."),
    _("The cell is empty."),
    _("It is needed."),
    _("«%(a)s» is no number."),
    _("Write digits."),
    _("«%(a)s» stands in row %(b)s already."),
    _("«%(a)s» stands in row %(b)s already with the same page."),
    _("Join the rows."),
    _("Join the rows, or name the page that this one rests on."),
    _("No row describes «%(a)s»."),
    _("Add the row, or mend the identifier."),
    _("The dialogue is a part of itself."),
    _("Parts form a tree."),
    _("The end %(a)s lies before the begin %(b)s."),
    _("Are they swapped?"),
    _("The row has no number."),
    _("Write a value, or the least and the most."),
    _("The row has a value and a range."),
    _("Keep one of them."),
    _("The range runs downwards."),
    _("Swap the least and the most."),
    _("Latitude and longitude go together."),
    _("Write both or none."),
    _("Two languages have the same name."),
    _("Is one a copy?"),
    _("The row has no words of its page."),
    _("Quote the words that say it."),
    _("The words have no page."),
    _("Write the address that they stand on."),
    _("«%(a)s» has no name in any language."),
    _("Write at least one."),
    _("The graph has a body with a name like «%(a)s»: %(b)s."),
    _("Write into matches.csv whether it is the same, different or unsure."),
    _("«%(a)s» is the name of %(b)s things."),
    _("Write one of %(a)s."),
    _("«%(a)s» is no known %(b)s."),
    _("Write one of: %(a)s."),
    _("None that is known is like it."),
    _("Is it one of %(a)s?"),
    _("If it is new, declare it in the sheet «%(a)s»."),
    _("If it is new, declare it in map.yaml under «new»."),
    _("If none fits, leave the cell empty, and say so when you send the table."),
    _("If it is the same, take the row out and use that name."),
    _("The graph has «%(a)s» already."),
    _("Take it out, and use the name that the graph has."),
    _("If it means one of them, say so in map.yaml under «values»."),
    _("The template has no column «%(a)s»."),
    _("It is not read."),
    _("Add it."),
    _("The cells %(a)s are merged."),
    _("Unmerge them, and write the value into each row."),
    _("The cell holds a formula without a value."),
    _("Open the book in a spreadsheet and save it again."),
    _("The cell shows the fault %(a)s of a spreadsheet."),
    _("Mend the formula, or write the value."),
    _("The sheet has a header and no rows."),
    _("Write a row for each dialogue."),
    _("%(a)s is no day: there is no month %(b)s."),
    _("Write day.month.year."),
    _("%(a)s is no day: days begin at 1."),
    _("Write 5/2021 where only the month is known."),
    _("%(a)s is no day: month %(b)s of %(c)s has %(d)s days."),
    _("%(a)s names month %(b)s."),
    _("A year has the months 1 to 12."),
    _("«%(a)s» is no time that can be read."),
    _("Write such as 12.3.2022, 1.–3.2.2022, 3/2023, Q3/2023, kevät 2025 or 2023."),
    _("«%(a)s» ends before it begins."),
    _("Write the earlier day first."),
    _("«%(a)s» names month %(b)s."),
    _("A year has the months 01 to 12; 21 to 24 are its seasons."),
    _("«%(a)s» may name two days."),
    _("Write day.month.year, such as 12.3.2022."),
    _("«%(a)s» looks like a spreadsheet's number of a day."),
    _("Is it %(a)s? Write the day."),
    _("«%(a)s» has a year of two digits."),
    _("Write the year whole: %(a)s."),
    _("«%(a)s» has no year."),
    _("table"),
    _("row"),
    _("column"),
    _("value"),
    _("what is wrong"),
    _("what would be right"),
    _("faults"),
    _("please look"),
    _("%(a)s rows read, %(b)s faults, %(c)s to look at"),
    _("%(a)s: %(b)s rows left out (only %(c)s)"),
    _("Nothing was changed."),
    _("%(a)s rows read; nothing has changed, and nothing was written."),
    _("%(a)s rows read; nothing was written."),
    _("%(a)s rows read; written."),
)
"""What is said of cells, rows and columns."""
OF_FILES: tuple[str, ...] = (
    _("The file begins as %(a)s but is not. Save it as CSV UTF-8."),
    _("The file holds bytes of a program, not text. Save the table as .xlsx or CSV UTF-8."),
    _(
        "The file is not UTF-8 (line %(a)s); it was read as Windows-1252 (Latin-1). Are ä, ö and å right? Save it as CSV UTF-8."
    ),
    _("The file is %(a)s without a mark; UTF-8 is safer."),
    _("The table has more than %(a)s rows. Split it."),
    _("Line %(a)s has %(b)s columns; at most %(c)s are read."),
    _("A cell from line %(a)s on has more than %(b)s characters."),
    _(
        "Line %(a)s cannot be read as CSV: a quotation mark is opened and not closed, or stands inside a cell undoubled (%(b)s)."
    ),
    _("The file holds no table: every cell is empty."),
    _("The book may hold macros (.xlsm). Save it as .xlsx without macros."),
    _("The file is an old or a protected Excel book. Save it as .xlsx without a password."),
    _("The file is named .xlsx but is no Excel book. Save it again, or name it .csv."),
    _("The file is %(a)s, not a table. Save the table as .xlsx or .csv."),
    _("The file has %(a)s bytes; at most %(b)s are read."),
    _("The file is empty."),
    _("The table has %(a)s cells; at most %(b)s are read. Split it."),
    _("The table has %(a)s characters; at most %(b)s are read. Split it."),
    _("The columns are not those of the template. Its first columns are %(a)s."),
    _("The table could not be read within %(a)s seconds. Split it."),
    _("The table needs more than %(a)s bytes of memory. Split it."),
    _("The table could not be read: its reader was stopped. Split it, or save it again."),
    _("The book holds %(a)s files; at most %(b)s are read."),
    _("The book holds %(a)s. Save a copy with values only, as .xlsx."),
    _("The book is protected by a password. Save it without one."),
    _("The book holds a file outside itself; it is no book that Excel wrote."),
    _("The book would swell to %(a)s times its size; at most %(b)s are read."),
    _("The book would swell to %(a)s bytes; at most %(b)s are read."),
    _("The book swells to more than %(a)s bytes."),
    _("The book defines entities (<!DOCTYPE>), which no table needs. Save it again."),
    _("The book holds a part in UTF-16, which Excel does not write. Save it again."),
    _("The book fetches data from elsewhere. Save a copy with values only, as .xlsx."),
    _("The sheet %(a)s has more than %(b)s rows. Split it."),
    _("Row %(a)s of %(b)s has %(c)s columns; at most %(d)s are read."),
    _("A cell in row %(a)s of %(b)s has %(c)s characters; at most %(d)s are read."),
    _("The file is a zip archive, not an Excel book. Save the table as .xlsx or .csv."),
    _("The file is an OpenDocument file (.ods). Save it as .xlsx."),
    _("The file is a binary Excel book (.xlsb). Save it as .xlsx."),
    _("The file is a text or a presentation, not an Excel book. Save the table as .xlsx or .csv."),
    _("The book has %(a)s sheets; at most %(b)s are read."),
    _("The book is damaged and cannot be opened. Save it again as .xlsx."),
    _("The book defines entities, which no table needs. Save it again."),
    _("The book is not as Excel writes it and cannot be read. Save it again as .xlsx."),
    _("The book holds no table: every cell is empty."),
    _("Only one column was found; the separator was taken to be a %(a)s."),
    _("Above the header (row %(a)s) of «%(b)s» stands «%(c)s», which was not read."),
    _("The sheet «%(a)s» is hidden and was not read."),
    _("The sheet «%(a)s» has hidden rows (%(b)s); they were read too."),
)
"""What is said of a file that is no table, or not one that is read."""
OF_REQUESTS: tuple[str, ...] = (
    _("There is no parameter '%(a)s'."),
    _("There are none here."),
    _("Allowed: %(a)s."),
    _("The parameter '%(a)s' cannot be '%(b)s'."),
    _("The nearest is '%(a)s'."),
    _("The parameter '%(a)s' is required."),
    _("Its type is %(a)s."),
    _("It may have at most %(a)s characters; this has %(b)s."),
    _("It must be text on one line, without control characters."),
    _("A short name has letters, digits, '-', '.', '_' and '/' only."),
    _("It must be an IRI, such as %(a)s…"),
    _("It is not an IRI: some character may not stand in one."),
    _("It must be a whole number of at most nine digits."),
    _("It must be a whole number from 1."),
    _("It must be a day of the calendar, written as 2021-06-08."),
    _("It is before '%(a)s' (%(b)s)."),
    _("It must be another than '%(a)s'."),
    _("The parameter '%(a)s' takes one value, and was given several."),
    _("The parameter '%(a)s' takes at most %(b)s values, and was given %(c)s."),
    _("A parameter has no name."),
    _("'%(a)s' must be a whole number from %(b)s to %(c)s."),
    _("There are %(a)s."),
    _("There is no version '%(a)s'."),
    _("Leave 'version' out for the present data."),
    _("There is no thing '%(a)s'."),
    _("Two versions are compared with two dots between them, such as %(a)s."),
    _("'graph' must be an absolute IRI."),
    _("That is the name of %(a)s: %(b)s."),
    _("Say which."),
    _("There are %(a)s values to choose from."),
    _("The parameter '%(a)s' (%(b)s) is later than '%(c)s' (%(d)s): nothing lies between."),
    _("'lang' says %(a)s and 'language' says %(b)s: an answer is in one language."),
    _("Leave one out."),
    _("A chain has two ends: '%(a)s' needs '%(b)s'."),
    _("A chain has two different ends: 'from' and 'to' are the same."),
    _("Two to four different organisations are compared, not %(a)s."),
    _("For example: %(a)s."),
)
"""What is said of a parameter of a page that was refused."""
WORDS: tuple[str, ...] = (
    _("organisation"),
    _("place"),
    _("dialogue"),
    _("context"),
    _("theme"),
    _("method"),
    _("unit"),
    _("role"),
    _("status"),
    _("openness"),
    _("mode"),
    _("language"),
    _("form"),
    _("participant-kind"),
    _("organisation-kind"),
    _("place-kind"),
    _("macros"),
    _("links to other books"),
    _("embedded files"),
    _("active controls"),
    _("connections to data elsewhere"),
    _("queries of data elsewhere"),
    _("links to other programs"),
    _("buttons of its own"),
    _("comma"),
    _("semicolon"),
    _("tab"),
    _("bar"),
    _("a PDF document"),
    _("a document in rich text"),
    _("a web page"),
    _("a compressed file"),
    _("a document in XML"),
    _("a document in JSON"),
    _("a picture"),
)
"""What may stand in the place of a value and is no word of the table."""


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what each sentence looks like, those with most words of their own first."""
    every = sorted((*OF_CELLS, *OF_FILES, *OF_REQUESTS), key=lambda each: -len(_VALUE.sub("", each)))
    return tuple((re.compile(_pattern(each), re.DOTALL), each) for each in every)


def _pattern(message: str) -> str:
    pieces = _VALUE.split(message)
    return "".join(re.escape(p) if n % 2 == 0 else f"(?P<{p}>.+?)" for n, p in enumerate(pieces))


def known(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the form of a sentence and its values; None where it has none of the known forms."""
    for pattern, message in _forms():
        if found := pattern.fullmatch(sentence):
            return message, found.groupdict()
    return None


def told(sentence: str, translate: Callable[[str], str] = gettext) -> str:
    """Say a sentence, or several, in the language of the page; one of no known form stays as it is."""
    for end in _ENDS.finditer(sentence):  # before the whole: what stands in the place of a value may be any text
        first, rest = sentence[: end.start()].rstrip(), sentence[end.end() :]
        is_prefix = end[0] == ": "
        if (is_prefix and known(sentence) is None) or (not is_prefix and known(first) is not None):
            after = told(rest, translate)
            if known(rest) is not None or after != rest:
                return f"{first if is_prefix else told(first, translate)}{':' if is_prefix else ''} {after}"
    found = known(sentence.strip())
    if found is None:
        return sentence
    message, values = found
    is_of_tables = message not in OF_REQUESTS
    said = {name: translate(value) if is_of_tables and value in WORDS else value for name, value in values.items()}
    return translate(message) % said if said else translate(message)


def told_of(detail: str, values: Iterable[str], translate: Callable[[str], str] = gettext) -> str:
    """Say sentences in which some values stand between marks: what they hold is no sentence of ours."""
    kept = {chr(_FIRST_MARK + n): value for n, value in enumerate(sorted(set(values), key=len, reverse=True)) if value}
    for mark, value in kept.items():
        detail = detail.replace(f"'{value}'", f"'{mark}'")
    said = told(detail, translate)
    for mark, value in kept.items():
        said = said.replace(mark, value)
    return said


def saying(language: str) -> Callable[[str], str]:
    """Return what says sentences in a language where there is no page, as on the command line."""
    return partial(told, translate=catalogue(language).gettext)
