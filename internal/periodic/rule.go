package periodic

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/big"
)

//go:embed rules.json
var rulesData []byte

// Rule is what decides whether something is said, with its reason.
type Rule struct {
	N             int    `json:"n"`               // the factor or the percentage
	Least         int    `json:"least,omitempty"` // how many there have to be
	Most          int    `json:"most,omitempty"`  // how many are named
	Reason        string `json:"reason"`
	ReasonEnglish string `json:"reason_en"`
}

// ReasonIn is the reason in a language.
func (r Rule) ReasonIn(english bool) string {
	if english {
		return r.ReasonEnglish
	}
	return r.Reason
}

// Rules are the rules by which a report is written.
type Rules struct {
	Chance Rule `json:"chance"`
	Driver Rule `json:"driver"`
	Units  Rule `json:"units"`
	Times  Rule `json:"times"`
}

// LoadRules reads the rules that came with the program.
func LoadRules() (Rules, error) {
	var r Rules
	if err := json.Unmarshal(rulesData, &r); err != nil {
		return r, fmt.Errorf("rules of reports: %w", err)
	}
	return r, nil
}

// All lists the rules in the order in which they are shown.
func (r Rules) All() []Rule { return []Rule{r.Chance, r.Driver, r.Units, r.Times} }

// counts reports whether two counts differ by more than chance makes.
func (r Rules) counts(a, b int) bool {
	d := a - b
	return a+b >= r.Chance.Least && d*d > r.Chance.N*(a+b)
}

// shares reports whether two shares differ by more than chance makes: (a/n − b/m)² > k·p(1−p)(1/n + 1/m) with p of both together, multiplied out.
func (r Rules) shares(a, n, b, m int) bool {
	if n <= 0 || m <= 0 || n+m < r.Chance.Least {
		return false
	}
	of := func(x int) *big.Int { return big.NewInt(int64(x)) }
	product := func(all ...*big.Int) *big.Int {
		p := of(1)
		for _, x := range all {
			p.Mul(p, x)
		}
		return p
	}
	d := new(big.Int).Sub(product(of(a), of(m)), product(of(b), of(n)))
	return product(d, d, of(n+m)).Cmp(product(of(r.Chance.N), of(a+b), of(n+m-a-b), of(n), of(m))) > 0
}
