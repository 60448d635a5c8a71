package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A payer on a phone, in Arabic and without JavaScript, buys three tickets of an event that
// asks two questions, takes a code and a tip, and wants its terms agreed to; and the
// organiser raises the price while they have the page open.
func TestAnEventIsPaidOnAPhoneInArabicWithoutScripts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Conference", "path": "conference", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"},
			"limit": {"kind": "multiple", "max": 20, "counts": "units"}, "quantity": {"min": 1, "max": 10}, "tip": {"percent": [5, 10], "own": true},
			"questions": [{"key": "lunch", "label": "الغداء", "type": "choice", "required": true, "options": ["نباتي", "باللحم"]}, {"key": "badges", "label": "أسماء الشارات", "type": "long_text", "required": true}],
			"consent": {"text": "أوافق على [القواعد](https://example.com/rules).", "required": true}}`)
		coupon := Decode[IDJSON](t, s.API(t, "POST", "/coupons", `{"name": "Early", "percent": "10"}`))
		s.API(t, "POST", "/promotion-codes", fmt.Sprintf(`{"code": "EARLY10", "coupon_id": %q}`, coupon.ID))
		tab := NewBrowser(t)
		press := func(css string) Step { return chromedp.Click(chromedp.CSS(css)) }
		holds := func(css, value string) Step {
			return Ready(fmt.Sprintf(`document.querySelector(%q)?.value == %q`, css, value))
		}
		fits := Until(Overflow + ` == ""`)
		Do(t, tab, "open it", Screen(390, 844), Scripts(false), chromedp.Navigate(s.URL+"/"+Handle+"/conference?lang=ar"),
			Until(`document.documentElement.dir == "rtl" && document.documentElement.lang == "ar"`), BodyHas("الغداء"), fits)
		Do(t, tab, "fill it in", chromedp.SendKeys(chromedp.CSS("#name"), "ليلى"), chromedp.SendKeys(chromedp.CSS("#email"), "layla@example.com"),
			chromedp.SendKeys(chromedp.CSS("#badges"), "ليلى، سامي، نور"), press(`label:has([name=lunch][value="نباتي"])`), press(`label:has([name=tip][value="10"])`))
		Do(t, tab, "take three", press(`[name=step][value="+1"]`), holds("#quantity", "2"), press(`[name=step][value="+1"]`), holds("#quantity", "3"), Ready(`document.querySelector("[name=total]").value == "161.70"`))
		Do(t, tab, "use the code", press(".code-off summary"), chromedp.SendKeys(chromedp.CSS("#code"), "early10"), press("[name=code_apply]"), Ready(`document.querySelector("[name=total]").value == "145.53"`), BodyHas("EARLY10"), fits)
		Do(t, tab, "forget the consent", press(".pay-button"), Ready(`document.querySelector("#consent-error")`), Ready(`document.querySelector("[name=total]").value == "145.53"`))
		s.API(t, "PATCH", "/links/"+l.ID, `{"amount": {"value": "50.00", "currency": "EUR"}}`)
		Do(t, tab, "be told of the new price", press("#consent"), press(".pay-button"), Ready(`document.querySelector("[role=alert] .changes")`), BodyHas("السعر الآن"),
			Ready(`document.querySelector(".changes").innerText.includes("50") && document.querySelector(".changes").innerText.includes("49")`), Ready(`document.querySelector("[name=total]").value == "148.50"`), fits)
		Do(t, tab, "find all that was typed", holds("#name", "ليلى"), holds("#email", "layla@example.com"), holds("#badges", "ليلى، سامي، نور"), holds("#quantity", "3"), holds("[name=lunch]:checked", "نباتي"),
			holds("[name=tip]:checked", "10"), Ready(`document.querySelector("#consent").checked`))
		Do(t, tab, "pay", press(".pay-button"), press(`button[name=outcome][value=paid]`), Ready(`location.pathname.startsWith("/pay/")`), BodyHas("ليلى"), fits)
		address := Read(t, tab, "read where it ends", chromedp.Location())
		id, _, _ := strings.Cut(strings.TrimPrefix(address, s.URL+"/pay/"), "?")
		p := s.API(t, "GET", "/payments/"+id, "")
		for _, words := range []string{`"status":"paid"`, `"quantity":3`, `"list_amount":{"value":"150.00"`, `"discount":{"code":"EARLY10","amount":{"value":"15.00"`, `"tip":{"value":"13.50"`, `"amount":{"value":"148.50"`,
			`"badges":"ليلى، سامي، نور"`, `"lunch":"نباتي"`, `"consent":{"text":"أوافق على`} {
			if !strings.Contains(p.Body, words) {
				t.Errorf("the payment lacks %s: %s", words, p.Body)
			}
		}
	})
}
