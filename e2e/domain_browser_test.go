package e2e

import (
	"bytes"
	"context"
	"image"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// browser is a Chromium to which every name leads to the installation. That certificates are
// right, TestADomainHasACertificateOfItsOwn sees; Chromium does not know the authority.
func (s *domainSite) browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("host-resolver-rules", "MAP * "+s.secure), chromedp.Flag("ignore-certificate-errors", true),
	)
	if path := os.Getenv("SMARTLINKS_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	leaving(ctx)
	return ctx
}

func TestAMerchantSellsUnderANameOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := newDomainSite(t)
	s.api(t, "POST", "/links", `{"name": "Seat", "path": "seat", "amount": {"value": "49.00", "currency": "EUR"}}`)
	at := "https://" + secureName + "/dashboard/" + handle + "/settings/domains"
	own := "https://" + s.name

	merchant := s.browser(t)
	signIn(t, &site{URL: "https://" + secureName}, merchant)
	do(t, merchant, "add a domain", chromedp.Navigate(at), chromedp.SendKeys(chromedp.CSS("#host"), s.name), chromedp.Submit(chromedp.CSS("#host")), bodyHas("Waiting for DNS"), bodyHas("_smartlinks."+strings.TrimSuffix(s.name, ".noord.example")))
	proof := read(t, merchant, "read the record", chromedp.Evaluate[string](`[...document.querySelectorAll("[data-copy]")].map(e => e.dataset.copy).find(text => text.startsWith("sl-verify="))`))
	if len(proof) != len("sl-verify=")+32 {
		t.Fatalf("the record says %q", proof)
	}
	s.dns.AddDNSCNAMERecord(s.name+".", secureName+".")
	s.dns.AddDNSTXTRecord("_smartlinks."+s.name+".", proof)
	do(t, merchant, "have it looked for", ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("form[action$='/check']").requestSubmit()`)), bodyHas("Used for new links"), bodyHas("good until"))

	payer := fresh(t, merchant)
	do(t, payer, "open the old address, which leads to the domain",
		chromedp.Navigate("https://"+secureName+"/"+handle+"/seat"), bodyHas("€49.00"), until(`location.href == "`+own+`/seat"`),
		chromedp.SendKeys(chromedp.CSS("#name"), "Sanne Visser"), chromedp.SendKeys(chromedp.CSS("#email"), "sanne@example.com"), chromedp.Submit(chromedp.CSS("#name")),
		chromedp.WaitVisible(chromedp.CSS(`button[name=outcome][value=paid]`)),
	)
	do(t, payer, "pay, and come back to the domain",
		chromedp.Click(chromedp.CSS(`button[name=outcome][value=paid]`)),
		until(`location.href.startsWith("`+own+`/pay/")`), bodyHas("€49.00"), until(`document.querySelector("a[href*='/receipt']") !== null`),
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

	do(t, merchant, "remove the domain",
		chromedp.Navigate(at), bodyHas("Used for new links"),
		ignoring(chromedp.Evaluate[chromedp.Void](`void (location.href = document.querySelector("a[href$='/remove']").href)`)), bodyHas("Remove "+s.name+"?"),
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("form[action$='/remove']").requestSubmit()`)), bodyHas("Your own name instead of ours"),
	)
	if res, _, err := s.ask(t, false, "", "GET", own+"/seat", ""); err == nil {
		t.Errorf("the removed domain answers %d", res.StatusCode)
	}
	if res, text, err := s.ask(t, false, "", "GET", "https://"+secureName+"/"+handle+"/seat", ""); err != nil || res.StatusCode != 200 || !strings.Contains(text, "€49.00") {
		t.Errorf("the old address then: %v, %v", res, err)
	}
}
