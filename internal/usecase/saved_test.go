package usecase_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A person's searches are their own until they share them: then everybody with a duty at the unit sees them, the owner and the unit's head may change them, and no other
// unit ever learns of them. What sharing changes is on record, without what is looked for.
func TestSavedSearches(t *testing.T) {
	o := newOffice(t)
	handler, head := o.actor(t, org.RoleHandler, unitTownA), o.actor(t, org.RoleHead, unitTownA)
	colleague := o.actor(t, org.RoleRegistrar, unitTownA)
	others := []org.Actor{o.actor(t, org.RoleHandler, unitTownB), o.actor(t, org.RoleHead, unitVillageA1), o.actor(t, org.RoleRegistrar, unitBureau)}
	id, err := o.SaveSearch(t.Context(), handler, usecase.SavedSearch{Name: " 路灯 ", Query: "q=%E8%B7%AF%E7%81%AF&state=open&page=9&nonsense=1"})
	if err != nil {
		t.Fatal(err)
	}
	names := func(who org.Actor) []string {
		list, err := o.SavedSearches(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range list {
			out = append(out, s.Name+"?"+s.Query)
		}
		return out
	}
	const kept = "路灯?q=%E8%B7%AF%E7%81%AF&state=open"
	if got := names(handler); !slices.Equal(got, []string{kept}) {
		t.Fatalf("own: %q", got)
	}
	unseen := func(step string, list ...org.Actor) {
		t.Helper()
		for _, who := range list {
			if got := names(who); len(got) != 0 {
				t.Errorf("%s: %s at %d sees %q", step, who.Duty.Role, who.Duty.Unit, got)
			}
			for _, err := range []error{
				func() error { _, err := o.SavedSearch(t.Context(), who, id); return err }(),
				func() error {
					_, err := o.SaveSearch(t.Context(), who, usecase.SavedSearch{ID: id, Name: "x", Query: "q=x"})
					return err
				}(),
				o.DropSearch(t.Context(), who, id),
			} {
				if errs.CodeOf(err) != "saved.not_found" {
					t.Errorf("%s: %s at %d: %v", step, who.Duty.Role, who.Duty.Unit, err)
				}
			}
		}
	}
	unseen("kept", append(others, head, colleague)...)
	if _, err := o.SaveSearch(t.Context(), handler, usecase.SavedSearch{ID: id, Name: "路灯", Query: "q=路灯&state=open", Shared: true}); err != nil {
		t.Fatal(err)
	}
	unseen("shared", others...)
	if got := names(colleague); !slices.Equal(got, []string{kept}) {
		t.Errorf("a colleague sees %q", got)
	}
	if err := o.DropSearch(t.Context(), colleague, id); errs.CodeOf(err) != "saved.not_yours" {
		t.Errorf("a colleague deletes: %v", err)
	}
	if _, err := o.SaveSearch(t.Context(), head, usecase.SavedSearch{ID: id, Name: "路灯（今年）", Query: "q=路灯", Shared: true}); err != nil {
		t.Errorf("the head changes: %v", err)
	}
	if s, err := o.SavedSearch(t.Context(), handler, id); err != nil || !s.Own || !s.MayChange || s.Name != "路灯（今年）" {
		t.Errorf("the owner sees %+v, %v", s, err)
	}
	if err := o.DropSearch(t.Context(), head, id); err != nil {
		t.Errorf("the head deletes: %v", err)
	}
	unseen("deleted", append(others, handler, head, colleague)...)
	var record []store.OrgEvent
	o.read(t, func(tx *store.Tx) error {
		var err error
		record, err = tx.OrgEvents(t.Context(), store.OrgFilter{Subjects: []store.OrgSubject{{Kind: "search", ID: id}}, Limit: 10})
		return err
	})
	if len(record) != 3 {
		t.Errorf("%d changes on record, want shared, changed, deleted", len(record))
	}
	for _, e := range record {
		if strings.Contains(e.Body, "q=") || strings.Contains(e.Body, "%E8") {
			t.Errorf("the record says what is looked for: %s", e.Body)
		}
	}
}

func TestSavedSearchIsChecked(t *testing.T) {
	o := newOffice(t)
	who := o.actor(t, org.RoleHandler, unitTownA)
	for _, c := range []struct{ name, query, path, code string }{
		{"", "q=x", "name", "field.required"},
		{strings.Repeat("长", 41), "q=x", "name", "field.long"},
		{"x", "", "query", "saved.nothing"},
		{"x", "page=2", "query", "saved.nothing"},
		{"x", "q=%zz", "query", "saved.query"},
		{"x", "q=-x", "query", "saved.condition"},
		{"x", "list=all", "query", "saved.condition"},
		{"x", "state=x", "query", "saved.condition"},
		{"x", "overdue=no", "query", "saved.condition"},
		{"x", "category=x", "query", "saved.condition"},
		{"x", "place=1", "query", "saved.condition"},
		{"x", "unit=没有的", "query", "saved.condition"},
		{"x", "channel=x", "query", "saved.condition"},
		{"x", "from=2025-02-30", "query", "saved.condition"},
		{"x", "sort=x", "query", "saved.condition"},
	} {
		_, err := o.SaveSearch(t.Context(), who, usecase.SavedSearch{Name: c.name, Query: c.query})
		if e, ok := errorOf(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != c.path || e.Fields[0].Code != c.code {
			t.Errorf("%q, %q: %v", c.name, c.query, err)
		}
	}
	if _, err := o.SavedSearches(t.Context(), org.Actor{Kind: org.ActorPetitioner}); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("a petitioner: %v", err)
	}
	auditor := who
	auditor.Duty.Role = org.RoleAuditor
	if _, err := o.SavedSearches(t.Context(), auditor); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("who sees no matters: %v", err)
	}
	for i := range usecase.MaxSaved {
		if _, err := o.SaveSearch(t.Context(), who, usecase.SavedSearch{Name: fmt.Sprint("第", i), Query: "state=open&list=unit"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := o.SaveSearch(t.Context(), who, usecase.SavedSearch{Name: "再一个", Query: "state=open"})
	if e, ok := errorOf(err); !ok || e.Fields[0].Code != "saved.many" {
		t.Errorf("one too many: %v", err)
	}
}

// A machine keeps searches for its unit, which its people see and its head may change.
func TestSavedByAMachine(t *testing.T) {
	o := newOffice(t)
	machine := o.actor(t, org.RoleHandler, unitTownA)
	machine.Kind, machine.User, machine.Key, machine.Grants = org.ActorMachine, 0, "k", []string{"read"}
	id, err := o.SaveSearch(t.Context(), machine, usecase.SavedSearch{Name: "在办", Query: "state=open"})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := o.SavedSearch(t.Context(), o.actor(t, org.RoleRegistrar, unitTownA), id); err != nil || !s.Shared || s.Own || s.MayChange {
		t.Errorf("%+v, %v", s, err)
	}
	elsewhere := machine
	elsewhere.Duty.Unit, elsewhere.Duty.Scope = unitTownB, unitTownB
	if err := o.DropSearch(t.Context(), elsewhere, id); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another unit's machine: %v", err)
	}
	if err := o.DropSearch(t.Context(), machine, id); err != nil {
		t.Error(err)
	}
	machine.Grants = nil
	if _, err := o.SavedSearches(t.Context(), machine); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("without a grant: %v", err)
	}
}
