/**
 * safety: settings that are each fine and together dangerous. Production does not start on them.
 */
import { existsSync } from 'node:fs';
import { parseMailbox } from '../core/address.ts';
import type { Config } from './schema.ts';
import type { Listen } from './values.ts';

/** What is unsafe about `config`: the key, the reason, the fix. Empty when nothing is. */
export function findUnsafe(config: Config): readonly string[] {
  const problems = config.mode === 'production' ? productionProblems(config) : sandboxProblems(config);
  return [...problems, ...nameServerProblems(config), ...operatorProblems(config)];
}

/** Mail for the operator would come back to the door that it left. */
function operatorProblems(config: Config): readonly string[] {
  const domain = parseMailbox(config['operator.mailbox'] ?? '')?.domain ?? '';
  if (![...config['domains.alias'], config['domains.host']].includes(domain)) return [];
  return ['operator.mailbox: this relay answers for that domain itself; name a mailbox elsewhere'];
}

/** Nobody knows who answers for the system, or over which way. */
function nameServerProblems(config: Config): readonly string[] {
  if (!config['dns.validates'] || config['dns.servers'].length > 0) return [];
  return ['dns.validates: only name servers that are named can be trusted to check DNSSEC; name them in dns.servers'];
}

function sandboxProblems(config: Config): readonly string[] {
  const doors = ['smtp.mx', 'smtp.submission', 'smtp.submissions', 'http.listen'] as const;
  return doors
    .filter((name) => !isLoopback(config[name]))
    .map(
      (name) =>
        `${name}: the sandbox trusts whoever reaches it, so it listens on the loopback only; use 127.0.0.1, or mode = "production"`,
    );
}

function productionProblems(config: Config): readonly string[] {
  const checks: readonly (readonly [isUnsafe: boolean, problem: string])[] = [
    [
      config['delivery.route'].kind === 'sandbox',
      'delivery.route: `sandbox` delivers to invented inboxes; use `mx` or a smart host',
    ],
    [
      [...config['domains.alias'], config['domains.host']].some((name) => name.endsWith('.test')),
      'domains.alias, domains.host: .test does not exist in the DNS; use domains of your own',
    ],
    [
      config['api.bootstrapKey']?.startsWith('vk_test_') === true,
      'api.bootstrapKey: this is a test key; make one that begins with vk_live_',
    ],
    [
      !existsSync(config['keys.file']),
      `keys.file: there is no key file at ${config['keys.file']}; create it once with "veilpost keys new" and keep a copy of it in a safe place`,
    ],
    [
      (config['smtp.submission'] !== undefined || config['smtp.submissions'] !== undefined) &&
        (config['smtp.tlsCert'] === undefined || config['smtp.tlsKey'] === undefined),
      'smtp.tlsCert, smtp.tlsKey: passwords need TLS; name the certificate and its key, or turn submission off',
    ],
    [
      !isLoopback(config['http.listen']) && !config['http.publicUrl'].startsWith('https://'),
      'http.publicUrl: the API is reachable from outside, so it must be served over https; put a proxy with TLS in front and name its address',
    ],
    [
      config['data.allowUnsafePersistence'],
      'data.allowUnsafePersistence: production does not acknowledge mail that may be lost; remove it',
    ],
  ];
  return checks.filter(([isUnsafe]) => isUnsafe).map(([, problem]) => problem);
}

function isLoopback(listen: Listen | undefined): boolean {
  return listen === undefined || /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/.test(listen.host);
}
