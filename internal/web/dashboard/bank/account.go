package bank

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/sepa"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// accountView is the form of Settings → Bank transfer.
type accountView struct {
	frame.Problems
	Settings              frame.SettingsView
	Name, IBAN, BIC, Days string
	Offered, Owner        bool
	TwoStep               bool   // a code is asked besides the password
	Changed               string // who changed the IBAN, and when; "" before there is one
	Until, Reference      string // of the preview
}

func (d pages) showAccount(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	a, err := d.Transfers.Account(r.Context(), scope.Business.ID)
	if fault.Is(err, fault.NotFound) {
		a, err = banktransfer.Account{Name: scope.Business.Legal.Name, HoldDays: banktransfer.DefaultHold}, nil
	}
	if err != nil {
		return err
	}
	return d.showForm(w, r, scope, http.StatusOK, accountViewOf(scope, a))
}

func accountViewOf(scope *frame.Scope, a banktransfer.Account) accountView {
	v := accountView{
		Settings: frame.SettingsAt(scope, "bank"), Name: a.Name, IBAN: sepa.FormatIBAN(a.IBAN), BIC: a.BIC, Days: strconv.FormatInt(a.HoldDays, 10),
		Offered: scope.Business.Transfers, Owner: scope.Member.Role == account.Owner, TwoStep: scope.Member.TwoStep,
		Until: scope.Date(scope.Now.Add(time.Duration(a.HoldDays)*24*time.Hour), scope.Business.Location()), Reference: sepa.FormatReference(sepa.Reference("7KQ2M4XD9A3BC5EF")),
	}
	if !a.ChangedAt.IsZero() {
		v.Changed = scope.T("The IBAN is as {{.Name}} set it on {{.When}}.", "Name", a.ChangedBy, "When", scope.DateTime(a.ChangedAt, scope.Business.Location()))
	}
	return v
}

func (d pages) showForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v accountView) error {
	return frame.Render(w, r, status, accountPage(d.Frame(r, scope, v.Settings.Place()), v))
}

// saveAccount sets where payers send their money, for an owner who gives their password
// and, where they have one, their second step. Every owner is told by mail.
func (d pages) saveAccount(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if scope.Member.Role != account.Owner {
		return fault.New(fault.Forbidden, "Only owners change the bank account.")
	}
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	days, _ := text.Whole(r.PostForm.Get("hold_days")) // nonsense is 0, which is refused with the bounds
	a := banktransfer.Account{Name: r.PostForm.Get("name"), IBAN: r.PostForm.Get("iban"), BIC: r.PostForm.Get("bic"), HoldDays: days}
	err := d.confirm(r, scope)
	if err == nil {
		err = d.Transfers.Save(r.Context(), scope.Business, a, scope.Member.Name, func(ctx context.Context, tx *db.Tx, a banktransfer.Account) error {
			return d.Messages.BankChanged(ctx, tx, scope.Business.ID, message.BankChanged{
				IBAN: sepa.FormatIBAN(a.IBAN), By: scope.Member.Name, URL: d.Addresses.Own(address.Dashboard(scope.Business.Handle, "settings", "bank")),
			})
		})
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		v := accountViewOf(scope, a)
		v.Problems, v.IBAN, v.Days = p, r.PostForm.Get("iban"), r.PostForm.Get("hold_days")
		return d.showForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Payers can pay by bank transfer"), More: scope.T("Every owner is told by email when the IBAN changes.")})
	return frame.Redirect(w, r, scope.Base+"/settings/bank")
}

// confirm makes sure that the member at the browser is who signed in.
func (d pages) confirm(r *http.Request, scope *frame.Scope) error {
	user, err := d.Accounts.Confirm(r.Context(), scope.Member.ID, r.PostForm.Get("current_password"))
	if err != nil || !user.TwoStep {
		return err
	}
	_, err = d.TwoStep.Check(r.Context(), d.Visitor(r), user, r.PostForm.Get("code"))
	return err
}

// stop offers transfers no more.
func (d pages) stop(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := d.Transfers.Stop(r.Context(), scope.Business); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Bank transfer is not offered any more"), More: scope.T("What payers were told to send is still awaited.")})
	return frame.Redirect(w, r, scope.Base+"/settings/bank")
}
