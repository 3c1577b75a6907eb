/**
 * The first schema.
 *
 * Every table under "derived" is insert-only and hangs on the block that it came from, so undoing a block is deleting its row:
 * the cascade takes exactly what the block brought. What the node itself made (answers, transactions, jobs) never hangs on a block.
 */
export const migration0001 = `
CREATE TABLE blocks (
  hash TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  parent_hash TEXT NOT NULL,
  timestamp_seconds INTEGER NOT NULL,
  has_events INTEGER NOT NULL CHECK (has_events IN (0, 1))
) STRICT;
-- Only what may be forgotten: pruning stays as cheap as the tail is short.
CREATE INDEX idx_blocks_prunable ON blocks (number) WHERE has_events = 0;

-- derived ---------------------------------------------------------------------------------------------------------------

CREATE TABLE operators (
  operator INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  signer TEXT NOT NULL,
  stake_wei TEXT NOT NULL,
  active_from_epoch INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_operators_block ON operators (block_hash);

CREATE TABLE deposits (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  operator INTEGER NOT NULL,
  amount_wei TEXT NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;

CREATE TABLE posts (
  post_id TEXT PRIMARY KEY,
  publisher TEXT NOT NULL,
  root TEXT NOT NULL,
  cid TEXT NOT NULL,
  cid_digest TEXT NOT NULL,
  codec INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  byte_length INTEGER NOT NULL,
  blob_count INTEGER NOT NULL,
  term_epochs INTEGER NOT NULL,
  nonce TEXT NOT NULL,
  commitments TEXT NOT NULL,
  manifest_digest TEXT NOT NULL,
  attestation_deadline_block INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  block_number INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_posts_block ON posts (block_hash);
CREATE INDEX idx_posts_order ON posts (block_number, log_index);

CREATE TABLE attestations (
  post_id TEXT PRIMARY KEY,
  attested_epoch INTEGER NOT NULL,
  end_epoch INTEGER NOT NULL,
  attesters TEXT NOT NULL,
  signed_stake_wei TEXT NOT NULL,
  total_stake_wei TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_attestations_block ON attestations (block_hash);

CREATE TABLE epochs (
  epoch INTEGER PRIMARY KEY,
  seed TEXT NOT NULL,
  prev_randao TEXT NOT NULL,
  seed_block INTEGER NOT NULL,
  closes_at_block INTEGER NOT NULL,
  parameters TEXT NOT NULL,
  finaliser TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_epochs_block ON epochs (block_hash);

-- Every challenge of every operator, derived from the seed; nothing on chain creates it.
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
  deadline_block INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  PRIMARY KEY (post_id, epoch, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_challenges_block ON challenges (block_hash);
CREATE INDEX idx_challenges_deadline ON challenges (deadline_block, post_id, operator);
CREATE INDEX idx_challenges_operator ON challenges (operator, epoch);

CREATE TABLE proofs (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  level INTEGER NOT NULL,
  stratum INTEGER NOT NULL,
  z TEXT NOT NULL,
  y TEXT NOT NULL,
  proof TEXT NOT NULL,
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

CREATE TABLE rejections (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  submitter TEXT NOT NULL,
  reason INTEGER NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_rejections_post ON rejections (post_id);

CREATE TABLE misses (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  level INTEGER NOT NULL,
  reporter TEXT NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  tx_hash TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (post_id, epoch, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_misses_block ON misses (block_hash);
CREATE INDEX idx_misses_operator ON misses (operator);

CREATE TABLE slashes (
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE,
  log_index INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  operator INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  post_id TEXT NOT NULL,
  amount_wei TEXT NOT NULL,
  reporter_wei TEXT NOT NULL,
  reporter TEXT NOT NULL,
  PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE INDEX idx_slashes_operator ON slashes (operator);
CREATE INDEX idx_slashes_post ON slashes (post_id);

CREATE TABLE receipts (
  tx_hash TEXT PRIMARY KEY,
  is_success INTEGER NOT NULL CHECK (is_success IN (0, 1)),
  gas_used INTEGER NOT NULL,
  gas_price_wei TEXT NOT NULL,
  block_number INTEGER NOT NULL,
  block_hash TEXT NOT NULL REFERENCES blocks (hash) ON DELETE CASCADE
) STRICT;
CREATE INDEX idx_receipts_block ON receipts (block_hash);

-- the node's own ----------------------------------------------------------------------------------------------------------

-- One row for each thing to be done on chain once: the key says what; the signed bytes stand here before they are broadcast.
CREATE TABLE transactions (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  chain_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  nonce INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  data TEXT NOT NULL,
  value_wei TEXT NOT NULL,
  raw TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at_ms INTEGER NOT NULL,
  UNIQUE (sender, nonce)
) STRICT;

CREATE TABLE contents (
  post_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('absent', 'fetching', 'held', 'damaged', 'refused')),
  error TEXT,
  file_name TEXT,
  sha256 TEXT,
  -- 48 bytes for each blob, computed here and never taken from anybody's word
  commitments BLOB,
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE signed_attestations (
  post_id TEXT NOT NULL,
  operator INTEGER NOT NULL,
  stake_epoch INTEGER NOT NULL,
  deadline_seconds INTEGER NOT NULL,
  root TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (post_id, operator, stake_epoch, deadline_seconds)
) STRICT, WITHOUT ROWID;

-- The proof made for one challenge; kept so that a restart or a reorg sends the same bytes without a new opening.
CREATE TABLE answers (
  post_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  operator INTEGER NOT NULL,
  salt TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proving', 'ready', 'failed')),
  commitment TEXT,
  path TEXT,
  y TEXT,
  proof TEXT,
  error TEXT,
  attempts INTEGER NOT NULL,
  timings TEXT,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (post_id, epoch, operator, salt)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
  step TEXT NOT NULL,
  progress REAL NOT NULL,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  result TEXT,
  error TEXT
) STRICT;
CREATE INDEX idx_jobs_started ON jobs (started_at_ms);

CREATE TABLE uploads (
  upload_id TEXT PRIMARY KEY,
  file_name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  byte_length INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
`
