/**
 * calibrate: from scores to probabilities (Platt's scaling), and the threshold that costs what was decided.
 *
 * Both are taken from scores of messages that the model had not seen, else they would promise too much.
 */

/** A message that was scored by a model which had not seen its idea. */
export interface Scored {
  readonly logit: number;
  readonly isStop: boolean;
}

export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

const STEPS = 4000;
const RATE = 0.05;

/** Logistic regression on the logit alone, by gradient descent; both kinds weigh the same, whatever their number. */
export function calibrate(scored: readonly Scored[]): Calibration {
  let slope = 1;
  let shift = 0;
  for (let step = 0; step < STEPS; step++) {
    let bySlope = 0;
    let byShift = 0;
    for (const { logit, isStop } of scored) {
      const push = 1 / (1 + Math.exp(-(slope * logit + shift))) - Number(isStop);
      bySlope += push * logit;
      byShift += push;
    }
    slope -= (RATE * bySlope) / scored.length;
    shift -= (RATE * byShift) / scored.length;
  }
  return { slope, shift };
}

export function probabilityOf({ slope, shift }: Calibration, logit: number): number {
  return 1 / (1 + Math.exp(-(slope * logit + shift)));
}

/** The lowest probability that stops no more than `share` of the honest messages. */
export function thresholdFor(scored: readonly Scored[], calibration: Calibration, share: number): number {
  const honest = scored.filter(({ isStop }) => !isStop).map(({ logit }) => probabilityOf(calibration, logit));
  honest.sort((a, b) => b - a);
  return (honest[Math.floor(honest.length * share)] ?? 1) + 1e-9;
}

/** Expected calibration error over ten equal bins of probability. */
export function calibrationError(scored: readonly Scored[], calibration: Calibration): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, sum: 0, stops: 0 }));
  for (const { logit, isStop } of scored) {
    const probability = probabilityOf(calibration, logit);
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (bin === undefined) continue;
    bin.count++;
    bin.sum += probability;
    bin.stops += Number(isStop);
  }
  return bins.reduce((error, { sum, stops }) => error + Math.abs(sum - stops), 0) / Math.max(scored.length, 1);
}
