package matter

// Channel is the way a submission came in (信访形式, 信访工作条例 第十七条).
type Channel string

// The channels.
const (
	ChannelWeb      Channel = "web"      // 网信
	ChannelLetter   Channel = "letter"   // 来信
	ChannelVisit    Channel = "visit"    // 来访
	ChannelPhone    Channel = "phone"    // 来电
	ChannelMailbox  Channel = "mailbox"  // 领导信箱
	ChannelTransfer Channel = "transfer" // 上级转交、其他机关转来
	ChannelGrid     Channel = "grid"     // 网格上报
	ChannelOther    Channel = "other"
)

// Channels lists the channels in the order pages show them.
func Channels() []Channel {
	return []Channel{ChannelVisit, ChannelLetter, ChannelPhone, ChannelWeb, ChannelMailbox, ChannelTransfer, ChannelGrid, ChannelOther}
}

// Kind is what the organ finds the matter to be; the law treats each kind its own way (信访工作条例 第二十九至三十一条).
type Kind string

// The kinds.
const (
	KindAppeal     Kind = "appeal"     // 申诉求决
	KindSuggestion Kind = "suggestion" // 意见建议
	KindAccusation Kind = "accusation" // 检举控告: the sealed compartment
	KindEnquiry    Kind = "enquiry"    // 咨询
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{KindAppeal, KindSuggestion, KindAccusation, KindEnquiry} }

// Purpose is the aim the petitioner declares (信访目的), for statistics; the kind is the organ's finding.
type Purpose string

// The purposes.
const (
	PurposeAppeal     Purpose = "appeal"     // 申诉
	PurposeSettlement Purpose = "settlement" // 求决
	PurposeSuggestion Purpose = "suggestion" // 意见建议
	PurposeAccusation Purpose = "accusation" // 揭发控告
	PurposeEnquiry    Purpose = "enquiry"    // 咨询
	PurposeOther      Purpose = "other"
)

// Purposes lists the purposes.
func Purposes() []Purpose {
	return []Purpose{PurposeSettlement, PurposeAppeal, PurposeSuggestion, PurposeAccusation, PurposeEnquiry, PurposeOther}
}

// Route is the lawful way a claim goes (信访工作条例 第三十一条).
type Route string

// The six routes, in the article's order, and discipline inspection (第二十二条) besides.
const (
	RouteJudicial       Route = "judicial"       // (一) litigation, reconsideration, procuratorial supervision
	RouteArbitration    Route = "arbitration"    // (二)
	RouteParty          Route = "party"          // (三) appeals inside the Party and the like
	RouteAdministrative Route = "administrative" // (四) another administrative procedure
	RouteDuty           Route = "duty"           // (五) a duty to protect, or to look into a violation
	RoutePetition       Route = "petition"       // (六) the petition procedure itself
	RouteDiscipline     Route = "discipline"     // discipline inspection
)

// Routes lists the routes.
func Routes() []Route {
	return []Route{RoutePetition, RouteJudicial, RouteArbitration, RouteParty, RouteAdministrative, RouteDuty, RouteDiscipline}
}

// Level is how much weight the office gives a matter; it never depends on who sent it.
type Level string

// The levels.
const (
	LevelOrdinary  Level = "ordinary"  // 一般
	LevelImportant Level = "important" // 重要: a result is wanted back
	LevelMajor     Level = "major"     // 重大
	LevelUrgent    Level = "urgent"    // 紧急 (第二十五条)
)

// Levels lists the levels.
func Levels() []Level { return []Level{LevelOrdinary, LevelImportant, LevelMajor, LevelUrgent} }

// State is where the matter stands in the procedure. What it came to stands beside it: see Matter.Resolved.
type State string

// The states, after RULEBOOK 2.2.
const (
	StateNone          State = ""                  // before registration
	StateRegistered    State = "registered"        // 已登记
	StateAwaiting      State = "awaiting_material" // 待补充材料
	StateScreened      State = "screened"          // 已甄别
	StateForwarded     State = "forwarded"         // 待签收
	StateSigned        State = "signed"            // 已签收
	StateObjected      State = "objected"          // 异议中
	StateDisputed      State = "disputed"          // 管辖争议
	StateNotified      State = "notified"          // 已告知
	StateAccepted      State = "accepted"          // 已受理
	StateInvestigating State = "investigating"     // 调查核实中
	StateMediating     State = "mediating"         // 调解中
	StateDrafted       State = "drafted"           // 意见待审核
	StateIssued        State = "issued"            // 已出具意见
	StateServed        State = "served"            // 已送达
	StateAgreed        State = "agreed"            // 达成协议
	StateDiverted      State = "diverted"          // 已导入法定途径
	StateDeclined      State = "declined"          // 不予受理
	StateFinalDeclined State = "final_declined"    // 不再受理
	StateWithdrawn     State = "withdrawn"         // 撤回
	StateCompleted     State = "completed"         // 办结
	StateHearing       State = "in_hearing"        // 听证中
	StateTerminated    State = "terminated"        // 终结: the re-review opinion is in every petitioner's hands

	// StateReviewAsked and the states after it are those of a review and of a re-review, which stand beside the matter's own.
	StateReviewAsked     State = "review_requested"   // 复查申请
	StateReviewing       State = "under_review"       // 复查中
	StateReviewDrafted   State = "review_drafted"     // 复查意见待审核
	StateReviewIssued    State = "review_issued"      // 已出具复查意见
	StateReReviewAsked   State = "rereview_requested" // 复核申请
	StateReReviewing     State = "under_rereview"     // 复核中
	StateReReviewDrafted State = "rereview_drafted"   // 复核意见待审核
	StateReReviewIssued  State = "rereview_issued"    // 已出具复核意见
	StateReviewHearing   State = "review_hearing"     // 复查听证中
	StateReReviewHearing State = "rereview_hearing"   // 复核听证中
)

