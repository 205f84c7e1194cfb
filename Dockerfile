# Footnote on the CPU, as a user without rights. `compose.yaml` runs several of it behind one address.
#
#   docker build -t footnote .
#
# It has no torch. An embedding model or a reader of your own needs it: add
# --build-arg EXTRAS=postgres,telemetry,models.

FROM python:3.11-slim-bookworm AS build
ARG EXTRAS=postgres,telemetry
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/footnote
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE NOTICE ./
COPY index index
COPY prompts prompts
COPY qa qa
COPY ui ui
RUN /opt/footnote/bin/pip install -c constraints.txt ".[$EXTRAS]"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/footnote /opt/footnote
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent footnote \
    && install -d -o footnote -g footnote /data
ENV PATH=/opt/footnote/bin:$PATH \
    HF_HUB_OFFLINE=1 \
    FOOTNOTE_DATA_DIR=/data \
    FOOTNOTE_HOST=0.0.0.0 \
    FOOTNOTE_PORT=7860 \
    FOOTNOTE_LOG_FORMAT=json
# Nothing but the folder of the articles is written to, so the rest may be mounted read-only.
VOLUME /data
WORKDIR /data
EXPOSE 7860
USER 10001
# /readyz does a real search, through the model and every store.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=9)"]
ENTRYPOINT ["footnote"]
CMD ["serve"]
