package e2e

import (
	"bytes"
	"context"
	"image"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	. "smartlinks/e2e/site"
)

// browser is a Chromium to which every name leads to the installation. That certificates are
// right, TestADomainHasACertificateOfItsOwn sees; Chromium does not know the authority.
func (s *domainSite) browser(t *testing.T) context.Context {
	t.Helper()
	return NewBrowser(t, chromedp.Flag("host-resolver-rules", "MAP * "+s.secure), chromedp.Flag("ignore-certificate-errors", true))
}

func TestAMerchantSellsUnderANameOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := newDomainSite(t)
	s.api(t, "POST", "/links", `{"name": "Seat", "path": "seat", "amount": {"value": "49.00", "currency": "EUR"}}`)
	at := "https://" + secureName + "/dashboard/" + Handle + "/settings/domains"
	own := "https://" + s.name

	merchant := s.browser(t)
	(&Site{URL: "https://" + secureName}).SignIn(t, merchant)
	Do(t, merchant, "add a domain", chromedp.Navigate(at), chromedp.SendKeys(chromedp.CSS("#host"), s.name), chromedp.Submit(chromedp.CSS("#host")), BodyHas("Waiting for DNS"), BodyHas("_smartlinks."+strings.TrimSuffix(s.name, ".noord.example")))
	proof := Read(t, merchant, "read the record", chromedp.Evaluate[string](`[...document.querySelectorAll("[data-copy]")].map(e => e.dataset.copy).find(text => text.startsWith("sl-verify="))`))
	if len(proof) != len("sl-verify=")+32 {
		t.Fatalf("the record says %q", proof)
	}
	s.dns.AddDNSCNAMERecord(s.name+".", secureName+".")
	s.dns.AddDNSTXTRecord("_smartlinks."+s.name+".", proof)
	Do(t, merchant, "have it looked for", Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("form[action$='/check']").requestSubmit()`)), BodyHas("Used for new links"), BodyHas("good until"))

	payer := Fresh(t, merchant)
	Do(t, payer, "open the old address, which leads to the domain",
		chromedp.Navigate("https://"+secureName+"/"+Handle+"/seat"), BodyHas("€49.00"), Until(`location.href == "`+own+`/seat"`),
		chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"), chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"), chromedp.Submit(chromedp.CSS("#name")),
		chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
	)
	Do(t, payer, "pay, and come back to the domain",
		chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
		Until(`location.href.startsWith("`+own+`/pay/")`), BodyHas("€49.00"), Until(`document.querySelector("a[href*='/receipt']") !== null`),
	)

	res, picture, err := s.ask(t, false, "", "GET", own+"/seat/qr.png", "")
	if err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	img, _, err := image.Decode(bytes.NewReader([]byte(picture)))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	if code, err := qrcode.NewQRCodeReader().Decode(bitmap, nil); err != nil || code.GetText() != own+"/seat?via=qr" {
		t.Errorf("the code leads to %v, %v", code, err)
	}

	Do(t, merchant, "remove the domain",
		chromedp.Navigate(at), BodyHas("Used for new links"),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void (location.href = document.querySelector("a[href$='/remove']").href)`)), BodyHas("Remove "+s.name+"?"),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("form[action$='/remove']").requestSubmit()`)), BodyHas("Your own name instead of ours"),
	)
	if res, _, err := s.ask(t, false, "", "GET", own+"/seat", ""); err == nil {
		t.Errorf("the removed domain answers %d", res.StatusCode)
	}
	if res, text, err := s.ask(t, false, "", "GET", "https://"+secureName+"/"+Handle+"/seat", ""); err != nil || res.StatusCode != 200 || !strings.Contains(text, "€49.00") {
		t.Errorf("the old address then: %v, %v", res, err)
	}
}
