/**
 * shown-lines: what of a calendar or a card its reader is shown, for the rules.
 *
 * In:  the text of such a file.    Out: the same text, as long as before, with the lines that only programs read blanked out.
 * What programs call an event is written like an address (`UID:5abc@google.com`), and what they call themselves or a time zone like a
 * host: every invitation of Google and Thunderbird would be an offence. Only these few properties, and only with a value of their
 * kind: a sentence in a UID is read like any other. Standards: RFC 5545 3.7.3, 3.8.3, 3.8.4; RFC 6350 6.7. Pure, linear, never fails.
 */
const ID = /^(?:UID|RELATED-TO)(?:;[^:\n]{0,100})?:\S{1,255}$/i;
const PROGRAM = /^(?:PRODID|X-PRODID)(?:;[^:\n]{0,100})?:-?\/?\/?[\w .,/+&()-]{1,150}$/i;
const ZONE = /^(?:TZID|TZURL|X-LIC-LOCATION)(?:;[^:\n]{0,100})?:\S{1,150}$/i;

export function shownLines(text: string): string {
  return text.replace(CONTENT_LINE, (line) => {
    const unfolded = line.replace(/\r?\n[ \t]/g, '');
    const isForPrograms = ID.test(unfolded) || PROGRAM.test(unfolded) || ZONE.test(unfolded);
    return isForPrograms ? line.replace(/[^\r\n]/g, ' ') : line;
  });
}

/** One content line with what is folded behind it (RFC 5545 3.1). */
const CONTENT_LINE =
  /^(?:UID|RELATED-TO|PRODID|X-PRODID|TZID|TZURL|X-LIC-LOCATION)[;:][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim;
