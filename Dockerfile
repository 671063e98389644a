ARG NODE_VERSION=24

# Build with everything, then leave only what runs.
FROM node:${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No scripts: the image has its own Node 24, and `prepare` would build before the sources are here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/clean.ts \
 && node_modules/.bin/tsc -p tsconfig.build.json \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE_VERSION}-alpine
ENV NODE_ENV=production \
    HOME=/tmp \
    XDG_CONFIG_HOME=/config \
    XDG_STATE_HOME=/state \
    XDG_CACHE_HOME=/state/cache
# Manifests from Git: git, and what it needs for ssh:// and for signatures.
# ssh does not run as somebody whom /etc/passwd does not know.
RUN apk add --no-cache git gnupg openssh-client \
 && addgroup -S -g 65532 sync \
 && adduser -S -D -H -h /tmp -s /sbin/nologin -u 65532 -G sync sync
# The one place that is written to: locks, and databases of the reference server. Mount a volume to keep it.
RUN mkdir -p /state /config /work && chown 65532:65532 /state
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY schemas ./schemas
# CI systems run their scripts in the image and know the tool by its name.
RUN chmod 755 dist/bin.js && ln -s /app/dist/bin.js /usr/local/bin/llmstack-sync
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
VOLUME /state
# Manifests are mounted here, read-only if you like.
WORKDIR /work
ENTRYPOINT ["node", "/app/dist/bin.js"]
CMD ["--help"]
