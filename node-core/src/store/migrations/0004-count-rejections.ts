/** Rejected proofs are counted by operator and submitter: an index answers without reading the table. */
export const migration0004 = `
CREATE INDEX idx_rejections_operator ON rejections (operator, submitter);
`
