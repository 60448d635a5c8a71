package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Step is one thing that a visitor does or waits for.
type Step = chromedp.Action[chromedp.Void]

// NewBrowser starts one Chromium for a test, with more options than all have.
func NewBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	ctx, end, err := OpenBrowser(more...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return ctx
}

// OpenBrowser starts a Chromium that several tests may share, each by a window of its own:
// Fresh.
func OpenBrowser(more ...chromedp.ExecAllocatorOption) (ctx context.Context, end func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true),
		chromedp.WindowSize(1440, 900),
	)
	if path := chromium(); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, cancel := chromedp.NewContext(allocated)
	end = func() { cancel(); stop() }
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, nil, fmt.Errorf("start Chromium: %w", err)
	}
	leaving(ctx)
	return ctx, end, nil
}

// chromium is the browser that is asked for, or the one without windows, which takes half
// the processor time for the same pages; "" for whichever is found.
func chromium() string {
	if path := os.Getenv("SMARTLINKS_TEST_CHROMIUM"); path != "" {
		return path
	}
	path, err := exec.LookPath("chromium-headless-shell")
	if err != nil {
		return ""
	}
	return path
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

// AskedOnLeaving is whether the browser would ask before it leaves the page.
const AskedOnLeaving = `(() => { const event = new Event("beforeunload", {cancelable: true}); dispatchEvent(event); return event.defaultPrevented; })()`

// Fresh is another visitor: a context without the cookies of the first.
func Fresh(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	leaving(ctx)
	return ctx
}

// Do runs the steps of one sentence of the story. When they fail, it leaves a
// picture and says where.
func Do(t *testing.T, tab context.Context, what string, steps ...Step) {
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
			t.Fatalf("%s: %v\n%s", what, err, Evidence(t, tab))
		}
	}
}

// replaced is what the browser says of a part of the page that a newer answer of the
// server took the place of, between finding it and pressing it. People press again.
const replaced = "No node with given id found"

func Evidence(t *testing.T, tab context.Context) string {
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

// BodyHas waits until the page shows the words, however often it is replaced
// meanwhile.
func BodyHas(words string) Step {
	return Until(`document.body && document.body.innerText.includes(` + Quote(words) + `)`)
}

// Until waits for a condition. A page that is being replaced has no answer yet.
func Until(condition string) Step {
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

// Ignoring is a step that drops what the action returns.
func Ignoring[T any](a chromedp.Action[T]) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := a(ctx, tab)
		return err
	})
}

// Read runs an action and returns what it found.
func Read[T any](t *testing.T, tab context.Context, what string, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(tab, a)
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, Evidence(t, tab))
	}
	return v
}

func Quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func (s *Site) SignIn(t *testing.T, tab context.Context) {
	t.Helper()
	Do(t, tab, "sign in",
		chromedp.Navigate(s.URL+"/sign-in"),
		chromedp.SendKeys(chromedp.CSS("#email"), OwnerEmail),
		chromedp.SendKeys(chromedp.CSS("#password"), OwnerPassword),
		chromedp.Submit(chromedp.CSS("#password")),
		chromedp.WaitVisible(chromedp.CSS("main")),
		Until(`document.readyState == "complete" && !document.querySelector('#password')`),
	)
}
