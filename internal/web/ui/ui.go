// Package ui draws what every page of the dashboard is made of: the frame with
// its navigation, buttons, fields, tables, menus and dialogs; and it serves the
// stylesheets, scripts and the font that they need.
//
// Pages obey a Content-Security-Policy without inline script or style. So no
// component writes a style attribute or an event handler: colours are classes,
// behaviour hangs on data attributes that static/app.js listens for, and a
// merchant's brand colour comes as a stylesheet of its own (see BrandPath).
//
// Utility classes must be written in templates: the stylesheet is built from
// *.templ files only (see build.sh).
package ui

// Tone is the meaning a colour carries. One meaning, one colour, and never
// colour alone: a toned part always has a dot or an icon and a word.
type Tone string

// The tones, and what they stand for.
const (
	Green   Tone = "green"   // active, paid, delivered, four or more payments left
	Orange  Tone = "orange"  // pending, one to three payments left
	Red     Tone = "red"     // failed, bounced, limit reached
	Blue    Tone = "blue"    // sent; views; e-mail
	Purple  Tone = "purple"  // revenue
	Teal    Tone = "teal"    // SMS
	Grey    Tone = "grey"    // paused, refunded, neutral marks
	Outline Tone = "outline" // upcoming, or a channel that only its dot colours
	Accent  Tone = "primary" // the one accent of a view
	QR      Tone = "qr"      // scans; marks only, too light for words
	Social  Tone = "social"  // social networks; marks only
)

func toneClass(t Tone) string {
	if t == "" {
		t = Grey
	}
	return "tone-" + string(t)
}
