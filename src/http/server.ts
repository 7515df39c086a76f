/**
 * server: the HTTP door: express with helmet, request ids, limits, and problem+json for whatever goes wrong.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import { MINUTE, SECOND } from '../core/time.ts';
import { api } from './api.ts';
import { confirmPages } from './confirm-page.ts';
import { errorsPage } from './errors-page.ts';
import { health } from './health.ts';
import { countPeers } from './limits.ts';
import type { HttpParts } from './parts.ts';
import { problems, sendProblem } from './problem.ts';
import { referenceAssets } from './reference-page.ts';
import { requestIds } from './request-id.ts';
import { rulesPage } from './rules-page.ts';

export interface HttpDoor {
  readonly listen: { readonly host: string; readonly port: number };
  readonly publicUrl: string;
  /** Reverse proxies that say for whom they ask: addresses, networks, `loopback`. */
  readonly trustedProxies: readonly string[];
  readonly parts: HttpParts;
  /** Further pages, such as the sandbox's. */
  readonly routers: readonly Router[];
}

const HEADER_BYTES_AT_MOST = 16 * 1024;

export async function startHttp(door: HttpDoor): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ maxHeaderSize: HEADER_BYTES_AT_MOST }, application(door));
  server.headersTimeout = 10 * SECOND;
  server.requestTimeout = 5 * MINUTE;
  server.listen(door.listen.port, door.listen.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : door.listen.port,
    [Symbol.asyncDispose]: () => close(server),
  };
}

function application({ publicUrl, trustedProxies, parts, routers }: HttpDoor): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', trustedProxies);
  app.use(requestIds(parts.events, parts.clock));
  app.use(helmet(headersFor(publicUrl)));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(health(parts.store));
  // Who asks whether we live, and who is at this machine in the sandbox, is not counted.
  for (const router of routers) app.use(router);
  // Read by persons, who have a limit of their own and are told of it on a page.
  app.use(confirmPages(parts));
  app.use(countPeers(parts.limits));
  app.use(referenceAssets());
  app.use(rulesPage());
  app.use(errorsPage());
  app.use('/v1', api(parts, publicUrl));
  app.use((_request, response) => sendProblem(response, 'notFound', publicUrl));
  app.use(problems(publicUrl, parts.events));
  return app;
}

/** Without TLS, `upgrade-insecure-requests` and HSTS would send a browser to a door that is not there. */
function headersFor(publicUrl: string): Parameters<typeof helmet>[0] {
  const isSecure = publicUrl.startsWith('https://');
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isSecure,
    referrerPolicy: { policy: 'no-referrer' },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // What is still open after this is a client that does not end: it is cut off so that the process can.
    setTimeout(() => server.closeAllConnections(), 5 * SECOND).unref();
  });
}
