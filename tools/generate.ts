/**
 * generate: `npm run docs` writes the files that are made from the code; `--check` only says which of them are stale.
 *
 * Each file has one source in src/, so a page cannot say what the code does not do. test/house/generated.test.ts compares too.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { configurationMarkdown, exampleToml } from '../src/config/print.ts';
import { rulesMarkdown } from '../src/policy/rules-page.ts';
import { errorsPage } from './pages/errors.ts';

interface GeneratedFile {
  readonly path: string;
  readonly make: () => string;
}

export const GENERATED: readonly GeneratedFile[] = [
  { path: 'docs/errors.md', make: errorsPage },
  { path: 'docs/rules.md', make: rulesMarkdown },
  { path: 'docs/configuration.md', make: configurationMarkdown },
  { path: 'config/veilpost.example.toml', make: exampleToml },
];

/** The paths whose files are missing or differ from what the code makes. */
export async function staleFiles(files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { path, make } of files) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== make()) stale.push(path);
  }
  return stale;
}

async function writeAll(files: readonly GeneratedFile[]): Promise<void> {
  for (const { path, make } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, make());
  }
}

if (import.meta.main) {
  const stale = await staleFiles(GENERATED);
  if (process.argv.includes('--check')) {
    for (const path of stale) console.log(`${path} is stale: run "npm run docs" and commit it`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    await writeAll(GENERATED);
    console.log(stale.length === 0 ? 'All generated files were fresh.' : `Wrote ${stale.join(', ')}`);
  }
}
