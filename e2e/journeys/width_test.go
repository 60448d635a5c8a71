package journeys

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// tooWide names what is cut off at the side of the window: the page itself, or a table
// that scrolls in its box.
const tooWide = `(() => {
	const over = [document.scrollingElement, ...document.querySelectorAll("main .table-scroll")].filter(e => e.scrollWidth > e.clientWidth)
	return over.map(e => (e.className || e.tagName) + " by " + (e.scrollWidth - e.clientWidth)).join(", ")
})()`

// misplaced names a card that stands above one that comes before it in the page. In one
// column that would be painted late, push down what is there, and mislead who goes by Tab.
const misplaced = `(() => {
	const cards = [...document.querySelectorAll("main .card, main .stats")].filter(e => e.checkVisibility())
	const top = e => Math.round(e.getBoundingClientRect().top)
	const at = cards.findIndex((card, i) => i > 0 && top(card) < top(cards[i - 1]))
	return at < 0 ? "" : cards[at].id || cards[at].className
})()`

// torn names an amount of money whose digits stand in two lines.
const torn = `(() => {
	const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT)
	const lines = document.createRange()
	while (texts.nextNode()) {
		const text = texts.currentNode
		if (!/^[^\p{L}]*\d[^\p{L}]*$/u.test(text.data) || !/\p{Sc}/u.test(text.data)) continue
		lines.selectNodeContents(text)
		if (new Set([...lines.getClientRects()].map(r => Math.round(r.top))).size > 1) return text.data
	}
	return ""
})()`

// Whoever reads a list scrolls down, never sideways: on a phone, a tablet and at a desk,
// in a language with long words and in one that begins at the right.
func TestNothingIsWiderThanTheWindow(t *testing.T) {
	t.Parallel()
	origin := demo(t)
	tab := owner(t, origin)
	pages := []string{"", "/links", "/links?sort=name", "/codes", "/customers", "/products", "/tags", "/transactions", "/transactions?q=nothing-of-that",
		"/transactions/review", "/transactions/unfinished", "/books", "/statements", "/record", "/settings/audit"}
	for _, list := range []string{"links", "customers", "transactions", "codes"} {
		Do(t, tab, "see "+list, chromedp.Navigate(origin+studio+"/"+list))
		first := Read(t, tab, "the first of "+list, chromedp.Evaluate[string](`document.querySelector("main tbody a.row-link").getAttribute("href")`))
		pages = append(pages, strings.TrimPrefix(first, studio))
	}
	for _, language := range []string{"ar", "de"} {
		Do(t, tab, "read "+language, reading(language), Until("window.said"))
		for _, path := range pages {
			Do(t, tab, "see "+path, chromedp.Navigate(origin+studio+path))
			if got := Read(t, tab, "the language", chromedp.Evaluate[string]("document.documentElement.lang")); got != language {
				t.Fatalf("%s is in %q, not in %q", path, got, language)
			}
			for _, width := range []int64{1440, 1280, 1024, 768, 390} {
				Do(t, tab, "change the window", Screen(width, 900))
				if over := Read(t, tab, "the width", chromedp.Evaluate[string](tooWide)); over != "" {
					t.Errorf("%s in %s at %d px is too wide: %s", path, language, width, over)
				}
				if amount := Read(t, tab, "the amounts", chromedp.Evaluate[string](torn)); amount != "" {
					t.Errorf("%s in %s at %d px breaks %s in two lines", path, language, width, amount)
				}
				if above := Read(t, tab, "the order", chromedp.Evaluate[string](misplaced)); width == 390 && above != "" {
					t.Errorf("%s in %s at %d px shows %s above what comes before it", path, language, width, above)
				}
			}
		}
	}
}
