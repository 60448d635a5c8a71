package sending

import (
	"context"
	"html"
	"net/http"

	"github.com/a-h/templ"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
)

// messageHint tells what a message of one's own may hold.
func messageHint(ctx context.Context) string {
	return i18n.T(ctx, "Leave it empty for our words. {link} is the customer’s own link; there are also {customer_name}, {first_name}, {amount}, {link_name} and {business_name}.")
}

// follows lets the ways follow whoever is chosen, at once.
func (v SendView) follows() templ.Attributes {
	return templ.Attributes{"hx-get": v.PartHref, "hx-trigger": "change", "hx-target": "#send-ways", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// showSendWays answers, while a form is filled in, how the chosen customer can
// be reached.
func (d Pages) showSendWays(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := SendView{Values: SendValuesFrom(r.URL.Query()), Must: r.URL.Query().Get("must") != ""}
	if err := d.FillWays(r.Context(), scope, &v); err != nil {
		return err
	}
	v.SuggestWay()
	return frame.Render(w, r, http.StatusOK, SendWays(v, false))
}

// previewLink shows the message of a link that exists.
func (d Pages) previewLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.PreviewMail(w, r, scope, l)
}

// PreviewMail answers with a page for the frame. Nothing is stored.
func (d Pages) PreviewMail(w http.ResponseWriter, r *http.Request, scope *frame.Scope, l link.Link) error {
	v := SendValuesFrom(r.PostForm)
	who := delivery.Someone()
	id := v.Customer
	if v.To == toSome && len(v.Some) > 0 {
		id = v.Some[0]
	}
	if c, err := d.Customers.Get(r.Context(), scope.Business.ID, customer.ID(id)); err == nil && v.To != toTag {
		who = c
	}
	if r.URL.Query().Get("as") == "length" {
		return frame.Render(w, r, http.StatusOK, smsLengthHint(d.lengthOf(r, scope, l, who, v.Message)))
	}
	p, err := d.Deliveries.Preview(r.Context(), scope.Business, l, who, delivery.Order{Kind: delivery.KindSend, Message: v.Message})
	page := p.Email.HTML
	switch {
	case fault.Is(err, fault.Invalid):
		page = frame.FrameText(frame.Sentences(scope.Reader, fault.Of(err)))
	case err != nil:
		return err
	case r.URL.Query().Get("as") == "sms":
		page = smsPage(scope.Reader, p.SMS)
	}
	frame.ShowMail(w, guard.MailPolicy, page)
	return nil
}

// smsPage is an SMS as a page of the frame, whose only style is its own.
func smsPage(reader frame.Reader, text string) string {
	return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>SMS</title>` +
		`<body style="margin:1.5rem;font:1rem/1.5 system-ui,sans-serif"><p dir="auto" style="max-width:20rem;margin:0;padding:0.75rem 1rem;border-radius:1rem;background:rgba(128,128,140,0.2);overflow-wrap:anywhere;white-space:pre-wrap">` +
		html.EscapeString(text) + `</p><p style="font-size:0.8125rem;opacity:0.75">` + smsLength(reader, text) + `. ` + html.EscapeString(sms.TooLong(text)) + `</p></body></html>`
}

// smsLengthView says how long an SMS will be.
type smsLengthView struct {
	Text string
	Long bool // more than is sent
}

// lengthOf is how long the SMS of a link to a customer will be.
func (d Pages) lengthOf(r *http.Request, scope *frame.Scope, l link.Link, who customer.Customer, words string) smsLengthView {
	p, err := d.Deliveries.Preview(r.Context(), scope.Business, l, who, delivery.Order{Kind: delivery.KindSend, Message: words})
	if err != nil {
		return smsLengthView{Text: lengthRule(scope.Reader)} // what is wrong is told when it is sent
	}
	if why := sms.TooLong(p.SMS); why != "" {
		return smsLengthView{why, true}
	}
	return smsLengthView{Text: scope.T("The SMS has {{.SmsLength}}.", "SmsLength", smsLength(scope.Reader, p.SMS))}
}

// lengthRule is told while nothing is known of the message.
func lengthRule(reader frame.Reader) string {
	return reader.N(sms.MaxSegments, "An SMS has at most {{.Count}} segment of about 150 characters.", "An SMS has at most {{.Count}} segments of about 150 characters.")
}

// counts lets the length follow what is typed.
func (v SendView) counts() templ.Attributes {
	return templ.Attributes{"hx-post": v.Preview + "?as=length", "hx-trigger": "input changed delay:300ms", "hx-target": "#sms-length", "hx-swap": "outerHTML", "hx-include": "closest form"}
}

// smsLength says how long an SMS is, as gateways charge it.
func smsLength(reader frame.Reader, text string) string {
	size := sms.Count(text)
	length := reader.N(int64(size.Segments), "{{.Count}} segment", "{{.Count}} segments") + ", " + reader.N(int64(size.Units), "{{.Count}} character", "{{.Count}} characters")
	if size.Encoding == sms.UCS2 {
		return reader.T("{{.Length}}. Its letters or emoji make segments of 70 characters instead of 160", "Length", length)
	}
	return length
}
