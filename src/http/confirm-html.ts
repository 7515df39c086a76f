/**
 * confirm-html: the pages for buyers, as text. What they show are our own words, an order, times, a number, and on one page what the
 * buyer knows an own address by. Nothing of a message.
 */
import type { ShownAccepted } from '../cases/accepted.ts';
import type { Question } from '../cases/confirm.ts';
import { shownTime, type Language } from '../mail/ask.ts';
import { WORDS, type PageWords } from './confirm-words.ts';
import { escape } from './reference-page.ts';

export interface Page {
  readonly title: string;
  readonly main: string;
}

export function documentOf({ title, main }: Page, language: Language): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escape(title)}</title>
<link rel="icon" type="image/svg+xml" href="/icon.svg">
<link rel="stylesheet" href="/confirm.css">
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

/** `token` is of a link that is good: its reader may see what is allowed for the order. */
export function toldPage(language: Language, said: keyof PageWords['told'], token?: string): Page {
  const { title, text } = WORDS[language].told[said];
  const link = token === undefined ? '' : `\n${allowedLink(language, token)}`;
  return { title, main: `<h1>${escape(title)}</h1>\n<p role="status">${escape(text)}</p>${link}` };
}

const allowedLink = (language: Language, token: string): string =>
  `<p class="quiet"><a href="/confirm/${token}/addresses">${escape(WORDS[language].allowed.link)}</a></p>`;

export function askPage({ language, orderId, receivedAt, waiting }: Question, token: string): Page {
  const words = WORDS[language];
  const newest = waiting.at(-1)?.receivedAt ?? receivedAt;
  const several =
    waiting.length > 1 ? `\n<p>${escape(words.several(waiting.length, shownTime(newest, language)))}</p>` : '';
  // Enter in the checkbox presses the first button of the form (HTML, implicit submission): so that no slip is an answer, that is one out
  // of sight that closes the dialog around it, and there is none. One that is disabled will not do: Chromium takes the next.
  return {
    title: words.title,
    main: `<h1>${escape(words.title)}</h1>
<p>${escape(words.what)}</p>
<dl>
<dt>${escape(words.order)}</dt><dd>${escape(orderId)}</dd>
<dt>${escape(words.came)}</dt><dd>${escape(shownTime(waiting[0]?.receivedAt ?? receivedAt, language))}</dd>
</dl>${several}
<p>${escape(words.choice)}</p>
<form method="post">
<button type="submit" formmethod="dialog" class="never" tabindex="-1" aria-hidden="true"></button>
<input type="hidden" name="upTo" value="${newest}">
<div class="always">
<input type="checkbox" id="always" name="always" value="yes" aria-describedby="always-means">
<label for="always">${escape(words.always)}</label>
<p id="always-means">${escape(words.alwaysMeans)}</p>
</div>
<div class="answers">
<button type="submit" name="answer" value="yes">${escape(words.yes)}</button>
<button type="submit" name="answer" value="no">${escape(words.no)}</button>
</div>
</form>
<p class="quiet">${escape(words.quiet)}</p>
${allowedLink(language, token)}`,
  };
}

export function allowedPage({ language, orderId }: Question, accepted: readonly ShownAccepted[]): Page {
  const words = WORDS[language].allowed;
  const row = ({ id, at, masked }: ShownAccepted) => `<li>
<form method="post">
<input type="hidden" name="id" value="${id}">
<p><span id="${id}">${escape(masked ?? words.unnamed)}</span><br><span class="quiet">${escape(words.since(shownTime(at, language)))}</span></p>
<button type="submit" aria-describedby="${id}">${escape(words.remove)}</button>
</form>
</li>`;
  const list =
    accepted.length === 0
      ? `<p role="status">${escape(words.none)}</p>`
      : `<ul>\n${accepted.map(row).join('\n')}\n</ul>`;
  return {
    title: words.title,
    main: `<h1>${escape(words.title)}</h1>
<p>${escape(words.what)}</p>
<dl>
<dt>${escape(WORDS[language].order)}</dt><dd>${escape(orderId)}</dd>
</dl>
${list}`,
  };
}
