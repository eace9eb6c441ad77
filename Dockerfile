# The image that WeChat Cloud Run, Docker and Kubernetes run.
#
#   docker build -t lab-physics-backend:v1 .
#   docker build --build-arg PIP_INDEX_URL=https://<mirror>/simple -t lab-physics-backend:v1 .
#
# The packages are made in a stage of their own, so neither pip nor a mirror's address (which may
# hold a password) is part of the image, and a change of code alone sends one small layer.
ARG BASE_IMAGE=python:3.12-slim-bookworm

FROM ${BASE_IMAGE} AS packages
ARG PIP_INDEX_URL=
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    MPLCONFIGDIR=/opt/matplotlib
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/lab \
    && python -m pip --python /opt/lab/bin/python install --no-compile --only-binary :all: --require-hashes -r requirements.lock
# What no request ever reads goes: the test suites of the large packages, type stubs, headers, the
# sample data and toolbar images of matplotlib, Swagger UI for bundlers. Then comes
# bytecode, which is not checked against its source again (the image does not change), and
# matplotlib's list of fonts.
RUN find /opt/lab \( -name tests -path '*/site-packages/numpy/*' \
        -o -name tests -path '*/site-packages/scipy/*' \
        -o -name tests -path '*/site-packages/matplotlib/*' \
        -o -name tests -path '*/site-packages/mpl_toolkits/*' \
        -o -name tests -path '*/site-packages/fontTools/*' \
        -o -name sample_data -path '*/mpl-data/*' \
        -o -name images -path '*/mpl-data/*' \
        -o -name include -path '*/site-packages/numpy/*' \
        -o -name 'swagger-ui-es-*' \
        -o -name '*.pyi' -o -name '*.pxd' -o -name '*.map' \) -prune -exec rm -rf {} + \
    && /opt/lab/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/lab/lib \
    && /opt/lab/bin/python -c 'import matplotlib.font_manager'

FROM ${BASE_IMAGE}
# 10001 may not write a volume that belongs to root. Where the volume cannot be given to it, build
# with --build-arg RUN_UID=0.
ARG RUN_UID=10001
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /app/data --shell /usr/sbin/nologin lab \
    && install -d -o lab -g lab /app/data
COPY --from=packages /opt/lab /opt/lab
COPY --from=packages --chown=10001:10001 /opt/matplotlib /opt/matplotlib
# The code is not in /app: a volume on /app/data must not hide data/samples.
WORKDIR /srv/lab
COPY config.py router.py ./
COPY storage ./storage
COPY data/samples ./data/samples
COPY docs/client.js ./docs/client.js
COPY functions ./functions
RUN /opt/lab/bin/python -m compileall -q --invalidation-mode unchecked-hash config.py router.py storage functions
# Everything that is written goes to the data folder, so the rest may be mounted read-only.
ENV PATH=/opt/lab/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/opt/matplotlib \
    TMPDIR=/app/data \
    DATA_DIR=/app/data \
    PORT=8000
EXPOSE 8000
USER ${RUN_UID}
CMD ["python", "-m", "router"]
