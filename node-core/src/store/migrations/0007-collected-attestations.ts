/** What a relay collected outlives its process: nobody has to send it again. And of every attestation it stands who signed it. */
export const migration0007 = `
-- An operator's last word for a post. It comes from no block, so no reorg undoes it.
CREATE TABLE collected_attestations (
  post_id TEXT NOT NULL,
  operator INTEGER NOT NULL,
  stake_epoch INTEGER NOT NULL,
  deadline_seconds INTEGER NOT NULL,
  root TEXT NOT NULL,
  signature TEXT NOT NULL,
  -- who signed: after a reorg the operator's place may be another's
  signer TEXT NOT NULL,
  PRIMARY KEY (post_id, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_collected_attestations_operator ON collected_attestations (operator);

-- Who signed, here too; empty where it is not known, and then it is signed again.
ALTER TABLE signed_attestations ADD COLUMN signer TEXT NOT NULL DEFAULT '';
`
