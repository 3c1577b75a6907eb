/** Rejected proofs by operator and submitter, and what transactions have cost: indexes answer without reading the tables. */
export const migration0005 = `
CREATE INDEX idx_rejections_operator ON rejections (operator, submitter);
CREATE INDEX idx_receipts_cost ON receipts (gas_price_wei, gas_used);
`
