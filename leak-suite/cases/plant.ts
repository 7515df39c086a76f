/**
 * plant: how a message is made that looks real and holds one address in one place.
 */
/** `author` is planted; `from` is what stands in From. */
export interface Plant {
  readonly what: string;
  readonly mail: (address: string) => string;
  /** `held` when the file's own bytes hold the address: nobody but its maker can take it out. */
  readonly end?: 'held';
}

export const base64 = (content: string | Uint8Array): string =>
  Buffer.from(content)
    .toString('base64')
    .replace(/(.{76})(?=.)/g, '$1\n');

export const local = (address: string): string => address.slice(0, address.indexOf('@'));
export const domain = (address: string): string => address.slice(address.indexOf('@') + 1);
export const hexEntities = (text: string): string =>
  Array.from(text, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`).join('');
export const mirrored = (text: string): string => [...text].toReversed().join('');

export function head(address: string, ...more: readonly string[]): readonly string[] {
  return [
    `From: Somebody <${address}>`,
    'To: b7k2m9q4t1x8w3z5@relay.test',
    ...(more.some((line) => line.startsWith('Subject:')) ? [] : ['Subject: Re: Your order']),
    'Date: Mon, 23 Nov 2026 10:00:00 +0100',
    ...(more.some((line) => line.startsWith('Message-ID:')) ? [] : ['Message-ID: <m1@client.example>']),
    'MIME-Version: 1.0',
    ...more,
  ];
}

export const whole = (lines: readonly string[]): string => `${lines.join('\n')}\n`.replace(/\r?\n/g, '\r\n');

export const withHeader = (what: string, header: (address: string) => string): Plant => ({
  what,
  mail: (address) => whole([...head(address, ...header(address).split('\n'), 'Content-Type: text/plain'), '', 'Hello']),
});

export const withText = (what: string, text: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'),
      '',
      text(address),
    ]),
});

export const withCoded = (
  what: string,
  charset: string,
  encoding: string,
  body: (address: string) => string,
): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, `Content-Type: text/plain; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`),
      '',
      body(address),
    ]),
});

export const withHtml = (what: string, html: (address: string) => string): Plant => ({
  what,
  mail: (address) =>
    whole([
      ...head(address, 'Content-Type: multipart/alternative; boundary="alt"'),
      '',
      '--alt',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello',
      '--alt',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      html(address),
      '--alt--',
    ]),
});

export interface PlantedPart {
  readonly headers: readonly string[];
  readonly body: string;
}

export const withPart = (what: string, part: (address: string) => PlantedPart, end?: 'held'): Plant => ({
  what,
  mail: (address) => {
    const { headers, body } = part(address);
    const text = ['--edge', 'Content-Type: text/plain; charset=utf-8', '', 'Hello'];
    return whole([
      ...head(address, 'Content-Type: multipart/mixed; boundary="edge"'),
      '',
      ...text,
      '--edge',
      ...headers,
      '',
      body,
      '--edge--',
    ]);
  },
  ...(end === undefined ? {} : { end }),
});

export const file = (type: string, content: string | Uint8Array, name = 'file.bin'): PlantedPart => ({
  headers: [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
  ],
  body: base64(content),
});

export const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
