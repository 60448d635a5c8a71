package e2e

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// euros is how amounts are written here, for short.
var euros = regexp.MustCompile(`EUR ([0-9.]+)`)

// payersPages are what payers see, with a form and without.
func payersPages(t *testing.T, s *site) []string {
	t.Helper()
	for _, link := range []string{
		`{"name": "Concert", "path": "concert", "description": "An evening with a string quartet, doors at seven.", "limit": {"kind": "multiple", "max": 5}}`,
		`{"name": "Gift", "path": "gift", "payer_amount": {"min": EUR 5.00, "max": EUR 500.00, "suggestions": [EUR 25.00, EUR 50.00, EUR 100.00]}}`,
		`{"name": "A name without a single space: Donaudampfschifffahrtsgesellschaftskapitän", "path": "long"}`,
		`{"name": "Paused", "path": "paused", "active": false}`,
		`{"name": "Soon", "path": "soon", "starts_at": "2090-01-01T00:00:00Z"}`,
	} {
		link = strings.Replace(link, "{", `{"type": "amount", "amount": EUR 49.00, `, 1)
		s.CreateLink(t, euros.ReplaceAllString(link, `{"value": "$1", "currency": "EUR"}`))
	}
	paid, _, _ := strings.Cut(s.PayAs(t, s.URL, "long", "paid", ""), "?")
	AwaitStatus(t, paid, "paid")
	shop := "/" + Handle
	return []string{
		shop, shop + "/concert", shop + "/gift", shop + "/long", shop + "/paused", shop + "/soon", shop + "/shop", shop + "/nowhere",
		strings.TrimPrefix(paid, s.URL), strings.TrimPrefix(paid, s.URL) + "/receipt",
	}
}

// WCAG 1.4.10 and 1.4.4: no page is wider than the screen, from the smallest
// phone up, in every direction of writing, and with letters twice as large.
func TestPayersPagesFitEveryScreen(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	pages := payersPages(t, s)
	tab := NewBrowser(t)
	for _, view := range []struct {
		name   string
		width  int64
		scale  string
		locale string
	}{
		{"small phone", 320, "", "de"}, {"phone", 390, "", "ar"}, {"desktop", 1440, "", "en"}, {"desktop", 1440, "", "ar"},
		{"200 % zoom of 1280", 640, "", "fr"}, {"letters twice as large", 390, "200%", "nl"},
	} {
		Do(t, tab, view.name, Screen(view.width, 800))
		for _, path := range pages {
			Do(t, tab, "open "+path, chromedp.Navigate(s.URL+path+"?lang="+view.locale), chromedp.WaitReady(chromedp.CSS("main")))
			if view.scale != "" {
				Read(t, tab, "enlarge", chromedp.Evaluate[bool](`!!(document.documentElement.style.fontSize = `+Quote(view.scale)+`)`))
			}
			if wide := Read(t, tab, "measure", chromedp.Evaluate[string](Overflow)); wide != "" {
				t.Errorf("%s at %d in %s is too wide by %s", path, view.width, view.locale, wide)
			}
			if lang := Read(t, tab, "read the language", chromedp.Evaluate[string](`document.documentElement.lang`)); lang != view.locale {
				t.Errorf("%s speaks %s, not %s", path, lang, view.locale)
			}
		}
	}
}

func TestPayersPagesInOtherLanguagesHaveNoSeriousFindings(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	Do(t, tab, "let axe in", WithoutPolicy(), Screen(390, 844))
	for _, path := range []string{"/concert?lang=ar", "/gift?lang=nl", "/shop?lang=fr", "?lang=es&name=Jo&lock=name"} {
		checkAxe(t, tab, s.URL+"/"+Handle+path)
	}
}

func TestAPayerPaysByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	at := s.URL + "/" + Handle + "/concert"
	Do(t, tab, "skip to the form and fill it in",
		chromedp.Navigate(at), chromedp.WaitReady(chromedp.CSS("#form")),
		Press(kb.Tab), Until(`document.activeElement.className == 'skip'`), Press(kb.Enter),
		Press(kb.Tab), Until(`document.activeElement.id == 'name'`), Press("Sanne Visser"),
		Press(kb.Tab), Press("sanne@example.com"),
	)
	// The ring that shows where one is.
	if ring := Read(t, tab, "look at the focus", chromedp.Evaluate[string](`getComputedStyle(document.activeElement).outlineStyle`)); ring == "none" {
		t.Error("the focus can't be seen")
	}
	Do(t, tab, "switch to Dutch and keep what is typed",
		Ignoring(chromedp.Evaluate[bool](`(document.querySelector('.lang summary').focus(), true)`)), Press(kb.Enter),
		Until(`document.querySelector('.lang').open`), Press(kb.Tab), Press(kb.Tab), Until(`document.activeElement.value == 'nl'`), Press(kb.Enter),
		Until(`document.documentElement.lang == 'nl' && document.getElementById('name').value == 'Sanne Visser' && document.getElementById('email').value == 'sanne@example.com'`),
	)
	// Enter in a field pays: it doesn't press the first button, which is a language.
	Do(t, tab, "pay with the Enter key",
		Ignoring(chromedp.Evaluate[bool](`(document.getElementById('email').focus(), true)`)), Press(kb.Enter),
		Until(`location.pathname.startsWith('/sandbox/')`),
	)
}

