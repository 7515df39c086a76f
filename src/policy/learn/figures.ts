/**
 * figures: how well a judge did on messages with known answers, with intervals, because a share of few messages says little.
 */

/** One message: what should have happened, and what did. */
export interface Outcome {
  readonly isStop: boolean;
  readonly wasStopped: boolean;
  readonly language: string;
  readonly classes: readonly string[];
}

/** A share with its 95 % interval (Wilson's, which holds for small numbers and near 0 and 1). */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

export interface Figures {
  readonly precision: Share;
  readonly recall: Share;
  readonly falseStops: Share;
}

const Z = 1.96;

export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const share = count / of;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  const middle = share + (Z * Z) / (2 * of);
  return { count, of, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const stops = outcomes.filter(({ isStop }) => isStop);
  const stopped = outcomes.filter(({ wasStopped }) => wasStopped);
  const found = stops.filter(({ wasStopped }) => wasStopped).length;
  return {
    precision: shareOf(found, stopped.length),
    recall: shareOf(found, stops.length),
    falseStops: shareOf(stopped.length - found, outcomes.length - stops.length),
  };
}

/** The figures of each group, by name; an outcome may belong to several. */
export function groupedFigures(
  outcomes: readonly Outcome[],
  groupsOf: (outcome: Outcome) => readonly string[],
): readonly (readonly [string, Figures])[] {
  const groups = Map.groupBy(
    outcomes.flatMap((outcome) => groupsOf(outcome).map((group) => ({ group, outcome }))),
    ({ group }) => group,
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => [group, figuresOf(members.map(({ outcome }) => outcome))]);
}
