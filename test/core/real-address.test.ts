import assert from 'node:assert/strict';
import { inspect, format } from 'node:util';
import { serialize } from 'node:v8';
import { test } from 'node:test';
import { RelayError } from '../../src/core/errors.ts';
import { expose, RealAddress } from '../../src/core/real-address.ts';
import { RemoteText } from '../../src/core/remote-text.ts';

const CANARY = 'canary.7f3a@hidden.example';
const address = RealAddress.parse(CANARY);

const channels: readonly (readonly [name: string, print: () => string])[] = [
  ['a template', () => `${address}`],
  ['JSON', () => JSON.stringify({ address, list: [address] })],
  ['inspect', () => inspect(address)],
  ['inspect without the custom form', () => inspect(address, { customInspect: false, showHidden: true, depth: 9 })],
  ['format %s %o %j', () => format('%s %o %j', address, address, address)],
  ['spreading', () => JSON.stringify({ ...address })],
  ['own entries', () => JSON.stringify(Object.entries(address))],
  ['a structured clone', () => JSON.stringify(structuredClone(address))],
  ['serialisation', () => serialize(address).toString('latin1')],
  ['an error with a cause', () => inspect(new Error('x', { cause: address }))],
];

for (const [name, print] of channels) {
  test(`a real address does not come out through ${name}`, () => {
    const printed = print();
    assert.ok(printed.length > 0);
    assert.ok(!printed.includes('canary.7f3a') && !printed.includes('hidden.example'), printed);
  });
}

test('two different addresses are not equal to an assertion, two spellings of one are', () => {
  assert.notDeepStrictEqual(RealAddress.parse('a@x.test'), RealAddress.parse('b@x.test'));
  assert.deepStrictEqual(RealAddress.parse('A@x.test').tag, RealAddress.parse('a@X.test').tag);
  assert.ok(RealAddress.parse('A@x.test').is(RealAddress.parse('a@X.test')));
});

test('exposing gives back the local part as it was written', () => {
  assert.equal(expose(RealAddress.parse('Ann.Lee@X.test')), 'Ann.Lee@x.test');
});

test('what is not an address is refused without being repeated', () => {
  assert.throws(
    () => RealAddress.parse('not an address canary'),
    (error: unknown) =>
      error instanceof RelayError && error.code === 'address.invalid' && !inspect(error).includes('canary'),
  );
});

test("a remote server's words keep their codes and nothing else", () => {
  const text = new RemoteText(`550 5.1.1 <${CANARY}>: unknown user`);
  assert.equal(text.code, 550);
  assert.equal(text.enhanced, '5.1.1');
  for (const printed of [`${text}`, JSON.stringify(text), inspect(text, { showHidden: true })]) {
    assert.ok(!printed.includes('canary'), printed);
  }
  assert.equal(new RemoteText('garbage').code, 0);
});
