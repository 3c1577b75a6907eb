/** The opening of a batch is kept as that of a single challenge is: made once, sent as often as needed. */
export const migration0008 = `
CREATE TABLE batch_openings (
  -- of the batch: it covers the salts of all items, so another seed has another
  name TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  -- arguments of proveBatch, and what making them took, as JSON
  arguments TEXT NOT NULL,
  timings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_batch_openings_epoch ON batch_openings (epoch);
-- for trimming
CREATE INDEX idx_answers_opened ON answers (epoch) WHERE proof IS NOT NULL;
CREATE INDEX idx_batch_items_epoch ON batch_items (epoch);
`
