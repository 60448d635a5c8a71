package address_test

import (
	"testing"

	"smartlinks/internal/address"
	"smartlinks/internal/address/addresstest"
)

// These addresses are printed and mailed, so none of them may change.
func TestAddressesStayAsTheyAre(t *testing.T) {
	b := addresstest.At("https://pay.example:8443/")
	of := func(p address.Path) string { return b.Of("biz_1", p) }
	for want, got := range map[string]string{
		"https://pay.example:8443/acme":                              of(address.PaymentPage("acme")),
		"https://pay.example:8443/acme/sale":                         of(address.Link("acme", "sale")),
		"https://pay.example:8443/acme/sale/qr.svg?size=2":           of(address.Link("acme", "sale").Below("qr.svg").With("size", "2")),
		"https://pay.example:8443/acme/shop":                         of(address.Shop("acme")),
		"https://pay.example:8443/acme/shop/mug":                     of(address.Product("acme", "mug")),
		"https://pay.example:8443/pay/pay_1":                         of(address.Payment("pay_1")),
		"https://pay.example:8443/pay/pay_1?key=k":                   of(address.PaymentByMail("pay_1", "k")),
		"https://pay.example:8443/pay/pay_1/receipt":                 of(address.Receipt("pay_1", "")),
		"https://pay.example:8443/pay/pay_1/receipt?key=k":           of(address.Receipt("pay_1", "k")),
		"https://pay.example:8443/r/token":                           of(address.Recipient("token")),
		"https://pay.example:8443/s/token":                           of(address.OptOut("token")),
		"https://pay.example:8443/s/token/again":                     of(address.OptIn("token")),
		"https://pay.example:8443/images/biz_1/img_1":                of(address.Image("biz_1", "img_1")),
		"https://pay.example:8443/images/biz_1/look.css?v=1":         of(address.Stylesheet("biz_1", "1")),
		"https://pay.example:8443/hooks/stripe/biz_1":                b.Own(address.ProviderHook("stripe", "biz_1")),
		"https://pay.example:8443/hooks/sms/twilio/biz_1":            b.Own(address.SMSHook("twilio", "biz_1")),
		"https://pay.example:8443/hooks/sms/twilio/biz_1?report=a+b": b.Own(address.SMSReport("twilio", "biz_1", "a b")),
		"https://pay.example:8443/sandbox/sbx_1":                     b.Own(address.Sandbox("sbx_1")),
		"https://pay.example:8443/dashboard/acme/links/lnk_1":        b.Own(address.Dashboard("acme", "links", "lnk_1")),
		"https://pay.example:8443/setup?code=c":                      b.Own(address.Setup("c")),
		"https://pay.example:8443/sign-in/password?token=t":          b.Own(address.NewPassword("t")),
		"https://pay.example:8443/sign-in/address?token=t":           b.Own(address.ConfirmAddress("t")),
		"https://pay.example:8443/sign-in/invitation?token=t":        b.Own(address.Invitation("t")),
		"https://pay.example:8443/api/docs":                          b.Own(address.APIDocs()),
		"http://127.0.0.1:1/hooks/sandbox/biz_1":                     address.At("http://127.0.0.1:1", address.ProviderHook("sandbox", "biz_1")),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSegmentsStayWithinTheirPlace(t *testing.T) {
	for _, s := range []string{"a/b", "?a", "//evil.example", "ü", "a b", "#"} {
		got := address.Link("acme", s).String()
		for _, r := range got[len("/acme/"):] {
			if r == '/' || r == '?' || r == '#' || r == ' ' || r > 127 {
				t.Errorf("%q became %s", s, got)
			}
		}
	}
}

func TestOnlyAWebAddressWithoutAPathIsPublic(t *testing.T) {
	for _, wrong := range []string{"", "pay.example", "ftp://pay.example", "https://", "https://pay.example/x", "https://pay.example?x", "https://a@pay.example", "https://pay.example#x"} {
		if b, err := address.New(wrong); err == nil || b.Set() {
			t.Errorf("%q was taken", wrong)
		}
	}
	b := addresstest.At("http://localhost:8080")
	if b.Secure() || b.Host() != "localhost:8080" || b.Hostname() != "localhost" || b.Origin() != "http://localhost:8080" {
		t.Errorf("%+v", b)
	}
}

func TestWhatOpensSomethingIsNotLogged(t *testing.T) {
	for path, want := range map[string]string{"/pay/pay_1/receipt": "/pay/…", "/r/x": "/r/…", "/s/x": "/s/…", "/sandbox/x": "/sandbox/…", "/acme/sale": "/acme/sale"} {
		if got := address.Loggable(path); got != want {
			t.Errorf("%s is logged as %s", path, got)
		}
	}
}
