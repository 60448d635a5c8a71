// Package journeys tests whole ways of merchants and payers through the built binary in a
// browser, which all of its tests share.
package journeys

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// browser is the Chromium of all tests; each takes a window of its own by Fresh.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var end func()
	var err error
	if browser, end, err = OpenBrowser(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer end()
	return Run(m, filepath.Join("..", ".."))
}

// clickOn clicks what a selector finds.
func clickOn(css string) Step { return chromedp.Click(chromedp.CSS(css)) }

// write types into the field that a selector finds.
func write(css, text string) Step { return chromedp.SendKeys(chromedp.CSS(css), text) }

// together are several steps as one.
func together(steps ...Step) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, s := range steps {
			if _, err := s(ctx, tab); err != nil {
				return err
			}
		}
		return nil
	})
}

// dashboard is where a page of the dashboard is.
func dashboard(s *Site, page string) string { return s.URL + "/dashboard/" + Handle + page }

// fits wants the page to be no wider than the screen.
var fits = Until(Overflow + ` == ""`)
