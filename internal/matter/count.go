package matter

// Counts is how many times people came, wrote or called about a matter, in the units of the field: letters, calls and what came on line are items
// (件次); a group that comes once about one matter is one batch (批次); each person present, or who signed, counts every time (人次).
type Counts struct {
	Items        int // 件次: all that is no visit
	Batches      int // 批次: visits
	Persons      int // 人次: present at the visits, or signing the items
	GroupBatches int // of the batches, those of a group
	GroupPersons int // who were present at them
}

// Counts counts the submissions of a matter.
func (m *Matter) Counts() Counts {
	var c Counts
	for _, s := range m.Submissions {
		c.Persons += s.Persons
		if s.Channel != ChannelVisit {
			c.Items++
			continue
		}
		c.Batches++
		if s.Group() {
			c.GroupBatches++
			c.GroupPersons += s.Persons
		}
	}
	return c
}
