/**
 * health: is the process alive, and can it keep what it is given?
 */
import { Router } from 'express';
import type { Readable } from './parts.ts';

export function health(store: Pick<Readable, 'ping'>): Router {
  const router = Router();
  router.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const isReady = await store.ping().then(
      () => true,
      () => false,
    );
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'store unreachable' });
  });
  return router;
}
