import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOfReply, type BounceReason } from '../../src/core/bounce-reason.ts';

type Reply = readonly [what: string, code: number, enhanced: string, text: string, expected: BounceReason];

const REPLIES: readonly Reply[] = [
  // What the enhanced code says.
  ['a full mailbox at Gmail', 552, '5.2.2', "The recipient's inbox is out of storage space", 'mailbox-full'],
  ['an account over quota for now', 452, '4.2.2', 'The email account is over quota', 'mailbox-full'],
  [
    'an unknown user at Postfix',
    550,
    '5.1.1',
    '<a@x.test>: Recipient address rejected: User unknown',
    'unknown-mailbox',
  ],
  ['a recipient that Exchange does not find', 550, '5.1.10', 'RESOLVER.ADR.RecipientNotFound', 'unknown-mailbox'],
  ['a domain without mail', 556, '5.1.10', 'Recipient address has null MX', 'unknown-mailbox'],
  [
    'an inactive account at Gmail',
    550,
    '5.2.1',
    'The email account that you tried to reach is inactive',
    'unknown-mailbox',
  ],
  ['a message over the limit', 552, '5.3.4', 'Message size exceeds fixed limit', 'too-big'],
  ['a message over the limit of the mailbox', 552, '5.2.3', '', 'too-big'],
  ['a failed DMARC check', 550, '5.7.26', 'Unauthenticated email is not accepted', 'policy'],
  ['a relay that Exchange refuses', 550, '5.7.54', 'SMTP; Unable to relay recipient in non-accepted domain', 'policy'],
  ['a sender domain that is not found', 550, '5.1.8', 'Sender address rejected: Domain not found', 'policy'],
  ['a host that does not answer', 451, '4.4.1', 'Connection timed out', 'temporary'],
  ['a queue that gave up', 550, '5.4.7', 'Delivery expired', 'temporary'],
  // Codes that mislead.
  [
    'an unknown mailbox under a code for policy',
    550,
    '5.7.1',
    'Requested action not taken: mailbox unavailable',
    'unknown-mailbox',
  ],
  ['a full mailbox under a code for policy', 554, '5.7.1', '<a@x.test>: mailbox is full', 'mailbox-full'],
  ['a blocklist', 554, '5.7.1', 'Service unavailable; Client host [192.0.2.1] blocked using bl.list.test', 'policy'],
  ['a policy code without words', 550, '5.7.1', '', 'policy'],
  [
    'a blocked network at Outlook',
    550,
    '5.7.1',
    'messages from [192.0.2.1] were not sent, on our block list (S3150)',
    'policy',
  ],
  [
    'a recipient unknown to the edge of Exchange',
    550,
    '5.4.1',
    'Recipient address rejected: Access denied',
    'unknown-mailbox',
  ],
  [
    'an unknown host under a code for routing',
    550,
    '5.4.4',
    'Host or domain name not found. Name service error',
    'unknown-mailbox',
  ],
  ['a rate at Gmail', 450, '4.2.1', 'The user you are trying to contact is receiving mail too quickly', 'temporary'],
  [
    'a rate at Gmail that is final',
    550,
    '5.2.1',
    'The user is receiving mail at a rate that prevents delivery',
    'temporary',
  ],
  ['greylisting under a code for policy', 451, '4.7.1', 'Greylisting in action, please come back later', 'temporary'],
  ['an address that is being checked', 450, '4.1.1', 'unverified address, try again later', 'temporary'],
  [
    'an unknown mailbox at Hotmail',
    550,
    '5.5.0',
    'Requested action not taken: mailbox unavailable (S2017062302)',
    'unknown-mailbox',
  ],
  ['a full mailbox under a general code', 554, '5.0.0', 'mailbox quota exceeded', 'mailbox-full'],
  ['a message too large under a general code', 554, '5.3.0', 'message too large', 'too-big'],
  // No enhanced code.
  ['the true code of qmail', 554, '', 'Sorry, no mailbox here by that name. (#5.1.1)', 'unknown-mailbox'],
  [
    'the true code in the middle of a reply',
    550,
    '',
    '550-5.1.1 The email account that you tried\r\n550-5.1.1 to reach is full',
    'unknown-mailbox',
  ],
  ['an unknown account at Yahoo', 554, '', "delivery error: dd This user doesn't have an account", 'unknown-mailbox'],
  ['a domain that Exim cannot route', 550, '', 'Unrouteable address', 'unknown-mailbox'],
  [
    'the sentence of RFC 5321',
    550,
    '',
    'mailbox unavailable (e.g., mailbox not found, no access, or command rejected for policy reasons)',
    'unknown-mailbox',
  ],
  [
    'a policy of GMX',
    550,
    '',
    'Requested action not taken: mailbox unavailable. Reject due to policy restrictions',
    'policy',
  ],
  ['a suspicion at Yandex', 554, '', 'Message rejected under suspicion of SPAM', 'policy'],
  ['a content check at QQ', 550, '', 'Mail content denied', 'policy'],
  ['a check at 163', 554, '', 'DT:SPM 163 smtp1, please see https://help.test/', 'policy'],
  ['a sender that is refused', 550, '', 'Sender address rejected: User unknown', 'policy'],
  [
    'a name that Domino does not list',
    554,
    '',
    'User pat (a@x.test) not listed in Domino Directory',
    'unknown-mailbox',
  ],
  ['a disabled account at Zimbra', 550, '', 'Account is disabled', 'unknown-mailbox'],
  ['552 alone', 552, '', 'Requested mail action aborted', 'mailbox-full'],
  ['552 with a size', 552, '', 'Message size exceeds fixed maximum message size', 'too-big'],
  ['552 with a large message', 552, '', 'This mail is too large', 'too-big'],
  ['552 with a mailbox size', 552, '', 'Mailbox size limit exceeded', 'mailbox-full'],
  ['421 alone', 421, '', '', 'temporary'],
  ['450 for a busy mailbox', 450, '', 'mailbox unavailable', 'temporary'],
  ['452 for a full mailbox', 452, '', 'Mailbox full', 'mailbox-full'],
  ['a blocklist for now', 450, '', 'blocked using bl.list.test', 'temporary'],
  ['550 alone', 550, '', '', 'other'],
  ['a success', 250, '', 'ok', 'other'],
  ['nothing', 0, '', '', 'other'],
  ['an IP address that looks like a code', 550, '', 'refused 5.1.1.7 and 10.5.2.2', 'other'],
  // Languages.
  ['German: full', 550, '', 'Das Postfach des Empfängers ist voll', 'mailbox-full'],
  ['German: unknown', 550, '', 'Empfänger unbekannt', 'unknown-mailbox'],
  ['French: full', 550, '', 'La boîte aux lettres est pleine', 'mailbox-full'],
  ['French: unknown', 550, '', 'Cette adresse n’existe pas', 'unknown-mailbox'],
  ['Spanish: full', 550, '', 'El buzón del destinatario está lleno', 'mailbox-full'],
  ['Spanish: unknown', 550, '', 'El usuario no existe', 'unknown-mailbox'],
  ['Italian: full', 550, '', 'La casella del destinatario è piena', 'mailbox-full'],
  ['Italian: unknown', 550, '', 'Utente sconosciuto', 'unknown-mailbox'],
  ['Portuguese: full', 550, '', 'A caixa postal está cheia', 'mailbox-full'],
  ['Portuguese: unknown', 550, '', 'Usuário não existe', 'unknown-mailbox'],
  ['Japanese: full', 550, '', 'メールボックスがいっぱいです', 'mailbox-full'],
  ['Japanese: unknown', 550, '', 'メールアドレスが見つかりませんでした', 'unknown-mailbox'],
  ['Chinese: full', 550, '', '收件人邮箱已满', 'mailbox-full'],
  ['Chinese: unknown', 550, '', '用户不存在', 'unknown-mailbox'],
  ['Chinese: spam', 550, '', '垃圾邮件', 'policy'],
  ['Russian: full', 550, '', 'Почтовый ящик переполнен', 'mailbox-full'],
  ['Russian: unknown', 550, '', 'Пользователь не найден', 'unknown-mailbox'],
  ['Russian: later', 451, '', 'Попробуйте позже', 'temporary'],
];

for (const [what, code, enhanced, text, expected] of REPLIES) {
  test(`a reply is given the reason ${expected}: ${what}`, () => {
    assert.equal(reasonOfReply(code, enhanced, text), expected);
  });
}

test('what an address or a link is called is no reason', () => {
  assert.equal(
    reasonOfReply(550, '', '<spam.quota-exceeded@over-quota.test>: see https://x.test/spam/blocked'),
    'other',
  );
});

test('what comes after 4,000 characters is not read', () => {
  assert.equal(reasonOfReply(550, '', `${'x '.repeat(2000)}mailbox full`), 'other');
});

test('a long text that nearly fits takes no time', () => {
  const start = performance.now();
  for (const piece of [
    'mailbox ',
    'over ',
    'size message ',
    '5.1.',
    '550-',
    ' ',
    '5',
    '5.4.1 ',
    '存在',
    'quota exceed',
  ]) {
    reasonOfReply(550, '', piece.repeat(100_000));
  }
  assert.ok(performance.now() - start < 500);
});
