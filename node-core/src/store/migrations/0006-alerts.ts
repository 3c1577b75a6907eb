/** What the operator must know, and what is kept to show how a challenge was missed. */
export const migration0006 = `
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('notice', 'warning', 'critical')),
  -- what it is about: a challenge, a block, an address …
  subject TEXT NOT NULL,
  data TEXT NOT NULL,
  raised_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  count INTEGER NOT NULL,
  acknowledged_at_ms INTEGER,
  resolved_at_ms INTEGER,
  -- open ones first, the most urgent of them first of all
  rank INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE WHEN resolved_at_ms IS NOT NULL THEN 0 WHEN severity = 'notice' THEN 1 WHEN severity = 'warning' THEN 2 ELSE 3 END
  ) VIRTUAL
) STRICT;
-- One is open for each cause: seen again, it counts up.
CREATE UNIQUE INDEX idx_alerts_open ON alerts (code, subject) WHERE resolved_at_ms IS NULL;
CREATE INDEX idx_alerts_order ON alerts (rank, id);
CREATE INDEX idx_alerts_subject ON alerts (subject, code, id);

-- Written when an own challenge is seen to be missed. It stays when a reorg undoes the miss: whether it stands is read from the chain's tables.
CREATE TABLE evidence (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  salt TEXT NOT NULL,
  is_reported INTEGER NOT NULL CHECK (is_reported IN (0, 1)),
  bundle TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  PRIMARY KEY (post_id, epoch, operator, salt)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_evidence_age ON evidence (epoch, made_at_ms);
`
