/**
 * cli: the command line. Each command says what is wrong in words and ends with an exit code; `main.ts` only passes them on.
 */
import { readFile } from 'node:fs/promises';
import { ROLES, startRelay, type Role } from './app.ts';
import { dnsCommand } from './cli/dns.ts';
import { evalCommand } from './cli/eval.ts';
import { trainCommand } from './cli/train.ts';
import { keysCommand } from './cli/keys.ts';
import { USAGE } from './cli/terminal.ts';
import { ConfigError, loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { RelayError, rowOf } from './core/errors.ts';
import { jsonLines } from './core/log.ts';
import { systemClock } from './core/time.ts';
import { systemResolver } from './dns/system.ts';
import type { Policy } from './mail/judge.ts';
import { lintMail } from './mail/lint.ts';
import { loadModel } from './policy/model/load.ts';
import { banner, terminalSink } from './sandbox/terminal.ts';
import { createKeyFile } from './vault/key-file.ts';

const HELP = `veilpost: a mail relay between the sellers and the buyers of a marketplace

  veilpost serve [--role smtp,http,worker]   run the relay (all roles unless named)
  veilpost lint FILE.eml | -                 judge one message; prints the verdict as JSON
  veilpost eval FILE.jsonl                   judge messages with known answers; prints how well it did
  veilpost train [--write]                   train the model anew from the corpus, and say whether it got better
  veilpost keys new                          create the key file that keys.file names
  veilpost keys list                         the DKIM keys: next, active, retiring
  veilpost keys rotate                       make the next DKIM keys; prints the records to publish
  veilpost keys activate SELECTOR...         let them sign, when their records are in DNS (or with --force)
  veilpost keys retire SELECTOR              take an old key away, when no mail signed with it is on its way
  veilpost dns [--check]                     the records to publish, or whether they are there
  veilpost help                              this text

Settings: config/veilpost.toml, or the file that VEILPOST_CONFIG names, and VEILPOST_... variables: docs/configuration.md.
`;

const say = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(`veilpost: ${text}\n`);

/** Runs one command; resolves with the exit code. `stop` asks a running relay to finish what it has begun and end. */
export async function runCommand(words: readonly string[], stop: AbortSignal): Promise<number> {
  const [command, ...rest] = words;
  try {
    switch (command) {
      case 'serve':
        return await serve(rest, stop);
      case 'lint':
        return await lint(rest);
      case 'eval':
        return await evalCommand(rest, { policy: policyOf(readConfig()), say, complain });
      case 'train':
        return trainCommand(rest, { say, complain });
      case 'keys':
        return rest[0] === 'new' && rest.length === 1
          ? await newKeys()
          : await keysCommand(rest, contextOf(readConfig()));
      case 'dns':
        return await dnsCommand(rest, contextOf(readConfig()));
      case undefined:
      case 'help':
      case '--help':
        say(HELP);
        return 0;
      default:
        complain(`there is no command "${command}"; "veilpost help" lists them`);
        return USAGE;
    }
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return error instanceof ConfigError ? USAGE : 1;
  }
}

async function serve(words: readonly string[], stop: AbortSignal): Promise<number> {
  const roles = rolesOf(words);
  if (roles === undefined) {
    complain(`serve takes --role with one or more of ${ROLES.join(', ')}, separated by commas`);
    return USAGE;
  }
  const config = readConfig();
  const hasColours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const sink =
    config.mode === 'sandbox'
      ? terminalSink({ out: say, clock: systemClock, hasColours })
      : jsonLines(() => systemClock.now(), say);
  await using relay = await startRelay(config, roles, sink);
  if (relay.sandbox !== undefined) {
    say(banner({ url: config['http.publicUrl'], ports: relay.ports, hasColours, ...relay.sandbox }));
  }
  // In a terminal it means that the window was closed, and a sandbox ends with it.
  if (config.mode === 'production') process.on('SIGHUP', () => relay.reload());
  await aborted(stop);
  return 0;
}

/** Exit codes of the contract: 0 it would be delivered, 1 it would not, 2 it cannot be read. */
async function lint([path]: readonly string[]): Promise<number> {
  if (path === undefined) {
    complain('lint takes a file, or - for standard input');
    return USAGE;
  }
  const config = readConfig();
  try {
    const verdict = lintMail(await readMail(path), policyOf(config));
    say(`${JSON.stringify(verdict, null, 2)}\n`);
    return verdict.action === 'deliver' || verdict.action === 'redact' ? 0 : 1;
  } catch (error) {
    if (error instanceof RelayError) complain(`${rowOf(error.code).text}. ${rowOf(error.code).fix}`);
    else complain(`cannot read the message: ${error instanceof Error ? error.message : String(error)}`);
    return USAGE;
  }
}

function policyOf(config: Config): Policy {
  return {
    profile: config['policy.profile'],
    model: loadModel(),
    ownDomains: [...config['marketplace.domains'], ...config['domains.alias'], config['domains.host']],
  };
}

async function newKeys(): Promise<number> {
  // The other settings are not looked at: in production the start refuses without a key file, and this command makes it.
  const path = loadConfig({ env: { ...process.env, VEILPOST_MODE: 'sandbox' }, cwd: process.cwd() })['keys.file'];
  const outcome = await createKeyFile(path);
  if (outcome === 'exists') {
    complain(`${path} exists and was left as it is: the addresses that it sealed can be opened with nothing else`);
    return 1;
  }
  say(`Created ${path}. Keep a copy in a safe place: without it no sealed address can ever be opened again.\n`);
  return 0;
}

function contextOf(config: Config) {
  const servers = config['dns.servers'];
  const resolver = systemResolver(servers.length === 0 ? undefined : servers);
  return { config, resolver, clock: systemClock, say, complain };
}

function readConfig(): Config {
  return loadConfig({ env: process.env, cwd: process.cwd() });
}

async function readMail(path: string): Promise<Buffer> {
  const bytes = path === '-' ? Buffer.concat(await Array.fromAsync(process.stdin)) : await readFile(path);
  // Files on disk end their lines as the system does; mail has CRLF (RFC 5321 2.3.8). Only whole files of one kind are turned.
  const text = bytes.toString('latin1');
  return text.includes('\r') ? bytes : Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

function rolesOf(words: readonly string[]): readonly Role[] | undefined {
  if (words.length === 0) return ROLES;
  const [flag, list] = words.length === 1 ? (words[0] ?? '').split('=', 2) : words;
  if (flag !== '--role' || list === undefined) return undefined;
  const roles = list.split(',').map((word) => ROLES.find((role) => role === word));
  return roles.every((role) => role !== undefined) ? roles : undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
