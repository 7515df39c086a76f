/**
 * body: builds the tree of a message from its entities.
 *
 * In:  the fields of the message and the bytes after its header.    Out: one tree, within the limits of security.md 3.12.
 * Standards: RFC 2045, RFC 2046 (5.1.3: every unknown multipart is read as mixed), RFC 1847, RFC 3462.
 * Fails with: message.fragment (message/partial and message/external-body: never relayed, MI-10, MI-11). All else is an anomaly.
 */
import { RelayError } from '../../core/errors.ts';
import type { Anomaly, MultipartPart, NestedPart, Part } from '../message.ts';
import { readContent, type Content } from './content.ts';
import { shownText } from './header-text.ts';
import { splitEntity, valuesOf, type HeaderField } from './header.ts';
import { decodeTransfer, readLeaf } from './leaf.ts';
import { splitMultipart } from './multipart.ts';

const MAX_PARTS = 500;
const MAX_DEPTH = 20;
const MAX_NESTED_MESSAGES = 10;

const NOTHING: Part = { kind: 'text', subtype: 'plain', text: '' };
const PLAIN = 'text/plain';
const FRAGMENTS: ReadonlySet<string> = new Set(['message/partial', 'message/external-body']);
const MESSAGES: ReadonlySet<string> = new Set(['message/rfc822', 'message/global']);

/** `body` without the line end that closes the message, as a boundary's would be taken off. */
export function readBody(fields: readonly HeaderField[], body: Buffer, anomalies: Set<Anomaly>): Part {
  const top: Place = { defaultType: PLAIN, depth: 0, nesting: 0, boundaries: [] };
  return new TreeReader(anomalies).entity(fields, body, top) ?? NOTHING;
}

/** Where an entity stands. */
interface Place {
  readonly defaultType: string;
  readonly depth: number;
  /** How many messages are around it. */
  readonly nesting: number;
  /** The boundaries around it. */
  readonly boundaries: readonly string[];
}

class TreeReader {
  readonly #anomalies: Set<Anomaly>;
  #partsLeft = MAX_PARTS;

  constructor(anomalies: Set<Anomaly>) {
    this.#anomalies = anomalies;
  }

  /** `undefined` for what is left out. */
  entity(fields: readonly HeaderField[], body: Buffer, place: Place): Part | undefined {
    this.#partsLeft--;
    const content = readContent(fields, place.defaultType, this.#anomalies);
    if (FRAGMENTS.has(content.type)) throw new RelayError('message.fragment');
    const isMessage = MESSAGES.has(content.type);
    if (!isMessage && !content.type.startsWith('multipart/')) return readLeaf(content, body, this.#anomalies);
    if (place.depth >= MAX_DEPTH || (isMessage && place.nesting >= MAX_NESTED_MESSAGES)) {
      this.#anomalies.add('too-deep');
      return this.#undivided(body);
    }
    return isMessage ? this.#message(content, body, place) : this.#multipart(content, body, place);
  }

  #multipart(content: Content, body: Buffer, place: Place): Part | undefined {
    // RFC 2045 6.4: only the parts of a multipart can be encoded.
    if (content.encoding !== 'none') this.#anomalies.add('ambiguous-encoding');
    if (content.type === 'multipart/encrypted') this.#anomalies.add('encrypted');
    const { boundary } = content;
    if (boundary === undefined) return this.#undivided(body);
    if (place.boundaries.some((outer) => outer.startsWith(boundary) || boundary.startsWith(outer))) {
      this.#anomalies.add('broken-boundary');
    }
    const split = splitMultipart(body, boundary, this.#partsLeft);
    if (split.isBroken) this.#anomalies.add('broken-boundary');
    if (split.hasTextAround) this.#anomalies.add('hidden-text-around-parts');
    if (split.isCut) this.#anomalies.add('too-many-parts');
    if (split.parts.length === 0) return this.#undivided(body);
    const inside: Place = {
      ...place,
      defaultType: content.type === 'multipart/digest' ? 'message/rfc822' : PLAIN,
      depth: place.depth + 1,
      boundaries: [...place.boundaries, boundary],
    };
    const parts = this.#children(split.parts, inside);
    return parts.length === 0 ? undefined : { kind: 'multipart', subtype: subtypeOf(content.type), parts };
  }

  #children(entities: readonly Buffer[], place: Place): readonly Part[] {
    const parts: Part[] = [];
    for (const entity of entities) {
      if (this.#partsLeft <= 0) {
        this.#anomalies.add('too-many-parts');
        break;
      }
      const { fields, body } = this.#split(entity);
      const part = this.entity(fields, body, place);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  #message(content: Content, encoded: Buffer, place: Place): NestedPart {
    // RFC 2046 5.2.1: a message is not encoded as a whole, and readers differ when it is.
    if (content.encoding !== 'none') this.#anomalies.add('ambiguous-encoding');
    const { fields, body } = this.#split(decodeTransfer(content, encoded, this.#anomalies));
    const inside: Place = { ...place, defaultType: PLAIN, depth: place.depth + 1, nesting: place.nesting + 1 };
    return {
      kind: 'message',
      subject: shownText(valuesOf(fields, 'subject')[0] ?? '', this.#anomalies),
      body: this.entity(fields, body, inside) ?? NOTHING,
    };
  }

  #split(entity: Buffer): { readonly fields: readonly HeaderField[]; readonly body: Buffer } {
    const split = splitEntity(entity);
    if (split.isTooLarge || split.isBroken || split.isDoubtful) this.#anomalies.add('malformed-header');
    return split;
  }

  /** What could not be divided, for the rules and for the person who decides: it is held for the anomaly that led here. */
  #undivided(body: Buffer): Part | undefined {
    return readLeaf(readContent([], PLAIN, this.#anomalies), body, this.#anomalies);
  }
}

function subtypeOf(type: string): MultipartPart['subtype'] {
  if (type === 'multipart/alternative') return 'alternative';
  return type === 'multipart/related' ? 'related' : 'mixed';
}
