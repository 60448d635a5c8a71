package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/caps"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/secret"
)

// firstPoll is when the poller syncs an attempt that nobody returned
// from.
const firstPoll = 2 * time.Minute

// Start holds a slot, makes the attempt and its checkout. The same visitor who
// presses Pay again for the same gets the same attempt. An attempt without a
// CheckoutURL waits for the provider's answer: tell the payer that it is being
// checked. Errors: Invalid with fields, PriceChanged, SlotTaken, LimitReached,
// NotFound when nothing is sold now, TooMany, Unavailable, and ErrPaidBefore for
// who has paid and didn't say that they pay once more; nothing is charged in any
// of these cases.
func (p *Payments) Start(ctx context.Context, r StartRequest) (attempt.Attempt, error) {
	r.can = p.Chargeable(r.Business, r.Amount.Currency)
	if err := r.clean(); err != nil {
		return attempt.Attempt{}, err
	}
	if err := p.useCode(ctx, p.DB, &r); err != nil {
		return attempt.Attempt{}, err
	}
	if r.use.Code != "" && r.total().IsZero() {
		r.Provider = None
	}
	if r.Seen != nil && r.total() != *r.Seen {
		return attempt.Attempt{}, errPriceChanged
	}
	psp, known := p.Providers[r.provider()]
	if !known {
		return attempt.Attempt{}, fault.New(fault.Unavailable, r.Business.Name+" cannot take payments right now. You have not been charged.")
	}
	if total := r.total(); total.Cmp(money.Max(total.Currency)) > 0 {
		return attempt.Attempt{}, errTooMuch()
	} else if refusal := p.boundsOf(r.provider(), total.Currency).Refuse(total); refusal != nil {
		return attempt.Attempt{}, refusal.Fault()
	}
	if waiter, waits := psp.(provider.Waiter); waits {
		until, err := waiter.HoldUntil(ctx, provider.Account{Business: r.Business.ID, Mode: r.Business.Mode}, p.DB.Clock().Now())
		if err != nil {
			return attempt.Attempt{}, err
		}
		r.waitUntil = until
	}
	a, err := p.startTogether(ctx, r)
	if fault.Is(err, fault.SlotTaken) && r.Link != nil {
		if notNoted := p.wanted(ctx, r); notNoted != nil && ctx.Err() == nil { // who left wants nothing any more
			p.Log.WarnContext(ctx, "that a link was full was not noted", "link", r.Link.ID, "error", notNoted)
		}
	}
	if err != nil || a.State != attempt.Creating {
		return a, err
	}
	return p.checkout(ctx, psp, a)
}

// hold runs the transaction that takes the slot. Tabs of one visitor come one
// after another, so the later one finds the attempt of the first; the unique
// index has the last word.
func (p *Payments) hold(ctx context.Context, r StartRequest) (a attempt.Attempt, err error) {
	if r.usual() {
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			a, err = p.holdAtOnce(ctx, tx, r)
			return err
		})
		if !errors.Is(err, errNotUsual) {
			return a, err
		}
	}
	for range 3 {
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			if a, err = p.holdTx(ctx, tx, r); err != nil {
				return err
			}
			return p.settleFree(ctx, tx, &a)
		})
		if !errors.Is(err, errTwin) {
			return a, err
		}
	}
	return a, fault.Wrap(err, fault.Conflict, "This payment was started twice at once. Please try again; you have not been charged.")
}

// errTwin says that the visitor's other tab was quicker, or that the code is taken.
var errTwin = errors.New("payment: the visit has an attempt already")

// usual reports whether an attempt takes no more than a slot of its link.
func (r StartRequest) usual() bool {
	return r.Code == "" && r.Offer == "" && r.waitUntil.IsZero() && !r.total().IsZero()
}

// errNotUsual says that something else is to be done before the attempt is made.
var errNotUsual = errors.New("payment: the visitor has something going")

