/** What a job needs stands with it, so that the next process can take it up; jobs without were begun before. */
export const migration0010 = `
ALTER TABLE jobs ADD COLUMN input TEXT;
ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
`
