package dashboard

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/ui"
)

// shareView is everything by which a link goes out into the world.
type shareView struct {
	Name, URL, Href, QR, PageHref string
	Texts                         []shareText
	Codes                         []shareCode
	MayFrame                      bool // some site may show the page in a frame
}

// shareText is a text that is ready for one place, and the address that opens
// that place with it; "" where there is no such address.
type shareText struct {
	ID, Place, Icon, Text, Open string
	Hint                        string
}

// shareCode is HTML for the merchant's own site.
type shareCode struct{ ID, Label, Code string }

func shareViewOf(at *room, l link.Link) shareView {
	s := shareView{
		Name: l.Name, URL: at.url(l.Path), Href: linkHref(at, l.ID), PageHref: at.Base + "/page#frame_origins",
		MayFrame: len(at.Business.FrameOrigins) > 0,
	}
	s.QR = s.URL + "/qr"
	s.Texts = shareTexts(l, s.URL)
	s.Codes = shareCodes(at.Business, l, s)
	return s
}

// shareTexts are the texts, with the mark of their channel in the address: apps
// often tell no site that they came from.
func shareTexts(l link.Link, address string) []shareText {
	line := l.Name + " · " + asMoney(l.Price())
	if l.PayerChooses() {
		line = l.Name
	}
	social, mail := address+"?via="+string(source.Social), address+"?via="+string(source.Email)
	long := line
	if about := firstLine(l.Description); about != "" {
		long += "\n" + about
	}
	letter := long + "\n\nPay here: " + mail
	return []shareText{
		{ID: "whatsapp", Place: "WhatsApp", Icon: "messages-square", Text: long + "\n" + social, Open: "https://wa.me/?" + spaced(url.Values{"text": {long + "\n" + social}})},
		{ID: "x", Place: "X", Icon: "hash", Text: line + " " + social, Open: "https://x.com/intent/post?" + spaced(url.Values{"text": {line}, "url": {social}})},
		{ID: "facebook", Place: "Facebook", Icon: "share-2", Text: long + "\n" + social, Open: "https://www.facebook.com/sharer/sharer.php?" + spaced(url.Values{"u": {social}}), Hint: "Facebook takes the address alone: copy the text and paste it above."},
		{ID: "linkedin", Place: "LinkedIn", Icon: "building-2", Text: long + "\n" + social, Open: "https://www.linkedin.com/sharing/share-offsite/?" + spaced(url.Values{"url": {social}}), Hint: "LinkedIn takes the address alone: copy the text and paste it above."},
		{ID: "instagram", Place: "Instagram bio", Icon: "smartphone", Text: line + "\n" + social, Hint: "Paste the address under Edit profile → Links."},
		{ID: "email", Place: "Email", Icon: "mail", Text: letter, Open: "mailto:?" + spaced(url.Values{"subject": {l.Name}, "body": {letter}})},
	}
}

// spaced encodes a query with %20 for spaces: mail programs and apps show a plus
// as it is.
func spaced(v url.Values) string { return strings.ReplaceAll(v.Encode(), "+", "%20") }

// firstLine is where a description begins.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

func shareCodes(b business.Business, l link.Link, s shareView) []shareCode {
	codes := []shareCode{
		{"embed-button", "Button", buttonCode(b.BrandColor, s.URL, l.Name+" · "+asMoney(l.Price()))},
		{"embed-qr", "QR code", qrCode(s)},
	}
	if s.MayFrame {
		codes = append(codes, shareCode{"embed-frame", "Frame with the whole page", frameCode(s)})
	}
	return codes
}

// buttonCode is HTML of a button to the link. Its words are the link's, as the
// site may be in any language.
func buttonCode(brand, address, label string) string {
	c := ui.LetterBrand(brand)
	return fmt.Sprintf(`<a href="%s" style="display:inline-block;padding:12px 20px;border-radius:8px;background:%s;color:%s;font-weight:600;text-decoration:none">%s</a>`,
		html.EscapeString(address), c.Button, c.OnButton, html.EscapeString(label))
}

// qrCode is HTML of the QR code, which leads to the link when it is clicked, too.
func qrCode(s shareView) string {
	return fmt.Sprintf(`<a href="%s"><img src="%s.svg" alt="%s" width="200" height="200"></a>`,
		html.EscapeString(s.URL), html.EscapeString(s.QR), html.EscapeString("QR code: "+s.Name))
}

// frameCode is HTML of a frame with the page.
func frameCode(s shareView) string {
	return fmt.Sprintf(`<iframe src="%s?embed" title="%s" width="100%%" height="760" style="border:0" loading="lazy"></iframe>`,
		html.EscapeString(s.URL), html.EscapeString(s.Name))
}

// showShare is the dialog as a page, for lists and where no script opens it.
func (d *Dashboard) showShare(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, sharePage(d.frame(r, at, place{"Share " + l.Name, paymentPageRoom}), shareViewOf(at, l)))
}
