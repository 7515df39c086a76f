/**
 * other-readings: a text as it looks to a reader who leaves something out.
 *
 * In:  a text.    Out: the same text, unit for unit, with blanks in place of what a program or a person does not count as text there.
 * Each is searched besides the text itself: none of them is always right. Line ends of calendars and programs end in the letter `n`; a
 * comment, a tag, the name of a field or a number in front of a line stands between two halves of one address.
 * Standards: RFC 5545 3.3.11, RFC 6868 3.1, RFC 5322 3.2.2 (comments), RFC 8259 4. Linear; never fails.
 */

const LEFT_OUT: readonly RegExp[] = [
  /\\[nrt]|\^n/gi,
  // `=22cats@x` may be an escape, or an equals sign and a name.
  /[%=](?=[\da-f]{2})/gi,
  /<!--[^]{0,400}?-->|<[^<>]{0,400}>/g,
  /\([^()@]{0,80}\)/g,
  // Marks of forums and of TeX, footnotes: `[b]jane.doe[/b]@`, `\texttt{jane.doe}@`, `jane.doe[1]@`.
  /\[[^[\]@]{0,20}\]|\\[a-z]{1,20}\{/gi,
  // `"user": "jane.doe", "host": "realmail.example"`, `?u=jane.doe&d=realmail.example`
  /(?<![\p{L}\p{N}])["']?[\p{L}_][\p{L}\d_*-]{0,30}["']?\s{0,2}[:=]\s{0,2}/gu,
  /^[ \t>]*(?:\d{1,3}|[a-z])[.):][ \t]/gim,
];

/** Invisible copies of ASCII (Unicode 23.9), which programs read. Two units each. */
const TAGGED = /\udb40[\udc20-\udc7e]/g;

export function* otherReadings(text: string): Generator<string> {
  for (const pattern of LEFT_OUT) {
    const reading = text.replace(pattern, (left) => ' '.repeat(left.length));
    if (reading !== text) yield reading;
  }
  if (TAGGED.test(text))
    yield text.replace(TAGGED, (tag) => `\u200b${String.fromCharCode(tag.charCodeAt(1) - 0xdc00)}`);
}
