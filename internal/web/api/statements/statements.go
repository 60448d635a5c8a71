package statements

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/statement"
	"smartlinks/internal/web/api/frame"
)

const statementsPath = "/statements"

// statements are the operations on what the bank says of the business's account.
func (a handlers) statements() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Statements.Get(ctx, b.ID, statement.ID(id))
		return err
	}
	const one, entry, group, scope = statementsPath + "/{id}", statementsPath + "/{id}/entries/{entry}", frame.GroupStatements, account.PaymentsWrite
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: statementsPath, ID: "create-statement", Summary: "Read a bank statement", Group: group,
		About: "CAMT.053, MT940 or CSV, up to 50 MB and 20,000 entries: as the body itself, whatever its content type, or as file of a form. The answer is a preview; nothing counts before it is booked. " +
			"A file that can’t be read, or is of another account, is 422 at body.file and leaves nothing behind. A CSV whose columns are new is 422 at body.columns: " +
			"columns of that answer tells what they seem to be; send it again as a form, with columns before file. They are remembered.",
		Scope: scope, Status: http.StatusCreated}, a.createStatement)
	a.documentFile(statementsPath)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: statementsPath, ID: "list-statements", Summary: "List bank statements", Group: group,
		About: "In the mode that the business is in, without their entries.", Scope: scope}, a.listStatements)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one, ID: "get-statement", Summary: "Read what a bank statement says", Group: group,
		Scope: scope, Object: there}, a.getStatement)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/book", ID: "book-statement", Summary: "Book a bank statement", Group: group,
		About: "What is matched, or was decided on, is settled as payments; what is doubtful waits for a decision. To book it again changes nothing. An entry that another statement brought meanwhile is left out.",
		Scope: scope, Object: there}, a.bookStatement)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: one, ID: "discard-statement", Summary: "Discard a bank statement", Group: group,
		About: "As if it had never been read. 409 once it is booked.", Scope: scope, Status: http.StatusNoContent, Object: there}, a.discardStatement)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: entry, ID: "get-entry", Summary: "Read an entry of a bank statement", Group: group,
		About: "With the likeliest payments, where it is doubtful. None of them is chosen.", Scope: scope, Object: there}, a.getEntry)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: entry, ID: "decide-entry", Summary: "Decide on an entry of a bank statement", Group: group,
		About: "Of a doubtful entry. In a preview it is done when the statement is booked, and may be changed until then; in a booked statement it is done at once, and once. 409 for an entry that is not doubtful, or was decided on.",
		Scope: scope, Needs: []string{"act"}, Object: there}, a.decideEntry)
}

// StatementView is a statement as lists show it.
type StatementView struct {
	ID        statement.ID     `json:"id" example:"stm_…"`
	Status    statement.Status `json:"status" enum:"preview,booked,failed" doc:"preview: nothing counts yet. failed is kept for later: what can’t be read is refused today."`
	Mode      business.Mode    `json:"mode" enum:"live,test"`
	Format    string           `json:"format" enum:"camt.053,mt940,csv"`
	Name      string           `json:"name" doc:"Of the file, which is not kept; empty where it had none."`
	Account   string           `json:"account" example:"NL91ABNA0417164300" doc:"The IBAN that it is of."`
	FirstDay  *string          `json:"first_day" format:"date"`
	LastDay   *string          `json:"last_day" format:"date"`
	Total     int64            `json:"total" doc:"How many entries it has."`
	Came      frame.Amount     `json:"came" doc:"All its credits in euros together."`
	CreatedAt time.Time        `json:"created_at"`
	CreatedBy string           `json:"created_by"`
	BookedAt  *time.Time       `json:"booked_at"`
	BookedBy  *string          `json:"booked_by"`
}

// statementDetail is a statement with what it says.
type statementDetail struct {
	StatementView
	Entries []EntryView `json:"entries" nullable:"false" doc:"In the order of the file."`
}

