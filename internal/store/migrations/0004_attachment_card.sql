-- The key of an upload's content, its name, kind and size stand on a card, encrypted: under the identity key, under that of the sealed compartment,
-- or, until something claims the upload, under both. Without a card the row is from before; its content lies under the identity key.
alter table attachment add column identity_card bytea;

alter table attachment add column sealed_card bytea;
