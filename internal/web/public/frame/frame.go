package frame

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
)

// Frame is what is around every page. It holds nothing about the visitor.
type Frame struct {
	Localizer i18n.Localizer
	Languages []languageLink
	Title     string
	Business  *business.Business // nil on pages of the platform
	Script    bool               // the page has one
	Switches  bool               // languages are switched by the form, which keeps what is typed
	Share     *Share             // what messengers may show; nil on pages about one payer
	Index     bool               // search engines may show it
	Inert     bool               // a preview: nothing on it takes a click or the focus
}

// Frame is what is around a page with a title: of the business, or of the platform for nil.
func (p *Base) Frame(t i18n.Localizer, b *business.Business, title string) Frame {
	f := Frame{Localizer: t, Languages: p.localizers.languageLinks(t, nil), Title: title, Business: b}
	if b != nil {
		f.Title = title + " · " + b.Name
	}
	return f
}

// KeepingQuery lets the language switch keep what the page was asked with.
func (p *Base) KeepingQuery(f Frame, r *http.Request) Frame {
	f.Languages = p.localizers.languageLinks(f.Localizer, r.URL.Query())
	return f
}

// language is the name of the language of the page.
func (f Frame) language() string {
	for _, l := range f.Languages {
		if l.Current {
			return l.Name
		}
	}
	return ""
}

// Test reports whether no real money moves.
func (f Frame) Test() bool { return f.Business != nil && f.Business.Mode == business.Test }

// Home is the business's payment page, "" while it is off.
func (f Frame) Home() string {
	if f.Business == nil || !f.Business.Page.Enabled {
		return ""
	}
	return address.PaymentPage(f.Business.Segment()).String()
}

// Letter stands for the logo of a business.
func Letter(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return strings.ToUpper(string(r))
		}
	}
	r, _ := utf8.DecodeRuneInString(name)
	return string(r)
}