// EntryView is a movement of money, and what becomes of it.
type EntryView struct {
	ID         statement.EntryID `json:"id" example:"ste_…"`
	Amount     *frame.Amount     `json:"amount" doc:"null of what is left out: nothing but the reason is kept of it."`
	BookedOn   *string           `json:"booked_on" format:"date" doc:"The bank’s day; null of what is left out."`
	Text       string            `json:"text" doc:"What the payer wrote."`
	Payer      string            `json:"payer" doc:"As the bank calls them."`
	Match      *attempt.ID       `json:"match" doc:"The payment whose money it is. Where it is doubtful: that it seems to be, which accept takes it as."`
	State      statement.State   `json:"state" enum:"matched,doubtful,left_out"`
	Reason     statement.Reason  `json:"reason" enum:"reference,decided,recorded,no_reference,unknown_reference,less,more,two_references,paid_already,by_hand,other_format,other_mode,other_currency,too_early,in_future,reversal,unclear_batch,outgoing,pending,counted_before,other_account,nothing,returned,not_ours" doc:"Why it is in that state. matched: reference and amount fit; somebody decided so; it was recorded before, and no figure moved. doubtful: no reference, or one that is none of ours; less or more than was asked; two references; that payment has its money; it may be what was recorded by hand; another format told of it; it is of the other mode, of another currency, of a day before it was asked for or to come; the bank took it back; parts of a batch don’t add up. left_out: it went out; the bank has not booked it; it was counted before; it is of another account; it is of 0.00; somebody said that it went back, or is for something else."`
	Act        *statement.Act    `json:"act" enum:"accept,assign,returned,not_ours,give_back" doc:"What somebody decided."`
	ActedBy    *string           `json:"acted_by"`
	ActedAt    *time.Time        `json:"acted_at"`
	ReturnedOn *string           `json:"returned_on" format:"date" doc:"When it went back to its payer."`
	Waits      bool              `json:"waits" doc:"Whether it is booked and waits for a decision, or to be sent back."`
	Settling   bool              `json:"settling" doc:"Whether its payment is being settled at this moment."`
}

// entryDetail is an entry with what it may be.
type entryDetail struct {
	EntryView
	Candidates []candidateView `json:"candidates" nullable:"false" doc:"The likeliest first, four at most; empty unless it is doubtful."`
}

// candidateView is a payment that an entry may be the money of.
type candidateView struct {
	PaymentID attempt.ID   `json:"payment_id"`
	Payer     string       `json:"payer" doc:"Empty for a token without payments:read."`
	Title     string       `json:"title"`
	Amount    frame.Amount `json:"amount" doc:"What was asked."`
	Fits      []string     `json:"fits" nullable:"false" enum:"reference,amount,name"`
	HeldUntil *time.Time   `json:"held_until" doc:"Until then its place is held; null where nobody waits for it any more."`
	Recorded  bool         `json:"recorded" doc:"Whether it was recorded already: then no figure moves."`
}

func statementViewOf(s statement.Statement) StatementView {
	return StatementView{
		ID: s.ID, Status: s.Status, Mode: s.Mode, Format: string(s.Format), Name: s.Name, Account: s.Account, FirstDay: frame.Pointer(s.FirstDay), LastDay: frame.Pointer(s.LastDay), Total: s.Entries, Came: frame.AmountOf(s.Received()),
		CreatedAt: s.CreatedAt.UTC(), CreatedBy: s.CreatedBy, BookedAt: frame.UTC(s.BookedAt), BookedBy: frame.Pointer(s.BookedBy),
	}
}

func entryViewOf(e statement.Entry) EntryView {
	v := EntryView{
		ID: e.ID, BookedOn: frame.Pointer(e.Day), Text: e.Said, Payer: e.Payer, Match: frame.Pointer(e.PaymentID), State: e.State, Reason: e.Reason, Act: frame.Pointer(e.Act), ActedBy: frame.Pointer(e.ActedBy), ActedAt: frame.UTC(e.ActedAt),
		ReturnedOn: frame.Pointer(e.ReturnedOn), Waits: e.Waits, Settling: e.Settling,
	}
	if e.Amount.Currency != "" {
		a := frame.AmountOf(e.Amount)
		v.Amount = &a
	}
	if e.Act == "" { // taken back
		v.ActedBy, v.ActedAt = nil, nil
	}
	return v
}

// oneStatement is the answer with a statement.
type oneStatement struct{ Body statementDetail }

type madeStatement struct {
	Location string `header:"Location"`
	Body     statementDetail
}

func (a handlers) statementDetail(ctx context.Context, s statement.Statement, err error) (*oneStatement, error) {
	if err != nil {
		return nil, err
	}
	entries, err := a.Statements.AllEntries(ctx, s.BusinessID, s.ID)
	out := &oneStatement{statementDetail{statementViewOf(s), make([]EntryView, len(entries))}}
	for i, e := range entries {
		out.Body.Entries[i] = entryViewOf(e)
	}
	return out, err
}

func (a handlers) createStatement(ctx context.Context, b business.Business, _ *struct{}) (*madeStatement, error) {
	u := uploadOf(ctx)
	if u.err != nil {
		return nil, u.err
	}
	s, err := a.Statements.Keep(ctx, b, u.file, u.name, frame.CallerOf(ctx).Name)
	out, err := a.statementDetail(ctx, s, err)
	if err != nil {
		return nil, err
	}
	return &madeStatement{frame.Prefix + statementsPath + "/" + string(s.ID), out.Body}, nil
}

func (a handlers) listStatements(ctx context.Context, b business.Business, in *frame.Paging) (*frame.Listed[StatementView], error) {
	all, next, err := a.Statements.List(ctx, b, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, statementViewOf), nil
}

