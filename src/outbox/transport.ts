/**
 * transport: the port through which one message reaches one mailbox: SMTP out, or the sandbox inbox.
 */
import type { RealAddress } from '../core/real-address.ts';
import type { RemoteText } from '../core/remote-text.ts';
import type { MessageId } from '../core/ids.ts';

export interface Shipment {
  readonly messageId: MessageId;
  /** Reverse path: a bounce address of ours, or '' for notices (RFC 5321 4.5.5). */
  readonly reversePath: string;
  readonly recipient: RealAddress;
  /** Signed final bytes. */
  readonly bytes: Uint8Array;
}

/** `temporary` is tried again, `permanent` is not. A transport answers; it throws only when it is itself broken. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'temporary'; readonly reply: RemoteText | undefined }
  | { readonly kind: 'permanent'; readonly reply: RemoteText | undefined };

export interface Transport extends AsyncDisposable {
  send(shipment: Shipment, signal: AbortSignal): Promise<Delivery>;
}
