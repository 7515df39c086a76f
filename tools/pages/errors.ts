/**
 * errors: docs/errors.md, made from the one error table.
 */
import { ERRORS, rowOf, type ErrorCode } from '../../src/core/errors.ts';

const OPENING = `# Errors

<!-- Made from src/core/errors.ts by "npm run docs". Change it there. -->

Every refusal has a code. Over HTTP it is \`code\` in the \`application/problem+json\` body (RFC 9457), whose \`type\` leads here. Over
SMTP it is the reply, with an enhanced code (RFC 3463). A reply that begins with 4 is temporary: nothing was kept, send the
message again later. One that begins with 5 stays as it is until something is changed.
`;

const COLUMNS = '| Code | SMTP | HTTP | What is wrong | What to do |\n|---|---|---|---|---|';

export function errorsPage(): string {
  const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS);
  return [OPENING, COLUMNS, ...codes.map(tableRow), ''].join('\n');
}

function tableRow(code: ErrorCode): string {
  const { smtp, http, text, fix } = rowOf(code);
  const anchor = `<a id="${code}"></a>\`${code}\``;
  return `| ${[anchor, `${smtp[0]} ${smtp[1]}`, String(http), text, fix].map(cell).join(' | ')} |`;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
