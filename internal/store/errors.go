package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"huiyin/internal/errs"
)

// SQLite's result codes that mean something to a caller (https://www.sqlite.org/rescode.html). The lower eight bits
// are the primary code.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteReadOnly   = 8
	sqliteInterrupt  = 9
	sqliteIOErr      = 10
	sqliteCorrupt    = 11
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteTooBig     = 18
	sqliteNotADB     = 26
	sqliteCheck      = 275
	sqliteForeignKey = 787
	sqliteNotNull    = 1299
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
	sqliteRowID      = 2579
	sqliteDatatype   = 3091 // a value of another type than the column of a STRICT table
)

// translate makes an error of the driver one of ours. It looks at codes only: messages and names of constraints
// differ between engines and releases. What is one of ours already passes unchanged.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*errs.Error](err); ours {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errs.E(errs.Unavailable, "store.cancelled").Because(err)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		kind, code := sqliteKind(e.Code())
		return errs.E(kind, code).Because(err)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		kind, code := postgresKind(e.Code)
		return errs.E(kind, code).Because(err)
	}
	if away(err) {
		return errs.E(errs.Unavailable, "store.away").Because(err)
	}
	return errs.E(errs.Internal, "store.failed").Because(err)
}

// away says that the server of the database cannot be reached, or was lost.
func away(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// postgresKind gives the kind and the message of a SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). The first two characters are the class.
func postgresKind(code string) (errs.Kind, string) {
	switch code {
	case "23505": // unique
		return errs.Conflict, "store.exists"
	case "23503": // foreign key
		return errs.Invalid, "store.reference"
	case "23502", "23514": // not null, check
		return errs.Invalid, "store.value"
	case "40001", "40P01": // serialization, deadlock: Update tries again
		return errs.Unavailable, "store.again"
	case "55P03": // lock not available in time
		return errs.Unavailable, "store.busy"
	case "57014": // cancelled
		return errs.Unavailable, "store.cancelled"
	case "53100": // disk full
		return errs.Unavailable, "store.disk_full"
	case "58030": // input or output
		return errs.Unavailable, "store.disk"
	case "25006": // read only
		return errs.Internal, "store.read_only"
	case "54000": // a limit of the program
		return errs.TooLarge, "store.too_large"
	}
	switch code[:min(2, len(code))] {
	case "22": // a value that does not fit
		return errs.Invalid, "store.value"
	case "08", "53", "57", "58": // connection, resources, shut down by an administrator, the system
		return errs.Unavailable, "store.away"
	case "XX": // corrupted
		return errs.Internal, "store.damaged"
	case "28", "3D": // not let in, no such database
		return errs.Unavailable, "store.refused"
	}
	return errs.Internal, "store.failed"
}

// sqliteKind gives the kind and the message of a SQLite result code.
func sqliteKind(code int) (errs.Kind, string) {
	switch code {
	case sqlitePrimaryKey, sqliteUnique, sqliteRowID:
		return errs.Conflict, "store.exists"
	case sqliteForeignKey:
		return errs.Invalid, "store.reference"
	case sqliteCheck, sqliteNotNull, sqliteDatatype:
		return errs.Invalid, "store.value"
	}
	switch code & 0xff {
	case sqliteBusy, sqliteLocked: // with 517, a snapshot that another writer overtook
		return errs.Unavailable, "store.busy"
	case sqliteFull:
		return errs.Unavailable, "store.disk_full"
	case sqliteIOErr, sqliteCantOpen:
		return errs.Unavailable, "store.disk"
	case sqliteInterrupt:
		return errs.Unavailable, "store.cancelled"
	case sqliteTooBig:
		return errs.TooLarge, "store.too_large"
	case sqliteReadOnly:
		return errs.Internal, "store.read_only"
	case sqliteCorrupt, sqliteNotADB:
		return errs.Internal, "store.damaged"
	}
	return errs.Internal, "store.failed"
}
