/** What the last look through each stored content found. Of this node's disk, not of the chain: nothing undoes it. */
export const migration0012 = `
CREATE TABLE audits (
  cid TEXT PRIMARY KEY,
  audited_at_ms INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  repaired INTEGER NOT NULL,
  lost INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
