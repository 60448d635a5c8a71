package payment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/product"
	"smartlinks/internal/secret"
)

// Reconciled says what a comparison with a provider found.
type Reconciled struct {
	Listed   int // checkouts at the provider that are this business's
	Settled  int // attempts that we knew, and whose state had been missed
	Restored int // attempts that were forgotten here, with money or still open
	Foreign  int // checkouts of something else in the same account
	// Problems are for a person, one sentence each.
	Problems []string
}

// Reconcile compares what an account at a provider lists since an instant with
// what is known here, and repairs what was forgotten, as after a restore from a
// backup (MONEY, "Said honestly"). What is known is settled first, so that
// slots which came free meanwhile are free for what is made anew; that comes in
// the order in which it was begun. It may run at any time, and again. Errors:
// Unavailable when the provider has no list or does not answer; what was
// repaired until then stays.
func (p *Payments) Reconcile(ctx context.Context, b business.Business, providerName string, mode business.Mode, since time.Time) (done Reconciled, err error) {
	lister, can := p.Providers[providerName].(provider.Lister)
	if !can {
		return done, fault.New(fault.Unavailable, "The provider "+providerName+" can't be compared with.")
	}
	var forgotten []provider.Listed
	err = lister.List(ctx, provider.Account{Business: b.ID, Mode: mode}, since, func(l provider.Listed) error {
		switch known, err := p.knownAs(ctx, b.ID, l); {
		case err != nil:
			return err
		case l.AttemptID == "" || known == nil && l.Source[sourceBusiness] != string(b.ID):
			done.Foreign++
			return nil
		case known == nil:
			done.Listed++
			forgotten = append(forgotten, l)
			return nil
		default:
			done.Listed++
			return p.settleListed(ctx, *known, l, &done)
		}
	})
	if err != nil {
		return done, fmt.Errorf("compare with %s: %w", providerName, err)
	}
	slices.SortFunc(forgotten, func(a, b provider.Listed) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.AttemptID, b.AttemptID))
	})
	for _, l := range forgotten {
		if err := p.restore(ctx, b, providerName, mode, l, &done); err != nil {
			return done, err
		}
	}
	return done, nil
}

// knownAs is the attempt of a listed checkout, nil when there is none here.
func (p *Payments) knownAs(ctx context.Context, businessID business.ID, l provider.Listed) (*attempt.Attempt, error) {
	if l.AttemptID == "" {
		return nil, nil
	}
	a, err := attempt.Find(ctx, p.DB, businessID, l.AttemptID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &a, err
}

// settleListed brings an attempt that we know to what the provider tells.
func (p *Payments) settleListed(ctx context.Context, a attempt.Attempt, l provider.Listed, done *Reconciled) error {
	if a.ProviderRef != "" && a.ProviderRef != l.Ref {
		if l.Status == provider.RemotePaid {
			done.Problems = append(done.Problems, fmt.Sprintf("%s has two checkouts, %s and %s. Look at both at the provider.", a.ID, a.ProviderRef, l.Ref))
		}
		return nil
	}
	if a.ProviderRef == "" {
		var err error
		if a, err = p.opened(ctx, a, provider.Checkout{Ref: l.Ref, URL: l.CheckoutURL}, attempt.CausePoller); err != nil {
			return err
		}
	}
	now, err := p.sync(ctx, a, trigger{cause: attempt.CausePoller})
	if err == nil && now.State != a.State {
		done.Settled++
	}
	return err
}

// restore makes an attempt anew from what the provider kept of it, and settles
// it. One that ended without money is not worth it.
func (p *Payments) restore(ctx context.Context, b business.Business, providerName string, mode business.Mode, l provider.Listed, done *Reconciled) error {
	if l.Status != provider.RemotePaid && l.Status != provider.RemotePending && l.Status != provider.RemoteOpen {
		return nil
	}
	a := attemptOf(l, b.ID, providerName, mode)
	err := p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if err := p.holdAgain(ctx, tx, &a); err != nil {
			return err
		}
		if a.ReceiptToken, err = secret.Token(p.DB.Random()); err != nil {
			return err
		}
		n, err := insert(ctx, tx, a)
		if err != nil || n == 0 {
			return cmp.Or(err, errTwin) // what was held for it is given back with the transaction
		}
		return attempt.AddToTimeline(ctx, tx, a, attempt.Open, attempt.CausePoller, "made anew from what the provider knows")
	})
	if errors.Is(err, errTwin) {
		return nil // somebody was quicker
	}
	if err != nil {
		return fmt.Errorf("make %s anew: %w", a.ID, err)
	}
	done.Restored++
	if l.Source[sourceLink] != "" && a.LinkID == "" {
		done.Problems = append(done.Problems, fmt.Sprintf("%s was paid through a link that is not known here. It counts for the payment page.", a.ID))
	}
	_, err = p.sync(ctx, a, trigger{cause: attempt.CausePoller})
	return err
}

