# syntax=docker/dockerfile:1
# Two images from one file: `--target cli` is the command-line tool, the default target is the QnA service.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Install scripts only serve development packages, and none of those is installed here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim AS cli
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY schemas ./schemas
COPY templates ./templates
COPY src ./src
COPY bin ./bin
USER 10001:10001
ENTRYPOINT ["node", "/app/bin/qna-ready.ts"]

FROM node:24-bookworm-slim AS service
WORKDIR /app
# One port for the process, the image and every manifest.
ENV NODE_ENV=production PORT=8080
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY service ./service
# Neither root nor a user that exists on the node; the manifests run it with a read-only root file system.
USER 10001:10001
EXPOSE 8080
# Node itself is process 1, so the order to stop reaches it without a shell in between.
CMD ["node", "--no-warnings", "service/main.ts"]
