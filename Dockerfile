# The server with its graph: the steps of `make serve`, apart so that the image holds no build tools.
FROM node:20-bookworm-slim AS assets
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --loglevel=error \
    && mkdir -p server/dialogiverkko/web/static/vendor \
    && cp node_modules/@zazuko/yasgui/build/yasgui.min.js node_modules/@zazuko/yasgui/build/yasgui.min.css server/dialogiverkko/web/static/vendor/ \
    && cp node_modules/@zazuko/yasgui/package.json server/dialogiverkko/web/static/vendor/yasgui.package.json

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY --from=assets /src .
RUN python -m venv /opt/dialogiverkko \
    && /opt/dialogiverkko/bin/python -m pip install --no-cache-dir --disable-pip-version-check .

RUN /opt/dialogiverkko/bin/dialogiverkko build --out /tmp/dumps

FROM python:3.11-slim-bookworm
COPY --from=build /opt/dialogiverkko /opt/dialogiverkko
RUN useradd --system --no-create-home --shell /usr/sbin/nologin dialogiverkko
USER dialogiverkko
ENV DIALOGIVERKKO_HOST=0.0.0.0 \
    DIALOGIVERKKO_PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["/opt/dialogiverkko/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["/opt/dialogiverkko/bin/dialogiverkko", "serve"]
