/**
 * Folded and batched proofs, levels, pauses, exits and early ends.
 *
 * Proofs, deadlines and operators have other columns than in the tables of migration 1. All derived rows go with their blocks, so they
 * are read from the chain again; what the node made itself stays.
 */
export const migration0003 = `
DELETE FROM blocks;
DROP TABLE operators;
DROP TABLE epochs;
DROP TABLE challenges;
DROP TABLE proofs;

-- derived ---------------------------------------------------------------------------------------------------------------

-- A place is given again long after its owner has left: who joined last has it.
CREATE TABLE operators (
  operator INTEGER NOT NULL,
  owner TEXT NOT NULL,
  signer TEXT NOT NULL,
  stake_wei TEXT NOT NULL,
  active_from_epoch INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  block_number INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (operator, block_number, log_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_operators_block ON operators (block_hash);

CREATE TABLE exits (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  is_ejection INTEGER NOT NULL CHECK (is_ejection IN (0, 1)),
  inactive_from_epoch INTEGER NOT NULL,
  vacant_from_epoch INTEGER NOT NULL,
  withdrawable_from INTEGER NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_exits_operator ON exits (operator);

CREATE TABLE withdrawals (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  owner TEXT NOT NULL,
  amount_wei TEXT NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_withdrawals_operator ON withdrawals (operator);

-- A post that waits no more for its quorum: it lapsed, or its publisher dropped it.
CREATE TABLE post_closings (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  post_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('lapsed', 'dropped')),
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_post_closings_post ON post_closings (post_id, block_number);

-- The latest one's deadline counts instead of the registration's.
CREATE TABLE post_reopenings (
  post_id TEXT NOT NULL,
  attestation_deadline_block INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  block_number INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (post_id, block_number, log_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_post_reopenings_block ON post_reopenings (block_hash);

CREATE TABLE epochs (
  epoch INTEGER PRIMARY KEY,
  seed TEXT NOT NULL,
  prev_randao TEXT NOT NULL,
  seed_block INTEGER NOT NULL,
  closes_at_block INTEGER NOT NULL,
  reports_close_at_block INTEGER NOT NULL,
  parameters TEXT NOT NULL,
  finaliser TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  block_number INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_epochs_block ON epochs (block_hash);

-- until_block is that of a start; an end brought forward has none.
CREATE TABLE pauses (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  until_block INTEGER,
  closes_at_block INTEGER NOT NULL,
  reports_close_at_block INTEGER NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_pauses_epoch ON pauses (epoch);
CREATE INDEX idx_pauses_order ON pauses (block_number, log_index);

-- Deadlines as they stand: what the chain said last of an epoch counts, its seed or a pause.
CREATE VIEW epoch_deadlines AS
  SELECT epoch,
    coalesce(
      (SELECT p.closes_at_block FROM pauses p WHERE p.epoch = e.epoch
        AND (p.block_number, p.log_index) > (e.block_number, e.log_index) ORDER BY p.block_number DESC, p.log_index DESC LIMIT 1),
      e.closes_at_block) AS closes_at_block,
    coalesce(
      (SELECT p.reports_close_at_block FROM pauses p WHERE p.epoch = e.epoch
        AND (p.block_number, p.log_index) > (e.block_number, e.log_index) ORDER BY p.block_number DESC, p.log_index DESC LIMIT 1),
      e.reports_close_at_block) AS reports_close_at_block
  FROM epochs e;

-- Every challenge of every operator, derived from the seed; nothing on chain creates it. Its deadline is its epoch's.
CREATE TABLE challenges (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  level INTEGER NOT NULL,
  stratum INTEGER NOT NULL,
  salt TEXT NOT NULL,
  indexes TEXT NOT NULL,
  z TEXT NOT NULL,
  gamma TEXT NOT NULL,
  opened_block INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  PRIMARY KEY (post_id, epoch, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_challenges_block ON challenges (block_hash);
CREATE INDEX idx_challenges_order ON challenges (epoch, post_id, operator);
CREATE INDEX idx_challenges_operator ON challenges (operator, epoch);

-- Posts that the seed picks, also those whose challenged operators are all gone; level and salt are those of the epoch.
CREATE TABLE picks (
  epoch INTEGER NOT NULL,
  post_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  salt TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  PRIMARY KEY (epoch, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_picks_block ON picks (block_hash);

-- opening: hash of the 192 bytes that the precompile accepted; proofs of one batch share it.
CREATE TABLE proofs (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  level INTEGER NOT NULL,
  stratum INTEGER NOT NULL,
  opening TEXT NOT NULL,
  submitter TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  block_number INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (post_id, epoch, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_proofs_block ON proofs (block_hash);
CREATE INDEX idx_proofs_order ON proofs (block_number, log_index);
CREATE INDEX idx_proofs_operator ON proofs (operator, block_number);
CREATE INDEX idx_proofs_opening ON proofs (tx_hash, opening);

CREATE TABLE settlements (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  level INTEGER NOT NULL,
  next_level INTEGER NOT NULL,
  challenged INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  is_at_risk INTEGER NOT NULL CHECK (is_at_risk IN (0, 1)),
  settler TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (post_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_settlements_block ON settlements (block_hash);

-- Ends brought forward; the earliest counts.
CREATE TABLE post_endings (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  post_id TEXT NOT NULL,
  end_epoch INTEGER NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_post_endings_post ON post_endings (post_id);

CREATE TABLE beacons (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  from_epoch INTEGER NOT NULL,
  beacon TEXT NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;

-- Whatever else the chain said that is only told, and nothing follows from; details is JSON.
CREATE TABLE notes (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  post_id TEXT,
  epoch INTEGER,
  operator INTEGER,
  details TEXT NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_notes_post ON notes (post_id) WHERE post_id IS NOT NULL;

-- the node's own ----------------------------------------------------------------------------------------------------------

-- points: 48 bytes for one blob, else 128 for each; paths: one after the other.
ALTER TABLE answers RENAME COLUMN commitment TO points;
ALTER TABLE answers RENAME COLUMN path TO paths;

-- 128 bytes for each blob: the commitments as the precompiles read them.
ALTER TABLE contents ADD COLUMN points BLOB;

-- The batch that a challenge was to go out in; batch is the key of its transaction. Once given up, the challenge goes alone.
CREATE TABLE batch_items (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  salt TEXT NOT NULL,
  batch TEXT NOT NULL,
  is_given_up INTEGER NOT NULL DEFAULT 0 CHECK (is_given_up IN (0, 1)),
  PRIMARY KEY (post_id, epoch, operator, salt)
) STRICT, WITHOUT ROWID;
`
