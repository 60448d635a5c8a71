package e2e

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The drawing with a logo, as a browser shows it, is read back: no reader of our
// own has a part in it.
func TestABrowsersPictureOfTheCodeWithALogoIsRead(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; scripts/packages.sh installs it")
	}
	s := &site{store: []string{"--data", t.TempDir()}}
	s.setUp(t)
	s.URL = s.serve(t)
	l := s.createLink(t, `{"name": "Concert", `+fortyNine+`, "path": "concert"}`)
	tab := newBrowser(t)
	do(t, tab, "open the drawing", chromedp.Navigate(l.URL+"/qr.svg?logo=1"), until(`document.querySelector('svg') !== null`))
	command := exec.CommandContext(t.Context(), program, "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "-")
	command.Stdin = bytes.NewReader(read(t, tab, "take its picture", chromedp.CaptureScreenshot()))
	out, err := command.Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != l.URL+"?via=qr" {
		t.Errorf("zbar reads %q, %v", got, err)
	}
}
