/** What is asked at every head, and what every attestation that comes in asks, costs as much as waits, not as much as ever was. */
export const migration0011 = `
-- An index that no single table can have: every post that waits for its quorum is here. Triggers keep it, so undoing a block undoes it
-- too. Of a reopening that was undone its post stays, until it is opened or closed again: whoever reads asks the other tables as well.
CREATE TABLE waiting_posts (
  post_id TEXT PRIMARY KEY REFERENCES posts (post_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO waiting_posts SELECT post_id FROM posts
  WHERE post_id NOT IN (SELECT post_id FROM attestations)
  AND (post_id NOT IN (SELECT post_id FROM post_closings) OR post_id IN (SELECT post_id FROM post_reopenings));

CREATE TRIGGER post_comes AFTER INSERT ON posts BEGIN
  INSERT INTO waiting_posts (post_id) VALUES (NEW.post_id);
END;
CREATE TRIGGER attestation_comes AFTER INSERT ON attestations BEGIN
  DELETE FROM waiting_posts WHERE post_id = NEW.post_id;
END;
CREATE TRIGGER closing_comes AFTER INSERT ON post_closings BEGIN
  DELETE FROM waiting_posts WHERE post_id = NEW.post_id;
END;
CREATE TRIGGER reopening_comes AFTER INSERT ON post_reopenings BEGIN
  INSERT OR IGNORE INTO waiting_posts SELECT post_id FROM posts WHERE post_id = NEW.post_id;
END;
-- The post may go in the same moment.
CREATE TRIGGER attestation_goes AFTER DELETE ON attestations BEGIN
  INSERT OR IGNORE INTO waiting_posts SELECT post_id FROM posts WHERE post_id = OLD.post_id;
END;
CREATE TRIGGER closing_goes AFTER DELETE ON post_closings BEGIN
  INSERT OR IGNORE INTO waiting_posts SELECT post_id FROM posts WHERE post_id = OLD.post_id;
END;

-- Likewise the posts that collected attestations are of, each once.
CREATE TABLE collected_posts (post_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO collected_posts SELECT DISTINCT post_id FROM collected_attestations;

CREATE TRIGGER collected_attestation_comes AFTER INSERT ON collected_attestations BEGIN
  INSERT OR IGNORE INTO collected_posts (post_id) VALUES (NEW.post_id);
END;
CREATE TRIGGER collected_attestation_goes AFTER DELETE ON collected_attestations BEGIN
  DELETE FROM collected_posts WHERE post_id = OLD.post_id
    AND NOT EXISTS (SELECT 1 FROM collected_attestations WHERE post_id = OLD.post_id);
END;
`
