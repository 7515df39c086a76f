import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { extractText } from 'unpdf';
import { simpleParser } from 'mailparser';
import { PYTHON } from '../support/python.ts';
import { oneHeader, startScenario, type Scenario } from '../support/scenario.ts';
import { headerValues, type ReadMail } from '../support/second-parser.ts';
import { STORES, storeIsMissing } from '../support/stores.ts';
import { CLIENTS } from './clients.ts';
import { KINDS, PDF, PDF_SAYS, PNG, REPLIES, sha256, type Sent, type Shown } from './messages.ts';

const programs = ['swaks', 'curl', 'python3'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const isMissing = programs.length === 0 || process.env.CI === 'true' ? false : `not installed: ${programs.join(', ')}`;

for (const store of STORES) {
  const skip = isMissing === false ? storeIsMissing(store) : isMissing;
  describe(`other people’s mail programs, on ${store}`, { skip }, () => otherPrograms(store));
}

function otherPrograms(store: (typeof STORES)[number]): void {
  let scene: Scenario;
  let count = 0;
  before(async () => {
    scene = await startScenario(store);
  });
  after(() => scene[Symbol.asyncDispose]());

  const fresh = (from: 'seller' | 'buyer'): Sent => ({
    from: scene.pair[from],
    to: scene.pair.aliases[from === 'seller' ? 'buyer' : 'seller'],
    messageId: `${randomBytes(6).toString('hex')}@${scene.pair[from].split('@')[1]}`,
  });

  for (const client of CLIENTS) {
    for (const kind of KINDS) {
      test(`${client.name} sends a seller's message in ${kind.name}: the buyer sees the same`, async () => {
        const sent = fresh('seller');
        await client.send(scene.relay.ports.mx, sent, kind.raw(sent));
        count += 1;
        const { message, mail } = await scene.arrival(count, 'buyer');
        assertValid(mail);
        await assertShows(mail, kind.shown);
        const second = await simpleParser(message.bytes);
        assert.equal(second.subject, kind.shown.subject);
        assert.equal(second.text?.trimEnd(), kind.shown.text, 'mailparser reads the same text');
      });
    }
  }

  const composed: readonly (readonly [kind: string, shown: Shown])[] = [
    ['plain', { subject: 'Your parcel is late', text: 'Your parcel is late, we refund the shipping.', files: [] }],
    [
      'html',
      {
        subject: 'How to put it together',
        text: 'See the manual that is attached.',
        html: /See the <b>manual<\/b>/,
        files: [
          { name: 'step1.png', sha256: sha256(PNG) },
          { name: 'manual.pdf', says: PDF_SAYS },
        ],
      },
    ],
    ['utf8', { subject: 'Größe und Farbe – 色', text: 'Die Größe passt. 色も大丈夫です。', files: [] }],
    ['qp', { subject: 'Größe', text: 'Die Größe passt: 100 % sicher, = sagt man.', files: [] }],
  ];
  for (const [kind, shown] of composed) {
    test(`Python composes and sends a message (${kind}): the buyer sees the same`, async () => {
      const { from, to, messageId } = fresh('seller');
      const child = spawn(PYTHON, [
        join(import.meta.dirname, 'send.py'),
        String(scene.relay.ports.mx),
        from,
        to,
        messageId,
        kind,
      ]);
      child.stdin.end(`${PNG.toString('base64')}\n${PDF.toString('base64')}\n`);
      const [code]: unknown[] = await once(child, 'exit');
      assert.equal(code, 0);
      count += 1;
      const { mail } = await scene.arrival(count, 'buyer');
      assertValid(mail);
      await assertShows(mail, shown);
    });
  }

  test('nodemailer composes and sends a message with a picture and a PDF: the buyer sees the same', async () => {
    const { from, to } = fresh('seller');
    const transport = createTransport({ host: '127.0.0.1', port: scene.relay.ports.mx, ignoreTLS: true });
    await transport.sendMail({
      from: { name: 'Nörd Tools', address: from },
      to,
      subject: 'Größe 色',
      text: 'Siehe Anleitung.',
      html: '<p>Siehe <b>Anleitung</b>.</p><img src="cid:pic">',
      attachments: [
        { filename: 'bild ä.png', content: PNG, cid: 'pic' },
        { filename: 'Anleitung.pdf', content: PDF },
      ],
    });
    transport.close();
    count += 1;
    const { mail } = await scene.arrival(count, 'buyer');
    assertValid(mail);
    await assertShows(mail, {
      subject: 'Größe 色',
      text: 'Siehe Anleitung.',
      html: /Siehe <b>Anleitung<\/b>/,
      files: [
        { name: 'bild ä.png', sha256: sha256(PNG) },
        { name: 'Anleitung.pdf', says: PDF_SAYS },
      ],
    });
  });

  for (const shape of REPLIES) {
    test(`a buyer's reply as ${shape.name} writes it arrives with its words, and with no trace of the buyer`, async () => {
      const opening = fresh('seller');
      await CLIENTS[3]?.send(scene.relay.ports.mx, opening, KINDS[0]?.raw(opening) ?? Buffer.alloc(0));
      count += 1;
      const { mail: first } = await scene.arrival(count, 'buyer');
      const sent = fresh('buyer');
      const shownId = bare(oneHeader(first, 'Message-ID'));
      const reply = shape.raw({
        sent,
        inReplyTo: shownId,
        references: [shownId],
        subject: oneHeader(first, 'Subject'),
        quote: first.text.trimEnd().split('\n'),
        author: 'Nord Tools',
        words: 'Thanks, I will wait until Friday.',
      });
      await CLIENTS[3]?.send(scene.relay.ports.mx, sent, reply);
      count += shape.isSignedWithAddress === true ? 2 : 1;
      const mail = await scene.newestFor('seller', count);
      assertValid(mail);
      assert.match(mail.text, /Thanks, I will wait until Friday\./);
      assert.match(mail.text, /your parcel left our warehouse today/);
      assert.equal(
        bare(oneHeader(mail, 'In-Reply-To')),
        opening.messageId,
        'the seller sees an answer to the own message',
      );
    });
  }

  test('six messages to and fro are one thread in both inboxes', async () => {
    const shown: Record<'seller' | 'buyer', string[]> = { seller: [], buyer: [] };
    let subject = 'A thread';
    for (let turn = 0; turn < 6; turn++) {
      const author = turn % 2 === 0 ? 'seller' : 'buyer';
      const reader = author === 'seller' ? 'buyer' : 'seller';
      const sent = fresh(author);
      const known = shown[author];
      const shape = REPLIES[turn % REPLIES.length];
      assert.ok(shape !== undefined);
      const raw =
        turn === 0
          ? KINDS[0]?.raw(sent)
          : shape.raw({
              sent,
              inReplyTo: known.at(-1) ?? '',
              references: known,
              subject,
              quote: ['as before'],
              author: 'The other one',
              words: `turn ${turn}`,
            });
      await CLIENTS[3]?.send(scene.relay.ports.mx, sent, raw ?? Buffer.alloc(0));
      count += turn > 0 && shape.isSignedWithAddress === true ? 2 : 1;
      const mail = await scene.newestFor(reader, count);
      subject = oneHeader(mail, 'Subject');
      if (turn > 0) {
        const before = shown[reader];
        assert.equal(
          bare(oneHeader(mail, 'In-Reply-To')),
          before.at(-1),
          `turn ${turn} answers what the reader has last`,
        );
        assert.deepEqual(
          oneHeader(mail, 'References').split(/\s+/).map(bare),
          before,
          `turn ${turn} names the whole thread`,
        );
      }
      // The author has the own message under the own id; the reader has it under ours.
      shown[author].push(sent.messageId);
      shown[reader].push(bare(oneHeader(mail, 'Message-ID')));
    }
  });

  function assertValid(mail: ReadMail): void {
    assert.deepEqual(mail.defects, []);
    assert.equal(headerValues(mail, 'Received').length, 1, 'one fresh hop');
    assert.equal(headerValues(mail, 'DKIM-Signature').length, 2, 'RSA and Ed25519');
    const allowed =
      /^(?:DKIM-Signature|ARC-(?:Seal|Message-Signature|Authentication-Results)|Received|From|To|Subject|Date|Message-ID|In-Reply-To|References|Auto-Submitted|Veilpost-Hops|MIME-Version|Content-[A-Za-z-]+)$/i;
    assert.deepEqual(
      mail.headers.map(([name]) => name).filter((name) => !allowed.test(name)),
      [],
    );
    assert.match(oneHeader(mail, 'Date'), /\+0000$/);
  }
}

async function assertShows(mail: ReadMail, shown: Shown): Promise<void> {
  assert.equal(oneHeader(mail, 'Subject'), shown.subject);
  assert.equal(mail.text.trimEnd(), shown.text);
  if (shown.html !== undefined) assert.match(mail.html, shown.html);
  const files = mail.files.map(async ({ name, type, sha256: hash, content }) =>
    type === 'application/pdf' ? { name, says: await pageOf(content) } : { name, sha256: hash },
  );
  assert.deepEqual(await Promise.all(files), shown.files);
  for (const file of mail.files.filter((entry) => entry.contentId !== null)) {
    assert.ok(mail.html.includes(`cid:${bare(file.contentId ?? '')}`), 'the picture is still where it was');
  }
}

/** What a reader sees on the pages of a PDF, in base64 here. */
async function pageOf(content: string): Promise<string> {
  const { text } = await extractText(new Uint8Array(Buffer.from(content, 'base64')), { mergePages: true });
  return text.trim();
}

function bare(id: string): string {
  return id.trim().replace(/^<|>$/g, '');
}
