package statements

import (
	"net/http"
	"strings"

	"smartlinks/internal/audit"
	"smartlinks/internal/payment"
	"smartlinks/internal/statement"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// chosen takes over what the form says of doubtful entries. What nobody changed stays.
func (d pages) chosen(r *http.Request, scope *frame.Scope, s statement.Statement) (changed int, err error) {
	entries, err := d.Statements.Entries(r.Context(), scope.Business.ID, s.ID, statement.Doubtful, doubtfulShown)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		sent, there := r.PostForm["e-"+string(e.ID)]
		if !there || sent[0] == chosenOf(e) || sent[0] == "" && e.Act == statement.GiveBack && e.Waits {
			continue
		}
		act, of, _ := strings.Cut(sent[0], " ")
		_, err := d.Statements.Decide(r.Context(), scope.Business, s.ID, e.ID, statement.Decision{
			Act: statement.Act(act), PaymentID: payment.ID(of), By: audit.Entry{Actor: string(scope.Member.ID), Name: scope.Member.Name, Address: d.MaskedIP(r)},
		})
		if err != nil {
			return changed, err
		}
		changed++
	}
	return changed, nil
}

// act does something with a statement, and shows it anew with what is wrong.
func (d pages) act(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func(s statement.Statement) (ui.ToastProps, error)) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	s, err := d.statementAt(r, scope)
	if err != nil {
		return err
	}
	toast, err := do(s)
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return err
		}
		for _, said := range p.Errors {
			p.Problem = said
		}
		if s, err = d.statementAt(r, scope); err != nil {
			return err
		}
		return d.showOne(w, r, scope, http.StatusUnprocessableEntity, s, p)
	}
	if toast.Text != "" {
		d.Toast(r, toast)
	}
	return frame.Redirect(w, r, scope.Base+"/statements/"+string(s.ID))
}

// decide notes what the form says, or does it where the statement is booked.
func (d pages) decide(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.act(w, r, scope, func(s statement.Statement) (ui.ToastProps, error) {
		n, err := d.chosen(r, scope, s)
		if s.Status == statement.Preview || n == 0 {
			return ui.ToastProps{}, err
		}
		return ui.ToastProps{Text: scope.N(int64(n), "{{.Count}} decision saved", "{{.Count}} decisions saved")}, err
	})
}

func (d pages) book(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.act(w, r, scope, func(s statement.Statement) (ui.ToastProps, error) {
		if _, err := d.chosen(r, scope, s); err != nil {
			return ui.ToastProps{}, err
		}
		s, err := d.Statements.Book(r.Context(), scope.Business, s.ID, scope.Member.Name)
		return ui.ToastProps{Text: scope.T("The statement is booked")}, err
	})
}

// discard undoes reading a file.
func (d pages) discard(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	s, err := d.statementAt(r, scope)
	if err != nil {
		return err
	}
	if err := d.Statements.Discard(r.Context(), scope.Business.ID, s.ID); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("The statement is discarded"), More: scope.T("Nothing was booked."), Calm: true})
	return frame.Redirect(w, r, scope.Base+"/statements")
}
