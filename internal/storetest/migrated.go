package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"huiyin/internal/store"
)

// fileName is that of a store in its folder.
const fileName = "huiyin.db"

// files keeps, for each set of migrations that was asked for, a function that gives the file of a store which has been through them.
var files sync.Map //nolint:gochecknoglobals // [sha256.Size]byte to func() ([]byte, error); one process tests one package

// migrated puts a file that has been through the migrations into the folder of a store that has none yet. The first
// store of a set climbs them one by one, each in its transaction; the others begin as it ended.
func migrated(opt store.Options) error {
	path := filepath.Join(opt.Dir, fileName)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err // the test has made it
	}
	set, err := setOf(opt.Migrations)
	if err != nil {
		return err
	}
	climb := sync.OnceValues(func() ([]byte, error) { return climbed(opt) })
	if once, loaded := files.LoadOrStore(set, climb); loaded {
		climb, _ = once.(func() ([]byte, error))
	}
	content, err := climb()
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// setOf tells sets of migrations apart by what they say.
func setOf(migrations fs.FS) (set [sha256.Size]byte, err error) {
	sum := sha256.New()
	entries, err := fs.ReadDir(migrations, ".")
	if err != nil {
		return set, err
	}
	for _, e := range entries {
		content, err := fs.ReadFile(migrations, e.Name())
		if err != nil {
			return set, err
		}
		sum.Write([]byte(e.Name() + "\x00" + string(content) + "\x00"))
	}
	return [sha256.Size]byte(sum.Sum(nil)), nil
}

// climbed opens a store over nothing, closes it, which leaves all of it in its one file, and gives that file.
func climbed(opt store.Options) ([]byte, error) {
	dir, err := os.MkdirTemp("", "huiyin-store-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := store.Open(context.Background(), store.Options{Dir: dir, Migrations: opt.Migrations, Now: func() int64 { return Now }})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, fileName))
}
