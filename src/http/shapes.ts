/**
 * shapes: what requests may look like. Strict: a field that is not known is an error, so that a misspelt one is not ignored.
 *
 * In:  JSON from outside.    Out: the input types of the domain.    Fails with request.invalid, naming each field by JSON pointer
 * (RFC 6901) and what it must be, never what it was.
 */
import { CRITICAL_REASONS } from '../core/reasons.ts';
import { z } from 'zod';
import { RelayError, type FieldError } from '../core/errors.ts';
import { parseBuyerId, parseOrderId, parseSellerId } from '../core/ids.ts';

const branded = <Id extends string>(parse: (text: string) => Id | undefined) =>
  z.string().transform((text, context) => {
    const id = parse(text);
    if (id !== undefined) return id;
    context.addIssue({ code: 'custom', message: 'must be 1 to 64 of A-Z a-z 0-9 . _ ~ -' });
    return z.NEVER;
  });

const line = (max: number) =>
  z
    .string()
    .regex(/^[^\p{Cc}]*$/u, 'must be one line without control characters')
    .min(1)
    .max(max);
const locale = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language tag such as en or de-AT');
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const address = z.string().min(3).max(320);

export const sellerId = branded(parseSellerId);
export const orderId = branded(parseOrderId);

export const sellerShape = z.strictObject({
  name: line(100),
  inbox: address,
  senders: z.array(address).max(50),
  locale: locale.optional(),
  notify: address.optional(),
});

export const credentialShape = z.strictObject({
  username: line(200),
  password: z.string().min(12, 'must have at least 12 characters').max(200),
});

export const orderShape = z.strictObject({
  sellerId,
  buyer: z.strictObject({
    id: branded(parseBuyerId),
    address,
    name: line(100).optional(),
    locale: locale.optional(),
    acceptsUnsolicited: z.boolean().optional(),
  }),
  placedAt: instant.optional(),
  closesAt: instant.optional(),
  carriers: z.array(address).max(20).optional(),
});

export const messageShape = z.strictObject({
  orderId,
  from: z.enum(['seller', 'buyer']),
  subject: z
    .string()
    .regex(/^[^\p{Cc}]*$/u, 'must be one line')
    .max(998),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z
    .array(
      z.strictObject({
        filename: line(150),
        contentType: z.string().regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i, 'must be type/subtype'),
        content: z.base64('must be base64').transform((text) => Buffer.from(text, 'base64')),
      }),
    )
    .max(50)
    .optional(),
  inReplyTo: line(998).optional(),
  /** Why the order cannot do without it, when the buyer was not to be written to unasked. */
  reason: z.enum(CRITICAL_REASONS).optional(),
});

export const lintShape = z.strictObject({
  sellerId: sellerId.optional(),
  subject: z.string().max(998).optional(),
  text: z.string().optional(),
  html: z.string().optional(),
});

export const decisionShape = z.strictObject({
  outcome: z.enum(['release', 'return', 'block']),
  reason: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'must be a word such as allowed or off-platform'),
  note: z.string().max(2000).optional(),
});

export const pageShape = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional(),
});

export const messagesShape = pageShape.extend({
  orderId: orderId.optional(),
  sellerId: sellerId.optional(),
  status: z.enum(['queued', 'delivered', 'bounced', 'expired', 'held', 'refused', 'dropped']).optional(),
});

export const casesShape = pageShape.extend({ status: z.enum(['open', 'decided']).optional() });

/** `value` in the shape, or `request.invalid` with a pointer for each field that is wrong. */
export function shaped<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new RelayError('request.invalid', { fields: result.error.issues.flatMap(fieldErrors) });
}

function fieldErrors(issue: z.core.$ZodIssue): readonly FieldError[] {
  const at = (path: readonly PropertyKey[]) =>
    path.map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return [
      {
        pointer: at(issue.path),
        code: 'unknown_field',
        detail: 'holds a field that does not exist; see the documentation',
      },
    ];
  }
  return [{ pointer: at(issue.path), code: issue.code, detail: issue.message }];
}
