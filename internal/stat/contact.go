package stat

import (
	_ "embed"
	"encoding/json"
	"sync"

	"huiyin/internal/matter"
)

// contactsData lists the steps by which an office gets in touch with a petitioner in person: those that ask something of them, hear them or bring them to a table. A notice that
// has to be sent is none.
//
//go:embed contacts.json
var contactsData []byte

var contacts = sync.OnceValue(func() map[string]bool { //nolint:gochecknoglobals // read once, never changed
	var list []struct {
		Step string `json:"step"`
	}
	out := map[string]bool{}
	if json.Unmarshal(contactsData, &list) == nil { // a test reads all of them
		for _, c := range list {
			out[c.Step] = true
		}
	}
	return out
})

// contact reports whether a step is a contact with the petitioner.
func contact(b matter.Body) bool {
	kind := matter.KindOf(b)
	if r, ok := b.(matter.Recorded); ok {
		kind += "." + string(r.Kind)
	}
	return contacts()[kind]
}