// States lists the states a registered matter can be in, in the order of the procedure.
func States() []State {
	return []State{
		StateRegistered, StateAwaiting, StateScreened, StateForwarded, StateSigned, StateObjected, StateDisputed, StateNotified,
		StateAccepted, StateInvestigating, StateHearing, StateMediating, StateDrafted, StateIssued, StateServed, StateAgreed,
		StateDiverted, StateDeclined, StateFinalDeclined, StateWithdrawn, StateCompleted,
		StateReviewAsked, StateReviewing, StateReviewHearing, StateReviewDrafted, StateReviewIssued,
		StateReReviewAsked, StateReReviewing, StateReReviewHearing, StateReReviewDrafted, StateReReviewIssued, StateTerminated,
	}
}

// Open reports whether some organ still owes a step.
func (s State) Open() bool {
	return s != StateNone && !s.over()
}

// over reports whether nothing of the ordinary procedure is owed any more.
func (s State) over() bool {
	return s == StateCompleted || s == StateWithdrawn || s == StateTerminated
}

// told reports whether the petitioner has what ends the procedure in hand and only its completion is owed.
func (s State) told() bool {
	return s == StateServed || s == StateAgreed || s == StateDiverted || s == StateDeclined || s == StateFinalDeclined
}

// Outcome is what one demand came to in the opinion (信访工作条例 第三十二条).
type Outcome string

// The outcomes of a demand.
const (
	OutcomeSupport Outcome = "support" // 支持: facts clear, lawful
	OutcomePartial Outcome = "partial" // 部分支持
	OutcomeExplain Outcome = "explain" // 解释说明: reasonable but without basis in law
	OutcomeRefuse  Outcome = "refuse"  // 不予支持
)

// Outcomes lists the outcomes.
func Outcomes() []Outcome {
	return []Outcome{OutcomeSupport, OutcomePartial, OutcomeExplain, OutcomeRefuse}
}

// ReviewResult is what a review or re-review comes to.
type ReviewResult string

// The results.
const (
	ReviewUphold ReviewResult = "uphold" // 维持
	ReviewChange ReviewResult = "change" // 变更
	ReviewRedo   ReviewResult = "redo"   // 撤销，责令重新办理
)

// ReviewResults lists the results.
func ReviewResults() []ReviewResult { return []ReviewResult{ReviewUphold, ReviewChange, ReviewRedo} }

// ReviewGround is the lawful ground on which a request for review or re-review is declined.
type ReviewGround string

// The grounds.
const (
	ReviewTooLate    ReviewGround = "late"        // after the last day, without a good reason
	ReviewWrongOrgan ReviewGround = "wrong_organ" // another organ is the next higher one, and is named
	ReviewNoOpinion  ReviewGround = "no_opinion"  // what is complained of is no opinion on a petition
	ReviewOtherRoute ReviewGround = "other_route" // another lawful way is open, and is named
)

// ReviewGrounds lists the grounds.
func ReviewGrounds() []ReviewGround {
	return []ReviewGround{ReviewTooLate, ReviewWrongOrgan, ReviewNoOpinion, ReviewOtherRoute}
}

// RecusalOf is who is to stay away from a matter.
type RecusalOf string

// Who may be asked to stay away.
const (
	RecusalOfHandler RecusalOf = "handler" // who has it in hand
	RecusalOfHead    RecusalOf = "head"    // the head of the unit that has it
)

// RecusalsOf lists who may be asked to stay away.
func RecusalsOf() []RecusalOf { return []RecusalOf{RecusalOfHandler, RecusalOfHead} }

// AdviceKind is which of the three suggestions a petition department makes (第四十条).
type AdviceKind string

// The three suggestions.
const (
	AdviceWork   AdviceKind = "work"   // 改进工作
	AdvicePolicy AdviceKind = "policy" // 完善政策
	AdvicePursue AdviceKind = "pursue" // 追究责任
)