func (a handlers) getStatement(ctx context.Context, b business.Business, in *frame.ByID) (*oneStatement, error) {
	s, err := a.Statements.Get(ctx, b.ID, statement.ID(in.ID))
	return a.statementDetail(ctx, s, err)
}

func (a handlers) bookStatement(ctx context.Context, b business.Business, in *frame.ByID) (*oneStatement, error) {
	s, err := a.Statements.Book(ctx, b, statement.ID(in.ID), frame.CallerOf(ctx).Name)
	return a.statementDetail(ctx, s, err)
}

func (a handlers) discardStatement(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Statements.Discard(ctx, b.ID, statement.ID(in.ID))
}

// ByEntry names an entry of a statement.
type ByEntry struct {
	frame.ByID
	Entry string `path:"entry"`
}

type oneEntry struct{ Body entryDetail }

func (a handlers) getEntry(ctx context.Context, b business.Business, in *ByEntry) (*oneEntry, error) {
	e, err := a.Statements.EntryOf(ctx, b.ID, statement.ID(in.ID), statement.EntryID(in.Entry))
	return a.entryDetail(ctx, b, e, err)
}

func (a handlers) entryDetail(ctx context.Context, b business.Business, e statement.Entry, err error) (*oneEntry, error) {
	if err != nil {
		return nil, err
	}
	of, err := a.Statements.Get(ctx, b.ID, e.StatementID)
	if err != nil {
		return nil, err
	}
	b.Mode = of.Mode
	found, err := a.Statements.Candidates(ctx, b, e)
	out := &oneEntry{entryDetail{entryViewOf(e), make([]candidateView, len(found))}}
	for i, c := range found {
		v := candidateView{PaymentID: c.PaymentID, Title: c.Title, Amount: frame.AmountOf(c.Amount), HeldUntil: frame.UTC(c.HeldUntil.Time), Recorded: c.Recorded, Fits: []string{}}
		if frame.SeesPayers(ctx) {
			v.Payer = c.Payer
		}
		for _, one := range []struct {
			fits bool
			what string
		}{{c.Reference, "reference"}, {c.Same, "amount"}, {c.Name, "name"}} {
			if one.fits {
				v.Fits = append(v.Fits, one.what)
			}
		}
		out.Body.Candidates[i] = v
	}
	return out, err
}

// undo is the act that takes back what was chosen.
const undo = "undo"

// decisionBody is what somebody decides of an entry.
type decisionBody struct {
	Act        string `json:"act,omitempty" enum:"accept,assign,returned,not_ours,give_back,undo" doc:"accept: it is the payment of match, of the amount that came. assign: it is that of payment_id. returned: it went back to its payer. not_ours: it is for something else. give_back: it waits to be sent back; its page in the dashboard shows the payer’s IBAN. undo: nothing is decided yet."`
	PaymentID  string `json:"payment_id,omitempty" doc:"For assign: a transfer that waits for its money, or a payment that was recorded as one."`
	ReturnedOn string `json:"returned_on,omitempty" format:"date" doc:"For returned: the day on which it went back; today when left out, never later."`
}

func (a handlers) decideEntry(ctx context.Context, b business.Business, in *struct {
	ByEntry
	Body decisionBody
}) (*oneEntry, error) {
	if in.Body.Act == "" {
		var wrong fault.Fields
		wrong.Add("act", "act.missing", "Send act.")
		return nil, wrong.Err()
	}
	d := statement.Decision{Act: statement.Act(in.Body.Act), PaymentID: attempt.ID(in.Body.PaymentID), Day: in.Body.ReturnedOn, By: audit.Entry{Name: frame.CallerOf(ctx).Name}}
	if d.Act == undo {
		d.Act = ""
	}
	if done := frame.Audited(ctx); done != nil { // in the words of the dashboard
		done.What, done.Object = d.What(), in.Entry
	}
	e, err := a.Statements.Decide(ctx, b, statement.ID(in.ID), statement.EntryID(in.Entry), d)
	return a.entryDetail(ctx, b, e, frame.Renamed(err, func(f fault.Field) string {
		if f.Name == "day" {
			return "returned_on"
		}
		return f.Name
	}))
}

// documentFile says in the document that an operation takes a file. Its body is read before it
// is asked: see readFile.
func (a handlers) documentFile(path string) {
	binary := func(about string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: about}
	}
	columns := a.Huma.OpenAPI().Components.Schemas.Schema(typeOfColumns, true, "")
	a.Huma.OpenAPI().Paths[path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: binary("The file itself.")},
		FormOfFile: {Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"columns": columns, "file": binary("The bank’s file."),
		}}, Encoding: map[string]*huma.Encoding{"columns": {ContentType: "application/json"}}},
	}}
}
