/**
 * marketplace: the invented marketplace of the sandbox: who sells, who bought what. Data only.
 *
 * Every address is under `.test` (RFC 6761 6.2: nobody can ever own it) and every password says that it is for show. Mail to
 * `gone.test` cannot be delivered, so that a bounce can be seen too.
 */

export interface InventedSeller {
  readonly sellerId: string;
  readonly name: string;
  readonly inbox: string;
  readonly senders: readonly string[];
  readonly locale: string;
  readonly username: string;
  readonly password: string;
  /** The program that this seller writes mail with, as its X-Mailer says. */
  readonly mailer: string;
  /** What its mail client puts under every message. */
  readonly signature: string;
}

export interface InventedOrder {
  readonly orderId: string;
  readonly sellerId: string;
  readonly item: string;
  readonly buyer: {
    readonly id: string;
    readonly name: string;
    readonly address: string;
    readonly locale: string;
    readonly mailer: string;
    readonly signature: string;
  };
}

/** Nothing at this domain takes mail. */
export const GONE_DOMAIN = 'gone.test';

export const SELLERS: readonly InventedSeller[] = [
  {
    sellerId: 'nord-tools',
    name: 'Nord Tools',
    inbox: 'care@nord-tools.test',
    senders: ['care@nord-tools.test', '@nord-tools.test'],
    locale: 'en',
    username: 'nord-tools',
    password: 'demo-hammer-and-nails',
    mailer: 'Thunderbird 142.0',
    signature: 'Ingrid\nNord Tools, sharp since 1961',
  },
  {
    sellerId: 'lumen',
    name: 'Lumen & Söhne',
    inbox: 'licht@lumen-lampen.test',
    senders: ['licht@lumen-lampen.test'],
    locale: 'de',
    username: 'lumen',
    password: 'demo-more-light',
    mailer: 'Microsoft Outlook 16.0',
    signature: 'Anton Lumen\nLumen & Söhne, Leuchten aus Leipzig',
  },
  {
    sellerId: 'tea-harbour',
    name: 'Tea Harbour',
    inbox: 'hello@tea-harbour.test',
    senders: ['hello@tea-harbour.test', 'tickets@helpdesk.tea-harbour.test'],
    locale: 'en',
    username: 'tea-harbour',
    password: 'demo-second-flush',
    mailer: 'Kettle Helpdesk 3',
    signature: 'Priya at Tea Harbour\nTwo minutes, never boiling',
  },
  {
    sellerId: 'pixel-attic',
    name: 'Pixel Attic',
    inbox: 'deals@pixel-attic.test',
    senders: ['deals@pixel-attic.test'],
    locale: 'en',
    username: 'pixel-attic',
    password: 'demo-insert-coin',
    mailer: 'PHP/8.4 mail()',
    signature: 'Rocco, Pixel Attic\nOld games, honest prices',
  },
];

const PHONE = { mailer: 'iPhone Mail (26A5)', signature: 'Sent from my phone' } as const;
const WEB = { mailer: 'Webmail 4.2', signature: '' } as const;

export const ORDERS: readonly InventedOrder[] = [
  order('A-1001', 'nord-tools', 'Carving knife, beech', 'kim.larsen', 'Kim Larsen', 'post.test', 'en', {
    mailer: 'Apple Mail (3826)',
    // The commonest leak of all: a signature that says who one is.
    signature: 'Kim Larsen\nkim.larsen@post.test',
  }),
  order('A-1002', 'nord-tools', 'Plane iron, 44 mm', 'oluwaseun.ade', 'Oluwaseun Adé', 'mailbox.test', 'en', PHONE),
  order('A-1003', 'nord-tools', 'Whetstone 1000/6000', 'hana.sato', 'Hana Satō', 'post.test', 'en', WEB),
  order('A-1004', 'nord-tools', 'Spokeshave', 'jonas.weber', 'Jonas Weber', GONE_DOMAIN, 'de', WEB),
  order('B-2001', 'lumen', 'Schreibtischlampe Kranich', 'greta.vogel', 'Greta Vogel', 'briefkasten.test', 'de', PHONE),
  order('B-2002', 'lumen', 'Pendelleuchte Mond', 'tomas.novak', 'Tomáš Novák', 'schranka.test', 'cs', WEB),
  order('B-2003', 'lumen', 'Nachtlicht Igel', 'amelie.roux', 'Amélie Roux', 'courrier.test', 'fr', PHONE),
  order('C-3001', 'tea-harbour', 'Darjeeling, 250 g', 'ben.okafor', 'Ben Okafor', 'mailbox.test', 'en', WEB),
  order('C-3002', 'tea-harbour', 'Teapot, cast iron', 'maria.silva', 'Maria Silva', 'correio.test', 'pt', PHONE),
  order('C-3003', 'tea-harbour', 'Matcha starter set', 'yusuf.demir', 'Yusuf Demir', 'posta.test', 'tr', WEB),
  order(
    'D-4001',
    'pixel-attic',
    'Handheld, 1989, boxed',
    'lena.fischer',
    'Lena Fischer',
    'briefkasten.test',
    'de',
    PHONE,
  ),
  order('D-4002', 'pixel-attic', 'Cartridge, untested', 'sam.taylor', 'Sam Taylor', 'post.test', 'en', WEB),
  order('D-4003', 'pixel-attic', 'Joystick, black', 'noor.haddad', 'Noor Haddad', 'mailbox.test', 'en', PHONE),
  order(
    'D-4004',
    'pixel-attic',
    'CRT monitor, 14 inch',
    'piotr.zielinski',
    'Piotr Zieliński',
    'poczta.test',
    'pl',
    WEB,
  ),
];

function order(
  ...[orderId, sellerId, item, local, name, domain, locale, client]: [
    orderId: string,
    sellerId: string,
    item: string,
    local: string,
    name: string,
    domain: string,
    locale: string,
    client: { readonly mailer: string; readonly signature: string },
  ]
): InventedOrder {
  return { orderId, sellerId, item, buyer: { id: local, name, address: `${local}@${domain}`, locale, ...client } };
}
