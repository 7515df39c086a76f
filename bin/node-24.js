/**
 * node-24: makes sure that this process is a Node that can run Veilpost, or becomes one, or says what to do.
 *
 * Plain JavaScript without newer syntax, because it is what an old Node reads first. `npm ci` on Linux brings Node 24 along as
 * an ordinary package (docs/decisions/0001-node-from-npm.md); npm scripts find it by themselves, everything else comes here.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

/** The oldest Node that runs Veilpost: the first in which `node:sqlite` is a release candidate. */
const OLDEST = { major: 24, minor: 15 };

/**
 * Is `version` ("24.21.0") recent enough?
 *
 * @param {string} version
 */
export function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/** The Node that npm installed beside us, or `undefined`. */
function bundledNode() {
  try {
    const path = createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`);
    return process.platform === 'linux' && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What to tell somebody whose Node is `version`.
 *
 * @param {string} version
 */
function advice(version) {
  return [
    `Veilpost needs Node ${OLDEST.major}.${OLDEST.minor} or newer; this is Node ${version}.`,
    '',
    '  On Linux (x64, arm64): run "npm ci" in this folder. It installs Node 24 here, beside your own, and',
    '                         "npm start" and "npm test" use it by themselves.',
    '  Elsewhere:             install Node 24 from https://nodejs.org, or with "nvm install 24",',
    '                         then run "npm ci" and "npm start" again.',
    '',
  ].join('\n');
}

/**
 * Runs `main` in a recent Node: here if this one is, else in the bundled one as a child that gets our arguments, our signals
 * and our standard streams, and whose exit code becomes ours.
 *
 * @param {string} script the file to run there
 * @param {() => Promise<unknown>} main what to run here
 */
export async function onNode24(script, main) {
  if (isRecent(process.versions.node)) {
    await main();
    return;
  }
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(advice(process.versions.node));
    process.exitCode = 1;
    return;
  }
  await become(node, [script, ...process.argv.slice(2)]);
}

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<void>}
 */
function become(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of PASSED_ON) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both of us already; passing it on would count as a second, impatient one.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      // 128 + number is what a shell shows for a process that a signal ended.
      process.exitCode = signal === null ? code : 128 + constants.signals[signal];
      resolve();
    });
  });
}
