package intake

import (
	"slices"
	"strings"
)

// Record is one petition as the sender put it, before anybody here has looked at it.
type Record struct {
	Row          int    // where it stands in the file
	SenderNumber string // the sender's own number: with Sender it tells whether the row was imported before
	Sender       string // the system or office that sent the file
	Channel      string // web, letter, visit, phone, mailbox, transfer, grid, other
	ReceivedUS   int64  // microseconds UTC; a date without time is the beginning of that day in Shanghai
	Title        string
	Narrative    string
	Demands      []string // at least one: the title, where the file does not list them

	PetitionerName    string
	PetitionerID      string
	PetitionerPhone   string
	PetitionerAddress string
	PetitionerAlias   string // the name used on the sender's site, which is no civil name
	PersonCount       int    // at least 1

	PlaceCode    string
	PlaceText    string
	CategoryCode string
	CategoryText string
	UnitText     string
	Purpose      string // appeal, settlement, suggestion, accusation, enquiry, other; empty where not said

	ReplyText string // the answer already given by the sender, if any
	RepliedUS int64  // microseconds UTC; 0 where there is no answer or its date is not known

	// Extra holds, by name, every column that the mapping neither uses nor ignores, exactly as received. It is shown
	// to staff and is to be treated as personal: nobody has looked at what is in it.
	Extra map[string]string
}

// kind is what a field of a record holds.
type kind int

const (
	kindNone kind = iota
	kindText
	kindInstant
	kindList
	kindCount
)

// target is a field of a record as mappings and reports name it.
type target struct {
	kind     kind
	max      int  // characters a text may have, unless the mapping says less
	personal bool // its value is masked in reports
	needed   bool // every mapping must give it, and no row may leave it empty
}

// Targets lists the names of the fields a mapping can fill, in the order of Record.
func Targets() []string {
	return []string{
		"sender_number", "sender", "channel", "received", "title", "narrative", "demands",
		"petitioner_name", "petitioner_id", "petitioner_phone", "petitioner_address", "petitioner_alias", "person_count",
		"place_code", "place_text", "category_code", "category_text", "unit_text", "purpose", "reply_text", "replied",
	}
}

// targetOf describes the field of that name; kindNone is none.
func targetOf(name string) target {
	switch name {
	case "sender_number", "sender", "channel":
		return target{kind: kindText, max: 100, needed: true}
	case "received":
		return target{kind: kindInstant, needed: true}
	case "title":
		return target{kind: kindText, max: 200, needed: true}
	case "narrative":
		return target{kind: kindText, max: 200_000, personal: true, needed: true}
	case "demands":
		return target{kind: kindList, max: 500, personal: true}
	case "petitioner_name", "petitioner_phone", "petitioner_id", "petitioner_alias":
		return target{kind: kindText, max: 100, personal: true}
	case "petitioner_address":
		return target{kind: kindText, max: 300, personal: true}
	case "person_count":
		return target{kind: kindCount}
	case "place_code", "category_code", "purpose":
		return target{kind: kindText, max: 40}
	case "place_text", "category_text", "unit_text":
		return target{kind: kindText, max: 300}
	case "reply_text":
		return target{kind: kindText, max: 200_000, personal: true}
	case "replied":
		return target{kind: kindInstant}
	}
	return target{}
}

// text gives the place of a text field, nil for any other.
func (r *Record) text(name string) *string {
	switch name {
	case "sender_number":
		return &r.SenderNumber
	case "sender":
		return &r.Sender
	case "channel":
		return &r.Channel
	case "title":
		return &r.Title
	case "narrative":
		return &r.Narrative
	case "petitioner_name":
		return &r.PetitionerName
	case "petitioner_id":
		return &r.PetitionerID
	case "petitioner_phone":
		return &r.PetitionerPhone
	case "petitioner_address":
		return &r.PetitionerAddress
	case "petitioner_alias":
		return &r.PetitionerAlias
	case "place_code":
		return &r.PlaceCode
	case "place_text":
		return &r.PlaceText
	case "category_code":
		return &r.CategoryCode
	case "category_text":
		return &r.CategoryText
	case "unit_text":
		return &r.UnitText
	case "purpose":
		return &r.Purpose
	case "reply_text":
		return &r.ReplyText
	}
	return nil
}

// codes lists, for people, the codes of a field that takes codes only, and gives "" for any other field.
func codes(name string) string {
	switch name {
	case "channel":
		return "visit, letter, phone, web, mailbox, transfer, grid, other"
	case "purpose":
		return "settlement, appeal, suggestion, accusation, enquiry, other"
	}
	return ""
}

// known reports whether a value is one of the codes of its field; fields without codes take anything.
func known(name, value string) bool {
	list := codes(name)
	return list == "" || slices.Contains(strings.Split(list, ", "), value)
}
