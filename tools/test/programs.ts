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

const PROGRAMS: readonly Program[] = [
  { commands: ['redis-server'], packages: ['redis-server'], suites: 'the Redis store and everything run on it' },
  {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
    suites: 'the browser journeys',
  },
  // Without libnet-ssleay-perl swaks speaks no TLS.
  { commands: ['swaks'], packages: ['swaks', 'libnet-ssleay-perl'], suites: 'mail sent with swaks' },
  { commands: ['curl'], packages: ['curl'], suites: 'mail sent with curl' },
  { commands: ['openssl'], packages: ['openssl'], suites: 'the SMTP doors with TLS' },
  { commands: ['python3'], packages: ['python3'], suites: "mail sent with Python's smtplib" },
  { commands: ['dkimverify'], packages: ['python3-dkim'], suites: 'our signatures, as a second verifier sees them' },
];

const INSTALL_LIMIT_MS = 10 * 60_000;

/** The programs that no folder of `path` holds. */
function missingPrograms(path: string): readonly Program[] {
  return PROGRAMS.filter(({ commands }) => !commands.some((command) => isInPath(command, path)));
}

export interface Machine {
  /** The PATH that programs are looked for in. */
  readonly path: string;
  readonly isRoot: boolean;
}

/** Installs what is missing where we may, and says what stays missing. */
export function installPrograms(machine: Machine, say: (line: string) => void): void {
  const missing = missingPrograms(machine.path);
  if (missing.length === 0) return;
  const apt = aptCommand(machine);
  if (apt !== undefined) {
    const packages = missing.flatMap((program) => program.packages);
    say(`Installing for the tests: ${packages.join(' ')}`);
    for (const step of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
      const trouble = runApt([...apt, '-qq', ...step], machine.path);
      if (trouble !== undefined) say(`apt-get ${step[0] ?? ''} failed: ${trouble}`);
    }
  }
  for (const { commands, packages, suites } of missingPrograms(machine.path)) {
    const how =
      apt === undefined ? `install it with: apt-get install ${packages.join(' ')}` : 'it could not be installed';
    say(`Missing: ${commands[0] ?? ''} (${how}). Skipped: ${suites}.`);
  }
}

/** RUNLEVEL=1 keeps Debian from starting redis-server as a service: the suites start their own. */
const APT_SETTINGS = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

/** How to call apt-get without being asked for a password; `undefined` when we may not or there is none. */
function aptCommand({ path, isRoot }: Machine): readonly string[] | undefined {
  if (!isInPath('apt-get', path)) return undefined;
  if (isRoot) return ['apt-get'];
  const settings = Object.entries(APT_SETTINGS).map(([name, value]) => `${name}=${value}`);
  // sudo passes no environment on, so env sets it behind sudo.
  const maySudo = isInPath('sudo', path) && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return maySudo ? ['sudo', '-n', 'env', ...settings, 'apt-get'] : undefined;
}

/** What went wrong, or `undefined`. */
function runApt([program = '', ...args]: readonly string[], path: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_LIMIT_MS,
    encoding: 'utf8',
    env: { ...process.env, ...APT_SETTINGS, PATH: path },
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().slice(-500));
}

function isInPath(command: string, path: string): boolean {
  return path.split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