// holdAtOnce is holdTx for the usual case, in one round trip less: it asks what must be
// known and makes the attempt by the same batch. With errNotUsual nothing is done, and
// holdTx does it step by step.
func (p *Payments) holdAtOnce(ctx context.Context, tx *db.Tx, r StartRequest) (attempt.Attempt, error) {
	a, err := p.newAttempt(tx, r)
	if err != nil {
		return a, err
	}
	own, asked := history.ReadPayer(r.payerQuery(), tx.Now()), askPrice(r, tx.Now())
	ask := append(own.Statements, asked.statements...)
	visit := &db.Statement{None: true}
	if r.Attribution.VisitID != "" {
		if err := tx.Lock(ctx, "visit "+r.Attribution.VisitID); err != nil {
			return a, err
		}
		visit = db.One(&attempt.Row{}, byVisit, r.Business.ID, r.Attribution.VisitID)
		ask = append(ask, visit)
	}
	made, take := int64(0), taking{link: r.Link != nil, capped: p.Limits}
	ask = append(ask, write(tx, &made, a))
	if err := tx.Batch(ctx, append(ask, take.statements(p, tx, r, a)...)...); err != nil {
		return a, err
	}
	if !visit.None || made == 0 {
		return a, errNotUsual
	}
	if err := r.checkPayer(own.Statuses()); err != nil {
		return a, err
	}
	if err := r.checkPrice(asked); err != nil {
		return a, err
	}
	if err := p.started(ctx, tx, r, a); err != nil {
		return a, err
	}
	err = p.took(ctx, tx, r, &a, take)
	return a, err
}

func (p *Payments) holdTx(ctx context.Context, tx *db.Tx, r StartRequest) (attempt.Attempt, error) {
	own, asked := history.ReadPayer(r.payerQuery(), tx.Now()), askPrice(r, tx.Now())
	before, inherited, err := p.ofVisit(ctx, tx, r, append(own.Statements, asked.statements...)) // inherited: whose hold passes on
	if err != nil {
		return attempt.Attempt{}, err
	}
	// Behind the lock on the visit, and behind what replaces an attempt: money
	// that came a moment ago is seen.
	if err := r.checkPayer(own.Statuses()); err != nil || before != nil {
		return deref(before), err
	}
	if err := r.checkPrice(asked); err != nil {
		return attempt.Attempt{}, err
	}
	a, err := p.newAttempt(tx, r)
	if err != nil {
		return a, err
	}
	// Who takes a slot that nobody had takes it by the statements that make the attempt.
	// Where there is no slot, the transaction undoes the rest.
	made, take := int64(0), taking{link: r.Link != nil && inherited == nil && r.Offer == "", capped: p.Limits && inherited == nil && r.waitUntil.IsZero()}
	statements := []*db.Statement{write(tx, &made, a)}
	if r.Code == "" {
		statements = append(statements, take.statements(p, tx, r, a)...)
	}
	if err := tx.Batch(ctx, statements...); err != nil {
		return attempt.Attempt{}, err
	}
	if made == 0 {
		return attempt.Attempt{}, errTwin
	}
	if err := p.started(ctx, tx, r, a); err != nil {
		return attempt.Attempt{}, err
	}
	if err := p.holdCode(ctx, tx, r, a); err != nil {
		return attempt.Attempt{}, err
	}
	if inherited != nil {
		return a, p.inherit(ctx, tx, *inherited, a)
	}
	if r.Link != nil && r.Offer != "" {
		taken, err := p.Offers.Take(ctx, tx, r.Business.ID, r.Link.ID, r.Business.Mode, r.Offer, a.ID, a.Quantity)
		if err == nil && !taken {
			err = fault.New(fault.SlotTaken, "The place that was kept for you went to somebody else. You have not been charged.")
		}
		if err != nil {
			return attempt.Attempt{}, err
		}
	}
	if r.Code != "" { // behind the row of the code, as whoever gives both back
		if err := tx.Batch(ctx, take.statements(p, tx, r, a)...); err != nil {
			return attempt.Attempt{}, err
		}
	}
	err = p.took(ctx, tx, r, &a, take)
	return a, err
}

// taking is the slot of the link that an attempt takes, and what its source did lately.
type taking struct {
	link, capped bool
	holding      *link.Holding
	tally        caps.Tally
}

