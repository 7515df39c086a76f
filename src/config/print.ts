/**
 * print: the table of settings as a page for people, and as a file to start a production set-up from.
 *
 * Both are made from `SETTINGS` alone; `npm run docs` writes them and a test keeps them equal. Pure; never fails.
 */
import { environmentName, SETTING_NAMES, SETTINGS, type Setting, type SettingName } from './schema.ts';

type Written = Setting<unknown>['example'];

const PAGE_OPENING = `# Configuration

<!-- Made from src/config/schema.ts by "npm run docs". Change it there. -->

Settings come from one TOML file, \`config/veilpost.toml\` or the one that \`VEILPOST_CONFIG\` names, and from the environment, which
wins. A name in the environment is \`VEILPOST_\`, the section, two underscores, the key; lists are written with commas. Any of them may
be read from a file: \`VEILPOST_API__BOOTSTRAP_KEY_FILE=/run/secrets/key\`. Durations and sizes have a unit: \`15s\`, \`4h\`, \`5d\`, \`25MB\`.

Unknown names, unreadable values and unsafe combinations stop the start, all of them told at once. An example for production, with
every setting, is in [config/veilpost.example.toml](../config/veilpost.example.toml).
`;

/** `docs/configuration.md`. */
export function configurationMarkdown(): string {
  return [PAGE_OPENING, ...sections().flatMap(([section, names]) => pageSection(section, names))].join('\n');
}

function pageSection(section: string, names: readonly SettingName[]): readonly string[] {
  const heading = section === '' ? [] : [`## ${section}`, ''];
  const head = ['| Setting | Environment | Default | Meaning |', '|---|---|---|---|'];
  return [...heading, ...head, ...names.map(pageRow), ''];
}

function pageRow(name: SettingName): string {
  const { byDefault, doc, isSecret }: Setting<unknown> = SETTINGS[name];
  const shown = byDefault === undefined ? 'none' : code(textOf(byDefault));
  const meaning = isSecret ? `${doc} Never shown.` : doc;
  return `| ${code(name)} | ${code(environmentName(name))} | ${shown} | ${meaning.replaceAll('|', '\\|')} |`;
}

const code = (text: string): string => (text === '' ? 'empty' : `\`${text}\``);
const textOf = (written: Written): string => (typeof written === 'object' ? written.join(', ') : String(written));

const FILE_OPENING = `# An example for production, with every setting. Made from src/config/schema.ts by "npm run docs".
# What a setting means, and its name in the environment: docs/configuration.md.
`;

/** `config/veilpost.example.toml`. */
export function exampleToml(): string {
  return [FILE_OPENING, ...sections().flatMap(([section, names]) => fileSection(section, names))].join('\n');
}

function fileSection(section: string, names: readonly SettingName[]): readonly string[] {
  return [...(section === '' ? [] : [`[${section}]`]), ...names.flatMap(fileEntry), ''];
}

/** A secret without a default is better given through the environment, so its line is only shown. */
function fileEntry(name: SettingName): readonly string[] {
  const { byDefault, doc, example, isSecret }: Setting<unknown> = SETTINGS[name];
  const line = `${keyOf(name)} = ${tomlOf(example)}`;
  return [...comment(doc), isSecret && byDefault === undefined ? `# ${line}` : line];
}

/** TOML's strings, numbers and lists are written as JSON writes them. */
const tomlOf = (written: Written): string =>
  typeof written === 'object'
    ? `[${written.map((entry) => JSON.stringify(entry)).join(', ')}]`
    : JSON.stringify(written);

const LINE = 110;

function comment(text: string): readonly string[] {
  const lines = ['#'];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (`${lines[last]} ${word}`.length > LINE) lines.push(`# ${word}`);
    else lines[last] = `${lines[last]} ${word}`;
  }
  return lines;
}

const sectionOf = (name: SettingName): string => (name.includes('.') ? name.slice(0, name.indexOf('.')) : '');
const keyOf = (name: SettingName): string => name.slice(name.indexOf('.') + 1);

/** Settings by section, in the order of the table; those without a section first, as TOML wants it. */
function sections(): readonly (readonly [section: string, names: readonly SettingName[]])[] {
  return [...Map.groupBy(SETTING_NAMES, sectionOf)].toSorted(([a], [b]) => Number(b === '') - Number(a === ''));
}
