"""Serves one source to the person at this machine: the page, its check, saving and compiling."""

import secrets
from importlib.resources import files

from flask import Flask, Response, abort, jsonify, render_template, request

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.graph.source.desk import Desk, digest_of
from dialogiverkko.graph.source.namebook import CONTEXTS
from dialogiverkko.graph.source.statements import PLAIN

MOST_BYTES = 5_000_000
TOKEN = "Dialogiverkko-Desk"  # noqa: S105 - the name of a header
_FILES = {"desk.js": "text/javascript", "desk.css": "text/css"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
KINDS: dict[str, tuple[str, ...]] = {
    **{key.replace("_", "-"): kinds for key, (_, kinds) in PLAIN.items()},
    "about": ("org",),
    "participants": ("org",),
    "publisher": ("org",),
    "status": ("status",),
    "count": ("unit",),
    "adds-to": ("activity",),
    "parties": ("role", "org", "participant-kind", "place", *CONTEXTS),
}
"""What may be named under a key of the reading, for completion; under another key everything is offered."""


def create_desk(desk: Desk, hosts: frozenset[str]) -> Flask:
    """Make the application; it answers those ``hosts`` alone, and changes nothing without the token of its page."""
    app = Flask("dialogiverkko", static_folder=None, template_folder="web/desk/templates")
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    token = secrets.token_urlsafe(24)

    @app.before_request
    def only_here() -> None:
        """Refuse what another site's page sends: it has another host, or has not the token."""
        is_ours = request.method in ("GET", "HEAD") or secrets.compare_digest(request.headers.get(TOKEN, ""), token)
        if request.host not in hosts or not is_ours:
            abort(403)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(DialogiverkkoError)
    def told(error: DialogiverkkoError) -> tuple[Response, int]:
        return jsonify({"said": [], "wrong": error.message.splitlines()}), 409

    _routes(app, desk, token)
    return app


def _routes(app: Flask, desk: Desk, token: str) -> None:
    @app.get("/")
    def page() -> str:
        return render_template("read.html", desk=desk, token=token, header=TOKEN)

    @app.get("/files/<name>")
    def file(name: str) -> Response:
        if name not in _FILES:
            abort(404)
        return Response(files(__package__).joinpath(name).read_bytes(), mimetype=_FILES[name])

    @app.get("/names")
    def names() -> Response:
        return jsonify({"names": desk.known, "kinds": KINDS})

    @app.get("/reading")
    def reading() -> Response:
        text = desk.reading()
        return jsonify({"reading": text, "digest": digest_of(text), "view": desk.look(text).as_json()})

    @app.post("/look")
    def look() -> Response:
        return jsonify(desk.look(_sent()).as_json())

    @app.post("/save")
    def save() -> Response:
        digest = desk.save(_sent(), request.args.get("before", ""))
        return jsonify({"digest": digest, "said": [f"saved: {desk.assets.name(desk.path)}"], "wrong": []})

    @app.post("/compile")
    def compile_() -> Response:
        said, wrong = desk.compile()
        return jsonify({"said": said, "wrong": wrong})


def _sent() -> str:
    """Return the reading that was sent, with the line ends of a file."""
    return request.get_data().decode("utf-8", "replace").replace("\r\n", "\n")
