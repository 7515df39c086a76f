/**
 * TLS that begins in a session (security.md 3.2 CM-03 to CM-06, CM-26): nothing that was said in the clear counts inside.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { nextIsServed } from '../support/next-client.ts';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.ts';
import { makeTls, startTestDoor } from '../support/smtp-door.ts';

const tls = makeTls();
const upgrade = async (client: SmtpClient) => {
  const secure = connectTls({ socket: client.socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  let heard = '';
  secure.on('data', (chunk: Buffer) => (heard += chunk.toString())).on('error', () => undefined);
  return {
    secure,
    heard: () => heard,
    say: async (line: string): Promise<string> => {
      heard = '';
      secure.write(line);
      while (!/^\d{3} .*\r\n/m.test(heard) && !secure.closed)
        await Promise.race([once(secure, 'data'), once(secure, 'close')]);
      return heard;
    },
  };
};

test('CM-06 is refused twice, with an argument, and in the middle of a transaction', async () => {
  await using door = await startTestDoor({ tls });
  await using client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  await client.say('MAIL FROM:<a@seller.test>');
  assert.equal((await client.say('STARTTLS')).code, 503);
  assert.equal((await client.say('STARTTLS x')).code, 501);
  assert.equal((await client.say('RSET')).code, 250);
  assert.equal((await client.say('STARTTLS')).code, 220);
  const { secure, say } = await upgrade(client);
  await say('EHLO client.test\r\n');
  assert.match(await say('STARTTLS\r\n'), /^503 /);
  assert.match(await say('NOOP\r\n'), /^250 /);
  secure.destroy();
  await nextIsServed(door);
});

for (const injected of ['EHLO evil\r\nMAIL FROM:<inj@x.test>\r\n', 'RSET', 'NOOP\r\n'.repeat(300)]) {
  test(`CM-03, CM-04 ${JSON.stringify(injected.slice(0, 20))} behind it is never heard`, async () => {
    await using door = await startTestDoor({ tls });
    await using client = await connectSmtp(door.port);
    await client.say('EHLO client.test');
    client.write(`STARTTLS\r\n${injected}`);
    assert.equal((await client.reply()).code, 220);
    const { secure, heard, say } = await upgrade(client);
    assert.equal(heard(), '', 'nothing is said before the client speaks');
    assert.match(await say('NOOP\r\n'), /^250 OK\r\n$/);
    assert.match(await say('MAIL FROM:<a@seller.test>\r\n'), /^503 /);
    secure.destroy();
    await nextIsServed(door);
  });
}

test('CM-05 what was said before is forgotten, and commands are guarded inside as outside', async () => {
  await using door = await startTestDoor({ tls });
  await using client = await connectSmtp(door.port);
  await client.say('EHLO client.test');
  await client.say('STARTTLS');
  const { say } = await upgrade(client);
  assert.match(await say('MAIL FROM:<a@seller.test>\r\n'), /^503 /);
  assert.match(await say('EHLO client.test\r\n'), /^250/);
  assert.match(await say('RCPT TO:<b1@relay.test>\r\n'), /^503 /);
  assert.match(await say('NOOP\n'), /^500 /);
  await nextIsServed(door);
});

for (const implicitTls of [true, false]) {
  test(`CM-26 TLS 1.1 is refused (${implicitTls ? 'TLS first' : 'STARTTLS'})`, async () => {
    await using door = await startTestDoor({ tls, implicitTls });
    const socket = connect(door.port, '127.0.0.1');
    if (!implicitTls) {
      await once(socket, 'data');
      socket.write('STARTTLS\r\n');
      await once(socket, 'data');
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const secure = connectTls({ socket, rejectUnauthorized: false, ...old });
    await assert.rejects(once(secure, 'secureConnect'));
    socket.destroy();
  });
}

test('with TLS first the commands are guarded too', async () => {
  await using door = await startTestDoor({ tls, implicitTls: true });
  const secure = connectTls({ port: door.port, rejectUnauthorized: false });
  await once(secure, 'data');
  secure.write('NOOP\r\nNOOP\n');
  let heard = '';
  secure.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  await once(secure, 'close');
  assert.match(heard, /^250 OK\r\n500 5\.5\.2 /);
});
