package site

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// WithoutPolicy sets the policy of pages, which forbids foreign scripts, aside.
func WithoutPolicy() Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	})
}

// Looking is a visitor's colour scheme, without movement between them.
func Looking(scheme string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
}

// Screen is how large the page is.
func Screen(width, height int64) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
		return err
	})
}

// Speaking is a visitor whose browser asks for a language.
func Speaking(language string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: BrowserAgent, AcceptLanguage: language})
		return err
	})
}

// SignedOutMeanwhile takes the browser's cookies, as time does that ends a session.
func SignedOutMeanwhile() Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
}

// Holding keeps the page's answers from an address back until letGo, as a slow
// line does; window.held tells that there is one.
func Holding(address string) Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => {
		const send = window.fetch;
		const free = new Promise(done => { window.letGo = done; });
		window.fetch = async (to, ...rest) => {
			const answer = await send.call(window, to, ...rest);
			if (String(to).includes(` + Quote(address) + `)) {
				window.held = true;
				await free;
			}
			return answer;
		};
	})()`))
}

func LetGo() Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](`void window.letGo()`))
}

// Choosing selects an option, as a person does.
func Choosing(field, value string) Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => {
		const field = document.querySelector(` + Quote(field) + `);
		field.value = ` + Quote(value) + `;
		field.dispatchEvent(new Event('change', {bubbles: true}));
	})()`))
}

// Clicking clicks what the expression finds, where a selector says too little.
func Clicking(element string) Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](`void ` + element + `.click()`))
}

// Press types into whatever has the focus.
func Press(text string) Step { return chromedp.KeyEvent(text) }

// Overflow is by how many pixels the page is wider than the screen, and what is.
const Overflow = `(() => {
	const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
	if (wide <= 0) return '';
	const outside = [...document.querySelectorAll('body *')].filter(e => { const r = e.getBoundingClientRect(); return r.right > innerWidth + 1 || r.left < -1 });
	return wide + 'px: ' + outside.slice(0, 3).map(e => e.tagName + '.' + e.className).join(', ');
})()`

// Scripts switches the scripts of pages on or off.
func Scripts(on bool) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// Unfolding opens a section of the form of a link.
func Unfolding(section string) Step {
	return Ignoring(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#section-` + section + `").open = true)`))
}
