/**
 * rules-page: the rules as sellers read them. A refusal over SMTP links here: which rule, why it is there, how to mend the message.
 */
import { Router } from 'express';
import { RULES } from '../policy/rules/index.ts';
import type { Rule } from '../policy/rule.ts';
import { SOURCES } from '../policy/sources.ts';

export function rulesPage(): Router {
  const page = pageOf(RULES);
  const router = Router();
  router.get('/rules', (_request, response) => void response.type('html').send(page));
  router.get('/rules.css', (_request, response) => void response.type('css').send(STYLE));
  return router;
}

function pageOf(rules: readonly Rule[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What a message may not hold</title>
<link rel="stylesheet" href="/rules.css">
</head>
<body>
<main>
<h1>What a message may not hold</h1>
<p class="lead">Messages between sellers and buyers are read by these rules before they are delivered. A refusal names the rule; here is
why it is there, and how to write the message so that it arrives.</p>
<nav aria-label="Rules"><ul>
${rules.map((rule) => `<li><a href="#${escape(rule.id)}">${escape(rule.title)}</a></li>`).join('\n')}
</ul></nav>
${rules.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section(rule: Rule): string {
  const source = SOURCES[rule.policy];
  return `<section id="${escape(rule.id)}" aria-labelledby="h-${escape(rule.id)}">
<h2 id="h-${escape(rule.id)}">${escape(rule.title)}</h2>
<p><code>${escape(rule.id)}</code></p>
<dl>
<dt>Why</dt><dd>${escape(rule.why.en)}</dd>
<dt>How to mend it</dt><dd>${escape(rule.fix.en)}</dd>
<dt>Source</dt><dd>${escape(source.title)}, ${escape(source.clause)}</dd>
</dl>
</section>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
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
dl { margin: 0; display: grid; gap: .25rem; }
dd { margin: 0 0 .75rem; }
`;
