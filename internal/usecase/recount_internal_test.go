package usecase

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/store"
)

// AskRecount has clocks counted again, for tests.
func (o *Office) AskRecount(ctx context.Context, from law.Day) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error { return o.askRecount(ctx, t, from) })
}

// Recounted notes that it was done, for tests.
func (o *Office) Recounted(ctx context.Context, waiting string) error {
	return o.recounted(ctx, waiting)
}
