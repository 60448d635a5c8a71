package linkform

import (
	"encoding/json"
	"maps"
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
)

// checkLink tells, while a link's form is filled in, what is wrong with the
// fields so far, by the rules that hold when it is sent; how a field is read that is
// completed; and what the folded sections say. Nothing is stored.
func (d pages) checkLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	values, remind := linkValuesFrom(r.PostForm, scope.Business.Locale), sending.ReminderValuesFrom(r.PostForm)
	var unread fault.Fields
	draft := values.draft(scope.Reader, scope.Business.Location(), &unread)
	remind.Settings(&unread)
	err := frame.Merged(unread, d.Links.Check(r.Context(), d.DB, scope.Business, draft))
	v := emptyForm(scope)
	v.ID, v.Values, v.Remind.Values, v.Send.Values = r.URL.Query().Get("id"), values, remind, sending.SendValuesFrom(r.PostForm)
	if nextErr := d.fillNextLinks(r.Context(), scope, &v); nextErr != nil {
		return nextErr
	}
	answer := struct {
		Errors   map[string]string  `json:"errors"`
		Values   map[string]string  `json:"values"`
		Sections map[string]summary `json:"sections"`
		Reads    string             `json:"reads"`  // what payers see of the amount
		Symbol   string             `json:"symbol"` // of the currency
		Asked    []asking.Line      `json:"questions"`
	}{map[string]string{}, map[string]string{"redirect_url": values.RedirectURL}, v.summaries(scope.Reader), v.Reads(scope.Reader), frame.Symbol(money.Currency(values.Currency)), values.Asked.Lines(scope.Reader)}
	if err != nil {
		inputs := linkInputs()
		maps.Copy(inputs, sending.ReminderInputs())
		p, ok := frame.ProblemsOf(scope.Reader, err, inputs)
		if !ok {
			return err
		}
		answer.Errors = p.Errors
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}
