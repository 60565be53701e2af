// Package store keeps Huiyin's data: it owns the SQL, the transactions and the migrations, and nothing outside it
// sees a database.
//
// # Statements
//
// A statement is a constant in PostgreSQL style, named where it is used:
//
//	const insertEvent = `insert into event (home, id, seq, body) values ($1, $2, $3, $4)`
//
//	_, err := tx.Exec(ctx, Named("event.insert", insertEvent), tx.Home(), id, seq, body)
//
// [Named] takes constants only (a string variable does not compile), so text that came from outside cannot become
// SQL. There is no list of statements to keep: a test reads the package's source, finds each Named and prepares it,
// see [Stmt]. A parameter that stands for several values is written $n... and given as a [List].
//
// # Transactions
//
// [Store.Read] gives a snapshot. [Store.Update] is the only way to write: the changes of callers who wait at the same
// time share one commit, so that one flush to the disk serves them all, and nobody is answered before it is durable.
//
// A transaction behaves as PostgreSQL's does, on every engine: after the first statement that fails, no other is
// carried out, and the whole of it is undone, whatever the closure returns. What may lawfully meet an existing row
// says `on conflict do nothing` and looks at the number of rows.
//
// # SQLite
//
// One connection writes and six read. Foreign keys are checked, tables are STRICT, and each commit is flushed
// (journal_mode WAL, synchronous FULL). Constraints are never deferred: one that failed only at COMMIT would take the
// neighbours in the shared commit down with it.
//
// # PostgreSQL
//
// Four connections write, each for some homes, and as many read as on SQLite; a shared commit serves callers of one home. Every transaction that writes first counts up the row
// of its home in the table turn, so that a home has one writer at a time in all processes together and a closure may rely on what it has read. Two that wait for each other's
// homes are tried again. See docs/scale.md.
package store
