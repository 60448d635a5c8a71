package e2e

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// The drawing with a logo, as a browser shows it, is read back: no reader of our
// own has a part in it.
func TestABrowsersPictureOfTheCodeWithALogoIsRead(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; scripts/packages.sh installs it")
	}
	s := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
	tab := NewBrowser(t)
	Do(t, tab, "open the drawing", chromedp.Navigate(l.URL+"/qr.svg?logo=1"), Until(`document.querySelector('svg') !== null`))
	command := exec.CommandContext(t.Context(), program, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "-")
	command.Stdin = bytes.NewReader(Read(t, tab, "take its picture", chromedp.CaptureScreenshot()))
	out, err := command.Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != l.URL+"?via=qr" {
		t.Errorf("zbar reads %q, %v", got, err)
	}
}
