/**
 * oracle: it must see an address wherever the suite plants one; a blind oracle would find every relay good.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS } from '../../leak-suite/cases/all.ts';
import { canRead } from '../../leak-suite/oracle.ts';

const PLANTED = 'canary.kim.4711@buyer-4711.test';
const OTHER = 'canary.shop.0815@seller-0815.test';

for (const { name, plants } of GROUPS) {
  test(`every planted address can be read before a relay had it: ${name}`, () => {
    const blind = plants.filter(({ mail }) => !canRead(PLANTED, withoutFrom(mail(PLANTED))));
    assert.deepEqual(
      blind.map(({ what }) => what),
      [],
    );
  });

  test(`no address is read where none was planted: ${name}`, () => {
    const seen = plants.filter(({ mail }) => canRead(PLANTED, mail(OTHER)));
    assert.deepEqual(
      seen.map(({ what }) => what),
      [],
    );
  });
}

/** The author's line in From has the address in every case; the planted one must be found without it. */
const withoutFrom = (mail: string): string => mail.replace(/^From: Somebody <.*\r\n/, '');