// AdviceKinds lists the three suggestions.
func AdviceKinds() []AdviceKind { return []AdviceKind{AdviceWork, AdvicePolicy, AdvicePursue} }

// AdviceTaken is whether a unit takes a suggestion up.
type AdviceTaken string

// Whether it is taken up.
const (
	AdviceWhole AdviceTaken = "whole" // 采纳
	AdvicePart  AdviceTaken = "part"  // 部分采纳
	AdviceNot   AdviceTaken = "not"   // 不采纳，说明理由
)

// AdvicesTaken lists the answers.
func AdvicesTaken() []AdviceTaken { return []AdviceTaken{AdviceWhole, AdvicePart, AdviceNot} }

// Grade is the petitioner's rating.
type Grade string

// The grades.
const (
	GradeSatisfied    Grade = "satisfied"    // 满意
	GradeBasically    Grade = "basically"    // 基本满意
	GradeDissatisfied Grade = "dissatisfied" // 不满意
)

// Grades lists the grades.
func Grades() []Grade { return []Grade{GradeSatisfied, GradeBasically, GradeDissatisfied} }

// PartyRole is what a person is in a submission.
type PartyRole string

// The roles of people in a submission.
const (
	PartyPetitioner     PartyRole = "petitioner"     // 信访人
	PartyRepresentative PartyRole = "representative" // 代表, at most five (第二十条)
	PartyAgent          PartyRole = "agent"          // 代理人
)

// PartyRoles lists the roles of people in a submission.
func PartyRoles() []PartyRole {
	return []PartyRole{PartyPetitioner, PartyRepresentative, PartyAgent}
}

// ServiceMethod is how a document reached the petitioner.
type ServiceMethod string

// The ways of service.
const (
	ServedInPerson ServiceMethod = "in_person" // 当面
	ServedByPost   ServiceMethod = "post"      // 邮寄
	ServedOnline   ServiceMethod = "online"    // 网上
	ServedByLink   ServiceMethod = "link"      // 通知里的链接: sent so, and served once the petitioner confirms that it is in hand
	ServedByPhone  ServiceMethod = "phone"     // 电话、短信告知领取
	ServedNot      ServiceMethod = "not_owed"  // name or address unclear: the duty falls away (第二十三条), with a reason
)

// ServiceMethods lists the ways of service.
func ServiceMethods() []ServiceMethod {
	return []ServiceMethod{ServedOnline, ServedByLink, ServedInPerson, ServedByPost, ServedByPhone, ServedNot}
}

// DeclineGround is the lawful ground of 不予受理.
type DeclineGround string

// The grounds (信访工作条例 第十九、二十、二十三条).
const (
	DeclinePending    DeclineGround = "pending"     // the same matter is being handled within its period
	DeclineElsewhere  DeclineGround = "elsewhere"   // not this organ's matter; the competent one is named
	DeclineWrongLevel DeclineGround = "wrong_level" // put to a level above the next higher
)

// DeclineGrounds lists the grounds.
func DeclineGrounds() []DeclineGround {
	return []DeclineGround{DeclineElsewhere, DeclinePending, DeclineWrongLevel}
}

// ForwardMode tells 转送 from 交办.
type ForwardMode string

// The modes.
const (
	ModeTransfer ForwardMode = "transfer" // 转送: no result report required
	ModeAssign   ForwardMode = "assign"   // 交办: a result is to be reported by a date
)

// ForwardModes lists the modes.
func ForwardModes() []ForwardMode { return []ForwardMode{ModeTransfer, ModeAssign} }

// RecordKind is what an entry of the investigation is.
type RecordKind string

// The kinds of entries.
const (
	RecordContact  RecordKind = "contact"  // 联系信访人
	RecordHeard    RecordKind = "heard"    // 听取陈述
	RecordSite     RecordKind = "site"     // 现场勘查
	RecordEvidence RecordKind = "evidence" // 调取材料
	RecordNote     RecordKind = "note"     // 其他记录
)

// RecordKinds lists the kinds of entries.
func RecordKinds() []RecordKind {
	return []RecordKind{RecordContact, RecordHeard, RecordSite, RecordEvidence, RecordNote}
}

// ShortGround is the ground of the short track (简易办理).
type ShortGround string

// The grounds of the short track (信访事项简易办理办法(试行), 2016, as reported).
const (
	ShortClear    ShortGround = "clear"    // facts and responsibility clear, little dispute, easy to solve
	ShortAnswer   ShortGround = "answer"   // an enquiry or suggestion answerable at once
	ShortDaily    ShortGround = "daily"    // daily life, pressing in time
	ShortPromised ShortGround = "promised" // the organ already promised or concluded
)

// ShortGrounds lists the grounds of the short track.
func ShortGrounds() []ShortGround {
	return []ShortGround{ShortClear, ShortAnswer, ShortDaily, ShortPromised}
}
