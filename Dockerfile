# Footnote on the CPU, as a user without rights. `compose.yaml` runs several of it behind one address.
#
#   docker build --build-arg TORCH_INDEX=… -t footnote .
#
# TORCH_INDEX is the address that pytorch.org shows under "Get started" for Linux, Pip and CPU. Without
# it, an image for x86 has gigabytes of CUDA in it that nothing uses.

FROM python:3.11-slim-bookworm AS build
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/footnote
WORKDIR /src
COPY constraints.txt ./
# The constraint names the version; a layer of its own is kept while the source changes.
RUN /opt/footnote/bin/pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        "$(grep '^torch==' constraints.txt)"
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY index index
COPY prompts prompts
COPY qa qa
COPY ui ui
RUN /opt/footnote/bin/pip install -c constraints.txt '.[postgres,telemetry]'

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
