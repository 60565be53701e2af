package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// Migrate brings the schema of a database up to date, as opening it does, and says from which step to which; from is zero where there was none.
func Migrate(ctx context.Context, c Config) (from, to int64, err error) {
	opt, err := c.storeOptions()
	if err != nil {
		return 0, 0, err
	}
	there, err := Holds(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	if !there { // with a new database come its keys
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return 0, 0, fmt.Errorf("data folder: %w", err)
		}
		if _, err := openKeys(ctx, c); err != nil {
			return 0, 0, err
		}
	}
	if from, to, err = store.Steps(ctx, opt); err != nil {
		return 0, 0, err
	}
	s, err := store.Open(ctx, opt)
	if err != nil {
		return 0, 0, err
	}
	return from, to, s.Close()
}

// Count brings the sums from which figures are made up to date, those that a step of the schema has them made of anew among them, and returns of how many matters something was
// added. Broken off, it goes on the next time, or beside the desk. Where servers share a database the one that leads does this.
func Count(ctx context.Context, c Config, progress func(usecase.Folding)) (matters int, err error) {
	if c.Database != "" {
		return 0, nil
	}
	a, err := Open(ctx, c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Office.FoldAll(ctx, progress)
}

// Distribute brings the tables of a database to their places on a Citus cluster: [store.Distribute].
func Distribute(ctx context.Context, c Config, progress func(store.Placed)) ([]store.Placed, error) {
	opt, err := c.storeOptions()
	if err != nil {
		return nil, err
	}
	return store.Distribute(ctx, opt, progress)
}
