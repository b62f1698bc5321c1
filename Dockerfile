# One image per service:  docker build --build-arg SERVICE=persona-service -t mybella/persona-service .
# The stand-in for ElevenLabs:  docker build --target fake-elevenlabs -t mybella/fake-elevenlabs .
# What imports an older MyBella:  docker build --target operator -t mybella/operator .
# Needs nothing but Docker: the wrapper fetches Maven, and Maven what the build needs. All services
# share the first stage, so that building five images compiles once.
# An exact version or a digest of what they stand on:  --build-arg JRE_IMAGE=eclipse-temurin@sha256:…

ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${JDK_IMAGE} AS build
WORKDIR /src
COPY . .
# Tests and formatting are the business of ./mvnw verify.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    ./mvnw -q -B -Pprograms \
      -pl operator,fake-elevenlabs,persona-service,memory-service,voice-service,chat-service,gateway -am package

FROM build AS layers
ARG SERVICE
RUN test -n "$SERVICE" && mkdir /image && cp "$SERVICE/target/$SERVICE.jar" /image/application.jar
WORKDIR /image
RUN java -Djarmode=tools -jar application.jar extract --layers --destination layers
# ONNX Runtime's native libraries, which would be unpacked where nothing can be run: /tmp is mounted noexec.
# Without those of other systems and their symbols its jar has a third of a megabyte instead of 93.
RUN for jar in layers/dependencies/lib/onnxruntime-*.jar; do \
      if [ -f "$jar" ]; then \
        mkdir onnxruntime layers/dependencies/native && cd onnxruntime && jar xf "../$jar" && \
        cp "ai/onnxruntime/native/linux-$(uname -m | sed s/x86_64/x64/)"/*.so ../layers/dependencies/native && \
        rm -r ai/onnxruntime/native && jar cfM "../$jar" . && cd .. && rm -r onnxruntime; \
      fi; \
    done

FROM ${JRE_IMAGE} AS fake-elevenlabs
LABEL org.opencontainers.image.title="MyBella stand-in for ElevenLabs" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /src/fake-elevenlabs/target/lib/ lib/
COPY --from=build /src/fake-elevenlabs/target/fake-elevenlabs.jar ./
USER 10001:10001
EXPOSE 8085
HEALTHCHECK --interval=5s --timeout=5s --start-period=600s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8085"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=55", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", \
            "-Xss512k", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true", \
            "-jar", "fake-elevenlabs.jar", "8085", "0.0.0.0"]

# SQLite's native library, which would be unpacked where nothing can be run: /tmp is mounted noexec.
FROM build AS sqlite
WORKDIR /native
RUN jar xf "$(ls /src/operator/target/lib/sqlite-jdbc-*.jar)" org/sqlite/native/Linux && \
    cp "org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" . && rm -r org

FROM ${JRE_IMAGE} AS operator
LABEL org.opencontainers.image.title="MyBella operator" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# Where the private copy of the old file is; whoever this runs as can write there.
RUN mkdir /scratch && chmod 1777 /scratch
COPY --from=build /src/operator/target/lib/ lib/
COPY --from=sqlite /native/ native/
COPY --from=build /src/operator/target/operator.jar ./
COPY deploy/docker/operator.options ./
USER 10001:10001
ENTRYPOINT ["java", "@operator.options", "-jar", "operator.jar"]

FROM ${JRE_IMAGE}
ARG SERVICE
LABEL org.opencontainers.image.title="MyBella $SERVICE" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# For voice samples, see docs/operations.md.
RUN if [ "$SERVICE" = voice-service ]; then \
      apt-get update -qq && apt-get install -y -qq --no-install-recommends ffmpeg && \
      rm -rf /var/lib/apt/lists/*; \
    fi
# Blobs, where they are kept in a folder. Its owner passes to the volume that is mounted there.
RUN mkdir /data && chown 10001:10001 /data
# What changes seldom comes first.
COPY --from=layers /image/layers/dependencies/ ./
COPY --from=layers /image/layers/spring-boot-loader/ ./
COPY --from=layers /image/layers/snapshot-dependencies/ ./
COPY --from=layers /image/layers/application/ ./
COPY --chmod=755 deploy/docker/healthy /usr/local/bin/healthy
# The heap follows the container's memory limit. JAVA_TOOL_OPTIONS adds to these options.
COPY deploy/docker/java.options ./
# Classes as the JVM needs them, of a start that ends when all is made and nothing is connected: no
# database is there. It takes 70 to 140 MB and saves a quarter of each start; START_CACHE=off does without.
# Linked classes would be a little quicker, but a JVM with too small a heap for them does not start at all.
ARG START_CACHE=on
RUN if [ "$START_CACHE" = on ]; then \
      java @java.options -Xmx512m -Xlog:disable -Xlog:all=error:stderr -XX:-AOTClassLinking \
        -XX:AOTCacheOutput=start.aot -Dspring.context.exit=onRefresh -Dspring.flyway.enabled=false \
        -Dspring.jpa.database-platform=org.hibernate.dialect.PostgreSQLDialect \
        -Dspring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false -jar application.jar && \
      chmod 644 start.aot && rm -rf /tmp/*; \
    fi
USER 10001:10001
# Whoever collects logs from containers wants them as data; MYBELLA_LOG_FORMAT=text is for people.
# Health and metrics are on the second port: for the orchestrator and for Prometheus, never published.
ENV SERVER_PORT=8080 \
    MYBELLA_BIND_ADDRESS=0.0.0.0 \
    MYBELLA_MANAGEMENT_PORT=8090 \
    MYBELLA_MANAGEMENT_ADDRESS=0.0.0.0 \
    MYBELLA_BLOBS_FOLDER=/data/blobs \
    MYBELLA_LOG_FORMAT=ecs \
    HOME=/tmp
EXPOSE 8080 8090
# A start may take ten minutes, as in the local stack: a busy machine is no reason to give up.
HEALTHCHECK --interval=5s --timeout=5s --start-period=600s --retries=6 CMD ["healthy"]
ENTRYPOINT ["java", "@java.options", "-XX:AOTCache=start.aot", "-jar", "application.jar"]
