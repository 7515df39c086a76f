/**
 * policy-host: a web server that publishes an MTA-STS policy, or misbehaves as it is told.
 */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import type { Certified } from '../support/certificates.ts';

export interface PolicyHost extends AsyncDisposable {
  readonly port: number;
  /** Host and path of every request. */
  readonly requests: readonly string[];
  /** Connections, also those that ended before a request. */
  readonly connections: { readonly total: number };
  answer(answer: string | RequestListener): void;
}

export const policyText = (mode: string, mx: readonly string[], maxAge = 86_400): string =>
  ['version: STSv1', `mode: ${mode}`, ...mx.map((name) => `mx: ${name}`), `max_age: ${maxAge}`, ''].join('\r\n');

export async function startPolicyHost(certified: Certified, first: string | RequestListener): Promise<PolicyHost> {
  let answer = first;
  let total = 0;
  const requests: string[] = [];
  const server = createServer(certified, (request, response) => {
    requests.push(`${request.headers.host}${request.url}`);
    if (typeof answer === 'function') return answer(request, response);
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(answer);
  });
  server.on('connection', () => (total += 1));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    requests,
    get connections() {
      return { total };
    },
    answer: (next) => void (answer = next),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
