package gazetteer

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"huiyin/internal/errs"
)

//go:embed tables/*.json
var tableFiles embed.FS

// The identifiers of the tables that are embedded.
const (
	TableCategories      = "category-2023"  // what a petition is about: the generation in use, 20 of first level
	TableCategoriesOlder = "category-older" // the generation before it, 17 of first level
	TableDisputes        = "dispute"        // types of dispute for mediation
	TableChannels        = "channel"        // how a petition came in, under the three forms that statistics count
	TablePurposes        = "purpose"        // what the petitioner says to want
	TableRoutes          = "route"          // the six ways of article 31 of the Regulations on Petition Work
)

// otherDispute is the type of every dispute that the table has no own type for.
const otherDispute = "99"

// Table is one version of a classification. A code never changes its meaning; what changes makes a new table.
type Table struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	English string            `json:"english"`
	Version string            `json:"version"`
	From    string            `json:"from"`    // the year from which it is known to be in use, "" when not known
	Sources map[string]string `json:"sources"` // what the Source of a row means
	Rows    []Category        `json:"rows"`    // a parent before its children
}

// Category is one row of a classification.
type Category struct {
	Code    string `json:"code"`             // "N05", and under it "N0502"
	Parent  string `json:"parent,omitempty"` // "" at the first level
	Name    string `json:"name"`
	English string `json:"english"`
	Source  string `json:"source"` // key of Table.Sources; "K" marks a placement of ours that no published table gives
}

// Row returns the row with a code, and whether there is one.
func (t Table) Row(code string) (Category, bool) {
	i := slices.IndexFunc(t.Rows, func(c Category) bool { return c.Code == code })
	if i < 0 {
		return Category{}, false
	}
	return t.Rows[i], true
}

// Under returns the rows directly under a code, those of the first level for "".
func (t Table) Under(parent string) []Category {
	var rows []Category
	for _, row := range t.Rows {
		if row.Parent == parent {
			rows = append(rows, row)
		}
	}
	return rows
}

// Category finds the category of the current table that a label of other data means: its code, its name, or the name that it had in the table before.
// Where a category and one above it share a name, it is the one above. A category of the older table that was split means nothing: who knows which part?
func (g *Gazetteer) Category(label string) (Category, bool) {
	label = strings.TrimSpace(label)
	if i := slices.IndexFunc(g.Current().Rows, func(c Category) bool { return c.Code == label || c.Name == label }); i >= 0 {
		return g.Current().Rows[i], true
	}
	return g.Current().Row(g.renamed[label])
}

// Categories returns a table. An unknown one is an errs.NotFound error. The rows are shared: do not change them.
func (g *Gazetteer) Categories(tableID string) (Table, error) {
	table, ok := g.tables[tableID]
	if !ok {
		return Table{}, errs.E(errs.NotFound, "gazetteer.table.unknown", "table", tableID)
	}
	return table, nil
}

// Current returns the table of content categories that new petitions are classified by.
func (g *Gazetteer) Current() Table { return g.tables[TableCategories] }

// Tables returns the identifiers of all tables in order.
func (g *Gazetteer) Tables() []string { return slices.Sorted(maps.Keys(g.tables)) }

// DisputeType returns the type of dispute that a category of the current table is mediated as, by the mapping that
// one city uses; the type for all others when the mapping does not name it.
func (g *Gazetteer) DisputeType(category string) string {
	for code := category; code != ""; {
		if dispute, ok := g.dispute[code]; ok {
			return dispute
		}
		row, _ := g.Current().Row(code)
		code = row.Parent
	}
	return otherDispute
}

func (g *Gazetteer) readTables() error {
	names, err := fs.Glob(tableFiles, "tables/*.json")
	if err != nil {
		return err
	}
	g.tables = make(map[string]Table, len(names))
	for _, name := range names {
		// Two files hold mappings, all others a table each.
		switch name {
		case "tables/dispute-of-category.json":
			err = readJSON(name, &g.dispute)
		case "tables/category-renamed.json": // names of the older table that the current one has under another name
			err = readJSON(name, &g.renamed)
		default:
			var table Table
			err = readJSON(name, &table)
			g.tables[table.ID] = table
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readJSON(name string, into any) error {
	data, err := tableFiles.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
