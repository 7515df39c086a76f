/**
 * drive: sends every case in every direction and place, waits until the relay is quiet, and says what became of each.
 */
import { BOUNCES, bounceOutcome, type BounceCase } from './bounces.ts';
import { GROUPS } from './cases/all.ts';
import type { Plant } from './cases/plant.ts';
import { letterOf, markIn, newMark, type Place } from './letters.ts';
import type { Arrival, Mailbox } from './mailbox.ts';
import { SetupError, type Direction, type Options, type Party } from './options.ts';
import { outcomeOf, shows, type Outcome } from './outcome.ts';
import { postAll, type Reply } from './post.ts';
import { beginThread, sendOrdinary, type Line } from './thread.ts';

export interface Result {
  readonly author: Party['name'];
  readonly place: Place['name'];
  readonly outcome: Outcome;
}

/** One line of the scoreboard. */
export interface Scored {
  readonly group: string;
  readonly what: string;
  readonly results: readonly Result[];
}

export interface Score {
  readonly cases: readonly Scored[];
  readonly messages: number;
  /** Messages that came and belong to no case, but show an address to somebody. */
  readonly strays: number;
}

const BOUNCE_GROUP = 'bounces';

/** The names of all cases that a filter lets through. */
export const namesOf = (filter: string): readonly string[] => [
  ...chosen(filter).map(({ group, plant }) => `${group}: ${plant.what}`),
  ...chosenBounces(filter).map(({ what }) => `${BOUNCE_GROUP}: ${what}`),
];

/** Throws SetupError when the relay cannot carry ordinary mail. */
export async function drive(options: Options, mailbox: Mailbox, tell: (text: string) => void): Promise<Score> {
  if (namesOf(options.filter).length === 0) throw new SetupError('--case: no case has this in its name. See --list.');
  const line = { relay: options.relay, mailbox, quietMs: options.quietMs };
  const shots = await allShots(line, options);
  const bounces = await allBounces(line, options);
  const before = mailbox.arrivals.length;
  tell(`Sending ${shots.length} messages to ${options.relay.host}:${options.relay.port}.`);
  const letters = shots.map(({ plant, direction, mark, place }) => letterOf(plant, direction, mark, place));
  const replies = await postAll(letters);
  await confirmDelivery(line, options);
  await mailbox.quiet(options.quietMs);
  const arrivals = mailbox.arrivals.slice(before);
  const { strays, byMark } = sorted(arrivals, options, new Set(shots.map(({ mark }) => mark)));
  return { cases: [...scored(shots, replies, byMark, options), ...bounces], messages: shots.length, strays };
}

/** A relay that has given up in the middle would seem to hold everything. */
async function confirmDelivery(line: Line, { directions }: Options): Promise<void> {
  for (const direction of directions) {
    await sendOrdinary(line, direction, 'Many thanks for your help.').catch((cause: unknown) => {
      throw new SetupError(
        `The relay delivered ordinary mail of the ${direction.author.name} before, and does not any more: what did not arrive proves nothing. Lift its limits for the two aliases.`,
        { cause },
      );
    });
  }
}

// --- planted messages --------------------------------------------------------------------------------------------------

interface Shot {
  readonly group: string;
  readonly plant: Plant;
  readonly direction: Direction;
  readonly place: Place;
  readonly mark: string;
}

const matches = (filter: string, group: string, what: string): boolean =>
  `${group}: ${what}`.toLowerCase().includes(filter.toLowerCase());

const chosen = (filter: string) =>
  GROUPS.flatMap(({ name, plants }) => plants.map((plant) => ({ group: name, plant }))).filter(({ group, plant }) =>
    matches(filter, group, plant.what),
  );

async function allShots(line: Line, { directions, filter }: Options): Promise<readonly Shot[]> {
  const shots: Shot[] = [];
  for (const direction of directions) {
    const places = await beginThread(line, direction);
    for (const { group, plant } of chosen(filter))
      for (const place of places) shots.push({ group, plant, direction, place, mark: newMark() });
  }
  return shots;
}

const partiesOf = ({ directions }: Options): readonly Party[] => [
  ...new Set(directions.flatMap(({ author, reader }) => [author, reader])),
];

function sorted(arrivals: readonly Arrival[], options: Options, marks: ReadonlySet<string>) {
  const byMark = Map.groupBy(arrivals, ({ bytes }) => {
    const mark = markIn(bytes);
    return mark !== undefined && marks.has(mark) ? mark : '';
  });
  const strays = (byMark.get('') ?? []).filter((arrival) => shows(arrival, partiesOf(options))).length;
  return { byMark, strays };
}

function scored(
  shots: readonly Shot[],
  replies: readonly Reply[],
  byMark: ReadonlyMap<string, readonly Arrival[]>,
  options: Options,
): readonly Scored[] {
  const parties = partiesOf(options);
  const byCase = Map.groupBy(shots.entries(), ([, { plant }]) => plant);
  return [...byCase].map(([plant, entries]) => ({
    group: entries[0]?.[1].group ?? '',
    what: plant.what,
    results: entries.map(([index, { direction, place, mark }]) => ({
      author: direction.author.name,
      place: place.name,
      outcome: outcomeOf(direction.author, replies[index] ?? NOT_SENT, byMark.get(mark) ?? [], parties),
    })),
  }));
}

const NOT_SENT: Reply = { code: 421, text: '' };

// --- bounces -----------------------------------------------------------------------------------------------------------

const chosenBounces = (filter: string): readonly BounceCase[] =>
  BOUNCES.filter(({ what }) => matches(filter, BOUNCE_GROUP, what));

async function allBounces(line: Line, { directions, filter }: Options): Promise<readonly Scored[]> {
  const cases: Scored[] = [];
  for (const bounce of chosenBounces(filter)) {
    const results: Result[] = [];
    for (const direction of directions) {
      const outcome = await bounceOutcome(line, bounce, direction);
      results.push({ author: direction.author.name, place: 'first', outcome });
    }
    cases.push({ group: BOUNCE_GROUP, what: bounce.what, results });
  }
  return cases;
}
