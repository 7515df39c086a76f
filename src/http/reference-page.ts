/**
 * reference-page: the frame of the plain pages that refusals link to: rules and errors. No script, one style sheet, nothing fetched.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';

/** What every reference page needs beside itself. The icon is also the sandbox's. */
export function referenceAssets(): Router {
  const icon = readFileSync(join(import.meta.dirname, 'icon.svg'));
  const router = Router();
  router.get('/reference.css', (_request, response) => void response.type('css').send(REFERENCE_STYLE));
  router.get('/icon.svg', (_request, response) => void response.type('svg').send(icon));
  return router;
}

/** What the pages list: an entry has an anchor of its own, which the refusal names. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** Terms and what is to say about each. */
  readonly facts: readonly (readonly [term: string, text: string])[];
}

export function referencePage(about: {
  readonly title: string;
  readonly lead: string;
  readonly entries: readonly Entry[];
}): string {
  const { title, lead, entries } = about;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p class="lead">${escape(lead)}</p>
<nav aria-label="On this page"><ul>
${entries.map((entry) => `<li><a href="#${escape(entry.id)}">${escape(entry.title)}</a></li>`).join('\n')}
</ul></nav>
${entries.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section({ id, title, facts }: Entry): string {
  return `<section id="${escape(id)}" aria-labelledby="h-${escape(id)}">
<h2 id="h-${escape(id)}">${escape(title)}</h2>
<p><code>${escape(id)}</code></p>
<dl>
${facts.map(([term, text]) => `<dt>${escape(term)}</dt><dd>${escape(text)}</dd>`).join('\n')}
</dl>
</section>`;
}

/** Text as it stands in HTML, between tags and in attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const REFERENCE_STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --quiet: #556070; --line: #d9dee6; --page: #fbfcfd; --link: #0b57a4; --mark: #fff5d6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebf0; --quiet: #a5afbd; --line: #333b47; --page: #14181e; --link: #8ab8f0; --mark: #3a3418; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem 6rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 0 0 .25rem; }
.lead, dt { color: var(--quiet); }
nav ul { list-style: none; padding: 0; margin: 2rem 0; columns: 2 16rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
section { border-top: 1px solid var(--line); padding: 1.5rem .75rem; scroll-margin-top: 1rem; }
section:target { background: var(--mark); }
section p { margin: 0 0 1rem; }
code { font-size: .9em; color: var(--quiet); }
dl { margin: 0; display: grid; gap: .1rem; }
dd { margin: 0 0 .75rem; }
@media (min-width: 40rem) {
  dl { grid-template-columns: 8.5rem 1fr; gap: .4rem 1rem; }
  dd { margin: 0; }
}
`;
