package payment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// hook is a provider's report in the inbox. Of what it says only the object's
// id is believed.
type hook struct {
	ID         string
	BusinessID business.ID
	Provider   string
	Object     string
	Tries      int64
	ReceivedAt db.Time // the last time, of an unsigned one
}

const hookColumns = `id, business_id, provider, object, tries, received_at`

// maxHookTries bounds how often a webhook is tried, over some hours. An attempt
// that it is about is looked at by the poller as well.
const maxHookTries = 12

// ReceiveWebhook stores a provider's report and settles what it is about. A nil
// error means stored: answer 2xx, also when settling has to be tried again. A
// forged one is refused with a NotFound fault that tells nothing, and leaves
// nothing behind; so does an unsigned one about nothing of ours, without an
// error. Any other error means not stored: answer 5xx.
func (p *Payments) ReceiveWebhook(ctx context.Context, b business.Business, providerName string, header http.Header, body []byte) error {
	verifier, can := p.Providers[providerName].(provider.Verifier)
	if !can {
		return fault.New(fault.NotFound, "Nothing is here.")
	}
	event, err := verifier.Verify(ctx, b.ID, header, body)
	if errors.Is(err, provider.ErrForged) {
		return fault.Wrap(err, fault.NotFound, "Nothing is here.")
	}
	if err != nil {
		return err
	}
	var found *attempt.Row
	keep := func(ctx context.Context, businessID business.ID, provider string, event provider.Event, body []byte) (h hook, fresh bool, err error) {
		h, fresh, found, err = p.keep(ctx, businessID, provider, event, body)
		return h, fresh, err
	}
	if _, unsigned := p.Unsigned(providerName); unsigned {
		_, err := attempt.FindByRef(ctx, p.DB, b.ID, providerName, event.Object)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		keep = p.keepUnsigned
	}
	h, fresh, err := keep(ctx, b.ID, providerName, event, body)
	if err != nil || !fresh {
		return err
	}
	if err := p.process(ctx, h, found); err != nil {
		p.tryAgain(ctx, h, err)
	}
	return nil
}

// keep stores the event in the inbox; fresh is false when it is there already. With it the
// attempt is read that the event names, nil when it names none. The row is due after a
// lease, in case this process ends before it is done.
func (p *Payments) keep(ctx context.Context, businessID business.ID, provider string, event provider.Event, body []byte) (h hook, fresh bool, found *attempt.Row, err error) {
	var rows int64
	var about *db.Statement
	err = p.DB.Together(ctx, "reports", string(businessID), func(tx *db.Tx) error {
		id, err := tx.NewID("inb")
		if err != nil {
			return err
		}
		h = hook{ID: id, BusinessID: businessID, Provider: provider, Object: event.Object, ReceivedAt: db.At(tx.Now())}
		found = &attempt.Row{}
		about = db.One(found, attempt.ByRefSQL, businessID, provider, event.Object)
		return tx.Queue(ctx, db.Exec(&rows, `
			INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, due_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			h.ID, businessID, provider, cmp.Or(event.ID, id), event.Object, body, db.At(tx.Now()), db.At(tx.Now().Add(lease))), about)
	})
	if err == nil && about.None {
		found = nil
	}
	return h, rows == 1, found, err
}

// Unsigned is a provider whose reports anybody can send.
func (p *Payments) Unsigned(providerName string) (u provider.Unsigned, is bool) {
	u, is = p.Providers[providerName].(provider.Unsigned)
	return u, is
}

// keepUnsigned notes that something may have happened to a payment of ours. Of the
// report only the id is kept, in one row for each payment, however often it is told.
// While it waits there already it isn't fresh: whoever works on it sees that it came
// again, and looks once more.
func (p *Payments) keepUnsigned(ctx context.Context, businessID business.ID, provider string, event provider.Event, _ []byte) (h hook, fresh bool, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE webhook_inbox SET received_at = CASE WHEN received_at < $4 THEN $4 ELSE received_at + 1 END, due_at = $4
			WHERE business_id = $1 AND provider = $2 AND object = $3 AND NOT signed AND processed_at IS NULL`,
			businessID, provider, event.Object, db.At(tx.Now()))
		if fresh = n == 0; err != nil || !fresh {
			p.inbox.Due(tx)
			return err
		}
		id, err := tx.NewID("inb")
		if err != nil {
			return err
		}
		return tx.Get(ctx, &h, `
			INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, due_at, signed)
			VALUES ($1, $2, $3, $1, $4, $5, $6, $7, FALSE)
			ON CONFLICT (business_id, provider, object) WHERE NOT signed DO UPDATE
			SET received_at = excluded.received_at, due_at = excluded.due_at, processed_at = NULL, outcome = '', tries = 0
			RETURNING `+hookColumns,
			id, businessID, provider, event.Object, []byte("id="+event.Object), db.At(tx.Now()), db.At(tx.Now().Add(lease)))
	})
	return h, fresh, err
}

// errUnknownObject says that no attempt has the provider's id, or not yet.
var errUnknownObject = errors.New(history.UnknownObject)

// process settles what a stored webhook is about; the transaction that does
// also marks it as done. found is the attempt that it names, as it was read behind the
// webhook; nil when that is not known.
func (p *Payments) process(ctx context.Context, h hook, found *attempt.Row) error {
	var a attempt.Attempt
	var err error
	if found != nil {
		a = found.Attempt()
	} else {
		a, err = p.about(ctx, h)
	}
	if fault.Is(err, fault.NotFound) || errors.Is(err, provider.ErrUnknown) {
		return errUnknownObject
	}
	if err != nil {
		return err
	}
	_, err = p.sync(ctx, a, trigger{cause: attempt.CauseWebhook, inbox: h.ID, received: h.ReceivedAt})
	return err
}

// about finds the attempt of a webhook, asking the provider when the webhook
// names something other than the checkout.
func (p *Payments) about(ctx context.Context, h hook) (attempt.Attempt, error) {
	a, err := attempt.FindByRef(ctx, p.DB, h.BusinessID, h.Provider, h.Object)
	resolver, can := p.Providers[h.Provider].(provider.Resolver)
	if !can || !fault.Is(err, fault.NotFound) {
		return a, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), providerTimeout)
	defer cancel()
	ref, err := resolver.Resolve(ctx, h.BusinessID, h.Object)
	if err != nil {
		return a, err
	}
	return attempt.FindByRef(ctx, p.DB, h.BusinessID, h.Provider, ref)
}

