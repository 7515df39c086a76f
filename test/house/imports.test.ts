/**
 * The dependency rule of ARCHITECTURE.md, checked on every file of src/, and shown to see what it looks for.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { breaches, EXPOSERS, importsExpose, importsOf } from './import-rules.ts';

const paths = globSync('**/*.ts', { cwd: 'src' });
const files = new Map(paths.map((path) => [path, readFileSync(join('src', path), 'utf8')]));

test('no file imports what its place may not know', () => {
  assert.deepEqual(breaches(files), []);
});

test('every source file and its imports were seen', () => {
  const listed = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  assert.deepEqual([...files.keys()].toSorted(), listed.toSorted());
  assert.ok(listed.length >= 40, `${listed.length} files`);
  const targets = [...files].flatMap(([path, text]) => importsOf(path, text).map(({ target }) => target));
  const written = [...files.values()].join('\n').match(/^(import|export|\}).* from '\./gm) ?? [];
  assert.ok(targets.length >= written.length, `${targets.length} of ${written.length} imports`);
  assert.deepEqual(
    targets.filter((target) => target.endsWith('.ts') && !files.has(target)),
    [],
  );
});

test('exactly four files can turn a real address into text', () => {
  const exposers = [...files].filter(([, text]) => importsExpose(text)).map(([path]) => path);
  assert.deepEqual(exposers.toSorted(), EXPOSERS);
});

describe('a planted breach is found', () => {
  const planted: readonly (readonly [string, string, string])[] = [
    ['core/planted.ts', "import { judge } from '../mail/judge.ts';", 'core may not import mail'],
    ['policy/planted.ts', "import type { Store } from '../store/store.ts';", 'policy may not import port'],
    ['mail/planted.ts', "import { verify } from './verify.ts';", 'imports the stage verify'],
    ['mail/judge.ts', "import {\n  rewrite,\n} from './rewrite.ts';", 'imports the stage rewrite'],
    ['mail/verify/planted.ts', "import { fold } from '../mask/squeeze.ts';", 'verify stands alone'],
    ['mail/verify.ts', "import { leaves } from './message.ts';", 'verify stands alone'],
    ['mail/mask/planted.ts', "import { isBase64 } from '../verify/base64.ts';", 'imports mail/verify/base64.ts'],
    ['smtp/planted.ts', "export { app } from '../http/server.ts';", 'smtp may not import http'],
    ['http/planted.ts', "const store = await import('../store/sqlite/open.ts');", 'http may not import store/sqlite'],
    ['store/redis/planted.ts', "import '../sqlite/schema.ts';", 'store/redis may not import store/sqlite'],
    ['jobs/planted.ts', "new Worker(new URL('../smtp/server.ts', import.meta.url));", 'jobs may not import smtp'],
    ['somewhere/planted.ts', '', 'not in the table'],
    ['mail/planted.ts', "import { expose } from '../core/real-address.ts';", 'imports expose'],
    ['mail/planted.ts', "import { RealAddress, expose as show } from '../core/real-address.ts';", 'imports expose'],
    ['mail/planted.ts', "import * as addresses from '../core/real-address.ts';", 'imports expose'],
    ['core/planted.ts', "export { expose } from './real-address.ts';", 'imports expose'],
    ['mail/planted.ts', "import { jsonLines } from '../core/log.ts';", 'uses log.ts'],
    ['mail/planted.ts', 'const now = Date.now();', 'uses the system clock'],
    ['http/planted.ts', "const key = process.env['KEY'];", 'uses process.env'],
    ['http/planted.ts', "console.log('hello');", 'uses the console'],
    ['mail/planted.ts', "import Redis from 'ioredis';", 'uses ioredis'],
  ];
  for (const [path, text, expected] of planted) {
    test(`${path}: ${expected}`, () => {
      const found = breaches(new Map([[path, text]]));
      assert.equal(found.length, 1, found.join('; '));
      assert.match(found[0] ?? '', new RegExp(expected));
    });
  }

  test('and what only a comment says is not', () => {
    assert.deepEqual(
      breaches(new Map([['mail/planted.ts', "// no Date.now() here\n/* import '../http/server.ts' */"]])),
      [],
    );
  });
});
