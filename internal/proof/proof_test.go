package proof_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/proof"
)

// The vectors come from a second implementation of the encodings in the package comment, written in Python.
func TestVectors(t *testing.T) {
	var zero proof.Link
	first := proof.Next(zero, 350102, 7, 1, 1754352000000000, "submitted", []byte(`{"demands":1}`))
	second := proof.Next(first, 350102, 7, 2, 1754438400000000, "受理", nil)
	third := proof.Next(second, -1, math.MinInt64, 3, -1, "", []byte{0x00, 0xff})
	entry := proof.Append(zero, 1, first)
	for _, c := range []struct {
		name string
		got  proof.Link
		want string
	}{
		{"first event", first, "71ecbd1ac0532f05724b7b9a58be9c33a5eb1a01981f751036861a3ade2ca4c1"},
		{"Han kind, empty body", second, "eb30a0d08ce168411a50d5793fc1b8d7ca3ab5135f832066c1ef0d8549fdeda8"},
		{"negative numbers, bytes that are no text", third, "3637fa77e9200d434f55923914bf9b9f96e9b51f5cd215db28109e0a71752a18"},
		{"first log entry", entry, "43799918c6a15316bf37a4d03ac6917d6af16bd4f320c762bf240633c0ff1f54"},
		{"second log entry", proof.Append(entry, 2, second), "25df18f73c912dfbbdb1b85e52e2f697158ddf26f2a0b257ae5e0a619c3f6a10"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestLinkText(t *testing.T) {
	link := proof.Append(proof.Link{}, 1, proof.Link{1})
	if got, ok := proof.ParseLink(link.String()); !ok || got != link {
		t.Errorf("ParseLink(%s) = %s, %v", link, got, ok)
	}
	if got, ok := proof.LinkOf(link[:]); !ok || got != link {
		t.Errorf("LinkOf: %s, %v", got, ok)
	}
	for _, bad := range []string{"", "ab", link.String() + "00", "zz" + link.String()[2:], "AB" + link.String()[2:]} {
		if _, ok := proof.ParseLink(bad); ok {
			t.Errorf("ParseLink took %q", bad)
		}
	}
	if _, ok := proof.LinkOf(link[:31]); ok {
		t.Error("LinkOf took 31 bytes")
	}
}

type draft struct {
	home, matter int64
	events       []proof.Event
}

func drawChain(t *rapid.T) draft {
	d := draft{home: rapid.Int64().Draw(t, "home"), matter: rapid.Int64().Draw(t, "matter")}
	var prev proof.Link
	for i := range rapid.IntRange(1, 8).Draw(t, "events") {
		e := proof.Event{
			Seq: i + 1, AtUS: rapid.Int64().Draw(t, "at"), Kind: rapid.String().Draw(t, "kind"),
			Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
		prev = proof.Next(prev, d.home, d.matter, e.Seq, e.AtUS, e.Kind, e.Body)
		e.Link = prev
		d.events = append(d.events, e)
	}
	return d
}

func (d draft) verify() proof.Verdict {
	return proof.VerifyMatter(d.home, d.matter, slices.Values(d.events))
}

func (d draft) head() proof.Head {
	return proof.Head{Count: int64(len(d.events)), Link: d.events[len(d.events)-1].Link}
}

func TestWholeChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawChain(t)
		if diff := cmp.Diff(proof.Verdict{Head: d.head()}, d.verify().Against(d.head())); diff != "" {
			t.Error(diff)
		}
	})
	if got := proof.VerifyMatter(1, 1, slices.Values([]proof.Event(nil))); got != (proof.Verdict{}) {
		t.Errorf("no events: %+v", got)
	}
}

// Whatever is changed in one event, the chain breaks there and nowhere before.
func TestAnyChangeBreaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawChain(t)
		i := rapid.IntRange(0, len(d.events)-1).Draw(t, "which")
		e, at, fault := &d.events[i], int64(i+1), proof.Altered
		switch rapid.SampledFrom([]string{"home", "matter", "seq", "at", "kind", "body", "link", "shift"}).Draw(t, "field") {
		case "home":
			d.home, at = d.home+1, 1
		case "matter":
			d.matter, at = d.matter^1, 1
		case "seq":
			e.Seq, fault = e.Seq+1, proof.Gap
		case "at":
			e.AtUS++
		case "kind":
			e.Kind += "x"
		case "body":
			e.Body = append(bytes.Clone(e.Body), 0)
		case "link":
			e.Link[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case "shift": // a byte moved from the end of the kind to the start of the body
			e.Kind, e.Body = "", append([]byte(e.Kind+"k"), e.Body...)
		}
		got := d.verify()
		if got.Fault != fault || got.At != at || got.Head.Count != at-1 {
			t.Errorf("got %+v, want %s at %d", got, fault, at)
		}
	})
}

func TestOrderMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawChain(t)
		first, second := d.events[0], proof.Event{Seq: 2, Kind: "second"}
		second.Link = proof.Next(first.Link, d.home, d.matter, 2, 0, "second", nil)
		first.Seq, second.Seq = 2, 1
		d.events = []proof.Event{second, first}
		if got := d.verify(); got.Fault != proof.Altered || got.At != 1 {
			t.Errorf("swapped events passed: %+v", got)
		}
	})
}

func TestHeads(t *testing.T) {
	var prev proof.Link
	var log []proof.Entry
	for pos := int64(1); pos <= 5; pos++ {
		leaf := proof.Link{byte(pos)}
		prev = proof.Append(prev, pos, leaf)
		log = append(log, proof.Entry{Pos: pos, Leaf: leaf, Link: prev})
	}
	known := proof.Head{Count: 5, Link: prev}
	cut := slices.Delete(slices.Clone(log), 1, 2)
	changed := slices.Clone(log)
	changed[3].Leaf[5] = 9
	for _, c := range []struct {
		name    string
		entries []proof.Entry
		known   proof.Head
		fault   proof.Fault
		at      int64
	}{
		{"whole", log, known, proof.Whole, 0},
		{"end cut off", log[:3], known, proof.Short, 4},
		{"all cut off", nil, known, proof.Short, 1},
		{"another end", log, proof.Head{Count: 5, Link: proof.Link{1}}, proof.Forked, 5},
		{"one taken out", cut, known, proof.Gap, 2},
		{"leaf changed", changed, known, proof.Altered, 4},
		{"starts late", log[1:], known, proof.Gap, 1},
	} {
		got := proof.VerifyLog(slices.Values(c.entries)).Against(c.known)
		if got.Fault != c.fault || got.At != c.at {
			t.Errorf("%s: got %s at %d, want %s at %d", c.name, got.Fault, got.At, c.fault, c.at)
		}
	}
}

// An event's link never equals that of an event which differs, nor that of a log entry.
func FuzzNext(f *testing.F) {
	f.Add(int64(1), int64(2), 3, int64(4), "kind", []byte("body"), "kin", []byte("dbody"))
	f.Add(int64(-1), int64(0), 1, int64(0), "", []byte{}, "受理", []byte{0})
	f.Fuzz(func(t *testing.T, home, matter int64, seq int, at int64, kind string, body []byte, kind2 string, body2 []byte) {
		a := proof.Next(proof.Link{}, home, matter, seq, at, kind, body)
		b := proof.Next(proof.Link{}, home, matter, seq, at, kind2, body2)
		if same := kind == kind2 && bytes.Equal(body, body2); (a == b) != same {
			t.Errorf("same input %v, same link %v", same, a == b)
		}
		if a == proof.Append(proof.Link{}, int64(seq), proof.Link{}) {
			t.Error("an event and a log entry share a link")
		}
	})
}

func FuzzParseLink(f *testing.F) {
	f.Add("")
	f.Add("71ecbd1ac0532f05724b7b9a58be9c33a5eb1a01981f751036861a3ade2ca4c1")
	f.Fuzz(func(t *testing.T, s string) {
		link, ok := proof.ParseLink(s)
		_, err := hex.DecodeString(s)
		if ok && (link.String() != s || err != nil) {
			t.Errorf("took %q as %s", s, link)
		}
	})
}
