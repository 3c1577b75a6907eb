/**
 * Marks which of the node's transactions have a receipt.
 *
 * They are looked for at every head and most are settled, so an index holds those that are not. Receipts come and go with their
 * blocks (the cascade of an undone block fires triggers too), and the mark with them.
 */
export const migration0002 = `
ALTER TABLE transactions ADD COLUMN has_receipt INTEGER NOT NULL DEFAULT 0 CHECK (has_receipt IN (0, 1));
UPDATE transactions SET has_receipt = 1 WHERE hash IN (SELECT tx_hash FROM receipts);
CREATE INDEX idx_transactions_pending ON transactions (sender, nonce) WHERE has_receipt = 0;
CREATE TRIGGER receipt_comes AFTER INSERT ON receipts BEGIN
  UPDATE transactions SET has_receipt = 1 WHERE hash = NEW.tx_hash;
END;
CREATE TRIGGER receipt_goes AFTER DELETE ON receipts BEGIN
  UPDATE transactions SET has_receipt = 0 WHERE hash = OLD.tx_hash;
END;
`
