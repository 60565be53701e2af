package matter

import "huiyin/internal/org"

// Wish is by what means a petitioner wants to be told besides the page, where everything stands that they are told. It is their consent, for one
// submission; the addresses lie with their identity.
type Wish struct {
	SMS  bool   `json:"sms,omitempty"`
	Mail bool   `json:"mail,omitempty"`
	Lang string `json:"lang,omitempty"` // zh or en; empty: that of the site
}

// Langs are the languages in which people are told.
func Langs() []string { return []string{"zh", "en"} }

// Notifies reports whether the petitioner of a submission is to be told of an event by what means they chose. What they did themselves they know;
// the receipt they get all the same.
func Notifies(e Event, own Ref) bool {
	_, receipt := e.Body.(Registered)
	return ToldTo(e, own) && (receipt || e.By.Kind != org.ActorPetitioner)
}

// Pressing reports whether a petitioner must learn of an event at once, at night too: an appointment that changes may be the next morning's.
func Pressing(b Body) bool {
	switch b.(type) {
	case HearingMoved, HearingCancelled:
		return true
	default:
		return false
	}
}
