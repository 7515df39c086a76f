/**
 * door: the HTTP door of a running relay, as a program sees it. Everything that it answers is kept, and searched at the end for the
 * addresses that went in.
 */
import request, { type Response } from 'supertest';
import { assertNoCanary } from '../support/canary.ts';
import { startScenario, type Scenario } from '../support/scenario.ts';

export interface Door extends AsyncDisposable {
  readonly scene: Scenario;
  /** A request with the admin key, or with `key` ('' for none). */
  ask(method: Method, path: string, body?: unknown, key?: string): Promise<Response>;
  /** Answers that went another way than through `ask`. */
  keep(answer: Response): Response;
}

type Method = 'get' | 'put' | 'post' | 'delete';

export async function openDoor(env: Readonly<Record<string, string>> = {}): Promise<Door> {
  const scene = await startScenario('SQLite', env);
  const answers: Response[] = [];
  const keep = (answer: Response): Response => {
    answers.push(answer);
    return answer;
  };
  return {
    scene,
    keep,
    async ask(method, path, body, key = scene.relay.apiKey) {
      const asked = request(scene.relay.url)[method](path);
      if (key !== '') asked.set('Authorization', `Bearer ${key}`);
      return keep(await (body === undefined ? asked : asked.send(JSON.stringify(body)).type('application/json')));
    },
    async [Symbol.asyncDispose]() {
      for (const { text, headers, status } of answers) {
        assertNoCanary(`an answer with ${status}`, text + JSON.stringify(headers), scene.pair.canaries);
      }
      await scene[Symbol.asyncDispose]();
    },
  };
}
