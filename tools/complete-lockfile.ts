/**
 * complete-lockfile: puts into package-lock.json what `npm install` leaves out of it. Run it after every `npm install`.
 *
 * A package with binaries names one optional package for each platform. When the registry at hand lacks one of them, npm writes no
 * entry for it, and `npm ci` then calls the lockfile out of sync on every machine. The entry is all that is missing: which platform it is
 * for. `--check` only says what is missing.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const entryShape = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockShape = z.looseObject({ packages: z.record(z.string(), entryShape) });
type Lockfile = z.infer<typeof lockShape>;

interface Missing {
  readonly name: string;
  readonly version: string;
  readonly isDev: boolean;
}

export async function readLockfile(path: string): Promise<Lockfile> {
  const lockfile: unknown = JSON.parse(await readFile(path, 'utf8'));
  lockShape.parse(lockfile);
  // Not what zod gives back: it moves the keys that it knows to the front, and npm moves them back.
  return lockfile as Lockfile;
}

/** Optional packages that some package in the lockfile names and the lockfile does not hold. */
export function missingFrom({ packages }: Lockfile): readonly Missing[] {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ name, version, isDev: dev })),
  );
  return wanted.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** `lockfile` with an entry for each of `missing`. Only exact versions can be written down without asking the registry. */
export function completed(lockfile: Lockfile, missing: readonly Missing[]): Lockfile {
  const added = missing.map(({ name, version, isDev }): [string, z.infer<typeof entryShape>] => {
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}@${version}: not an exact version`);
    return [`node_modules/${name}`, { version, ...platformOf(name), ...(isDev ? { dev: true } : {}), optional: true }];
  });
  const packages = [...Object.entries(lockfile.packages), ...added].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lockfile, packages: Object.fromEntries(packages) };
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The platform that a name such as `@oxlint/binding-linux-x64-musl` speaks of. */
export function platformOf(name: string) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => SYSTEMS.includes(word)).slice(-1);
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  if (os.length === 0 || cpu.length === 0) throw new Error(`${name}: for which platform?`);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return { cpu, ...(libc === undefined ? {} : { libc }), os };
}

const PATH = 'package-lock.json';

if (import.meta.main) {
  const lockfile = await readLockfile(PATH);
  const missing = missingFrom(lockfile);
  if (process.argv.includes('--check')) {
    for (const { name } of missing) console.log(`${PATH} lacks ${name}: run "node tools/complete-lockfile.ts"`);
    process.exitCode = missing.length > 0 ? 1 : 0;
  } else {
    await writeFile(PATH, `${JSON.stringify(completed(lockfile, missing), null, 2)}\n`);
    console.log(`Added ${missing.length} platform packages to ${PATH}.`);
  }
}
