/** Since when posts are over, as this node saw it: their content is kept for a while from then on. */
export const migration0014 = `
CREATE TABLE retention (
  post_id TEXT PRIMARY KEY,
  over_since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idx_posts_cid ON posts (cid);
CREATE INDEX idx_contents_held ON contents (post_id) WHERE state = 'held';
`
