package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A merchant moves in: a list of customers with a mistake in it, on a desk and on
// a phone. What is chosen is shown at once, and the page follows the work.
func TestAMerchantMovesInWithAList(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := newBrowser(t)
	signIn(t, s, tab)
	for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
		do(t, tab, "be a "+name, chromedp.EmulateViewport(width, 840))
		var list strings.Builder
		list.WriteString("Who;E-mail address;Shoe size\nBroken;nobody;38\n")
		for n := range 150 {
			fmt.Fprintf(&list, "Person %d;%s%d@example.com;38\n", n, name, n)
		}
		file := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		do(t, tab, "go from the list to the import", chromedp.Navigate(s.URL+"/dashboard/"+handle+"/customers"),
			ready(`document.querySelector("[href$='/customers/import']")`), clicking(`document.querySelector("[href$='/customers/import']")`), ready(`document.querySelector("#file")`))
		do(t, tab, "upload", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}), chromedp.Submit(chromedp.CSS("#file")),
			ready(`document.querySelector("#column-1")`), bodyHas("151 lines"), bodyHas("Import 150 customers"), bodyHas("Line 2"))
		do(t, tab, "choose a column", pick("#column-1", "notes"),
			until(`document.querySelector("#column-1")?.value == "notes"`), bodyHas("Import 150 customers"))
		do(t, tab, "have one column twice", pick("#column-3", "email"),
			bodyHas("Two columns are"), until(`!document.querySelector("[formaction$='/start']:not(:disabled)")`))
		do(t, tab, "leave it out", pick("#column-3", ""),
			until(`document.querySelector("[formaction$='/start']:not(:disabled)")`))
		do(t, tab, "start and see it done without a press", clicking(`document.querySelector("[formaction$='/start']")`),
			until(`location.pathname.includes("/imports/") && document.body.innerText.includes("150 customers created, 1 not imported")`), bodyHas("Download lines to correct"))
		do(t, tab, "nothing is wider than the page", until(`document.documentElement.scrollWidth <= innerWidth`))
	}
	if n := len(all[idJSON](t, s, "/customers")); n != 300 {
		t.Errorf("%d customers", n)
	}
}

// pick chooses an option as a person does: the page hears of it.
func pick(selector, value string) step {
	return ignoring(chromedp.Evaluate[bool](`(e => { e.value = ` + quote(value) + `; return e.dispatchEvent(new Event("change", { bubbles: true })) })(document.querySelector(` + quote(selector) + `))`))
}

// imports uploads two lists of customers, and has the first imported.
func (s *site) imports(t *testing.T) (started, unread string) {
	t.Helper()
	member := s.member(t)
	upload := func(list string) string {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "list.csv")
		if err == nil {
			_, err = part.Write([]byte(list))
		}
		if err = errors.Join(err, form.Close()); err != nil {
			t.Fatal(err)
		}
		res, err := member.Post(s.URL+"/dashboard/"+handle+"/customers/import", form.FormDataContentType(), &body)
		if err != nil || !strings.Contains(res.Request.URL.Path, "/imports/") {
			t.Fatalf("uploading a list: %v", err)
		}
		finish(res)
		return path.Base(res.Request.URL.Path)
	}
	started, unread = upload("name,email\nZoe,zoe@example.com\nBroken,nobody\n"), upload("who,email,size\nZoe,zoe@example.com,38\nBroken,nobody,\n")
	res, err := member.PostForm(s.URL+"/dashboard/"+handle+"/imports/"+started+"/start", url.Values{"column": {"name", "email"}})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("starting an import: %v", err)
	}
	finish(res)
	done := eventually(10*time.Second, func() bool {
		res, err := member.Get(s.URL + "/dashboard/" + handle + "/imports/" + started)
		if err != nil {
			return false
		}
		defer func() { _ = res.Body.Close() }()
		page, err := io.ReadAll(res.Body)
		return err == nil && strings.Contains(string(page), "1 not imported")
	})
	if !done {
		t.Fatal("the import is not done")
	}
	return started, unread
}

// member is an HTTP client that the owner has signed in with.
func (s *site) member(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	member := &http.Client{Jar: jar}
	res, err := member.PostForm(s.URL+"/sign-in", url.Values{"email": {ownerEmail}, "password": {ownerPassword}})
	if err != nil || res.Request.URL.Path == "/sign-in" {
		t.Fatalf("cannot sign in: %v", err)
	}
	finish(res)
	return member
}

// finish takes an answer whole: one that is broken off is an error to the server.
func finish(res *http.Response) {
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}
