/**
 * html-allowed: what of somebody else's HTML is written again, as tables.
 *
 * Enough for the look of ordinary mail (Gmail, Outlook, Apple Mail: tables, lists, quotes, fonts, colours); nothing that runs,
 * loads from elsewhere, submits, hides or names its author. Whatever is in no table does not leave.
 * Attacks: security.md OB-04, OB-05, OB-08; relays.md 2.2 rows 34 and 39.
 */

const COMMON = ['title', 'dir', 'align', 'style'];
const CELL = ['width', 'height', 'valign', 'bgcolor', 'colspan', 'rowspan', 'nowrap'];
const PLAIN_TAGS =
  'abbr b big blockquote caption center cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 i ins kbd li mark ' +
  'ol p pre q s samp small span strike strong sub sup tbody tfoot thead tt u ul var';

/** Tags that are kept, with the attributes that each may have besides `COMMON`. */
const TAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ...PLAIN_TAGS.split(' ').map((tag): [string, readonly string[]] => [tag, []]),
  ['a', ['href']],
  ['br', []],
  ['col', ['width', 'span']],
  ['colgroup', ['width', 'span']],
  ['font', ['color', 'face', 'size']],
  ['hr', ['width', 'size', 'color']],
  ['img', ['src', 'alt', 'width', 'height', 'border']],
  ['table', ['width', 'height', 'bgcolor', 'border', 'cellpadding', 'cellspacing']],
  ['td', CELL],
  ['th', CELL],
  ['tr', ['height', 'valign', 'bgcolor']],
]);

/** Kept tags that have no end tag. */
export const VOID_TAGS: ReadonlySet<string> = new Set(['br', 'col', 'hr', 'img']);

/** Tags whose content is not text that a reader is shown, or that a reader is shown in a way we cannot judge. */
export const DROPPED_WITH_CONTENT: ReadonlySet<string> = new Set(
  (
    'applet audio canvas datalist embed frameset head iframe map math noembed noframes object script select style svg template ' +
    'textarea title video xml xmp'
  ).split(' '),
);

/** Blocks of a page; without one of their own the last word before and the first word in it would be one. */
const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside details dialog fieldset footer header hgroup legend main menu nav section summary'.split(' '),
);

export const shownTag = (tag: string): string => (BLOCKS.has(tag) ? 'div' : tag);

export const isKeptTag = (tag: string): boolean => TAGS.has(tag);

/** Numbers, words and colours; nothing that could be an address of anything. */
const FIT_VALUE = /^[\w #%.,-]{0,60}$/;

export function mayHave(tag: string, attribute: string): boolean {
  return COMMON.includes(attribute) || TAGS.get(tag)?.includes(attribute) === true;
}

export const isFitValue = (value: string): boolean => FIT_VALUE.test(value);

const PROPERTIES: ReadonlySet<string> = new Set(
  (
    'background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse ' +
    'border-color border-left border-left-color border-left-style border-left-width border-radius border-right ' +
    'border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color ' +
    'border-top-style border-top-width border-width color font-family font-size font-style font-weight height ' +
    'line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width min-width padding ' +
    'padding-bottom padding-left padding-right padding-top table-layout text-align text-decoration vertical-align ' +
    'white-space width word-break'
  ).split(' '),
);

// Quotes, backslashes, slashes and parentheses are how a value becomes a URL, an expression or an escape; `rgb(1,2,3)` may stay.
const FIT_STYLE = /^(?:[\w #%.,+-]|rgba?\([\d ,.%]{1,40}\)){1,200}$/;
const FONT_QUOTES = /["']/g;
/** Text of no size, or moved out of sight, is a way to hide it; without the property it is simply seen. */
const HIDES = /^(?:font-size|line-height|height|width|max-width)$/;
const TOO_SMALL = /^0*(?:0|[0-5](?:\.\d*)?|\.\d*)(?:px|pt|em|rem|%)?$/;
const NEGATIVE = /(?:^|\s)-/;

/** The harmless declarations of an inline style, in order; '' when none is left. */
export function keptStyle(style: string): string {
  return style
    .slice(0, 4000)
    .split(';')
    .flatMap((declaration) => keptDeclaration(declaration) ?? [])
    .join(';');
}

function keptDeclaration(declaration: string): string | undefined {
  const colon = declaration.indexOf(':');
  const property = declaration.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  const value = declaration
    .slice(colon + 1)
    .replace(FONT_QUOTES, '')
    .replace(/!important/i, '')
    .trim();
  if (!PROPERTIES.has(property) || !FIT_STYLE.test(value) || NEGATIVE.test(value)) return undefined;
  return HIDES.test(property) && TOO_SMALL.test(value) && !isLayoutSize(property, value)
    ? undefined
    : `${property}:${value}`;
}

/** Spacer rows and columns of newsletters are a few pixels wide or high: that hides nothing. */
const isLayoutSize = (property: string, value: string): boolean =>
  (property === 'height' || property === 'width' || property === 'line-height') && !/^[0.]+\D*$/.test(value);

const STRUCK: ReadonlySet<string> = new Set(['del', 's', 'strike']);
const IN_LINES: ReadonlySet<string> = new Set('b em font i small span strong sub sup u'.split(' '));

/** Struck out, or in a style that its author's program may hide it by and that is not passed on. */
export function isDoubtful(tag: string, attributes: Readonly<Record<string, string>>): boolean {
  return (
    STRUCK.has(tag) || (IN_LINES.has(tag) && ['style', 'class', 'id'].some((name) => attributes[name] !== undefined))
  );
}

const HIDDEN_STYLE = /(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)/i;

/** The author's program would not show this element, so it must not come into sight when its style is reduced. */
export function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    attributes['hidden'] !== undefined || HIDDEN_STYLE.test((attributes['style'] ?? '').replace(/\/\*.*?\*\//gs, ''))
  );
}
