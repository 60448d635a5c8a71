package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// step is one thing that a visitor does or waits for.
type step = chromedp.Action[chromedp.Void]

// newBrowser starts one Chromium for a test.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true),
		chromedp.WindowSize(1440, 900),
	)
	if path := os.Getenv("SMARTLINKS_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	leaving(ctx)
	return ctx
}

// leaving answers the question of a form that was changed with "Leave": tests
// go where they like. Whether it is asked, askedOnLeaving tells.
func leaving(tab context.Context) {
	asked := chromedp.Events(tab, page.JavascriptDialogOpening)
	go func() {
		for question, err := range asked {
			if err != nil {
				return
			}
			if question.Type == page.DialogTypeBeforeunload {
				_, _ = chromedp.Call(tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}) // the tab may be gone
			}
		}
	}()
}

// askedOnLeaving is whether the browser would ask before it leaves the page.
const askedOnLeaving = `(() => { const event = new Event("beforeunload", {cancelable: true}); dispatchEvent(event); return event.defaultPrevented; })()`

// fresh is another visitor: a context without the cookies of the first.
func fresh(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	leaving(ctx)
	return ctx
}

// do runs the steps of one sentence of the story. When they fail, it leaves a
// picture and says where.
func do(t *testing.T, tab context.Context, what string, steps ...step) {
	t.Helper()
	// The first run on a tab ties the tab to its context, so that one must
	// not be the one with the time-out.
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	ctx, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	for _, s := range steps {
		err := chromedp.Do(ctx, s)
		for err != nil && strings.Contains(err.Error(), replaced) {
			err = chromedp.Do(ctx, s)
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", what, err, evidence(t, tab))
		}
	}
}

// replaced is what the browser says of a part of the page that a newer answer of the
// server took the place of, between finding it and pressing it. People press again.
const replaced = "No node with given id found"

func evidence(t *testing.T, tab context.Context) string {
	ctx, cancel := context.WithTimeout(tab, 5*time.Second)
	defer cancel()
	address, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return "at " + address + ", no picture: " + err.Error()
	}
	file := filepath.Join(t.ArtifactDir(), "failed.png")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		return err.Error()
	}
	return "at " + address + ", picture in " + file + ":\n" + text
}

// bodyHas waits until the page shows the words, however often it is replaced
// meanwhile.
func bodyHas(words string) step {
	return until(`document.body && document.body.innerText.includes(` + quote(words) + `)`)
}

// until waits for a condition. A page that is being replaced has no answer yet.
func until(condition string) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for {
			met, err := chromedp.Evaluate[bool](`!!(`+condition+`)`)(ctx, tab)
			if err == nil && met {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("waiting for %s: %w", condition, errors.Join(ctx.Err(), err))
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// ignoring is a step that drops what the action returns.
func ignoring[T any](a chromedp.Action[T]) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := a(ctx, tab)
		return err
	})
}

// read runs an action and returns what it found.
func read[T any](t *testing.T, tab context.Context, what string, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(tab, a)
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, evidence(t, tab))
	}
	return v
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func signIn(t *testing.T, s *site, tab context.Context) {
	t.Helper()
	do(t, tab, "sign in",
		chromedp.Navigate(s.URL+"/sign-in"),
		chromedp.SendKeys(chromedp.CSS("#email"), ownerEmail),
		chromedp.SendKeys(chromedp.CSS("#password"), ownerPassword),
		chromedp.Submit(chromedp.CSS("#password")),
		chromedp.WaitVisible(chromedp.CSS("main")),
		until(`document.readyState == "complete" && !document.querySelector('#password')`),
	)
}

// unfolding opens a section of the form of a link.
func unfolding(section string) step {
	return ignoring(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#section-` + section + `").open = true)`))
}

// typePath gives a link a path of its own, which no suggestion may take the place of.
func typePath(path string) step {
	return ignoring(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void (field => { field.value = %q; field.dispatchEvent(new Event('input', {bubbles: true})) })(document.querySelector('#path'))`, path)))
}

func TestMerchantLimitsALinkToOneAndAPayerTakesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		merchant := newBrowser(t)
		signIn(t, s, merchant)
		do(t, merchant, "create a link limited to one payment",
			chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/new"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Early Bird Registration"),
			chromedp.SendKeys(chromedp.CSS("#amount"), "49.00"),
			typePath("early-bird"),
			ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector('[name=limit][value=once]').click()`)),
			chromedp.Submit(chromedp.CSS("#name")),
			bodyHas("Early Bird Registration"),
			until(`document.readyState == "complete" && !document.querySelector('#link-form')`),
		)
		do(t, merchant, "see the new link", bodyHas("€49.00"))
		detail := read(t, merchant, "read the link's address", chromedp.Location())

		payer := fresh(t, merchant)
		do(t, payer, "open the link and fill the form",
			chromedp.Navigate(s.URL+"/"+handle+"/early-bird"), bodyHas("€49.00"),
			chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"),
			chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"),
			chromedp.Submit(chromedp.CSS("#name")),
			chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
		)
		do(t, payer, "pay in the sandbox",
			chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
			until(`document.readyState == "complete" && !document.querySelector('button[name=outcome]')`), bodyHas("€49.00"),
		)

		stranger := fresh(t, merchant)
		do(t, stranger, "see that the limit is reached",
			chromedp.Navigate(s.URL+"/"+handle+"/early-bird"), bodyHas("Payment limit reached"),
		)
		do(t, merchant, "read the figures of the link", chromedp.Navigate(detail), chromedp.WaitVisible(chromedp.CSS("main")))
		checkFigures(t, merchant)
	})
}

// checkFigures expects one view, one payment, 100 % and €49.00. The visit to
// the closed link sold nothing, so it is no view.
func checkFigures(t *testing.T, tab context.Context) {
	t.Helper()
	text := read(t, tab, "read the page", chromedp.Evaluate[string](`document.querySelector('main').innerText.replace(/\s+/g, ' ')`))
	for _, want := range []string{"Views 1 ", "Payments 1 ", "100%", "€49.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the detail page must show %q\n%s", want, evidence(t, tab))
		}
	}
}
