/**
 * programs: the programs that suites talk to, and how to get them on a Debian machine where we may install.
 *
 * A suite looks for its program itself and skips with a reason; this file only makes that rare.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Program {
  /** Any of these commands will do. */
  readonly commands: readonly string[];
  readonly packages: readonly string[];
  readonly suites: string;
}

export const PROGRAMS: readonly Program[] = [
  { commands: ['redis-server'], packages: ['redis-server'], suites: 'the Redis store and everything run on it' },
  {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
    suites: 'the browser journeys',
  },
  // Without libnet-ssleay-perl swaks speaks no TLS.
  { commands: ['swaks'], packages: ['swaks', 'libnet-ssleay-perl'], suites: 'mail sent with swaks' },
  { commands: ['curl'], packages: ['curl'], suites: 'mail sent with curl' },
  { commands: ['python3'], packages: ['python3'], suites: "mail sent with Python's smtplib" },
];

const INSTALL_LIMIT_MS = 10 * 60_000;

/** The programs that no folder of `path` holds. */
export function missingPrograms(path: string): readonly Program[] {
  const folders = path.split(delimiter);
  const isThere = (command: string) => folders.some((folder) => isExecutable(join(folder, command)));
  return PROGRAMS.filter(({ commands }) => !commands.some(isThere));
}

/** Installs what is missing where we may, and says what stays missing. */
export function installPrograms(path: string, say: (line: string) => void): void {
  const missing = missingPrograms(path);
  if (missing.length === 0) return;
  const apt = aptCommand(path);
  if (apt !== undefined) {
    const packages = missing.flatMap((program) => program.packages);
    say(`Installing for the tests: ${packages.join(' ')} ...`);
    install(apt, packages, say);
  }
  for (const { commands, packages, suites } of missingPrograms(path)) {
    const how =
      apt === undefined ? `install it with: apt-get install ${packages.join(' ')}` : 'it could not be installed';
    say(`Missing: ${commands[0] ?? ''} (${how}). Skipped: ${suites}.`);
  }
}

/** How to call apt-get without being asked for a password; `undefined` when we may not or there is none. */
function aptCommand(path: string): readonly string[] | undefined {
  if (!path.split(delimiter).some((folder) => isExecutable(join(folder, 'apt-get')))) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n', 'apt-get'] : undefined;
}

function install(apt: readonly string[], packages: readonly string[], say: (line: string) => void): void {
  // RUNLEVEL=1 keeps Debian from starting redis-server as a service: the suites start their own.
  const settings = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
  const command = apt[0] === 'sudo' ? [...apt.slice(0, -1), ...settings, 'apt-get'] : [...settings, ...apt];
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const [program = '', ...args] = [...command, '-qq', ...step];
    const { status, stderr } = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_LIMIT_MS,
      encoding: 'utf8',
    });
    if (status !== 0) say(`apt-get ${step[0] ?? ''} failed: ${stderr.trim().slice(-500)}`);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
