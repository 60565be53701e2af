-- The search index is merged in greater steps: with a segment for each shared commit, four at a time meant that a word was written anew
-- up to ten times before it lay still.
insert into matter_fts (matter_fts, rank) values ('automerge', 16);
