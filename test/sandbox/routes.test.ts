/**
 * The sandbox over HTTP, against the whole relay in a process of its own.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startSandboxProcess, type Sandbox } from '../support/sandbox.ts';

interface Listing {
  readonly data: readonly {
    readonly id: string;
    readonly receivedAt: string;
    readonly from: string;
    readonly subject: string;
  }[];
}
interface Header {
  readonly name: string;
  readonly mark: string;
  readonly before?: string;
  readonly after?: string;
}
interface Run {
  readonly text: string;
  readonly isChanged: boolean;
  readonly rule?: string;
}
interface Xray {
  readonly status: string;
  readonly verdict: { readonly action: string };
  readonly headers: readonly Header[];
  readonly fields: readonly {
    readonly field: string;
    readonly before: readonly Run[];
    readonly after?: readonly Run[];
  }[];
}

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandboxProcess();
});
after(() => sandbox[Symbol.asyncDispose]());

const orderOf = (orderId: string) =>
  sandbox.marketplace.orders.find((order) => order.orderId === orderId) ?? assert.fail(orderId);
const inbox = (address: string) => `/inboxes/${encodeURIComponent(address)}`;
const arrival = async (address: string, subject: string) => {
  const isIt = (entry: Listing['data'][number]) => entry.subject === subject;
  const { data } = await sandbox.until<Listing>(inbox(address), (listing) => listing.data.some(isIt));
  return data.find(isIt) ?? assert.fail(subject);
};
const rawOf = async (address: string, id: string) => await fetch(`${sandbox.relay.url}/sandbox${inbox(address)}/${id}`);

test('a seller writes, the buyer gets it under the alias, and the X-ray shows what was taken out', async () => {
  const order = orderOf('A-1001');
  const reply = await sandbox.send({ orderId: 'A-1001', from: 'seller', subject: 'Your knife', text: 'It is sharp.' });
  assert.equal(reply.code, 250, reply.line);
  const mail = await arrival(order.buyerAddress, 'Your knife');
  assert.match(mail.from, new RegExp(`Nord Tools.*<${order.aliases.seller}>`));
  const raw = await rawOf(order.buyerAddress, mail.id);
  assert.match(raw.headers.get('content-type') ?? '', /^message\/rfc822/);
  const text = await raw.text();
  assert.match(text, /^Subject: Your knife\r$/m);
  assert.doesNotMatch(text, /nord-tools\.test|192\.0\.2\.44|Thunderbird/);

  const xray = await sandbox.get<Xray>(`/xray/${reply.messageId}`);
  assert.equal(xray.verdict.action, 'deliver');
  const marks = new Map(xray.headers.map((header) => [header.name.toLowerCase(), header]));
  assert.equal(marks.get('subject')?.mark, 'kept');
  assert.equal(marks.get('from')?.mark, 'changed');
  assert.equal(marks.get('x-originating-ip')?.mark, 'dropped');
  assert.equal(marks.get('x-mailer')?.mark, 'dropped');
  assert.equal(marks.get('dkim-signature')?.mark, 'added');
  assert.match(marks.get('from')?.before ?? '', /care@nord-tools\.test/);
});

test('a reply keeps the thread, quotes as mail programs do, and loses the address in its signature', async () => {
  const order = orderOf('A-1001');
  await sandbox.send({ orderId: 'A-1001', from: 'seller', subject: 'A question', text: 'Left or right hand?' });
  const question = await arrival(order.buyerAddress, 'A question');
  const asked = await (await rawOf(order.buyerAddress, question.id)).text();
  const reply = await sandbox.send({
    orderId: 'A-1001',
    from: 'buyer',
    subject: 'Re: A question',
    text: 'Left.',
    inReplyTo: question.id,
  });
  assert.equal(reply.code, 250, reply.line);
  const answer = await arrival('care@nord-tools.test', 'Re: A question');
  const raw = await (await rawOf('care@nord-tools.test', answer.id)).text();
  assert.match(raw, /^In-Reply-To: <.+@nord-tools\.test>\r$/m, 'the seller sees the id of its own message again');
  assert.match(raw, /^> Left or right hand\?\r$/m);
  assert.doesNotMatch(raw, /kim\.larsen@/);
  assert.match(asked, /^Message-ID: <.+@relay\.test>\r$/m);

  const { fields } = await sandbox.get<Xray>(`/xray/${reply.messageId}`);
  const text = fields.find(({ field }) => field === 'text') ?? assert.fail();
  const gone = text.before.filter(({ isChanged }) => isChanged).map((run) => run.text);
  assert.deepEqual(gone, ['kim.larsen@post.test']);
  assert.ok(text.after?.some((run) => run.isChanged && run.text.startsWith('[')));
});

test('a bribe gets its reply word for word, and the X-ray marks the phrase', async () => {
  const reply = await sandbox.send({
    orderId: 'D-4001',
    from: 'seller',
    subject: 'Your review',
    text: 'Change your 1 star to 5 and we refund 20 EUR.',
  });
  assert.equal(reply.isAccepted, false);
  assert.match(reply.line, /^550 5\.7\.1 refund-for-review-change/);
  const xray = await sandbox.get<Xray>(`/xray/${reply.messageId}`);
  assert.equal(xray.status, 'refused');
  const marked = xray.fields.flatMap(({ before: runs }) => runs).filter(({ rule }) => rule !== undefined);
  assert.match(marked.map(({ text }) => text).join(''), /Change your 1 star to 5/);
  assert.ok(xray.fields.every((field) => field.after === undefined));
  assert.deepEqual(new Set(xray.headers.map(({ mark }) => mark)), new Set(['stopped']));
  const { data } = await sandbox.get<Listing>(inbox(orderOf('D-4001').buyerAddress));
  assert.deepEqual(data, []);
});

test('the real address is no recipient, and a mailbox that is gone comes back as a notice', async () => {
  const past = await sandbox.send({ orderId: 'A-1002', from: 'seller', recipient: 'real', subject: 'Hi', text: 'Hi.' });
  assert.match(past.line, /^550 5\.7\.1 /);
  assert.equal(past.messageId, undefined);
  const gone = await sandbox.send({
    orderId: 'A-1004',
    from: 'seller',
    subject: 'Spokeshave',
    text: 'It is on its way.',
  });
  assert.equal(gone.code, 250);
  const notice = await arrival('care@nord-tools.test', 'Not delivered: the mailbox is gone (order A-1004)');
  assert.doesNotMatch(await (await rawOf('care@nord-tools.test', notice.id)).text(), /jonas|gone\.test/i);
  assert.equal((await sandbox.get<Xray>(`/xray/${gone.messageId}`)).status, 'bounced');
});

test('an order that was registered over the API has its mailboxes here too', async () => {
  const { relay } = sandbox;
  const address = 'somebody.new@elsewhere.test';
  const put = await relay.api('PUT', '/v1/orders/E-5001', { sellerId: 'lumen', buyer: { id: 'new', address } });
  assert.equal(put.status, 201, put.text);
  const posted = await relay.api('POST', '/v1/messages', {
    orderId: 'E-5001',
    from: 'seller',
    subject: 'Willkommen',
    text: 'Ihre Lampe ist unterwegs.',
  });
  assert.equal(posted.status, 202, posted.text);
  await arrival(address, 'Willkommen');
});

describe('what is asked wrongly', () => {
  const refused = [
    ['GET', '/sandbox/xray/msg_00000000000000000000', undefined, 404, 'notFound'],
    ['GET', '/sandbox/orders/NONE', undefined, 404, 'notFound'],
    ['GET', '/sandbox/inboxes/kim.larsen@post.test/mail_0', undefined, 404, 'notFound'],
    ['GET', '/sandbox/inboxes/nobody', undefined, 422, 'address.invalid'],
    ['POST', '/sandbox/messages', { orderId: 'A-1001', from: 'admin', subject: '', text: '' }, 422, 'request.invalid'],
  ] as const;
  for (const [method, path, body, status, code] of refused) {
    test(`${method} ${path} answers ${status} ${code}`, async () => {
      const answer = await sandbox.relay.api(method, path, body);
      assert.equal(answer.status, status, answer.text);
      assert.equal((JSON.parse(answer.text) as { code: string }).code, code);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    });
  }

  test('another page in the same browser may not look', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const response = await fetch(`${sandbox.relay.url}/sandbox/marketplace`, {
        headers: { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors' },
      });
      assert.equal(response.status, 403, site);
    }
  });
});

test('the page is allowed nothing but its own files', async () => {
  const response = await fetch(`${sandbox.relay.url}/sandbox`);
  assert.equal(response.status, 200);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /trusted-types 'none'/);
  assert.doesNotMatch(policy, /unsafe|upgrade-insecure-requests|https?:/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
});

// What is printed to be pasted must work as it stands.
const skip = existsSync('/usr/bin/swaks') ? false : 'swaks is not installed';
test('every line that the banner says to paste does what it says', { skip }, async () => {
  const printed = sandbox.relay.printed().split('\n');
  const commands = printed.map((line) => line.trim()).filter((line) => /^(swaks|curl) /.test(line));
  assert.equal(commands.length, 5);
  const run = promisify(execFile);
  const answers: string[] = [];
  for (const command of commands) {
    // swaks ends with an error code when it is refused, as the bribe must be.
    answers.push((await run('sh', ['-c', `${command} || true`])).stdout);
  }
  assert.match(answers[0] ?? '', /250 2\.0\.0 queued as msg_/);
  assert.match(answers[1] ?? '', /550 5\.7\.1 refund-for-review-change/);
  assert.match(answers[2] ?? '', /250 2\.0\.0 queued as msg_/);
  assert.match(answers[3] ?? '', /"action":"block"/);
  assert.match(answers[4] ?? '', /"status":"queued"/);
  assert.match(sandbox.relay.printed(), /seller → buyer {2}A-1001 +✕ block +refund-for-review-change/);
});
