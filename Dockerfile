# Builds the image of Runhook, from the sources or from an unpacked release archive. The image starts on its own, with
# the embedded database in /data. `mvn -Pimage package` builds the same image without this file.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
# A release archive has the program and no sources.
RUN --mount=type=cache,target=/root/.m2 \
    if [ -f pom.xml ]; then \
      mvn --batch-mode --no-transfer-progress --quiet -Pquick package -DskipTests -pl bootstrap -am && \
      mv bootstrap/target/runhook.jar bootstrap/target/lib .; \
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
