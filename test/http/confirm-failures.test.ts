/** The page that asks a buyer, where the relay behind it has trouble. */
import assert from 'node:assert/strict';
import express from 'express';
import { test } from 'node:test';
import request from 'supertest';
import type { Question } from '../../src/cases/confirm.ts';
import { RelayError } from '../../src/core/errors.ts';
import { createEvents } from '../../src/core/events.ts';
import { mintCaseId, parseOrderId } from '../../src/core/ids.ts';
import { systemClock } from '../../src/core/time.ts';
import { confirmPages } from '../../src/http/confirm-page.ts';

const orderId = parseOrderId('ORDER-1');
assert.ok(orderId !== undefined);
const caseId = mintCaseId();
const receivedAt = Date.UTC(2026, 10, 23, 12);
const question: Question = {
  caseId,
  orderId,
  receivedAt,
  language: 'en',
  waiting: [{ caseId, receivedAt }],
};

async function answered(error: Error) {
  const lines: unknown[] = [];
  const app = express();
  app.use(
    confirmPages({
      events: createEvents({ write: (_level, name, fields) => lines.push({ name, ...fields }) }),
      findQuestion: () => Promise.resolve(question),
      clock: systemClock,
      showAccepted: () => Promise.resolve([]),
      removeAccepted: () => Promise.resolve(false),
      answerQuestion: () => Promise.reject(error),
    }),
  );
  const response = await request(app).post('/confirm/secret-of-the-link').type('form').send({ answer: 'yes' });
  return { response, told: JSON.stringify(lines) };
}

test('trouble of ours is a page that says so, and the log says where, without the words of the error or the link', async () => {
  const { response, told } = await answered(new Error('words of a stranger'));
  assert.equal(response.status, 503);
  assert.match(response.text, /your answer was not kept/);
  assert.match(told, /"place":"http\.confirm"/);
  assert.doesNotMatch(response.text + told, /stranger|secret-of-the-link/);
});

test('when the message or its order is gone, the link leads nowhere', async () => {
  const { response, told } = await answered(new RelayError('notFound'));
  assert.equal(response.status, 404);
  assert.match(response.text, /This link leads nowhere/);
  assert.equal(told, '[]');
});
