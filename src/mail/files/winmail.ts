/**
 * winmail: the winmail.dat of Outlook as the parts that it was made of.
 *
 * In:  the bytes of a TNEF stream.    Out: parts for the tree, or `undefined` when something in it could not be read.
 * Who sent it, from where and with which mailbox is in there a dozen times and is not read at all.
 */
import type { FilePart, Part, TextPart } from '../message.ts';
import { safeFilename } from '../mime/filename.ts';
import { isTextual } from './kind.ts';
import { readTnef, type TnefFile } from './tnef.ts';

/** `hasText`: the message shows the text already, and the one in here is the same once more. */
export function partsOfTnef(content: Uint8Array, hasText: boolean): readonly Part[] | undefined {
  const tnef = readTnef(content);
  if (tnef === undefined || !tnef.isComplete) return undefined;
  const shown: Part[] = [];
  if (!hasText && tnef.html !== undefined) shown.push(textPart('html', tnef.html));
  else if (!hasText && tnef.text !== undefined) shown.push(textPart('plain', tnef.text));
  else if (!hasText && tnef.rtf !== undefined) shown.push(rtfFile(tnef.rtf));
  return [...shown, ...tnef.files.map((file) => filePart(file))];
}

function textPart(subtype: TextPart['subtype'], text: string): TextPart {
  return { kind: 'text', subtype, text: text.replace(/\r\n?/g, '\n') };
}

function rtfFile(rtf: string): FilePart {
  return filePart(
    { filename: 'message.rtf', contentType: 'application/rtf', content: Buffer.from(rtf, 'latin1') },
    rtf,
  );
}

function filePart(file: TnefFile, text?: string): FilePart {
  return {
    kind: 'file',
    contentType: TYPE.test(file.contentType ?? '')
      ? (file.contentType ?? '').toLowerCase()
      : 'application/octet-stream',
    filename: file.filename === undefined ? undefined : safeFilename(file.filename),
    disposition: 'attachment',
    contentId: undefined,
    content: file.content,
    text: text ?? textOf(file),
  };
}

const TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/;
const TEXT_NAME = /\.(?:txt|csv|tsv|html?|xhtml|svg|xml|json|md|log|ics|vcf|rtf)$/i;

/** Text files are masked as text; a byte order mark says UTF-16, and what is no UTF-8 is Windows'. */
function textOf({ filename, contentType, content }: TnefFile): string | undefined {
  if (!TEXT_NAME.test(filename ?? '') && !/^text\//i.test(contentType ?? '')) return undefined;
  if (!isTextual(content)) return undefined;
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder('utf-16le').decode(content);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}
