/** The node's own transactions in pages by what became of them: those that wait, and the few that did not do their thing. */
export const migration0009 = `
CREATE INDEX idx_transactions_settled ON transactions (has_receipt, id);
CREATE INDEX idx_receipts_reverted ON receipts (tx_hash) WHERE is_success = 0;
CREATE INDEX idx_bids_cancels ON bids (transaction_id, hash) WHERE is_cancel = 1;
`
