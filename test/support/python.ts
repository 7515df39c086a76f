/**
 * python: which Python runs the second readers and senders: Debian's, where there is one. Version managers put a script in front of
 * theirs that takes ten times as long to start as Python itself, and some suites start it hundreds of times.
 */
import { existsSync } from 'node:fs';

const DEBIAN = '/usr/bin/python3';

export const PYTHON = existsSync(DEBIAN) ? DEBIAN : 'python3';