// inboxDone marks the webhooks of triggers as done, unless they came again meanwhile.
// outcome is how their attempts stand.
func inboxDone(ctx context.Context, tx *db.Tx, businessID business.ID, outcome attempt.State, triggers ...trigger) error {
	triggers = slices.DeleteFunc(triggers, func(t trigger) bool { return t.inbox == "" })
	for part := range db.Parts(triggers) {
		arguments, these := []any{businessID, db.At(tx.Now()), outcome}, make([]string, len(part))
		for i, t := range part {
			these[i] = fmt.Sprintf(`id = $%d AND (signed OR received_at = $%d)`, len(arguments)+1, len(arguments)+2)
			arguments = append(arguments, t.inbox, t.received)
		}
		if err := tx.Queue(ctx, db.Exec(nil, `UPDATE webhook_inbox SET processed_at = $2, outcome = $3, due_at = NULL
			WHERE business_id = $1 AND (`+strings.Join(these, ` OR `)+`)`, arguments...)); err != nil {
			return err
		}
	}
	return nil
}

// processed is inboxDone for an attempt that nothing more happens to.
func (p *Payments) processed(ctx context.Context, a attempt.Attempt, t trigger) error {
	if t.inbox == "" {
		return nil
	}
	return p.DB.InTx(ctx, func(tx *db.Tx) error { return inboxDone(ctx, tx, a.BusinessID, a.State, t) })
}

// tryAgain notes that a webhook could not be processed. The first time it is tried again
// at once, behind the answer. After enough tries it is given up with an outcome that says
// why.
func (p *Payments) tryAgain(ctx context.Context, h hook, why error) {
	p.Log.WarnContext(ctx, "a webhook waits", "inbox", h.ID, "tries", h.Tries+1, "error", why)
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		if h.Tries+1 >= maxHookTries {
			return giveUp(ctx, tx, h, why)
		}
		due := tx.Now()
		if h.Tries > 0 {
			due = due.Add(poll.Backoff(h.Tries))
		}
		_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, due_at = $3 WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`,
			h.BusinessID, h.ID, db.At(due))
		p.inbox.DueAt(tx, due)
		return err
	})
	if err != nil { // the lease ends and it is due again
		p.Log.ErrorContext(ctx, "a webhook was not put off", "inbox", h.ID, "error", err)
	}
}

func giveUp(ctx context.Context, tx *db.Tx, h hook, why error) error {
	outcome := history.GivenUp
	if errors.Is(why, errUnknownObject) {
		outcome = history.UnknownObject
	}
	_, err := tx.Exec(ctx, `UPDATE webhook_inbox SET tries = tries + 1, processed_at = $3, outcome = $4, due_at = NULL
		WHERE business_id = $1 AND id = $2 AND processed_at IS NULL`, h.BusinessID, h.ID, db.At(tx.Now()), outcome)
	return err
}
