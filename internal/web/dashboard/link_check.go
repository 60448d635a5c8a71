package dashboard

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/fault"
)

// checkLink tells, while a link's form is filled in, what is wrong with the
// fields so far, by the rules that hold when it is sent; and how a field is
// read that is completed. Nothing is stored.
func (d *Dashboard) checkLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	values, remind := linkValuesFrom(r.PostForm), reminderValuesFrom(r.PostForm)
	var unread fault.Fields
	draft := values.draft(at.Business.Location(), &unread)
	remind.settings(&unread)
	err := merged(unread, d.Links.Check(r.Context(), d.DB, at.Business, draft))
	answer := struct {
		Errors map[string]string `json:"errors"`
		Values map[string]string `json:"values"`
	}{map[string]string{}, map[string]string{"redirect_url": values.RedirectURL}}
	if err != nil {
		inputs := linkInputs()
		maps.Copy(inputs, reminderInputs())
		p, ok := problemsOf(err, inputs)
		if !ok {
			return err
		}
		answer.Errors = p.Errors
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}

// webAddress completes an address of the web that was typed without its scheme:
// example.com/thanks is https://example.com/thanks. What is no such address
// stays as it is, to be refused.
func webAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	host, _, _ := strings.Cut(typed, "/")
	if typed == "" || strings.Contains(typed, "://") || !strings.Contains(strings.Trim(host, "."), ".") || strings.ContainsAny(host, "@ ") {
		return typed
	}
	if u, err := url.Parse("https://" + typed); err != nil || u.Hostname() == "" {
		return typed
	}
	return "https://" + typed
}
