/** Finds the settled transactions that still have all their bytes: calldata of proofs, a hundred kilobytes each. */
export const migration0013 = `
CREATE INDEX idx_transactions_whole ON transactions (id) WHERE has_receipt = 1 AND length(data) > 10;
`
