/**
 * import-rules: who may import whom, as data, and the check of it.
 *
 * ARCHITECTURE.md shows the same table to people. Files are named from src/ on; an area is a folder there, or one of the store's
 * adapters, or a port: a file of types that everything may be built against.
 */
import { dirname, join } from 'node:path/posix';

/** Ports belong to no area: adapters and the domain meet in them. */
const PORTS = ['dns/resolver.ts', 'outbox/transport.ts', 'store/records.ts', 'store/store.ts', 'vault/keys.ts'];

const DOMAIN = ['cases', 'core', 'jobs', 'mail', 'orders', 'outbox', 'policy', 'port', 'store', 'vault'];

/** Which areas the files of an area may import, beside their own. Only app.ts and its folder know every adapter. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core': [],
  'port': ['core', 'policy'],
  'policy': ['core'],
  'vault': ['core', 'port'],
  'orders': ['core', 'port', 'vault'],
  'mail': ['core', 'orders', 'policy', 'port', 'vault'],
  'cases': ['core', 'mail', 'orders', 'policy', 'port', 'vault'],
  'outbox': ['core', 'mail', 'port'],
  'jobs': ['cases', 'core', 'mail', 'outbox', 'port'],
  'config': ['core'],
  'store': ['core', 'policy', 'port'],
  'store/sqlite': ['core', 'policy', 'port', 'store'],
  'store/redis': ['core', 'policy', 'port', 'store'],
  'dns': ['core', 'port'],
  'smtp': [...DOMAIN, 'config'],
  'http': [...DOMAIN, 'config'],
  'console': [...DOMAIN, 'config'],
  'sandbox': [...DOMAIN, 'config'],
  'cli': [...DOMAIN, 'config'],
  'cli.ts': [...DOMAIN, 'app.ts', 'cli', 'config', 'dns', 'sandbox'],
  'main.ts': ['allocator.ts', 'cli.ts'],
  'threads': ['app', 'core', 'mail', 'outbox'],
  'allocator.ts': [],
  'listening.ts': [],
};

const STAGES = [
  'identify',
  'authenticate',
  'parse',
  'open',
  'judge',
  'rewrite',
  'verify',
  'accept',
  'sign',
  'deliver',
  'bounce',
];

/** Who calls which stage of the mail path. Everybody else may only know a stage's types. */
const STAGE_CALLERS: Readonly<Record<string, readonly string[]>> = {
  'mail/path.ts': ['identify', 'authenticate', 'parse', 'open', 'judge', 'rewrite', 'verify', 'accept', 'bounce'],
  'mail/lint.ts': ['parse', 'judge'],
  'mail/deliver.ts': ['sign'],
  // The answer of lint@ leaves at once.
  'mail/desks.ts': ['sign'],
  // What comes back to a return path is read before it is known whether anything of it goes on.
  'mail/bounce.ts': ['parse'],
  'outbox/worker.ts': ['deliver', 'bounce'],
};

/**
 * verify proves what masking did, so the two share nothing but what is looked for: one mistake must not be in both. Nothing of ours is
 * under its readings but these files.
 */
const VERIFY_MAY_IMPORT = /^mail\/(?:verify\/[\w-]+|traces|types)\.ts$|^core\//;
const isOfVerify = (file: string): boolean => file === 'mail/verify.ts' || file.startsWith('mail/verify/');

/** The only files that may turn a RealAddress into text. */
export const EXPOSERS = ['mail/authentication/check.ts', 'mail/traces.ts', 'outbox/smtp-transport.ts', 'vault/seal.ts'];

