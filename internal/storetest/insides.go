package storetest

import (
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/store"
)

// insides: what is written inside uploads is looked for where they belong to a matter outside the sealed compartment, and changes that come while a
// matter is being indexed keep it waiting.
func insides(b *bed) {
	b.chart()
	b.matter(1, 3, day(0))
	b.matter(2, 3, day(0), func(r *matter.Row) { r.Sealed = true; r.Title = "" })
	ref := matter.Ref{Home: home, N: 1}
	b.write(func(tx *store.Tx) error {
		for i, id := range []string{"a", "b", "c"} {
			if err := tx.InsertAttachment(b.Context(), store.AttachmentRow{Home: home, ID: id, SHA256: []byte(id), AddedUS: int64(1 + i), IdentityCard: []byte("card " + id)}); err != nil {
				return err
			}
		}
		if _, err := tx.ClaimAttachments(b.Context(), ref, ref, []string{"a", "b"}); err != nil {
			return err
		}
		_, err := tx.ClaimAttachments(b.Context(), ref, matter.Ref{Home: home, N: 2}, []string{"c"})
		return err
	})
	waiting := func(want ...string) {
		b.Helper()
		b.read(func(tx *store.Tx) error {
			rows, err := tx.TextsWaiting(b.Context(), 10)
			var got []string
			for _, r := range rows {
				got = append(got, r.Attachment)
			}
			if !slices.Equal(got, want) {
				b.Errorf("%v wait, want %v", got, want)
			}
			return err
		})
	}
	waiting("a", "b")
	b.write(func(tx *store.Tx) error {
		if err := tx.AwaitText(b.Context(), home, "a", 1); err != nil { // again
			return err
		}
		if err := tx.SaveText(b.Context(), store.TextRow{Home: home, Attachment: "a", State: store.TextFound, Body: []byte("secret")}); err != nil {
			return err
		}
		return tx.SaveText(b.Context(), store.TextRow{Home: home, Attachment: "b", State: store.TextNone})
	})
	waiting()
	b.read(func(tx *store.Tx) error {
		rows, err := tx.TextsOf(b.Context(), home, []int64{1, 2})
		if err != nil || len(rows) != 2 || rows[0].State != store.TextFound || rows[0].Size != 6 || rows[0].Body != nil || rows[1].State != store.TextNone || rows[1].Size != 0 {
			b.Errorf("texts: %+v, %v", rows, err)
		}
		texts, err := tx.Texts(b.Context(), home, []string{"a", "b", "c"})
		if err != nil || len(texts) != 1 || string(texts[0].Body) != "secret" || string(texts[0].Upload.IdentityCard) != "card a" || texts[0].Matter != 1 {
			b.Errorf("bodies: %+v, %v", texts, err)
		}
		return nil
	})

	unindexed := func() (list []store.Unindexed) {
		b.Helper()
		b.read(func(tx *store.Tx) error {
			var err error
			list, err = tx.Unindexed(b.Context(), 10)
			return err
		})
		return list
	}
	b.write(func(tx *store.Tx) error { return tx.MarkUnindexed(b.Context(), ref) })
	seen := unindexed()
	b.write(func(tx *store.Tx) error { return tx.MarkUnindexed(b.Context(), ref) })
	if len(seen) != 1 || seen[0].Ref != ref {
		b.Fatalf("unindexed: %+v", seen)
	}
	b.write(func(tx *store.Tx) error { return tx.Indexed(b.Context(), seen[0]) })
	if seen = unindexed(); len(seen) != 1 {
		b.Fatal("a change was lost")
	}
	b.write(func(tx *store.Tx) error { return tx.Indexed(b.Context(), seen[0]) })
	if seen = unindexed(); len(seen) != 0 {
		b.Errorf("still waiting: %+v", seen)
	}
}
