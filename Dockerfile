# mediawatch for a server: Airflow's processes with the locked set of packages and a headless Java
# for the tagger. docker-compose.yml says how it is run.

FROM python:3.12.13-slim-bookworm AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /opt/mediawatch
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --group server --extra parquet --no-install-project
COPY plugins plugins
COPY dags dags
COPY sql sql
COPY seeds seeds
COPY deploy deploy
RUN uv sync --frozen --no-dev --group server --extra parquet

FROM python:3.12.13-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/*
# The folders exist here, so that new volumes belong to the user.
RUN useradd --uid 10001 --create-home mediawatch \
    && install -d -o mediawatch -g mediawatch /var/lib/mediawatch /var/cache/mediawatch /var/lib/airflow
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/mediawatch /opt/mediawatch
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/var/lib/airflow \
    MEDIAWATCH_HOME=/var/lib/mediawatch \
    MEDIAWATCH_CACHE=/var/cache/mediawatch \
    MEDIAWATCH_JAVA=/usr/bin/java
WORKDIR /opt/mediawatch
USER mediawatch
