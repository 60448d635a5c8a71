package journeys

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// Where the pictures of docs/screens.md go, and how else they are taken to be looked at.
const (
	screensFolder = "SMARTLINKS_SCREENS"       // the folder; without it none are taken
	screensWhole  = "SMARTLINKS_SCREENS_WHOLE" // yes: whole pages, not what a window shows first
	screensAs     = "SMARTLINKS_SCREENS_AS"    // such as phone-dark-ar: all of them like this
	screensOnly   = "SMARTLINKS_SCREENS_ONLY"  // those whose name has this
)

// screen is a page of the demo as somebody sees it.
type screen struct {
	name, as string // as is the device, the colours and the language
	path     string // below the dashboard, or below the origin when payers see it
	found    string // selects on path the link that leads to the page, "" for path itself
	payer    bool
	steps    []Step // what is done there before the picture is taken
}

// devices are the windows that screens are seen in.
var devices = map[string][2]int64{"phone": {390, 844}, "desk": {1280, 900}, "wide": {1440, 900}}

// TestScreens takes the pictures of docs/screens.md from the demo, by `make screens`.
func TestScreens(t *testing.T) {
	folder := os.Getenv(screensFolder)
	if folder == "" {
		t.Skip(screensFolder + " names no folder for the pictures")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	origin := demo(t)
	tab := owner(t, origin)
	for i, s := range screens {
		as := cmp.Or(os.Getenv(screensAs), s.as)
		name := fmt.Sprintf("%02d-%s-%s.png", i+1, s.name, as)
		if !strings.Contains(name, os.Getenv(screensOnly)) {
			continue
		}
		window := tab
		if s.payer {
			window = Fresh(t, browser) // who paid before is told so
		}
		picture := s.take(t, window, origin, as)
		if err := os.WriteFile(filepath.Join(folder, name), fewerColours(t, picture), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// take goes to the screen, does what is done there, and takes its picture.
func (s screen) take(t *testing.T, tab context.Context, origin, as string) []byte {
	t.Helper()
	device, rest, _ := strings.Cut(as, "-")
	look, language, _ := strings.Cut(rest, "-")
	size, base := devices[device], origin+studio
	if s.payer {
		base = origin
	}
	if strings.HasSuffix(s.path, ".pdf") {
		return page(t, base+s.path+"?size=a4&lang="+language)
	}
	Do(t, tab, "begin "+s.name, Screen(size[0], size[1]), Looking(look), Speaking(language), chromedp.Navigate(base), Ready("true"))
	if !s.payer {
		Do(t, tab, "read "+language, reading(language), Until("window.said"))
	}
	to := base + s.path
	if s.found != "" {
		Do(t, tab, "look for "+s.name, chromedp.Navigate(to), Until(`document.querySelector(`+Quote(s.found)+`)`))
		to = Read(t, tab, "where it is", chromedp.Evaluate[string](`document.querySelector(`+Quote(s.found)+`).href`))
	}
	Do(t, tab, "see "+s.name, append([]Step{chromedp.Navigate(to), Ready("true")}, s.steps...)...)
	if os.Getenv(screensWhole) == "yes" {
		size[1] = max(size[1], Read(t, tab, "how long it is", chromedp.Evaluate[int64](`document.documentElement.scrollHeight`)))
	}
	Do(t, tab, "wait for "+s.name, Screen(size[0], size[1]), Until(`document.fonts.status == "loaded" && [...document.images].filter(i => i.checkVisibility() && i.getBoundingClientRect().top < innerHeight).every(i => i.complete)`),
		Until(`document.getAnimations().every(a => a.playState != "running")`))
	return Read(t, tab, "take a picture of "+s.name, chromedp.CaptureScreenshot())
}

// page is the first page of a PDF as a picture.
func page(t *testing.T, address string) []byte {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	pdf, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v %v", address, answer.Status, err)
	}
	c := exec.Command("pdftoppm", "-png", "-r", "80", "-singlefile", "-")
	c.Stdin = bytes.NewReader(pdf)
	picture, err := c.Output()
	if err != nil {
		t.Fatalf("draw %s: %v", address, err)
	}
	return picture
}

// fewerColours makes a picture smaller by pngquant, where that is installed.
func fewerColours(t *testing.T, picture []byte) []byte {
	t.Helper()
	if _, err := exec.LookPath("pngquant"); err != nil {
		return picture
	}
	c := exec.Command("pngquant", "--speed", "1", "--strip", "96", "-")
	c.Stdin = bytes.NewReader(picture)
	small, err := c.Output()
	if err != nil {
		t.Fatalf("pngquant: %v", err)
	}
	return small
}
