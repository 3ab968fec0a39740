"""The site: pages for people in Finnish, Swedish and English, each fact beside its evidence."""

from flask import Flask

from dialogiverkko.web.pages.views import blueprint
from dialogiverkko.web.services import Services


def install(app: Flask, use: Services) -> None:
    """Add the site to an application."""
    app.register_blueprint(blueprint(use))
