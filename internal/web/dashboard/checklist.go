package dashboard

import (
	"context"
	"net/http"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// checklistView is what a new business has set up and what is left. It is read
// from facts, so nobody ticks anything.
type checklistView struct {
	Steps     []setupStep
	Done      int
	Whole     bool // nothing was earned yet: the list is the page
	Strip     bool // only what is left, in a line
	Next      setupStep
	Base      string
	NextLabel string // "One step left: …"
}

// setupStep is a line of the checklist. The first that is not done is open.
type setupStep struct {
	Title, Text   string
	Button, Href  string
	Number        string
	Minutes       string
	Done, Current bool
}

// checklist reads how far the business is. Staff may set nothing up, so they
// see none; nor does whoever is done, or has put it away.
func (d *Dashboard) checklist(ctx context.Context, at *room) (checklistView, error) {
	v := checklistView{Base: at.Base}
	if !at.mayManage() {
		return v, nil
	}
	hidden, err := d.Businesses.ChecklistHidden(ctx, at.Business.ID)
	if err != nil || hidden {
		return v, err
	}
	facts, err := d.setupFacts(ctx, at)
	if err != nil {
		return v, err
	}
	v.Steps = setupSteps(at, facts)
	for i := range v.Steps {
		step := &v.Steps[i]
		step.Number = count(int64(i + 1))
		switch {
		case step.Done:
			v.Done++
		case v.Next.Title == "":
			step.Current, v.Next = true, *step
		}
	}
	left := len(v.Steps) - v.Done
	v.Whole, v.Strip = left > 0 && !facts.paid, left > 0 && facts.paid
	v.NextLabel = stepsLeft(left) + ": " + inSentence(v.Next.Title)
	return v, nil
}

// stepsLeft begins a sentence.
func stepsLeft(n int) string {
	words := []string{"No step", "One step", "Two steps", "Three steps", "Four steps", "Five steps", "Six steps"}
	return words[min(n, len(words)-1)] + " left"
}

// inSentence is a title that doesn't begin one.
func inSentence(title string) string {
	return strings.ToLower(title[:min(len(title), 1)]) + title[min(len(title), 1):]
}

// setupFacts are what the steps are read from.
type setupFacts struct {
	looks, legal, provider, link, mail, sms, paid bool
}

func (d *Dashboard) setupFacts(ctx context.Context, at *room) (f setupFacts, err error) {
	b := at.Business
	f.looks = b.LogoID != "" || b.BrandColor != business.DefaultBrandColor
	f.legal = b.Legal.Address != ""
	f.provider = b.Provider != "" && b.Provider != business.Sandbox
	links, err := d.Links.Count(ctx, b.ID)
	if err != nil {
		return f, err
	}
	f.link = links > 0
	if f.mail, err = d.Messages.MailReady(ctx, d.DB, b.ID); err != nil {
		return f, err
	}
	sender, err := d.Messages.SMSSender(ctx, d.DB, b)
	if err != nil {
		return f, err
	}
	f.sms = sender.Set()
	f.paid, err = visit.EverPaid(ctx, d.DB, string(b.ID), at.mode())
	return f, err
}

func setupSteps(at *room, f setupFacts) []setupStep {
	settings := at.Base + "/settings"
	steps := []setupStep{
		{Title: "Claim your address", Text: shown(at.url("")), Button: "Change", Href: settings + "/business", Done: true},
		{Title: "Add your logo and colour", Text: "Payers see them on every page, email and receipt.", Button: "Add logo", Href: at.Base + "/page", Minutes: "1 min", Done: f.looks},
		{Title: "Add your business address", Text: "Receipts carry it, with your VAT number if you have one.", Button: "Add address", Href: settings + "/business", Minutes: "1 min", Done: f.legal},
		{Title: "Connect a payment provider", Text: "Money goes straight to your own account. Until then payments are for trying out.", Button: "Connect provider", Href: settings + "/providers", Minutes: "3 min", Done: f.provider},
		{Title: "Create your first smart link", Text: "A fixed amount or a product. Takes about a minute.", Button: "New smart link", Href: at.Base + "/links/new", Minutes: "1 min", Done: f.link},
		messagesStep(settings, f),
		{Title: "Take your first payment", Text: "Share your link, or open it and pay it yourself.", Button: "See your links", Href: at.Base + "/links", Done: f.paid},
	}
	for i := range steps {
		if steps[i].Done && i < 3 {
			steps[i].Button = "Change"
		}
	}
	return steps
}

// messagesStep asks for what is missing of email and SMS.
func messagesStep(settings string, f setupFacts) setupStep {
	step := setupStep{Title: "Turn on email and SMS", Text: "Send links and receipts by email and text message.", Button: "Set up email", Href: settings + "/email", Minutes: "2 min", Done: f.mail && f.sms}
	if f.mail && !f.sms {
		step.Title, step.Text = "Turn on SMS", "Links can then also go out by text message."
		step.Button, step.Href = "Set up SMS", settings+"/sms"
	}
	return step
}

// hideChecklist puts the checklist away, or brings it back.
func (d *Dashboard) hideChecklist(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	hide := r.Form.Get("show") == ""
	if err := d.Businesses.HideChecklist(r.Context(), at.Business.ID, hide); err != nil {
		return err
	}
	if hide {
		d.say(r, ui.ToastProps{Text: "The checklist is put away", Calm: true, UndoLabel: "Undo", UndoAction: at.Base + "/checklist?show=on"})
	}
	return redirect(w, r, at.Base)
}
