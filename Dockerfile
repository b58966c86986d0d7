FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/yanlu
COPY requirements requirements
COPY scripts/environment scripts/
COPY pyproject.toml README.md ./
COPY app/__init__.py app/
RUN scripts/environment runtime && .venv/bin/python -m pip uninstall -q -y uv

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/yanlu --create-home yanlu
WORKDIR /opt/yanlu
COPY --from=build /opt/yanlu/.venv .venv
COPY app app
COPY locale locale
COPY migrations migrations
COPY templates templates
COPY static static
COPY docs/department-api.md docs/department-api.zh-CN.md docs/
RUN python -m compileall -q app
ENV PATH=/opt/yanlu/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    YANLU_VAR_DIR=/var/lib/yanlu
USER yanlu
VOLUME /var/lib/yanlu
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "from http.client import HTTPConnection; c = HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["yanlu", "serve", "--host", "0.0.0.0"]
