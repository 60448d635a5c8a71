package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A merchant moves in: a list of customers with a mistake in it, on a desk and on
// a phone. What is chosen is shown at once, and the page follows the work.
func TestAMerchantMovesInWithAList(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
		Do(t, tab, "be a "+name, chromedp.EmulateViewport(width, 840))
		var list strings.Builder
		list.WriteString("Who;E-mail address;Shoe size\nBroken;nobody;38\n")
		for n := range 150 {
			fmt.Fprintf(&list, "Person %d;%s%d@example.com;38\n", n, name, n)
		}
		file := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		Do(t, tab, "go from the list to the import", chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/customers"),
			Ready(`document.querySelector("[href$='/customers/import']")`), Clicking(`document.querySelector("[href$='/customers/import']")`), Ready(`document.querySelector("#file")`))
		Do(t, tab, "upload", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}), chromedp.Submit(chromedp.CSS("#file")),
			Ready(`document.querySelector("#column-1")`), BodyHas("151 lines"), BodyHas("Import 150 customers"), BodyHas("Line 2"))
		Do(t, tab, "choose a column", Choosing("#column-1", "notes"),
			Until(`document.querySelector("#column-1")?.value == "notes"`), BodyHas("Import 150 customers"))
		Do(t, tab, "have one column twice", Choosing("#column-3", "email"),
			BodyHas("Two columns are"), Until(`!document.querySelector("[formaction$='/start']:not(:disabled)")`))
		Do(t, tab, "leave it out", Choosing("#column-3", ""),
			Until(`document.querySelector("[formaction$='/start']:not(:disabled)")`))
		Do(t, tab, "start and see it done without a press", Clicking(`document.querySelector("[formaction$='/start']")`),
			Until(`location.pathname.includes("/imports/") && document.body.innerText.includes("150 customers created, 1 not imported")`), BodyHas("Download lines to correct"))
		Do(t, tab, "nothing is wider than the page", Until(`document.documentElement.scrollWidth <= innerWidth`))
	}
	if n := len(all[IDJSON](t, s, "/customers")); n != 300 {
		t.Errorf("%d customers", n)
	}
}

// imports uploads two lists of customers, and has the first imported.
func (s *site) imports(t *testing.T) (started, unread string) {
	t.Helper()
	member := s.Member(t)
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
		res, err := member.Post(s.URL+"/dashboard/"+Handle+"/customers/import", form.FormDataContentType(), &body)
		if err != nil || !strings.Contains(res.Request.URL.Path, "/imports/") {
			t.Fatalf("uploading a list: %v", err)
		}
		Finish(res)
		return path.Base(res.Request.URL.Path)
	}
	started, unread = upload("name,email\nZoe,zoe@example.com\nBroken,nobody\n"), upload("who,email,size\nZoe,zoe@example.com,38\nBroken,nobody,\n")
	res, err := member.PostForm(s.URL+"/dashboard/"+Handle+"/imports/"+started+"/start", url.Values{"column": {"name", "email"}})
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("starting an import: %v", err)
	}
	Finish(res)
	done := Eventually(10*time.Second, func() bool {
		res, err := member.Get(s.URL + "/dashboard/" + Handle + "/imports/" + started)
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