// statements take the slot. Everybody who pays for the link waits for the row of its
// slots until the commit. The caps are asked behind the hold: the row is locked then, so
// that the count is exact.
func (t *taking) statements(p *Payments, tx *db.Tx, r StartRequest, a attempt.Attempt) (all []*db.Statement) {
	if t.link {
		t.holding = p.Links.Holding(tx, r.Business.ID, r.Link.ID, r.Business.Mode, 1, a.Quantity)
		all = append(all, t.holding.Statement)
	}
	if t.capped {
		all = append(all, t.tally.Count(tx.Now(), a))
	}
	return all
}

// took refuses an attempt without a slot, or whose source has too many; the transaction
// undoes it.
func (p *Payments) took(ctx context.Context, tx *db.Tx, r StartRequest, a *attempt.Attempt, t taking) (err error) {
	var availability *link.Availability
	if t.holding != nil {
		if availability, err = t.holding.Done(ctx, tx); err != nil {
			return err
		}
	}
	if !r.waitUntil.IsZero() {
		return p.checkWaiting(ctx, tx, r, *a, availability)
	}
	if !t.capped {
		return nil
	}
	return p.checkCaps(ctx, tx, r, a, t.tally, availability)
}

// wanted notes that the link was full for somebody other than those who hold its
// slots.
func (p *Payments) wanted(ctx context.Context, r StartRequest) error {
	var others bool
	err := p.DB.Get(ctx, &others, `SELECT EXISTS (SELECT 1 FROM attempts WHERE link_id = $1 AND mode = $2 AND holds_slot AND business_id = $3 AND payer_key <> $4)`,
		r.Link.ID, r.Business.Mode, r.Business.ID, p.sourceKey(r.Business.ID, r.Attribution.Address))
	if err != nil || !others {
		return err
	}
	return p.Links.Wanted(ctx, r.Business.ID, r.Link.ID, r.Business.Mode)
}

func deref(a *attempt.Attempt) attempt.Attempt {
	if a == nil {
		return attempt.Attempt{}
	}
	return *a
}

// newAttempt is what the payer asked for, to be written.
func (p *Payments) newAttempt(tx *db.Tx, r StartRequest) (attempt.Attempt, error) {
	id, err := tx.NewID("pay")
	if err != nil {
		return attempt.Attempt{}, err
	}
	a := r.attempt(attempt.ID(id), tx.Now())
	a.SourceKey = p.sourceKey(a.BusinessID, r.Attribution.Address)
	a.ReceiptToken, err = secret.Token(p.DB.Random())
	return a, err
}

// started does what the beginning of an attempt causes, and writes the first line of its
// timeline.
func (p *Payments) started(ctx context.Context, tx *db.Tx, r StartRequest, a attempt.Attempt) error {
	if err := p.onStart(ctx, tx, r, a); err != nil {
		return err
	}
	return attempt.AddToTimeline(ctx, tx, a, attempt.Creating, attempt.CausePayer, "")
}

func (p *Payments) onStart(ctx context.Context, tx *db.Tx, r StartRequest, all ...attempt.Attempt) error {
	if p.OnStart == nil {
		return nil
	}
	return p.OnStart(ctx, tx, r.Business, all...)
}

// insert inserts an attempt; 0 when it is there, or the visit has another one.
func insert(ctx context.Context, tx *db.Tx, a attempt.Attempt) (rows int64, err error) {
	err = tx.Batch(ctx, write(tx, &rows, a))
	return rows, err
}

// write inserts attempts; no row for one that is there, or whose visit has another one.
func write(tx *db.Tx, rows *int64, all ...attempt.Attempt) *db.Statement {
	made := make([]attempt.Row, len(all))
	for i, a := range all {
		made[i] = a.Row()
		made[i].SyncAt = db.At(tx.Now().Add(firstPoll))
	}
	into, arguments := attempt.RowColumns.Insert(made...)
	return db.Exec(rows, `INSERT INTO attempts `+into+` ON CONFLICT DO NOTHING`, arguments...)
}
