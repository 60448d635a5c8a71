package ui

import (
	"bytes"
	"net/http"
)

// payPrefix precedes the colour in the URL of a payer page's stylesheet.
const payPrefix = brandPrefix + "pay/"

// PayPath returns the URL of the one stylesheet a payer page needs: pay.css
// followed by BrandCSS(hex). One file instead of two leaves a request for the
// merchant's logo within the three a payment page may make. The URL carries a
// hash of the content, so it may be cached for ever.
func PayPath(hex string) string {
	return payPrefix + brandColour(hex).digits() + ".css?v=" + shortHash([]byte(Asset("pay.css")+BrandCSS(hex)))
}

// PaySheet is the stylesheet at PayPath(hex), for a page that adds to it.
func PaySheet(hex string) []byte {
	return append(bytes.Clone(own().names["pay.css"].body), BrandCSS(hex)...)
}

func servePaySheet(w http.ResponseWriter, r *http.Request, hex string) {
	sheet := asset{kind: "text/css; charset=utf-8", body: PaySheet(hex)}
	sheet.gzipped = func() []byte { return compress(sheet.body) }
	serveImmutable(w, r, sheet)
}
