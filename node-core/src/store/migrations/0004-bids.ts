/**
 * Several signed bytes for one transaction, each with higher fees than those before.
 *
 * All of them have its nonce, so at most one gets into the chain, and the receipt of any settles it.
 */
export const migration0004 = `
DROP TRIGGER receipt_comes;
DROP TRIGGER receipt_goes;
DROP INDEX idx_transactions_pending;
ALTER TABLE transactions RENAME TO old_transactions;

-- One row for each thing to be done on chain once: the key says what.
CREATE TABLE transactions (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  chain_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  nonce INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  data TEXT NOT NULL,
  value_wei TEXT NOT NULL,
  -- the last block that may take it; null when it is never too late
  deadline_block INTEGER,
  is_at_cap INTEGER NOT NULL DEFAULT 0 CHECK (is_at_cap IN (0, 1)),
  has_receipt INTEGER NOT NULL DEFAULT 0 CHECK (has_receipt IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  UNIQUE (sender, nonce)
) STRICT;
INSERT INTO transactions (id, key, chain_id, sender, nonce, recipient, data, value_wei, has_receipt, created_at_ms)
  SELECT id, key, chain_id, sender, nonce, recipient, data, value_wei, has_receipt, created_at_ms FROM old_transactions;
CREATE INDEX idx_transactions_pending ON transactions (sender, nonce) WHERE has_receipt = 0;

-- All bytes ever signed for a transaction; they stand here before they are broadcast. A cancel only uses up the nonce.
CREATE TABLE bids (
  id INTEGER PRIMARY KEY,
  transaction_id INTEGER NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
  raw TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  is_cancel INTEGER NOT NULL CHECK (is_cancel IN (0, 1)),
  outcome TEXT NOT NULL CHECK (outcome IN ('unknown', 'accepted', 'refused')),
  made_at_block INTEGER NOT NULL
) STRICT;
CREATE INDEX idx_bids_transaction ON bids (transaction_id);
INSERT INTO bids (transaction_id, raw, hash, is_cancel, outcome, made_at_block)
  SELECT id, raw, hash, 0, 'accepted', (SELECT coalesce(max(number), 0) FROM blocks) FROM old_transactions;
DROP TABLE old_transactions;

CREATE TRIGGER receipt_comes AFTER INSERT ON receipts BEGIN
  UPDATE transactions SET has_receipt = 1 WHERE id IN (SELECT transaction_id FROM bids WHERE hash = NEW.tx_hash);
END;
CREATE TRIGGER receipt_goes AFTER DELETE ON receipts BEGIN
  UPDATE transactions SET has_receipt = 0 WHERE id IN (SELECT transaction_id FROM bids WHERE hash = OLD.tx_hash);
END;
`
