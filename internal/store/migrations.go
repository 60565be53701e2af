package store

import (
	"embed"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations returns the released steps of the schema, to be given to [Open].
func Migrations() (fs.FS, error) { return fs.Sub(migrationFiles, "migrations") }
