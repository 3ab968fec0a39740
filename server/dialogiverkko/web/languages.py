"""The languages of the site: gettext catalogues by Flask-Babel, compiled from the files that translators edit."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_babel import lazy_gettext as _
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from dialogiverkko.namespaces import LANGUAGES

NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
SOURCE_LANGUAGE = "en"
"""The language of the messages themselves; it has no catalogue."""
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)
MENU = {
    "activities": _("Activities"),
    "organisations": _("Organisations"),
    "collaboration": _("Collaboration"),
    "timeline": _("Timeline"),
    "places": _("Places"),
    "policy": _("Policy"),
    "missing": _("What is missing"),
    "source": _("Sources"),
    "queries": _("Questions"),
    "vocabulary": _("Vocabulary"),
    "data": _("Data"),
    "about": _("About"),
}
"""The main menu, in its order: the last part of an address and its name."""


_READ: dict[str, NullTranslations] = {SOURCE_LANGUAGE: NullTranslations()}
"""The catalogues that were read, by language; that of the messages themselves is empty."""


def catalogue(language: str) -> NullTranslations:
    """Return the catalogue of one language: as a build kept it, or else read from its .po file."""
    if language not in _READ:
        _READ[language] = Translations(io.BytesIO(_compiled(language)))
    return _READ[language]


def _compiled(language: str) -> bytes:
    file = resources.files("dialogiverkko.web") / "translations" / language / "LC_MESSAGES" / "messages.po"
    compiled = io.BytesIO()
    with file.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language))
    return compiled.getvalue()


def keep(folder: Path) -> None:
    """Compile the catalogues into a folder of what is built: to read what translators edit takes a tenth of a start."""
    for language in TRANSLATED:
        (folder / f"{language}.mo").write_bytes(_compiled(language))


def take(folder: Path) -> None:
    """Read the catalogues from a folder of what was built."""
    for language in TRANSLATED:
        _READ[language] = Translations(io.BytesIO((folder / f"{language}.mo").read_bytes()))


_TOLD: ContextVar[NullTranslations | None] = ContextVar("told", default=None)
"""The catalogue of the language that messages are told in, where somebody has chosen it."""


def _present() -> NullTranslations:
    """Return the catalogue of the present language."""
    told = _TOLD.get()
    if told is not None:
        return told
    locale = get_locale()
    return catalogue(locale.language if locale else SOURCE_LANGUAGE)


class _Catalogues(Domain):  # type: ignore[misc]  # the library has no types
    """Takes the messages of the present locale from our catalogues, so that nobody has to compile them by hand."""

    def get_translations(self) -> NullTranslations:
        return _present()


class _Languages(Babel):  # type: ignore[misc]  # the library has no types
    """Flask-Babel over our catalogues."""

    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues()


def install(app: Flask, default: str) -> None:
    """Give an application its languages; texts are told in ``default`` where a page says nothing else.

    Templates take their messages without the library's way to them, which took a third of the time of a page.
    """
    _Languages(app, default_locale=default)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that the library adds
        gettext=lambda message: _present().ugettext(message),
        ngettext=lambda one, many, number: _present().ungettext(one, many, number),
        pgettext=lambda context, message: _present().upgettext(context, message),
        npgettext=lambda context, one, many, number: _present().unpgettext(context, one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _message


@pass_eval_context
def _message(evaluation: EvalContext, message: str, **values: object) -> str:
    """Translate a message of a template; one without values, which a page may have in every row, is remembered."""
    if not values:
        return _plain(_present(), message, is_markup=bool(evaluation.autoescape))
    text = _present().ugettext(message)
    return (Markup(text) if evaluation.autoescape else text) % values  # noqa: S704 - the catalogues are ours


@lru_cache(maxsize=4_096)
def _plain(messages: NullTranslations, message: str, *, is_markup: bool) -> str:
    text = messages.ugettext(message) % {}
    return Markup(text) if is_markup else text  # noqa: S704 - the same


def preferred(default: str) -> str:
    """Choose the language of ours that the visitor's Accept-Language wants most, or the default."""
    return request.accept_languages.best_match(LANGUAGES) or default


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Translate every message within into one language, whatever the request prefers."""
    told = _TOLD.set(catalogue(language))
    try:
        with force_locale(language):
            yield
    finally:
        _TOLD.reset(told)
