// Package org says who is who: units that hang on places, people's duties at units for a time, and what an actor
// may therefore see and do. It is pure: the chart is a value built from rows, and every answer takes the day it is asked for.
package org

import (
	"slices"

	"huiyin/internal/law"
)

// UnitID identifies a unit (机关、单位). It never changes, whatever the unit is renamed to or moved under.
type UnitID int64

// UserID identifies a person who works with the system. Zero is nobody.
type UserID int64

// DutyID identifies one duty: a person in a role at a unit for a time.
type DutyID int64

// Role is what a duty is for.
type Role string

// The roles of staff.
const (
	RoleRegistrar  Role = "registrar"  // 登记员: takes in, screens, sends on
	RoleHandler    Role = "handler"    // 承办人: signs for, accepts, investigates, drafts
	RoleHead       Role = "head"       // 单位负责人: issues opinions, approves extensions
	RoleSupervisor Role = "supervisor" // 督办员: urges, returns for redo, decides disputes, visits after closure
	RoleLeader     Role = "leader"     // 领导: sees and decides disputes
	RoleDiscipline Role = "discipline" // 纪检: the only role that works in the sealed compartment
	RoleAuditor    Role = "auditor"    // 审计员: reads the record of looks and the proof, no content
	RoleAdmin      Role = "admin"      // 管理员: units, people, duties, catalogue; no matters
)

// Roles lists every role in the order pages show them.
func Roles() []Role {
	return []Role{RoleRegistrar, RoleHandler, RoleHead, RoleSupervisor, RoleLeader, RoleDiscipline, RoleAuditor, RoleAdmin}
}

// UnitKind is what sort of body a unit is.
type UnitKind string

// The kinds of units.
const (
	KindRoot       UnitKind = "root"       // the Party committee and government of a place, whose subtree is that place's bodies
	KindBureau     UnitKind = "bureau"     // 信访局: the petition department, bound by D01
	KindDepartment UnitKind = "department" // a department of government
	KindTown       UnitKind = "town"       // 乡镇人民政府、街道办事处
	KindVillage    UnitKind = "village"    // 村民委员会、居民委员会
	KindCourt      UnitKind = "court"
	KindDiscipline UnitKind = "discipline" // 纪检监察机关
	KindCentre     UnitKind = "centre"     // 矛调中心、接待中心
)

// UnitKinds lists every kind in the order pages show them.
func UnitKinds() []UnitKind {
	return []UnitKind{KindRoot, KindBureau, KindDepartment, KindTown, KindVillage, KindCourt, KindDiscipline, KindCentre}
}

// Unit is a body that can hold a matter. From and Until bound its life; a unit that ended may name the unit that carries on its powers.
type Unit struct {
	ID        UnitID
	Parent    UnitID // zero for a top unit
	Name      string
	English   string
	Initials  string // pinyin initials, for finding it from the keyboard
	Kind      UnitKind
	Place     int64 // division code
	Phone     string
	Mark      string // before the year in the numbers of its documents (机关代字); empty: its name stands there
	From      law.Day
	Until     law.Day // NoDay while it lives
	Successor UnitID
}

// NameIn is the unit's name, the English one where that is asked for and the unit has one.
func (u Unit) NameIn(english bool) string {
	if english && u.English != "" {
		return u.English
	}
	return u.Name
}

// PaperMark is what stands before the year in the numbers of the unit's documents.
func (u Unit) PaperMark() string {
	if u.Mark != "" {
		return u.Mark
	}
	return u.Name
}

// Bureau reports whether the unit is a petition department in the sense of 信访工作条例 第十四条, for which
// D01 runs on registration; every other organ is under D02.
func (u Unit) Bureau() bool { return u.Kind == KindBureau || u.Kind == KindCentre }

// Alive reports whether the unit exists on a day.
func (u Unit) Alive(d law.Day) bool {
	return (!u.From.Known() || u.From <= d) && (!u.Until.Known() || d < u.Until)
}

// Duty is one person's role at a unit for a time. Scope is the unit whose subtree the duty reaches; it is the
// unit itself unless the duty is for a whole place (a petition bureau answers for its county).
type Duty struct {
	ID    DutyID
	User  UserID
	Role  Role
	Unit  UnitID
	Scope UnitID
	From  law.Day
	Until law.Day // NoDay while it lasts; the day itself no longer counts
}

// Active reports whether the duty holds on a day.
func (d Duty) Active(day law.Day) bool {
	return (!d.From.Known() || d.From <= day) && (!d.Until.Known() || day < d.Until)
}

// ActorKind is who acts.
type ActorKind string

// The kinds of actors.
const (
	ActorNobody     ActorKind = ""           // not signed in
	ActorStaff      ActorKind = "staff"      // under one duty
	ActorPetitioner ActorKind = "petitioner" // holds the code and PIN of one submission
	ActorMachine    ActorKind = "machine"    // an API key acting for a unit
	ActorSystem     ActorKind = "system"     // a lawful consequence, a job, an import by the operator
)

// Actor is who asks. It is made by the edge from a session or a key, never from a request body.
type Actor struct {
	Kind   ActorKind
	User   UserID
	Name   string   // for the record of who did it; staff only
	Duty   Duty     // the duty now used
	Key    string   // machine: id of the key
	Grants []string // machine: scopes of the key
	Rate   int      // machine: requests a minute

	// Petitioner: the one submission that the code opened.
	Home       int64
	Submission int64
	Link       string // the notice of a document by whose link they came in, as the gateway knows it; empty for who typed the code
}

// System returns the actor for lawful consequences and the operator's own commands.
func System() Actor { return Actor{Kind: ActorSystem} }

// Has reports whether the actor's duty in use is one of the roles.
func (a Actor) Has(roles ...Role) bool {
	if a.Kind != ActorStaff && a.Kind != ActorMachine {
		return false
	}
	return slices.Contains(roles, a.Duty.Role)
}

// Scope is the one predicate of what an actor may see of matters: those that involve a unit in the subtrees of
// Roots. Sealed matters need Sealed besides, and are visible only where the sealed unit itself is involved.
// The zero Scope sees nothing.
type Scope struct {
	Roots  []UnitID
	Sealed bool
	All    bool // the system only
}

// Scope returns what the actor's duty in use may see.
func (a Actor) Scope() Scope {
	switch a.Kind {
	case ActorSystem:
		return Scope{All: true, Sealed: true}
	case ActorStaff, ActorMachine:
		switch a.Duty.Role {
		case RoleRegistrar, RoleHandler, RoleHead, RoleSupervisor, RoleLeader:
			return Scope{Roots: []UnitID{a.Duty.Scope}}
		case RoleDiscipline:
			return Scope{Roots: []UnitID{a.Duty.Unit}, Sealed: true}
		case RoleAuditor, RoleAdmin:
			return Scope{}
		}
	case ActorPetitioner, ActorNobody:
	}
	return Scope{}
}

// Empty reports whether the scope sees no matter at all.
func (s Scope) Empty() bool { return !s.All && len(s.Roots) == 0 }