func TestAPayerPaysWithoutScripts(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	Do(t, tab, "switch scripts off", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	Do(t, tab, "choose a suggested amount, pay",
		chromedp.Navigate(s.URL+"/"+Handle+"/gift"),
		chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
		chromedp.Click(chromedp.CSS(`[name=suggest][value="100.00"]`)),
		Until(`document.getElementById('amount').value == '100.00' && document.getElementById('name').value == 'Sanne Visser' && document.readyState == 'complete'`),
		chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
		chromedp.Click(chromedp.CSS(".pay-button")),
		Until(`location.pathname.startsWith('/sandbox/')`),
		chromedp.Click(chromedp.CSS(`[name=outcome][value=paid]`)),
		BodyHas("Thank you, Sanne"), BodyHas("€100.00"),
	)
}

func TestAPageIsAliveWithScripts(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	at := s.URL + "/" + Handle
	Do(t, tab, "open the page", chromedp.Navigate(at+"/concert"), BodyHas("5 payments remaining"))
	s.PayAs(t, s.URL, "concert", "paid", "")
	Do(t, tab, "look at it again, without loading it",
		Until(`(document.dispatchEvent(new Event('visibilitychange')), document.body.innerText.includes('4 payments remaining'))`),
		Until(`document.querySelector('progress').value == 4`),
	)
	sent := Read(t, tab, "press twice", chromedp.Evaluate[int](`(() => {
		const form = document.getElementById('form'); let sent = 0;
		form.addEventListener('submit', e => { if (!e.defaultPrevented) sent++; e.preventDefault() });
		form.requestSubmit(); form.requestSubmit(); return sent;
	})()`))
	if sent != 1 {
		t.Errorf("two presses send the form %d times", sent)
	}
	Do(t, tab, "choose a suggested amount",
		chromedp.Navigate(at+"/gift"), chromedp.Click(chromedp.CSS(`[name=suggest][value="50.00"]`)),
		Until(`document.getElementById('amount').value == '50.00' && document.querySelector('[aria-pressed=true]').value == '50.00'`),
	)
}

// What a browser really transfers, as it counts itself.
func TestAPageIsThreeRequestsAndThirtyKilobytes(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	for _, path := range []string{"/concert", "/gift", "", "/shop", "/paused"} {
		Do(t, tab, "open the page", chromedp.Navigate(s.URL+"/"+Handle+path), Until(`document.readyState == 'complete'`))
		weighed := Read(t, tab, "weigh it", chromedp.Evaluate[string](`(all => all.length + ' ' + all.reduce((sum, e) => sum + e.encodedBodySize + 300, 0))([
			...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')])`))
		var requests, bytes int
		if _, err := fmt.Sscan(weighed, &requests, &bytes); err != nil {
			t.Fatal(err)
		}
		if requests > 3 || bytes > 30<<10 {
			t.Errorf("%s: %d requests, %d bytes", path, requests, bytes)
		}
		t.Logf("%s: %d requests, %d bytes", path, requests, bytes)
	}
}

// Windows' contrast themes replace all colours; what is only a colour vanishes.
func TestForcedColoursLeaveEdges(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	tab := NewBrowser(t)
	Do(t, tab, "force colours", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}},
		})
		return err
	}), chromedp.Navigate(s.URL+"/"+Handle+"/gift"), chromedp.WaitReady(chromedp.CSS("#form")), Until(`matchMedia('(forced-colors: active)').matches`))
	for _, part := range []string{".pay-button", ".input", ".choice", ".band"} {
		edge := Read(t, tab, "look at "+part, chromedp.Evaluate[string](`(s => s.borderBottomStyle + ' ' + s.borderBottomWidth)(getComputedStyle(document.querySelector(`+Quote(part)+`)))`))
		if !strings.HasPrefix(edge, "solid") || strings.HasSuffix(edge, " 0px") {
			t.Errorf("%s has no edge: %s", part, edge)
		}
	}
}

func TestOnlyTheMerchantsSiteMayFrameAPage(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	payersPages(t, s)
	for _, path := range []string{"/concert?embed", "/concert"} {
		a := Get(t, s.URL+"/"+Handle+path)
		ExpectStatus(t, path, a, http.StatusOK)
		if policy := a.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s may be framed by anybody: %s", path, policy)
		}
	}
}
