/**
 * pages: lists, newest first, from a sorted set whose scores are sequence numbers. The cursor is the score of the last row, so rows
 * that are added later shift nothing.
 */
import type { Redis } from 'ioredis';
import type { PageRequest } from '../records.ts';

export interface PageOfIds {
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

export async function pageOfIds(redis: Redis, index: string, page: PageRequest): Promise<PageOfIds> {
  const before = page.after !== undefined && /^\d{1,16}$/.test(page.after) ? `(${page.after}` : '+inf';
  const flat = await redis.zrevrangebyscore(index, before, '-inf', 'WITHSCORES', 'LIMIT', 0, page.limit + 1);
  const rows = Array.from({ length: flat.length / 2 }, (_, row) => ({
    id: flat[row * 2] ?? '',
    score: flat[row * 2 + 1] ?? '',
  }));
  const shown = rows.slice(0, page.limit);
  return { ids: shown.map((row) => row.id), next: rows.length > page.limit ? shown.at(-1)?.score : undefined };
}
