# The runner on one machine: the functions as they are at AWS, driven here. See docs/one-machine.md.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/luxaris && mkdir /data
COPY requirements-runner.txt /opt/luxaris/
RUN python -m pip --python /opt/luxaris/bin/python install --quiet --only-binary=:all: \
    --require-hashes --requirement /opt/luxaris/requirements-runner.txt
WORKDIR /app
COPY functions functions
COPY shared shared
COPY migrations migrations
COPY runner runner
COPY local_runner.py template.yaml pyproject.toml LICENSE ./
RUN /opt/luxaris/bin/python -m compileall -q /app

FROM python:3.11-slim-bookworm
COPY --from=build /opt/luxaris /opt/luxaris
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 --chmod=0700 /data /data
WORKDIR /app
ENV PATH=/opt/luxaris/bin:$PATH HOME=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/api/v1/ops/ready', timeout=4)"]
ENTRYPOINT ["python", "local_runner.py"]
CMD ["up", "--host", "0.0.0.0", "--data", "/data"]
