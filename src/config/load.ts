/**
 * load: one TOML file and the environment become a `Config`, or all that is wrong with them at once.
 *
 * In:  the environment (the only place where it is read) and a working folder.    Out: `Config`.
 * The environment wins over the file, the file over the defaults. Unknown names stop the start: a misspelt safety setting that is
 * quietly ignored is worse than no start. Fails with `ConfigError`, each problem with its key, the reason and the fix.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { findUnsafe } from './safety.ts';
import { environmentName, SETTING_NAMES, SETTINGS, type Config, type SettingName } from './schema.ts';
import type { Raw } from './values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const DEFAULT_FILE = 'config/veilpost.toml';

export function loadConfig(source: { readonly env: Environment; readonly cwd: string }): Config {
  const problems: string[] = [];
  const file = readFile(source, problems);
  const environment = readEnvironment(source, problems);
  const config: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const { read, byDefault } = SETTINGS[name];
    const result = read(environment.get(name) ?? file.get(name) ?? byDefault);
    if ('value' in result) config[name] = result.value;
    else problems.push(`${name} (or ${environmentName(name)}): must be ${result.expected}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Each key of the table was read just now by its own reading, so the record has the shape that the table says.
  const complete = config as Config;
  const unsafe = findUnsafe(complete);
  if (unsafe.length > 0) throw new ConfigError(unsafe);
  return complete;
}

function readFile({ env, cwd }: { env: Environment; cwd: string }, problems: string[]): Map<SettingName, Raw> {
  const path = resolve(cwd, env['VEILPOST_CONFIG'] ?? DEFAULT_FILE);
  const values = new Map<SettingName, Raw>();
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    if (env['VEILPOST_CONFIG'] !== undefined) problems.push(`VEILPOST_CONFIG: there is no readable file at ${path}`);
    return values;
  }
  try {
    for (const [name, raw] of flatten(parseToml(text))) {
      const known = SETTING_NAMES.find((setting) => setting === name);
      if (known === undefined)
        problems.push(`${name} in ${path}: there is no such setting${didYouMean(name, SETTING_NAMES)}`);
      else values.set(known, raw);
    }
  } catch (error) {
    // The parser's message quotes the line, which may hold a secret; its first line does not.
    problems.push(
      `${path}: is not valid TOML (${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'})`,
    );
  }
  return values;
}

function* flatten(table: object, prefix = ''): Generator<readonly [name: string, raw: Raw]> {
  for (const [key, entry] of Object.entries<unknown>({ ...table })) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (isRaw(entry)) yield [name, entry];
    else if (typeof entry === 'object' && entry !== null) yield* flatten(entry, name);
    else yield [name, String(entry)];
  }
}

function isRaw(entry: unknown): entry is Raw {
  return ['string', 'number', 'boolean'].includes(typeof entry) || Array.isArray(entry);
}

function readEnvironment({ env, cwd }: { env: Environment; cwd: string }, problems: string[]): Map<SettingName, Raw> {
  const names = new Map(SETTING_NAMES.map((name) => [environmentName(name), name]));
  const values = new Map<SettingName, Raw>();
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('VEILPOST_') || variable === 'VEILPOST_CONFIG' || text === undefined) continue;
    const direct = names.get(variable);
    const fromFile = names.get(variable.replace(/_FILE$/, ''));
    if (direct !== undefined) values.set(direct, text);
    else if (fromFile !== undefined) readSecret(fromFile, variable, resolve(cwd, text), values, problems);
    else problems.push(`${variable}: there is no such setting${didYouMean(variable, [...names.keys()])}`);
  }
  return values;
}

function readSecret(
  name: SettingName,
  variable: string,
  path: string,
  values: Map<SettingName, Raw>,
  problems: string[],
): void {
  try {
    values.set(name, readFileSync(path, 'utf8').trim());
  } catch {
    problems.push(`${variable}: there is no readable file at ${path}`);
  }
}

/** The nearest known name, when it is near enough to be meant. */
function didYouMean(name: string, known: readonly string[]): string {
  const ranked = known
    .map((entry) => ({ entry, distance: distance(name, entry) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, name.length / 3) ? `; did you mean ${best.entry}?` : '';
}

/** Edits between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
