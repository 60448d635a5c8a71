package dashboard

import (
	"fmt"
	"html"

	"smartlinks/internal/web/ui"
)

// buttonCode is HTML of a button to the link, for the merchant's own site. Its
// words are the link's, as the site may be in any language.
func (v linkView) buttonCode() string {
	c := ui.LetterBrand(v.Brand)
	return fmt.Sprintf(`<a href="%s" style="display:inline-block;padding:12px 20px;border-radius:8px;background:%s;color:%s;font-weight:600;text-decoration:none">%s</a>`,
		html.EscapeString(v.URL), c.Button, c.OnButton, html.EscapeString(v.Name+" · "+v.Price))
}

// frameCode is HTML of a frame with the page.
func (v linkView) frameCode() string {
	return fmt.Sprintf(`<iframe src="%s?embed" title="%s" width="100%%" height="760" style="border:0" loading="lazy"></iframe>`,
		html.EscapeString(v.URL), html.EscapeString(v.Name))
}
