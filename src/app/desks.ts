/**
 * desks: what answers at postmaster@, abuse@ and lint@, with a transport of its own: what is written there is handed over at once.
 */
import { RealAddress } from '../core/real-address.ts';
import { createDesks, type Desks } from '../mail/desks.ts';
import type { PathParts } from '../mail/path.ts';
import type { Foundation } from './foundation.ts';
import { liveDkim, type Reloading } from './reloading.ts';
import { transportOf } from './sides.ts';

export async function openDesks(
  base: Foundation,
  path: PathParts,
  /** The egress threads of this process read the key file too, and say so. */
  hasEgress: boolean,
  undo: AsyncDisposableStack,
): Promise<Reloading & { readonly desks: Desks }> {
  const { config } = base;
  const dkim = undo.use(await liveDkim(base, { isTold: !hasEgress }));
  const operatorMailbox = operatorMailboxOf(base);
  if (operatorMailbox === undefined) base.events.operatorMissing({ setting: 'operator.mailbox' });
  const desks = createDesks({
    ...path,
    transport: undo.use(transportOf(base)),
    dkim: dkim.keys,
    operatorMailbox,
    rulesUrl: `${config['http.publicUrl']}/rules`,
  });
  return { desks, reload: () => dkim.reload() };
}

/** Where every mailbox is invented, the operator's is too. */
function operatorMailboxOf({ config }: Foundation): RealAddress | undefined {
  const isInvented = config['delivery.route'].kind === 'sandbox';
  const named = config['operator.mailbox'] ?? (isInvented ? `postmaster@${config['domains.alias'][0]}` : undefined);
  return named === undefined ? undefined : RealAddress.parse(named);
}
