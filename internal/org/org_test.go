package org_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

func TestAliveAndActive(t *testing.T) {
	for _, c := range []struct {
		from, until string
		on          string
		want        bool
	}{
		{"", "", "1999-01-01", true},
		{"2020-01-01", "", "2019-12-31", false},
		{"2020-01-01", "", "2020-01-01", true},
		{"", "2020-01-01", "2019-12-31", true},
		{"", "2020-01-01", "2020-01-01", false},
		{"2020-01-01", "2020-01-01", "2020-01-01", false},
	} {
		from, until := law.NoDay, law.NoDay
		if c.from != "" {
			from = day(c.from)
		}
		if c.until != "" {
			until = day(c.until)
		}
		if got := (org.Unit{From: from, Until: until}).Alive(day(c.on)); got != c.want {
			t.Errorf("unit from %q until %q on %s: %v", c.from, c.until, c.on, got)
		}
		if got := (org.Duty{From: from, Until: until}).Active(day(c.on)); got != c.want {
			t.Errorf("duty from %q until %q on %s: %v", c.from, c.until, c.on, got)
		}
	}
}

func TestBureau(t *testing.T) {
	for _, k := range org.UnitKinds() {
		want := k == org.KindBureau || k == org.KindCentre
		if got := (org.Unit{Kind: k}).Bureau(); got != want {
			t.Errorf("%s: %v, want %v", k, got, want)
		}
	}
}

// What each role may see, written out: whoever adds a role has to say so here.
func TestScopeOfEveryRole(t *testing.T) {
	want := map[org.Role]org.Scope{
		org.RoleRegistrar:  {Roots: []org.UnitID{2}},
		org.RoleHandler:    {Roots: []org.UnitID{2}},
		org.RoleHead:       {Roots: []org.UnitID{2}},
		org.RoleSupervisor: {Roots: []org.UnitID{2}},
		org.RoleLeader:     {Roots: []org.UnitID{2}},
		org.RoleDiscipline: {Roots: []org.UnitID{3}, Sealed: true},
		org.RoleAuditor:    {},
		org.RoleAdmin:      {},
	}
	for _, kind := range []org.ActorKind{org.ActorStaff, org.ActorMachine} {
		for _, r := range append(org.Roles(), "unknown") {
			a := org.Actor{Kind: kind, Duty: org.Duty{Role: r, Unit: 3, Scope: 2}}
			if diff := cmp.Diff(want[r], a.Scope()); diff != "" {
				t.Errorf("%s as %s (-want +got):\n%s", r, kind, diff)
			}
			if a.Scope().Empty() != (len(want[r].Roots) == 0) {
				t.Errorf("%s: empty %v", r, a.Scope().Empty())
			}
		}
	}
	// A duty that is left in a petitioner's or nobody's actor gives nothing.
	for _, kind := range []org.ActorKind{org.ActorNobody, org.ActorPetitioner, "other"} {
		a := org.Actor{Kind: kind, Duty: org.Duty{Role: org.RoleSupervisor, Unit: 3, Scope: 2}, Home: 2, Submission: 3}
		if !a.Scope().Empty() || a.Has(org.Roles()...) {
			t.Errorf("%q sees %+v", kind, a.Scope())
		}
	}
	if s := org.System().Scope(); !s.All || !s.Sealed || s.Empty() {
		t.Errorf("the system sees %+v", s)
	}
}

func TestMasks(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{org.MaskName("陈某某"), "陈**"},
		{org.MaskName("欧阳某"), "欧**"},
		{org.MaskName("陈"), "陈**"},
		{org.MaskName(""), ""},
		{org.MaskID("330112199001011234"), "330112********1234"},
		{org.MaskID("33011219900101123X"), "330112********123X"},
		{org.MaskID("330112900101123"), "330112*****1123"},
		{org.MaskID("G12345678"), "*********"},
		{org.MaskID("H1234567890"), "***********"},
		{org.MaskID(""), ""},
		{org.MaskPhone("13812345678"), "138****5678"},
		{org.MaskPhone("88886666"), "********"},
		{org.MaskPhone("110"), "***"},
		{org.MaskPhone(""), ""},
		{org.MaskAddress("白石镇柳河村四组"), "****"},
		{org.MaskAddress(""), ""},
		{org.MaskEmail("chen@example.com"), "c***@example.com"},
		{org.MaskEmail("陈某@example.com"), "陈***@example.com"},
		{org.MaskEmail("c@example.com"), "c***@example.com"},
		{org.MaskEmail("@example.com"), ""},
		{org.MaskEmail("chen"), ""},
		{org.MaskEmail(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A mask keeps the length, shows nothing but the head and the tail it was told to, and always hides four characters or all.
func TestMaskNumberNeverRevealsTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789X陈")), 0, 24, -1).Draw(t, "number")
		head, tail := rapid.IntRange(0, 8).Draw(t, "head"), rapid.IntRange(0, 8).Draw(t, "tail")
		got, n := org.MaskNumber(number, head, tail), utf8.RuneCountInString(number)
		if utf8.RuneCountInString(got) != n {
			t.Fatalf("%q became %q", number, got)
		}
		if hidden := strings.Count(got, "*"); hidden < min(n, 4) {
			t.Fatalf("%q became %q: only %d hidden", number, got, hidden)
		}
		was, is := []rune(number), []rune(got)
		for i := range was {
			if is[i] != '*' && is[i] != was[i] {
				t.Fatalf("%q became %q", number, got)
			}
			if is[i] != '*' && i >= head && i < n-tail {
				t.Fatalf("%q became %q: character %d is of the middle", number, got, i)
			}
		}
	})
}

func TestMaskNameShowsOneCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("陈王李欧阳某甲·A")), 1, 12, -1).Draw(t, "name")
		first, _ := utf8.DecodeRuneInString(name)
		if got := org.MaskName(name); got != string(first)+"**" {
			t.Fatalf("%q became %q: the length or more of the name shows", name, got)
		}
	})
}

func TestNameIn(t *testing.T) {
	t.Parallel()
	both, one := org.Unit{Name: "信访局", English: "Petition Bureau"}, org.Unit{Name: "信访局"}
	for _, c := range []struct {
		unit    org.Unit
		english bool
		want    string
	}{{both, true, "Petition Bureau"}, {both, false, "信访局"}, {one, true, "信访局"}, {one, false, "信访局"}} {
		if got := c.unit.NameIn(c.english); got != c.want {
			t.Errorf("%+v in English %v: %q", c.unit, c.english, got)
		}
	}
}
