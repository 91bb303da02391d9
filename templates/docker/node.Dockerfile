# A start: check the version, the files that are copied and the command.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package*.json ./
# Exactly what the lock file says, and no development packages.
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
# The default of the port that the manifests set; both come from one answer.
ENV NODE_ENV=production PORT=${port}
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
# Neither root, nor anybody on the node. The manifests say the same.
USER 10001:10001
EXPOSE ${port}
# No shell and no npm in front, so that the order to stop reaches the process.
CMD ["node", "${entryPoint}"]
