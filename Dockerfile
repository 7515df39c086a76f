# The relay as one container. There is no build step: Node 24 runs the TypeScript sources.
#
#   docker build -t veilpost .
#   docker run --rm -v veilpost:/data veilpost keys new          (once; keep a copy of /data/keys.json)
#   docker run -v veilpost:/data -v ./veilpost.toml:/app/config/veilpost.toml:ro \
#              -p 25:2525 -p 587:2587 -p 127.0.0.1:8420:8420 veilpost
#
# The settings are in docs/configuration.md. The image starts in production mode: the sandbox trusts whoever reaches it, so it
# listens on the loopback only, which is of no use inside a container. "npm start" is the way to see it.
FROM node:24-slim

WORKDIR /app
COPY package.json package-lock.json ./
# --omit=optional: this image is Node 24 already, so the Node that npm would bring along is not needed.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY . .

ENV NODE_ENV=production \
    VEILPOST_MODE=production \
    VEILPOST_DATA__URL=sqlite:/data \
    VEILPOST_KEYS__FILE=/data/keys.json \
    VEILPOST_SMTP__MX=0.0.0.0:2525 \
    VEILPOST_SMTP__SUBMISSION=0.0.0.0:2587 \
    VEILPOST_HTTP__LISTEN=0.0.0.0:8420

RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 2525 2587 8420

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8420/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Node itself is process 1, so that SIGTERM reaches the relay and it can drain.
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve"]
