package endpoints

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// hookSentView is the page of an event that was sent to an endpoint: what was
// sent, and what came back each time.
type hookSentView struct {
	Settings frame.SettingsView
	Back     string
	Row      hookSentRow
	ID, Mode string
	Next     string // when it is tried again, "" for never
	Body     string
	Posts    []hookPost
	Again    string // where the button posts, "" where it can't be sent
}

// hookPost is one try.
type hookPost struct {
	Badge         ui.BadgeProps
	Time, Took    string
	Head          string // of the request
	Answer        string
	Problem       string
	Newest, Empty bool
}

func (d pages) showHookSent(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id, event := webhook.EndpointID(r.PathValue("id")), webhook.EventID(r.PathValue("event"))
	e, err := d.Webhooks.Endpoint(r.Context(), scope.Business.ID, id)
	if err != nil {
		return err
	}
	s, err := d.Webhooks.Sent(r.Context(), scope.Business.ID, event, id)
	if err != nil {
		return err
	}
	posts, err := d.Webhooks.Posts(r.Context(), scope.Business.ID, event, id)
	if err != nil {
		return err
	}
	v := hookSentView{Settings: frame.SettingsAt(scope, "webhooks"), Back: endpointHref(scope, id), Row: hookSentRowOf(scope, s), ID: string(s.ID), Mode: modeName(scope.Reader, s.Mode), Body: indented(s.Body)}
	if s.DueAt != nil && s.State == webhook.Waiting {
		v.Next = scope.DateTime(*s.DueAt, scope.Business.Location())
	}
	if e.Active || s.Type == webhook.Test {
		v.Again = v.Row.Href + "/again"
	}
	if len(posts) > 0 {
		sent, _ := webhook.Sent(s.Body, posts[0].Signature)
		v.Body = indented(sent)
	}
	for i, p := range posts {
		v.Posts = append(v.Posts, hookPostOf(scope, s, p, i == 0))
	}
	return frame.Render(w, r, http.StatusOK, hookSentPage(d.Frame(r, scope, v.Settings.Place()), v))
}

// modeName says whether real money moved.
func modeName(reader frame.Reader, m business.Mode) string {
	if m == business.Test {
		return reader.T("Test")
	}
	return reader.T("Live")
}

// indented is JSON of ours, in its order, with one field a line.
func indented(text string) string {
	var shown bytes.Buffer
	if json.Indent(&shown, []byte(text), "", "  ") != nil {
		return text
	}
	return shown.String()
}

func hookPostOf(scope *frame.Scope, s webhook.Delivery, p webhook.Post, newest bool) hookPost {
	_, signed := webhook.Sent("", p.Signature)
	shown := hookPost{
		Badge: ui.BadgeProps{Label: scope.T("No answer"), Tone: ui.Red}, Time: scope.DateTime(p.At, scope.Business.Location()), Took: scope.Number(p.Took.Milliseconds()) + " ms",
		Head: fmt.Sprintf("POST %s\ncontent-type: application/json\nwebhook-id: %s\nwebhook-timestamp: %d\n%s: %s",
			p.URL, s.ID, p.At.Unix(), signed, p.Signature),
		Answer: frame.PayloadText(p.Answer), Problem: scope.Sentence(p.Problem), Newest: newest, Empty: len(p.Answer) == 0 && p.Problem == "",
	}
	if p.Status != 0 {
		shown.Badge = ui.BadgeProps{Label: statusWords(p.Status), Tone: ui.Red}
	}
	if p.Status >= 200 && p.Status < 300 {
		shown.Badge.Tone = ui.Green
	}
	return shown
}