/** Things that only these files (or folders) may use: the domain gets them as arguments. */
const KEPT_FOR: readonly { readonly what: string; readonly pattern: RegExp; readonly files: readonly string[] }[] = [
  { what: 'process.env', pattern: /\bprocess\.env\b/, files: ['config/', 'cli.ts', 'allocator.ts'] },
  { what: 'the system clock', pattern: /\bDate\.now\(|\bnew Date\(\)/, files: ['core/time.ts'] },
  { what: 'randomness of its own', pattern: /\bMath\.random\(|\brandomUUID\b/, files: ['outbox/worker.ts'] },
  { what: 'the console', pattern: /\bconsole\.\w+\(/, files: ['cli.ts', 'main.ts', 'sandbox/'] },
  {
    what: 'log.ts',
    pattern: /\bfrom '[^']*\/log\.ts'/,
    files: ['core/events.ts', 'app.ts', 'app/', 'threads/', 'http/metrics.ts', 'cli.ts', 'sandbox/'],
  },
  { what: 'node:sqlite', pattern: /'node:sqlite'/, files: ['store/sqlite/'] },
  { what: 'ioredis', pattern: /'ioredis'/, files: ['store/redis/'] },
  { what: 'smtp-server', pattern: /'smtp-server'/, files: ['smtp/'] },
  { what: 'express', pattern: /'(express|helmet)'/, files: ['http/', 'sandbox/', 'console/', 'app.ts', 'app/'] },
  { what: 'node:dns', pattern: /'node:dns(\/promises)?'/, files: ['dns/'] },
];

interface Import {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

/** Imports of our own files, as paths from src/ on. Type stripping makes every path explicit, so one pattern finds them all. */
export function importsOf(file: string, text: string): readonly Import[] {
  const statements = text.matchAll(/\b(import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/g);
  const others = text.matchAll(/\b(?:import\(|new URL\()\s*'(\.[^']+)'/g);
  const at = (path: string) => join(dirname(file), path);
  return [
    ...[...statements].map(([, , type, path = '']) => ({ target: at(path), isTypeOnly: type !== undefined })),
    ...[...others].map(([, path = '']) => ({ target: at(path), isTypeOnly: false })),
  ];
}

function areaOf(file: string): string {
  if (PORTS.includes(file)) return 'port';
  const [first = '', second = ''] = file.split('/');
  return first === 'store' && !second.endsWith('.ts') ? `store/${second}` : first;
}

/** Every breach of the rules in `files` (path from src/ on, text), as a sentence. */
export function breaches(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([file, source]) => {
    const text = withoutComments(source);
    return [...importBreaches(file, importsOf(file, text)), ...useBreaches(file, text)];
  });
}

function importBreaches(file: string, imports: readonly Import[]): readonly string[] {
  if (file === 'app.ts' || file.startsWith('app/')) return [];
  const area = areaOf(file);
  const allowed = MAY_IMPORT[area];
  if (allowed === undefined) return [`${file}: the area ${area} is not in the table`];
  return imports.flatMap(({ target, isTypeOnly }) => {
    const other = areaOf(target);
    if (other !== area && !allowed.includes(other))
      return [`${file} imports ${target}: ${area} may not import ${other}`];
    if (isOfVerify(file) && !VERIFY_MAY_IMPORT.test(target)) return [`${file} imports ${target}: verify stands alone`];
    if (isOfVerify(target) && !isOfVerify(file) && target !== 'mail/verify.ts') return [`${file} imports ${target}`];
    const stage = /^mail\/(\w+)\.ts$/.exec(target)?.[1] ?? '';
    const isCall = STAGES.includes(stage) && !isTypeOnly;
    return isCall && !STAGE_CALLERS[file]?.includes(stage) ? [`${file} imports the stage ${stage}`] : [];
  });
}

function useBreaches(file: string, text: string): readonly string[] {
  const isKept = (files: readonly string[]) =>
    files.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));
  const kept = KEPT_FOR.filter(({ pattern, files }) => pattern.test(text) && !isKept(files));
  const exposes = importsExpose(text) && !EXPOSERS.includes(file);
  return [...kept.map(({ what }) => `${file} uses ${what}`), ...(exposes ? [`${file} imports expose`] : [])];
}

/** A named import, a namespace import or a re-export of real-address.ts that reaches `expose`. */
export function importsExpose(text: string): boolean {
  return /\b(?:import|export)\s*(?:\{[^}]*\bexpose\b[^}]*\}|\*[^'";]*)\s*from\s+'[^']*\/real-address\.ts'/.test(text);
}

/** Comments may name what code may not use. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
