package app

import (
	"context"
	"errors"

	"huiyin/internal/store"
)

// Copy makes all rows of one database those of another, of whichever engine; with only looking it says what differs. Neither may be worked on meanwhile. The search index
// and the sketches are the engine's own: a rebuild makes them.
func Copy(ctx context.Context, from, to Config, only bool, progress func(store.Copied)) (done store.Copied, err error) {
	source, err := openStore(ctx, from)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openStore(ctx, to)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	return source.Copy(ctx, target, only, progress)
}

func openStore(ctx context.Context, c Config) (*store.Store, error) {
	opt, err := c.storeOptions()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, opt)
}
