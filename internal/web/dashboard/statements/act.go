package statements

import (
	"net/http"
	"strings"

	"smartlinks/internal/audit"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/statement"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// chosen takes over what the form says of doubtful entries. What nobody changed stays. What
// can't be is told of each entry, under the name of its choices; the others are taken over.
func (d pages) chosen(r *http.Request, scope *frame.Scope, s statement.Statement) (changed int, wrong frame.Problems, err error) {
	wrong.Errors = map[string]string{}
	entries, err := d.Statements.Entries(r.Context(), scope.Business.ID, s.ID, statement.Doubtful, doubtfulShown)
	if err != nil {
		return 0, wrong, err
	}
	for _, e := range entries {
		sent, there := r.PostForm[fieldOf(e)]
		if !there || sent[0] == chosenOf(e) || sent[0] == "" && e.Act == statement.ToReturn && e.Waits {
			continue
		}
		act, of, _ := strings.Cut(sent[0], " ")
		_, err := d.Statements.Decide(r.Context(), scope.Business, s.ID, e.ID, statement.Decision{
			Act: statement.Act(act), PaymentID: attempt.ID(of), By: audit.Entry{Actor: string(scope.Member.ID), Name: scope.Member.Name, Address: d.MaskedIP(r)},
		})
		if err == nil {
			changed++
			continue
		}
		p, ok := frame.ProblemsOf(scope.Reader, err, nil)
		if !ok {
			return changed, wrong, err
		}
		wrong.Errors[fieldOf(e)] = p.Problem
		for _, said := range p.Errors {
			wrong.Errors[fieldOf(e)] = said
		}
	}
	return changed, wrong, nil
}

// fieldOf is the name of an entry's choices in the form.
func fieldOf(e statement.Entry) string { return "e-" + string(e.ID) }

// act notes what the form says of a statement's entries, and does something with it. What
// is wrong is shown beside what was chosen, and nothing else is done.
func (d pages) act(w http.ResponseWriter, r *http.Request, scope *frame.Scope, do func(s statement.Statement, decided int) (ui.ToastProps, error)) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	s, err := d.statementAt(r, scope)
	if err != nil {
		return err
	}
	decided, wrong, err := d.chosen(r, scope, s)
	if err != nil {
		return err
	}
	if len(wrong.Errors) > 0 {
		return d.showOne(w, r, scope, frame.RefusedStatus(r), s, wrong)
	}
	toast, err := do(s, decided)
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
		return d.showOne(w, r, scope, frame.RefusedStatus(r), s, p)
	}
	if toast.Text != "" {
		d.Toast(r, toast)
	}
	return frame.Redirect(w, r, scope.Base+"/statements/"+string(s.ID))
}

// decide notes what the form says, or does it where the statement is booked.
func (d pages) decide(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.act(w, r, scope, func(s statement.Statement, decided int) (ui.ToastProps, error) {
		if s.Status == statement.Preview || decided == 0 {
			return ui.ToastProps{}, nil
		}
		return ui.ToastProps{Text: scope.N(int64(decided), "{{.Count}} decision saved", "{{.Count}} decisions saved")}, nil
	})
}

func (d pages) book(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.act(w, r, scope, func(s statement.Statement, _ int) (ui.ToastProps, error) {
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
