# artkit as an image: docker build -t artkit . && docker run --rm -v "$PWD:/art" -u "$(id -u):$(id -g)" artkit demo
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /artkit && /artkit/bin/pip install --no-cache-dir "/source[dxf]"

FROM python:3.13-slim
COPY --from=build /artkit /artkit
ENV PATH=/artkit/bin:$PATH \
    HOME=/tmp
WORKDIR /art
USER 65534:65534
ENTRYPOINT ["artkit"]
CMD ["--help"]
