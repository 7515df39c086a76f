/**
 * dmarc-walk-cases: which record is a domain's policy, and what is one organization (RFC 9989 4.10).
 */
import { FAILS, passes, REJECT, type DmarcCase } from './dmarc-case.ts';

export const WALK: readonly DmarcCase[] = [
  { says: '4.10: no record anywhere is none', sign: ['shop.test'], is: 'none' },
  {
    says: '4.10: two records at one name are none',
    zone: { 'TXT _dmarc.shop.test': [['v=DMARC1; p=reject'], ['v=DMARC1; p=none']] },
    is: 'none',
  },
  {
    says: '4.10: other texts at the name do not matter',
    zone: { 'TXT _dmarc.shop.test': [['x'], ['v=DMARC1; p=reject']] },
    ...FAILS,
  },
  { says: '4.7 v: must be DMARC1', zone: { 'TXT _dmarc.shop.test': [['v=DMARC2; p=reject']] }, is: 'none' },
  { says: '4.7 v: must come first', zone: { 'TXT _dmarc.shop.test': [['p=reject; v=DMARC1']] }, is: 'none' },
  { says: '4.10.1: without p and without reports there is no policy', dmarc: { 'shop.test': 'adkim=s' }, is: 'none' },
  {
    says: '4.10.1: without p but with reports it is p=none',
    dmarc: { 'shop.test': 'rua=mailto:r@shop.test' },
    is: 'fail',
    policy: 'none',
  },
  {
    says: '4.10.1: an unknown p with reports is p=none',
    dmarc: { 'shop.test': 'p=burn; rua=mailto:r@shop.test' },
    is: 'fail',
    policy: 'none',
  },
  { says: 'RFC 6376 3.2: a tag twice is no record', dmarc: { 'shop.test': 'p=reject; p=none' }, is: 'none' },
  {
    says: '4.10.1: the own record comes before that of the domain above',
    author: 'ann@eu.shop.test',
    dmarc: { 'shop.test': 'p=reject', 'eu.shop.test': 'p=none' },
    is: 'fail',
    policy: 'none',
  },
  {
    says: '4.10.2: of several records above, the shortest name is the organization',
    author: 'ann@a.b.shop.test',
    dmarc: { 'b.shop.test': 'p=none', ...REJECT },
    ...FAILS,
  },
  {
    says: '4.10.2: psd=n makes a subdomain an organization of its own',
    author: 'ann@a.b.shop.test',
    sign: ['shop.test'],
    dmarc: { 'b.shop.test': 'p=quarantine; psd=n', ...REJECT },
    is: 'fail',
    policy: 'quarantine',
  },
  {
    says: '4.10.2: below psd=n all are aligned',
    author: 'ann@a.b.shop.test',
    sign: ['c.b.shop.test'],
    dmarc: { 'b.shop.test': 'p=reject; psd=n' },
    ...passes('dkim'),
  },
  { says: '4.10.2: psd=y gives its policy to those below', dmarc: { test: 'p=reject; psd=y' }, ...FAILS },
  {
    says: '4.10.2: below psd=y each name is an organization of its own',
    sign: ['evil.test'],
    dmarc: { test: 'p=reject; psd=y' },
    ...FAILS,
  },
  {
    says: '4.10.2: and its subdomains are aligned with it',
    sign: ['mail.shop.test'],
    dmarc: { test: 'p=reject; psd=y' },
    ...passes('dkim'),
  },
  {
    says: '4.10.2: np of a public suffix is for names that are not there',
    author: 'ann@ghost.test',
    dmarc: { test: 'p=none; np=reject; psd=y' },
    ...FAILS,
  },
  {
    says: '4.10: of a name of eleven labels the walk goes on at seven',
    author: 'ann@a.b.c.d.e.f.g.h.i.shop.test',
    dmarc: { 'e.f.g.h.i.shop.test': 'p=reject' },
    ...FAILS,
  },
  {
    says: '4.10: and what stands at eight is not found',
    author: 'ann@a.b.c.d.e.f.g.h.i.shop.test',
    dmarc: { 'd.e.f.g.h.i.shop.test': 'p=reject' },
    is: 'none',
  },
];