// attempt is what the provider kept of an attempt.
func attemptOf(l provider.Listed, businessID business.ID, provider string, mode business.Mode) attempt.Attempt {
	a := attempt.Attempt{
		ID: l.AttemptID, BusinessID: businessID, Source: attempt.Source(cmp.Or(l.Source[sourcePage], string(attempt.SourcePage))),
		LinkID: link.ID(l.Source[sourceLink]), ProductID: product.ID(l.Source[sourceProduct]), Title: cmp.Or(l.Source[sourceTitle], l.Description), Amount: l.Amount, Mode: mode,
		Provider: provider, ProviderRef: l.Ref, CheckoutURL: l.CheckoutURL, State: attempt.Open, HoldUntil: l.ExpiresAt,
		Payer:     attempt.Payer{Name: l.Source[sourceName], Email: cmp.Or(l.Source[sourceEmail], l.PayerEmail)},
		CreatedAt: l.CreatedAt, UpdatedAt: l.CreatedAt,
	}
	a.Attribution = attempt.Attribution{
		Channel: cmp.Or(l.Source[sourceChannel], "direct"), Detail: l.Source[sourceDetail], Campaign: l.Source[sourceCampaign], RecipientToken: l.Source[sourceRecipient],
	}
	restoreParts(&a, l)
	if a.HoldUntil.IsZero() {
		a.HoldUntil = a.CreatedAt.Add(attempt.HoldFor)
	}
	return a
}

// restoreParts says what a listed amount was made of, as far as the provider kept it.
func restoreParts(a *attempt.Attempt, l provider.Listed) {
	a.Quantity, a.Unit, a.Tip, a.Fee = 1, l.Amount, 0, 0
	units, err := strconv.ParseInt(cmp.Or(l.Source[sourceUnits], "1"), 10, 64)
	if err != nil || units < 1 {
		return
	}
	tip, fee, _ := strings.Cut(cmp.Or(l.Source[sourceAdded], "0+0"), "+")
	tipped, err1 := strconv.ParseInt(tip, 10, 64)
	covered, err2 := strconv.ParseInt(fee, 10, 64)
	off, code, _ := strings.Cut(cmp.Or(l.Source[sourceOff], "0"), " ")
	taken, err3 := strconv.ParseInt(off, 10, 64)
	list := l.Amount.Minor - tipped - covered + taken
	if err3 != nil || taken < 0 || err1 != nil || err2 != nil || tipped < 0 || covered < 0 || list <= 0 || list%units != 0 {
		return
	}
	a.Quantity, a.Unit, a.Tip, a.Fee = units, money.Amount{Minor: list / units, Currency: l.Amount.Currency}, tipped, covered
	if taken > 0 {
		id, text, _ := strings.Cut(code, " ")
		a.CodeID, a.Code, a.Discount = coupon.CodeID(id), text, taken
	}
}

// holdAgain finds what an attempt is for, as far as it is still here, and holds a
// slot for it. Without a free one its money is overflow, if it comes.
func (p *Payments) holdAgain(ctx context.Context, tx *db.Tx, a *attempt.Attempt) error {
	if a.ProductID != "" {
		var there bool
		if err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM products WHERE business_id = $1 AND id = $2)`, a.BusinessID, a.ProductID); err != nil {
			return err
		}
		if !there {
			a.ProductID = ""
		}
	}
	if a.CodeID != "" {
		var err error
		if a.HoldsCode, err = p.Coupons.HoldAgain(ctx, tx, holderOf(*a)); err != nil {
			return err
		}
	}
	if a.LinkID == "" {
		return nil
	}
	err := p.Links.HoldAgain(ctx, tx, a.BusinessID, a.LinkID, a.Mode, a.Quantity)
	switch {
	case errors.Is(err, link.ErrGone):
		a.LinkID, a.Source = "", attempt.SourcePage
		return nil
	case errors.Is(err, link.ErrNoSlot):
		return nil
	}
	a.HoldsSlot = err == nil
	return err
}

// The keys of Order.Source.
const (
	sourceBusiness  = "business"
	sourcePage      = "source"
	sourceLink      = "link"
	sourceProduct   = "product"
	sourceTitle     = "title"
	sourceChannel   = "channel"
	sourceDetail    = "detail"
	sourceCampaign  = "campaign"
	sourceRecipient = "recipient"
	sourceName      = "payer_name"
	sourceEmail     = "payer_email"
	sourceUnits     = "units" // left out for one
	sourceAdded     = "added" // tip and fee in minor units, like 500+120; left out for none
	sourceOff       = "off"   // what a code took off in minor units, its id and itself; left out for none
)

// sourceOf is what the provider keeps of an attempt, so that what a backup forgot
// can be made anew, and attribution hangs on nothing here. All of it fits into
// the smallest metadata that a provider has: Mollie's kilobyte.
func sourceOf(a attempt.Attempt) map[string]string {
	all := map[string]string{
		sourceBusiness: string(a.BusinessID), sourcePage: string(a.Source), sourceLink: string(a.LinkID), sourceProduct: string(a.ProductID),
		sourceTitle:   cut(a.Title, 100),
		sourceChannel: cut(a.Channel, 20), sourceDetail: cut(a.Detail, 60), sourceCampaign: cut(a.Campaign, 60), sourceRecipient: a.RecipientToken,
		sourceName: cut(a.Payer.Name, 100), sourceEmail: cut(a.Payer.Email, 200),
	}
	if a.Quantity > 1 {
		all[sourceUnits] = strconv.FormatInt(a.Quantity, 10)
	}
	if a.Tip+a.Fee > 0 {
		all[sourceAdded] = strconv.FormatInt(a.Tip, 10) + "+" + strconv.FormatInt(a.Fee, 10)
	}
	if a.Discount > 0 {
		all[sourceOff] = strconv.FormatInt(a.Discount, 10) + " " + string(a.CodeID) + " " + cut(a.Code, 40)
	}
	for key, value := range all {
		if value == "" {
			delete(all, key)
		}
	}
	return all
}

// cut shortens a text to so many bytes, and never within a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
