// Package share is how a link goes out into the world: its address, QR code, text for
// networks and HTML for other sites, and the panel of a link that was made just now.
package share

import (
	"cmp"
	"html"
	"net/url"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// View is everything by which a link is shared.
type View struct {
	Name, Price, About  string
	URL, Prefix, Path   string // the address, whole and in its two parts as it is shown
	Href, QR, Card      string // the link's page, its code without an ending, its picture
	PageHref            string // where sites are named that may show the page in a frame
	Language            string // of the text
	Languages           []i18n.Language
	Text                string // the address follows it
	Error               string // what is wrong with it
	Networks, Elsewhere []network
	Codes               []code
	MayFrame            bool // some site may show the page in a frame
}

// network is where a link is posted. Opens has {text} where the text stands, encoded;
// without it the network takes the address alone.
type network struct{ ID, Name, Mark, Icon, Opens, Note string }

// Href opens the network with the text.
func (n network) Href(text string) string {
	return strings.ReplaceAll(n.Opens, "{text}", encoded(text))
}

// code is HTML for the merchant's own site.
type code struct{ ID, Label, Code string }

// ViewOf is the view of a link with the texts that were written of it, in a language; ""
// is the business's own.
func ViewOf(scope *frame.Scope, l link.Link, texts map[string]string, language string) View {
	if !i18n.Supported(language) {
		language = scope.Business.Locale
	}
	at := scope.LinkURL(l)
	v := View{
		Name: l.Name, Price: scope.Money(l.Price()), About: firstLine(l.Description), URL: at, Prefix: strings.TrimSuffix(address.Shown(at), l.Path), Path: l.Path,
		Href: frame.LinkHref(scope, l.ID), QR: scope.CodeURL(l), Card: strings.TrimSuffix(scope.CodeURL(l), "qr") + "card.png?" + url.Values{"lang": {language}}.Encode(), PageHref: scope.Base + "/page#frame_origins",
		Language: language, Languages: i18n.Languages(), Text: cmp.Or(texts[language], usualText(l, language)), MayFrame: len(scope.Business.FrameOrigins) > 0,
	}
	v.Networks, v.Elsewhere = networks(scope, v)
	v.Codes = codes(scope, l, v)
	return v
}

// usualText is what is said of a link of which nothing else was written.
func usualText(l link.Link, language string) string {
	text := l.Name
	if !l.PayerChooses() {
		text += " · " + l.Price().Format(language)
	}
	if about := firstLine(l.Description); about != "" {
		text += "\n" + about
	}
	return text
}

// networks are where the link can be posted, those with a mark first. The address tells
// each from the others: apps often tell no site that they came from.
func networks(scope *frame.Scope, v View) (marked, others []network) {
	on := func(id string) string { return encoded(v.URL + "?via=" + id) }
	mail := encoded(v.URL + "?via=" + string(source.Email))
	alone := scope.T("Takes the address alone: copy the text and paste it there.")
	marked = []network{
		{ID: "whatsapp", Name: "WhatsApp", Mark: "whatsapp", Opens: "https://wa.me/?text={text}%0A" + on("whatsapp")},
		{ID: "telegram", Name: "Telegram", Mark: "telegram", Opens: "https://t.me/share/url?url=" + on("telegram") + "&text={text}"},
		{ID: "facebook", Name: "Facebook", Mark: "facebook", Opens: "https://www.facebook.com/sharer/sharer.php?u=" + on("facebook"), Note: alone},
		{ID: "x", Name: "X", Mark: "x", Opens: "https://x.com/intent/post?text={text}&url=" + on("x")},
		{ID: "bluesky", Name: "Bluesky", Mark: "bluesky", Opens: "https://bsky.app/intent/compose?text={text}%0A" + on("bluesky")},
		{ID: "mastodon", Name: "Mastodon", Mark: "mastodon", Opens: "https://share.joinmastodon.org/#text={text}%0A" + on("mastodon")},
		{ID: "threads", Name: "Threads", Mark: "threads", Opens: "https://www.threads.com/intent/post?text={text}&url=" + on("threads")},
		{ID: "reddit", Name: "Reddit", Mark: "reddit", Opens: "https://www.reddit.com/submit?url=" + on("reddit") + "&title=" + encoded(v.Name)},
		{ID: "email", Name: scope.T("Mail app"), Icon: "mail", Opens: "mailto:?subject=" + encoded(v.Name) + "&body={text}%0A%0A" + mail},
	}
	return marked, []network{
		{ID: "linkedin", Name: "LinkedIn", Icon: "share-2", Opens: "https://www.linkedin.com/sharing/share-offsite/?url=" + on("linkedin"), Note: alone},
		{ID: "instagram", Name: "Instagram", Icon: "smartphone", Note: scope.T("Paste the address under Edit profile, Links.")},
	}
}

// encoded is a text within an address. Spaces are %20: mail programs and apps show a plus
// as it is.
func encoded(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// firstLine is where a description begins.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

func codes(scope *frame.Scope, l link.Link, v View) []code {
	all := []code{
		{"embed-button", scope.T("Button"), buttonCode(scope.Business, v.URL, l.Name+" · "+l.Price().Format(scope.Business.Locale))},
		{"embed-qr", scope.T("QR code"), qrCode(v, scope.T("QR code of {{.Name}}", "Name", v.Name))},
	}
	if v.MayFrame {
		all = append(all, code{"embed-frame", scope.T("Frame with the whole page"), frameCode(v)})
	}
	return all
}

// buttonCode is HTML of a button to the link. Its words are the link's, as the
// site may be in any language.
func buttonCode(b business.Business, to, label string) string {
	c := ui.MailBrand(b.BrandColor)
	return `<a href="` + html.EscapeString(to) + `" style="display:inline-block;padding:12px 20px;border-radius:8px;background:` + c.Button +
		`;color:` + c.OnButton + `;font-weight:600;text-decoration:none">` + html.EscapeString(label) + `</a>`
}

// qrCode is HTML of the QR code, which leads to the link when it is clicked, too.
func qrCode(v View, alt string) string {
	return `<a href="` + html.EscapeString(v.URL) + `"><img src="` + html.EscapeString(v.QR) + `.svg" alt="` + html.EscapeString(alt) + `" width="200" height="200"></a>`
}

// frameCode is HTML of a frame with the page.
func frameCode(v View) string {
	return `<iframe src="` + html.EscapeString(v.URL) + `?embed" title="` + html.EscapeString(v.Name) + `" width="100%" height="760" style="border:0" loading="lazy"></iframe>`
}
