/**
 * flowed: format=flowed (RFC 3676) as its reader sees it: paragraphs, not the lines that were made for sending.
 *
 * A word or an address that is torn over two flowed lines is one to the reader, so it has to be one to the rules (CH-08).
 * Linear, never throws.
 */

export interface Flow {
  /** `DelSp=yes`: the space at the end of a flowed line was put there for sending. */
  readonly deletesSpace: boolean;
}

interface Line {
  readonly depth: number;
  readonly text: string;
}

/** `text` with LF line ends. */
export function unfoldFlowed(text: string, flow: Flow): string {
  const paragraphs: string[] = [];
  let open: { depth: number; pieces: string[] } | undefined;
  const close = () => {
    if (open !== undefined) paragraphs.push(quoted(open.depth, open.pieces.join('')));
    open = undefined;
  };
  for (const line of text.split('\n').map(readLine)) {
    // RFC 3676 4.3 and 4.5: a signature separator is never flowed, and a change of depth ends a paragraph.
    if (open !== undefined && (open.depth !== line.depth || line.text === '-- ')) close();
    const isFlowed = line.text.endsWith(' ') && line.text !== '-- ';
    open ??= { depth: line.depth, pieces: [] };
    open.pieces.push(isFlowed && flow.deletesSpace ? line.text.slice(0, -1) : line.text);
    if (!isFlowed) close();
  }
  close();
  return paragraphs.join('\n');
}

function readLine(source: string): Line {
  let depth = 0;
  while (source[depth] === '>') depth++;
  const rest = source.slice(depth);
  // Space-stuffing, RFC 3676 4.4.
  return { depth, text: rest.startsWith(' ') ? rest.slice(1) : rest };
}

const quoted = (depth: number, text: string): string => (depth === 0 ? text : `${'>'.repeat(depth)} ${text}`);
