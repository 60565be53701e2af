package usecase

import (
	"context"
	"testing"

	"huiyin/internal/errs"
)

func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	o := &Office{hashing: make(chan struct{}, maxHashing)}
	ctx, leave := context.WithCancel(t.Context())
	for range maxHashing {
		o.hashing <- struct{}{} // as many as may are at it
	}
	leave()
	if _, err := o.passwordFits(ctx, "a-good-password", ""); errs.CodeOf(err) != "auth.busy" {
		t.Errorf("who left while waiting got %v", err)
	}
	<-o.hashing
	hash, err := o.hashPassword(t.Context(), "a-good-password")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := o.passwordFits(t.Context(), "a-good-password", hash); !ok || err != nil {
		t.Errorf("fits: %v %v", ok, err)
	}
	if len(o.hashing) != maxHashing-1 {
		t.Errorf("%d places taken after the work", len(o.hashing))
	}
}
