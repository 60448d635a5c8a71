package journeys

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A merchant makes a link on a phone in Arabic, shares it, finds its payment by the payer's
// name and refunds it, by touch alone. Nothing on the way is in English or too wide.
func TestAMerchantSellsAndRefundsByTouchInArabic(t *testing.T) {
	t.Parallel()
	s := Start(t, "--data", t.TempDir())
	res, err := s.Member(t).PostForm(dashboard(s, "/account/language"), url.Values{"language": {"ar"}})
	if err != nil {
		t.Fatal(err)
	}
	Finish(res)
	tab := Fresh(t, browser)
	s.SignIn(t, tab)
	Do(t, tab, "open the overview on a phone", phone(), chromedp.Navigate(dashboard(s, "")), Ready(`document.documentElement.dir == "rtl" && document.querySelector("#palette")`), fits, Until(`getComputedStyle(document.querySelector("#name")).direction == "rtl"`))
	speaksArabic(t, tab)
	Do(t, tab, "make a link", tap("#name"), Keys("ورشة التصوير"), tap("#amount"), Keys("49"), tap(`form[action$="/links"] .button-primary`), Ready(`document.querySelector("#ready")`), fits)
	speaksArabic(t, tab)
	at := Read(t, tab, "read its address", chromedp.Evaluate[string](`document.querySelector("#ready [data-copy]").dataset.copy`))
	Do(t, tab, "share it", tap("[data-ready-close]"), Until(`!document.querySelector("#ready")`), tap("[data-dialog=share]"), Until(`document.querySelector("#share[open]")`),
		Until(`document.querySelector("#share").scrollWidth <= document.querySelector("#share").clientWidth`))
	speaksArabic(t, tab)
	Do(t, tab, "close the panel", tap("#share [data-dialog-close]"), Until(`!document.querySelector("#share[open]")`))

	form := Payer("layla@example.com")
	form.Set("name", "ليلى حداد")
	AwaitStatus(t, Decide(t, Post(t, at, form).Header.Get("Location"), "paid", ""), "paid")
	Do(t, tab, "find the payment by the payer's name", tap("[data-palette]"), Until(`document.querySelector("#palette[open]") && document.activeElement.id == "palette-input"`), Keys("حداد"),
		Until(`document.querySelector('#palette [role=option][href*="/transactions/"]')`), tap(`#palette [role=option][href*="/transactions/"]`), Ready(`location.pathname.includes("/transactions/pay_")`), BodyHas("ليلى حداد"), fits)
	speaksArabic(t, tab)
	Do(t, tab, "refund it", tap("[data-dialog=refund]"), Until(`document.querySelector("#refund[open]")`))
	speaksArabic(t, tab)
	Do(t, tab, "confirm", tap("label:has(#refund-slot), #refund-slot"), tap("#refund button.button-primary"), Ready(`document.querySelector("#refunds-title")`), fits)
	speaksArabic(t, tab)
}

// phone is a phone with a screen to touch.
func phone() Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 2, Mobile: true}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 1})
		return err
	})
}

// tap touches what a selector finds first of what is seen, and wants it to be large enough
// to be touched (WCAG 2.5.8) and nothing to lie above it.
func tap(css string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		find := `(() => {
			const e = [...document.querySelectorAll(` + Quote(css) + `)].find(e => e.checkVisibility());
			if (!e) return null;
			e.scrollIntoView({block: "center", behavior: "instant"});
			const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2, above = document.elementFromPoint(x, y);
			return [x, y, r.width, r.height, e.contains(above) || above?.contains(e) ? 1 : 0];
		})()`
		if _, err := Until(find)(ctx, tab); err != nil {
			return err
		}
		box, err := chromedp.Evaluate[[]float64](find)(ctx, tab)
		if err != nil {
			return err
		}
		if len(box) != 5 || box[2] < 24 || box[3] < 24 || box[4] == 0 {
			return fmt.Errorf("%s can't be touched: x, y, width, height, free is %v", css, box)
		}
		down := input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: box[0], Y: box[1]}}}
		up := input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}
		for _, touch := range []input.DispatchTouchEventParams{down, up} {
			if _, err := cdp.Call(ctx, tab, input.DispatchTouchEvent, touch); err != nil {
				return err
			}
		}
		return nil
	})
}

// latin are words in our letters that Arabic pages have too: names, formats, languages by
// their own names, and the link's address.
const latin = "Acme Events acme wrsh ltswyr Marit Boer EUR Sandbox PDF PNG SVG English Nederlands Deutsch Fran ais Espa WhatsApp Telegram Facebook Bluesky Mastodon Threads Reddit LinkedIn"

// speaksArabic wants no English on a page but names.
func speaksArabic(t *testing.T, tab context.Context) {
	t.Helper()
	text := Read(t, tab, "read the page", chromedp.Evaluate[string](`[...document.body.innerText.replace(/https?:\S+|\S+@\S+|\b[A-Z]+-[0-9A-Z-]+|\b[a-z]{3}_\w+/g, "").matchAll(/[A-Za-z]{3,}/g)].map(m => m[0]).join(" ")`))
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(" "+latin+" ", " "+word+" ") {
			t.Errorf("in English: %q of %q", word, text)
			return
		}
	}
}
