package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A payer on a phone, in Arabic and without JavaScript, buys three tickets of an event that
// asks two questions, takes a code and a tip, and wants its terms agreed to; and the
// organiser raises the price while they have the page open.
func TestAnEventIsPaidOnAPhoneInArabicWithoutScripts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.createLink(t, `{"name": "Conference", "path": "conference", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"},
			"limit": {"kind": "multiple", "max": 20, "counts": "units"}, "quantity": {"min": 1, "max": 10}, "tip": {"percent": [5, 10], "own": true},
			"questions": [{"key": "lunch", "label": "الغداء", "type": "choice", "required": true, "options": ["نباتي", "باللحم"]}, {"key": "badges", "label": "أسماء الشارات", "type": "long_text", "required": true}],
			"consent": {"text": "أوافق على [القواعد](https://example.com/rules).", "required": true}}`)
		coupon := decode[idJSON](t, s.api(t, "POST", "/coupons", `{"name": "Early", "percent": "10"}`))
		s.api(t, "POST", "/promotion-codes", fmt.Sprintf(`{"code": "EARLY10", "coupon_id": %q}`, coupon.ID))
		tab := newBrowser(t)
		press := func(css string) step { return chromedp.Click(chromedp.CSS(css)) }
		holds := func(css, value string) step {
			return ready(fmt.Sprintf(`document.querySelector(%q)?.value == %q`, css, value))
		}
		fits := until(overflow + ` == ""`)
		do(t, tab, "open it", screen(390, 844), scripts(false), chromedp.Navigate(s.URL+"/"+handle+"/conference?lang=ar"),
			until(`document.documentElement.dir == "rtl" && document.documentElement.lang == "ar"`), bodyHas("الغداء"), fits)
		do(t, tab, "fill it in", chromedp.SendKeys(chromedp.CSS("#name"), "ليلى"), chromedp.SendKeys(chromedp.CSS("#email"), "layla@example.com"),
			chromedp.SendKeys(chromedp.CSS("#badges"), "ليلى، سامي، نور"), press(`label:has([name=lunch][value="نباتي"])`), press(`label:has([name=tip][value="10"])`))
		do(t, tab, "take three", press(`[name=step][value="+1"]`), holds("#quantity", "2"), press(`[name=step][value="+1"]`), holds("#quantity", "3"), ready(`document.querySelector("[name=total]").value == "161.70"`))
		do(t, tab, "use the code", press(".code-off summary"), chromedp.SendKeys(chromedp.CSS("#code"), "early10"), press("[name=code_apply]"), ready(`document.querySelector("[name=total]").value == "145.53"`), bodyHas("EARLY10"), fits)
		do(t, tab, "forget the consent", press(".pay-button"), ready(`document.querySelector("#consent-error")`), ready(`document.querySelector("[name=total]").value == "145.53"`))
		s.api(t, "PATCH", "/links/"+l.ID, `{"amount": {"value": "50.00", "currency": "EUR"}}`)
		do(t, tab, "be told of the new price", press("#consent"), press(".pay-button"), ready(`document.querySelector("[role=alert] .changes")`), bodyHas("السعر الآن"),
			ready(`document.querySelector(".changes").innerText.includes("50") && document.querySelector(".changes").innerText.includes("49")`), ready(`document.querySelector("[name=total]").value == "148.50"`), fits)
		do(t, tab, "find all that was typed", holds("#name", "ليلى"), holds("#email", "layla@example.com"), holds("#badges", "ليلى، سامي، نور"), holds("#quantity", "3"), holds("[name=lunch]:checked", "نباتي"),
			holds("[name=tip]:checked", "10"), ready(`document.querySelector("#consent").checked`))
		do(t, tab, "pay", press(".pay-button"), press(`button[name=outcome][value=paid]`), ready(`location.pathname.startsWith("/pay/")`), bodyHas("ليلى"), fits)
		address := read(t, tab, "read where it ends", chromedp.Location())
		id, _, _ := strings.Cut(strings.TrimPrefix(address, s.URL+"/pay/"), "?")
		p := s.api(t, "GET", "/payments/"+id, "")
		for _, words := range []string{`"status":"paid"`, `"quantity":3`, `"list_amount":{"value":"150.00"`, `"discount":{"code":"EARLY10","amount":{"value":"15.00"`, `"tip":{"value":"13.50"`, `"amount":{"value":"148.50"`,
			`"badges":"ليلى، سامي، نور"`, `"lunch":"نباتي"`, `"consent":{"text":"أوافق على`} {
			if !strings.Contains(p.Body, words) {
				t.Errorf("the payment lacks %s: %s", words, p.Body)
			}
		}
	})
}
