/** Whether a bundle is kept is asked for each miss at each head: an index answers without the pages that the bundles fill. */
export const migration0015 = `
CREATE INDEX idx_evidence_kept ON evidence (post_id, epoch, operator, salt, is_reported);
`
