package matter

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/procedure.md anew")

// procedurePage is docs/procedure.md: the diagram and the table, made from the rows of National.
func procedurePage(p Procedure) string {
	var b strings.Builder
	b.WriteString("# The petition procedure\n\nMade from the table in `internal/matter/table.go` by `go test ./internal/matter -run Procedure -update`. Do not edit.\n\n")
	b.WriteString("A step is a row: who may take it, from which states, to which state, under which article of the Regulations on Petition Work (信访工作条例, 2022). " +
		"T-numbers are the steps of the rule book. Completed (办结) says that the procedure is done; whether the matter is resolved (化解) stands beside the state.\n\n")
	b.WriteString("```mermaid\n" + p.Mermaid() + "```\n\n")
	b.WriteString("| No. | Step | From | To | Who | Article |\n|---|---|---|---|---|---|\n")
	for _, row := range p.Rows() {
		from := "any"
		if len(row.From) > 0 {
			from = strings.Join(words(inOrder(row.From)), ", ")
		}
		to := string(row.To)
		if row.To == StateNone {
			to = "stays"
			if len(row.Ends) > 0 {
				to = "stays or " + strings.Join(words(row.Ends), " or ")
			}
		}
		article := "own rule of the office"
		switch row.Article {
		case "":
		case articleLocal:
			article = "rules of the place"
		default:
			article = strings.TrimPrefix(row.Article, "art")
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", row.ID, row.Act, from, to, strings.Join(words(row.By), ", "), article)
	}
	b.WriteString("\n## Who\n\n| Power | Whose |\n|---|---|\n")
	for _, p := range [][2]Power{
		{PowerReceiver, "registrar at the unit that registered it"},
		{PowerHolder, "registrar or handler at the unit that has it"},
		{PowerHead, "head of the unit that has it"},
		{PowerSender, "registrar, supervisor or head at the unit that sent it there"},
		{PowerOffice, "supervisor whose scope takes in the matter"},
		{PowerSuperior, "leader or supervisor above the units in dispute"},
		{PowerAdvised, "registrar, handler or head at a unit to which a suggestion was made"},
		{PowerReported, "staff of a superior to whom it was reported"},
		{PowerPart, "registrar or handler at a unit that assists, or of the second line"},
		{PowerReviewer, "registrar or handler of the organ that reviews, or of the petition department that works for it"},
		{PowerReviewHead, "head there"},
		{PowerPetitioner, "holder of the code and PIN of a linked submission"},
		{PowerSystem, "the system, as the law's consequence"},
	} {
		fmt.Fprintf(&b, "| %s | %s |\n", p[0], p[1])
	}
	b.WriteString("\nA review (复查) or re-review (复核) stands beside the matter: each has its own state, several may be open, and the steps on it start from that state. " +
		"Who handled, drafted or issued an opinion, and the unit that gave it, never decide on it again.\n")
	b.WriteString("\nWhile another unit has the matter, the receiver's title to send it on, decline, divert or ask for material rests with that unit. " +
		"In a sealed matter (检举控告) every title of staff is discipline inspection's alone.\n")
	return b.String()
}

func inOrder(states []State) []State {
	return slices.DeleteFunc(States(), func(s State) bool { return !slices.Contains(states, s) })
}

func TestProcedurePage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "procedure.md")
	want := procedurePage(National())
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/procedure.md is not what the table says; run go test ./internal/matter -run Procedure -update")
	}
}

// Every state can be reached, and none is a dead end but the two that end everything.
func TestProcedureReachesEveryStateAndEnds(t *testing.T) {
	reached, left := map[State]bool{StateRegistered: true}, map[State]bool{}
	for range States() {
		for _, m := range National().moves() {
			if reached[m.from] {
				reached[m.to] = true
			}
			left[m.from] = true
		}
	}
	for _, s := range States() {
		if !reached[s] {
			t.Errorf("%s cannot be reached", s)
		}
		if !left[s] && s != StateWithdrawn {
			t.Errorf("nothing leads out of %s", s)
		}
	}
}

func TestMermaidDrawsEveryMove(t *testing.T) {
	drawing := National().Mermaid()
	if !strings.HasPrefix(drawing, "stateDiagram-v2\n    [*] --> registered\n") {
		t.Errorf("begins %.60q", drawing)
	}
	for _, m := range National().moves() {
		arrow := fmt.Sprintf("    %s --> %s : ", m.from, m.to)
		note := fmt.Sprintf("    note right of %s : ", m.to)
		found := false
		for line := range strings.Lines(drawing) {
			if strings.HasPrefix(line, arrow) || strings.HasPrefix(line, note) {
				found = found || strings.Contains(line, string(m.row.Act))
			}
		}
		if !found {
			t.Errorf("%s from %s to %s is not drawn", m.row.Act, m.from, m.to)
		}
	}
}
