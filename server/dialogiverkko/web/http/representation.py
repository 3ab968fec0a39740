"""One way to answer: media type, language, the tag of the bytes, how long they may be kept, which graph gave them."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NoReturn

from flask import Response, redirect, request
from werkzeug.http import http_date
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import NotAcceptableError, NotFoundError
from dialogiverkko.media import HTML, MediaType, by_format, negotiate
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.spelling import cut
from dialogiverkko.web.languages import preferred
from dialogiverkko.web.services import Services

MINUTE, FIVE_MINUTES, HOUR = 60, 300, 3600
BY_TYPE = ("Accept",)
BY_TYPE_AND_LANGUAGE = ("Accept", "Accept-Language")
BY_LANGUAGE = ("Accept-Language",)

Refusal = Callable[[str, str, Sequence[MediaType]], NoReturn]
"""Raises the error of a ``format`` that cannot be had: the value, what is on offer instead, the types on offer."""


def not_acceptable(wanted: str, instead: str, offered: Sequence[MediaType]) -> NoReturn:
    """Raise the 406 of an address whose ``format`` belongs to a protocol."""
    raise NotAcceptableError(
        f"There is no format '{cut(wanted, 40)}' of this answer. {instead}", offered=[each.name for each in offered]
    )


def bad_parameter(wanted: str, instead: str, offered: Sequence[MediaType]) -> NoReturn:
    """Raise the 422 of an address whose ``format`` is a parameter like any other."""
    Parameter("format", ParameterType.CHOICE).refuse(wanted, instead, [each.suffix for each in offered])


def chosen(
    offered: Sequence[MediaType], *formats: str, suffix: str = "", refusal: Refusal = not_acceptable
) -> MediaType:
    """Choose the media type: by the suffix of the address, else the first known of ``formats``, else by Accept.

    Some clients name a format twice, once by its short name and once by its media type. Raises NotFoundError
    for an unknown suffix, what ``refusal`` raises for an unknown format, NotAcceptableError for Accept.
    """
    wanted = [each.strip() for each in formats if each.strip()]
    if suffix:
        return _by_suffix(offered, wanted, suffix, refusal)
    if wanted:
        found = next((m for m in (by_format(each, offered) for each in wanted) if m), None)
        return found or refusal(wanted[0], f"There are {', '.join(m.suffix for m in offered)}.", offered)
    media_type = negotiate(request.headers.get("Accept"), offered)
    if media_type is None:
        names = [each.name for each in offered]
        raise NotAcceptableError(
            f"None of the types in Accept is on offer. There are {', '.join(names)}.", offered=names
        )
    return media_type


def _by_suffix(offered: Sequence[MediaType], wanted: Sequence[str], suffix: str, refusal: Refusal) -> MediaType:
    found = next((each for each in offered if each.suffix == suffix), None)
    if found is None:
        there_are = ", ".join(sorted(each.suffix for each in offered))
        raise NotFoundError(f"There is no '.{suffix[:20]}' here. There are {there_are}.")
    if wanted and by_format(wanted[0], offered) != found:
        refusal(wanted[0], f"The address ends with '.{suffix}'.", [found])
    return found


def is_for_people(*offered: MediaType) -> bool:
    """Return whether a client would rather have a page than one of the types for programs."""
    return not request.args.get("format") and negotiate(request.headers.get("Accept"), (*offered, HTML)) is HTML


def language_of(services: Services, asked: Asked | None = None) -> str:
    """Choose the language of an answer: ``lang`` where the address has it, else by Accept-Language, else the default.

    Without ``asked`` only ``lang`` is read of the address, and its other names belong to someone else.
    """
    asked = asked or Asked([pair for pair in request.args.items(multi=True) if pair[0] == "lang"], ("lang",))
    return asked.language() or preferred(services.settings.default_language)


def version_asked() -> str:
    """Read which version of the data is asked: it decides what else may be asked."""
    return Asked([pair for pair in request.args.items(multi=True) if pair[0] == "version"], ("version",)).one("version")


def entity_tag(*parts: str) -> str:
    """Name one representation by the graph, by what was asked, in which form, and by its bytes.

    The bytes are there because unordered rows come in another order from one process to the next: a
    strong tag (RFC 9110, 8.8.1) names one sequence of bytes, and the question does not decide it.
    """
    return sha256("\x00".join(parts).encode()).hexdigest()[:40]


def represent(
    services: Services,
    body: bytes,
    media_type: MediaType | str,
    *,
    language: str = "",
    vary: Sequence[str] = (),
    seconds: int = MINUTE,
    tag: str = "",
) -> Response:
    """Answer with bytes that may be kept so long; 304 where the client holds them, in whichever coding.

    The tag is made of the bytes where none is given.
    """
    tag = tag or sha256(body).hexdigest()[:40]
    held = _held(tag)
    response = Response(status=304) if held else Response(body, content_type=_content_type(media_type))
    _describe(response, services, language, vary)
    response.set_etag(held or tag)
    response.headers["Cache-Control"] = f"public, max-age={seconds}, must-revalidate"
    response.headers["Last-Modified"] = http_date(services.started)
    return response


def represent_once(
    services: Services, body: bytes, media_type: MediaType | str, *, language: str = "", vary: Sequence[str] = ()
) -> Response:
    """Answer with bytes that nobody may keep, since the same question may get other bytes."""
    response = Response(body, content_type=_content_type(media_type))
    _describe(response, services, language, vary)
    response.headers["Cache-Control"] = "no-store"
    return response


def see_other(address: str, vary: Sequence[str]) -> AnyResponse:
    """Send the client to another address (303), which depends on some of its headers."""
    response = redirect(address, 303)
    response.headers["Vary"] = ", ".join(vary)
    return response


def _held(tag: str) -> str | None:
    """Return the tag by which the client holds these bytes, if it does; a coding stands behind a colon."""
    if "HTTP_IF_NONE_MATCH" not in request.environ or request.method not in ("GET", "HEAD"):
        return None
    known = request.if_none_match.as_set(include_weak=True)
    return next((each for each in known if each.partition(":")[0] == tag), None)


def _content_type(media_type: MediaType | str) -> str:
    return media_type if isinstance(media_type, str) else media_type.content_type


def _describe(response: Response, services: Services, language: str, vary: Sequence[str]) -> None:
    """Say by which headers the answer was chosen, in which language it is, and which graph gave it."""
    if vary:
        response.headers["Vary"] = ", ".join(vary)
    if language:
        response.headers["Content-Language"] = language
    response.headers["Dialogiverkko-Version"] = services.saved.release.version
    response.headers["Dialogiverkko-Digest"] = services.saved.release.digest
