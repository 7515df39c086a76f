/**
 * request-id: a name for each request, in its answer and in the log. Ours always: a client's would be text of a stranger in the log.
 */
import type { Request, RequestHandler, Response } from 'express';
import { randomLetters } from '../core/ids.ts';
import type { Events } from '../core/events.ts';
import type { Clock } from '../core/time.ts';

const HEADER = 'X-Request-Id';

export function requestIds(events: Events, clock: Clock): RequestHandler {
  return (request, response, next) => {
    const id = `req_${randomLetters(20)}`;
    const begun = clock.now();
    response.set(HEADER, id);
    response.on('finish', () =>
      events.request({
        request: id,
        method: request.method,
        // The pattern of the route, never the path: a path may hold an address.
        route: routeOf(request),
        status: response.statusCode,
        milliseconds: clock.now() - begun,
      }),
    );
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = request.route;
  const isRoute = typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string';
  return isRoute ? String(route.path) : 'none';
}

export function requestIdOf(response: Response): string {
  return String(response.get(HEADER) ?? '');
}
