package site

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys sends one key after another as a keyboard does: what a key types is part of
// its being pressed, so that a page which takes the key keeps it from being typed.
// (chromedp.KeyEvent types on its own, after the page had the key.)
func Keys(pressed ...string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, r := range strings.Join(pressed, "") {
			events := kb.Encode(r)
			if len(events) == 3 {
				events[0].Text, events[0].UnmodifiedText = events[1].Text, events[1].UnmodifiedText
				events = []*input.DispatchKeyEventParams{events[0], events[2]}
			}
			for _, e := range events {
				if _, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, *e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Control presses a key while Control is held.
func Control(key string) Step {
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl))
}

// ShiftKey presses a key while Shift is held.
func ShiftKey(key string) Step {
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierShift))
}

// Ready waits until the page is there with its scripts.
func Ready(condition string) Step {
	return Until(`document.readyState == "complete" && (` + condition + `)`)
}

// FocusSeen tells whether who looks can see where the focus is: a ring, or the
// line below the field of the palette.
const FocusSeen = `(e => { for (let n = 0; e && n < 4; n++, e = e.parentElement) {
	const s = getComputedStyle(e);
	if (s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow != "none") return true;
} return false; })(document.activeElement)`

// TabTo presses Tab until the focus is where the selector says, and wants it to
// be seen on the way. Frames are previews, which the key passes.
func TabTo(selector string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for range 120 {
			if _, err := chromedp.KeyEvent(kb.Tab)(ctx, tab); err != nil {
				return err
			}
			at, err := chromedp.Evaluate[string](`(() => {
				const e = document.activeElement;
				if (e.matches(`+Quote(selector)+`)) return "there";
				if (e.tagName === "IFRAME") return "in a frame: " + e.title;
				if (e !== document.body && e.id !== "main" && !`+FocusSeen+`) return "unseen: " + e.outerHTML.slice(0, 200);
				return "";
			})()`)(ctx, tab)
			if err != nil {
				return err
			}
			if at == "there" {
				return nil
			}
			if at != "" {
				return fmt.Errorf("the focus is %s", at)
			}
		}
		return fmt.Errorf("Tab does not reach %s", selector)
	})
}
