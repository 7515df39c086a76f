/**
 * limits: what all SMTP doors of a process count together: an attacker that is turned away at one must not begin anew at the next.
 */
import type { Clock } from '../core/time.ts';
import { Gate, type GateLimits } from './gate.ts';
import { Harvest } from './harvest.ts';
import { SignIns } from './sign-ins.ts';

export interface Limits {
  readonly gate: Gate;
  readonly harvest: Harvest;
  readonly signIns: SignIns;
}

export function createLimits(connections: GateLimits, clock: Clock): Limits {
  return { gate: new Gate(connections), harvest: new Harvest(clock), signIns: new SignIns(clock) };
}
