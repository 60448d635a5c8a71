package journeys

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// studio is where the demo's dashboard stands, below its origin.
const studio = "/dashboard/studio-noord"

// demo serves the sample business until the test ends, and returns its origin: pages with as
// much on them as a business has.
func demo(t *testing.T) string {
	t.Helper()
	addr := FreeAddress(t)
	c := exec.Command(Binary, "demo", "--data", filepath.Join(t.TempDir(), "data"), "--addr", addr)
	c.Env = append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off")
	c.Stderr = t.Output()
	p := Begin(t, c, "http://"+addr)
	t.Cleanup(func() { p.Stop(t) })
	ready := Eventually(time.Minute, func() bool { // it makes three months of history first
		answer, err := http.Get(p.URL + "/readyz")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	if !ready {
		t.Fatal("the demo was not ready within a minute")
	}
	return p.URL
}

// owner is a window in which the owner of the demo has signed in.
func owner(t *testing.T, origin string) context.Context {
	t.Helper()
	tab := Fresh(t, browser)
	Do(t, tab, "sign in", chromedp.Navigate(origin+"/sign-in"), write("#email", "marit@studio-noord.example"), write("#password", "paint-the-north\r"),
		Until(`location.pathname.startsWith("/dashboard/")`))
	return tab
}

// reading makes the dashboard speak a language to who is signed in.
func reading(language string) Step {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`window.said = false; void fetch("%s/account/language", {method: "POST", body: new URLSearchParams({language: %q})}).then(() => window.said = true)`, studio, language))
}
