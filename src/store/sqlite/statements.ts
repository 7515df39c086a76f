/**
 * statements: prepared once for each connection; rows are read as the shapes that the schema gives them.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

function statement(db: DatabaseSync, sql: string): StatementSync {
  const statements = prepared.get(db) ?? new Map<string, StatementSync>();
  prepared.set(db, statements);
  const found = statements.get(sql) ?? db.prepare(sql);
  statements.set(sql, found);
  return found;
}

/** How many rows changed. */
export function run(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): number {
  return Number(statement(db, sql).run(...values).changes);
}

export function one<Row>(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
  return statement(db, sql).get(...values) as Row | undefined;
}

export function all<Row>(db: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
  const rows: readonly unknown[] = statement(db, sql).all(...values);
  return rows as readonly Row[];
}
